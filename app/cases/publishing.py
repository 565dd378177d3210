"""Events about cases: a row per event and address in the transaction of their entry. Sending is the worker's business.

An event says which case, step and entry; never a name, an answer or the words of anybody. The restricted compartment
has no events: that something happens there is already too much (ADR 0045).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.cases.definitions import definition_of
from app.model.entry import Entry
from app.model.json import JsonObject
from app.store import outbox
from app.store.db import Connection
from app.store.outbox import Effect
from app.store.queries import organisations, webhooks
from app.store.rows import CaseRow, tasks_of

WEBHOOK = "webhook"
#: what only a test of the address brings
PING = "ping"
#: type → what happened, as a page offers it
TYPES: Mapping[str, str] = {
    "case.started": "A case started",
    "task.opened": "A task opened",
    "task.completed": "A task was completed",
    "task.ended": "A task ended before anybody did it",
    "timer.fired": "A date came that the case waited for",
    "incident.raised": "A case cannot go on",
    "incident.resolved": "A case can go on again",
    "case.ended": "A case ended",
    "case.erased": "A case was erased",
}


@dataclass(frozen=True)
class Event:
    """Something that happened at one place of the diagram, or to the case as a whole."""

    #: one of TYPES
    type: str
    #: task id, or None
    task: str | None = None
    #: BPMN id, or None
    element: str | None = None


def publish(connection: Connection, case: CaseRow, entry: Entry) -> None:
    """Add what the entry led to for every address that asked for it; nothing is read or written where none did."""
    wanting = [one for one in webhooks.every(connection) if one.is_on]
    if not wanting:
        return
    tree = organisations.tree(connection)
    covering = [one for one in wanting if tree.covers(one.organisation, case.school)]
    wanted = frozenset[str]().union(*(one.types for one in covering))
    if not wanted:
        return
    events = list(_events(connection, case, entry, wanted))
    outbox.add(
        connection,
        [_effect(one.id, case.id, entry, event) for one in covering for event in events if event.type in one.types],
    )


def _effect(webhook_id: str, case_id: str, entry: Entry, event: Event) -> Effect:
    args: JsonObject = {
        "type": event.type,
        "entry": entry.seq,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "task": event.task,
        "element": event.element,
    }
    about = (webhook_id, case_id, entry.seq, event.type, event.task, event.element)
    return Effect(outbox.reference_of(WEBHOOK, *about), WEBHOOK, webhook_id, case_id, args)


def _events(connection: Connection, case: CaseRow, entry: Entry, wanted: frozenset[str]) -> Iterator[Event]:
    restricted = frozenset(one.id for one in definition_of(case.bundle).elements.values() if one.restricted)
    for event in _told(connection, entry, wanted):
        if event.type in wanted and event.element not in restricted:
            yield event


def _told(connection: Connection, entry: Entry, wanted: frozenset[str]) -> Iterator[Event]:
    content: dict[str, Any] = entry.content or {}
    if entry.kind == "case-started":
        yield Event("case.started")
    if entry.kind in ("task-completed", "task-answered"):
        yield Event("task.completed", content["task"]["task_id"], content["task"]["element"])
    if entry.kind == "timer-fired":
        yield Event("timer.fired", element=str(entry.meta["element"]))
    cancelled = [task_id for task_id, how, _ in content.get("closed", ()) if how == "cancelled"]
    if cancelled and "task.ended" in wanted:
        for task in tasks_of(connection, cancelled):
            yield Event("task.ended", task.task_id, task.element)
    for one in content.get("opened", ()):
        yield Event("task.opened", one["task_id"], one["element"])
    for one in content.get("troubles", ()):
        yield Event("incident.raised", one["task_id"], one["element"])
    for task_id, element in content.get("recovered", ()):
        yield Event("incident.resolved", task_id, element)
    if content.get("completed"):
        yield Event("case.ended")
    if entry.kind == "case-erased":
        yield Event("case.erased")
