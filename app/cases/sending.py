"""Messages that leave a case: an effect beside the entry that sends them. Delivering is `passing`, by the worker.

One effect for everything an entry sends, so that it is delivered in its order (ADR 0054).
"""

from collections.abc import Mapping
from typing import Any

from app.cases.routes import route_of
from app.model.entry import Entry
from app.model.json import JsonObject
from app.store import outbox
from app.store.db import Connection
from app.store.outbox import Effect
from app.store.rows import CaseRow

MESSAGE = "message"


def announce(connection: Connection, case: CaseRow, entry: Entry) -> None:
    """Have the worker pass on what the entry sends, where it sends something."""
    if not _leaves(case, entry):
        return
    args: JsonObject = {"case": case.id, "seq": entry.seq, "asker": case.asker, "asking_task": case.asking_task}
    # the erasure of a case takes its effects along, but whoever waits for its answer must hear of that
    about = case.asker if entry.kind == "case-erased" else case.id
    reference = outbox.reference_of(MESSAGE, case.id, entry.seq)
    outbox.add(connection, [Effect(reference, MESSAGE, case.id, about, args)])


def again(connection: Connection, case: CaseRow, seq: int, nth: int, incident_id: str) -> None:
    """Have the worker pass on one message once more, because nobody received it."""
    args: JsonObject = {
        "case": case.id, "seq": seq, "asker": case.asker, "asking_task": case.asking_task, "only": nth,
        "again": incident_id,
    }  # fmt: skip
    reference = outbox.reference_of(MESSAGE, case.id, seq, nth, incident_id)
    outbox.add(connection, [Effect(reference, MESSAGE, case.id, case.id, args)])


def is_passed_on(entry_kind: str, meta: Mapping[str, Any]) -> bool:
    """Whether what a person told the case goes on to others."""
    if entry_kind != "message-received" or "from" in meta:
        return False
    route = route_of(str(meta["message"]))
    return route is not None and route.spreads


def _leaves(case: CaseRow, entry: Entry) -> bool:
    content: Mapping[str, Any] = entry.content or {}
    if any((route := route_of(message)) is None or not route.outside for message, _, _ in content.get("thrown", ())):
        return True
    is_over = bool(content.get("completed")) or entry.kind == "case-erased"
    return (is_over and case.asking_task is not None) or is_passed_on(entry.kind, entry.meta)
