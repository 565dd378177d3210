"""Which open cases a new version would touch if they were moved to it: counts for each step. Moves nothing."""

from dataclasses import dataclass

from app import diagrams
from app.diagrams import Node
from app.model.definition import Bundle
from app.store.db import Connection
from app.store.queries import definitions


@dataclass(frozen=True)
class LiveStep:
    """A step that open cases stand at."""

    #: BPMN id
    element: str
    #: what it is called in those cases
    name: str
    #: open cases that stand there, of the organisations the reader counts
    cases: int
    #: what becomes of it in the new version, as a page says it
    fate: str
    #: a case that stands there could go on in the new version
    is_there: bool


def live_steps(connection: Connection, key: str, schools: frozenset[str], new: Bundle) -> tuple[LiveStep, ...]:
    """Every step with open cases, and whether the new version has it. Restricted steps are left out."""
    nodes = {node.id: node for xml in new.bpmn.values() for node in diagrams.read(xml).nodes.values()}
    found = definitions.live_steps(connection, key, schools)
    return tuple(_step(element, name, cases, nodes.get(element)) for element, name, cases in found)


def _step(element: str, name: str, cases: int, node: Node | None) -> LiveStep:
    if node is None:
        return LiveStep(element, name, cases, "Not in the new version", False)
    if node.name and node.name != name:
        return LiveStep(element, name, cases, f"Is there, and is called “{node.name}”", True)
    return LiveStep(element, name, cases, "Is there", True)
