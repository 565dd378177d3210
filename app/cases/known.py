"""What a case knows at one moment: its process variables with those of called processes that run. Reads states only."""

from app import engine
from app.cases.definitions import definition_of
from app.engine import Waiting
from app.model.json import JsonObject


def waiting_in(bundle: str, state: JsonObject | None) -> Waiting:
    """Everything open in a state; nothing where there is none."""
    return engine.waiting(definition_of(bundle), state) if state else Waiting()


def known(top: JsonObject, waiting: Waiting, bundle: str) -> JsonObject:
    """The variables of the case, and over them what called processes changed or added for their open tasks.

    A called process keeps its variables to itself until it ends, but people decide by them now.
    """
    elements, seen = definition_of(bundle).elements, dict(top)
    for task in waiting.tasks:
        if not elements[task.element].restricted:
            changed = {name: value for name, value in task.variables.items() if top.get(name) != value}
            seen.update({name: value for name, value in changed.items() if value is not None})
    return seen
