"""Asking for the letters of tasks that open: an effect beside the entry, so that the worker writes them after it.

What a letter says is `composing`; making, sending and posting it is `letters`.
"""

from typing import Any

from app.cases.definitions import definition_of
from app.model.entry import Entry
from app.store import outbox
from app.store.db import Connection
from app.store.outbox import Effect
from app.store.rows import CaseRow

#: kind of effect: a letter is to be written; a letter is to be mailed
LETTER, LETTER_MAIL = "letter", "letter-mail"


def announce(connection: Connection, case: CaseRow, entry: Entry) -> None:
    """Have the worker write the letters of the tasks that an entry opens."""
    content: dict[str, Any] = entry.content or {}
    opened = content.get("opened", ())
    if not opened:
        return
    elements = definition_of(case.bundle).elements
    tasks = [one["task_id"] for one in opened if (found := elements.get(one["element"])) and found.letter]
    outbox.add(connection, [_effect(case, task_id) for task_id in tasks])


def _effect(case: CaseRow, task_id: str) -> Effect:
    reference = outbox.reference_of(LETTER, case.id, task_id)
    return Effect(reference, LETTER, case.id, case.id, {"case": case.id, "task": task_id})
