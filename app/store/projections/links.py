"""Links between cases from the entries of either end: each entry writes its own end, so their order does not matter."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.tables import candidate, incident, link, work_item

#: what the other case is to this one, where it does something to it
_BY: Mapping[str, str] = MappingProxyType(
    {
        "message-received": "told by",
        "task-answered": "answered by",
        "answer-late": "answered by",
        "asking-ended": "answered by",
    }
)


def received(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Another case started this one or told it something."""
    meta = entry.meta
    if "from" not in meta:
        return
    started = "asked by" if "asking_task" in meta else "started by"
    role = started if entry.kind == "case-started" else _BY[entry.kind]
    row = _row(entry, content, str(meta["from"]), role)
    connection.execute(
        link.insert().values(
            **{**row, "message": meta.get("message"), "sent_seq": meta.get("seq"), "sent_nth": meta.get("nth")}
        )
    )


def passed_on(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """What became of the messages this case sent, case by case; a message nobody received may be a problem."""
    every = [(one["message"], to) for one in content["passed"] for to in one["to"]]
    rows = [
        {**_row(entry, content, to["case"], to["role"], place), "message": message}
        for place, (message, to) in enumerate(every)
    ]
    if rows:
        connection.execute(link.insert(), rows)
    problems = [
        {
            "id": one["id"],
            "case_id": entry.stream.id,
            "element": one["element"],
            "kind": one["kind"],
            "sentence": one["sentence"],
            "state": "open",
            "raised_at": entry.at,
        }
        for one in content.get("troubles", ())
    ]
    if problems:
        connection.execute(incident.insert(), problems)


def asked(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A case was started to answer a task of this one."""
    connection.execute(link.insert().values(**_row(entry, content, str(entry.meta["to"]), "asked")))
    _wait(connection, content["task_id"], str(entry.meta["to"]), entry.at)


def for_people_again(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """The task does not wait for the other case any more: people do it, or did."""
    received(connection, entry, content)
    _wait(connection, content["task_id"], None, None)


def _wait(connection: Connection, task_id: str, other: str | None, since: datetime | None) -> None:
    task = work_item.update().where(work_item.c.task_id == task_id)
    connection.execute(task.values(waits_for=other, waits_since=since))
    connection.execute(candidate.update().where(candidate.c.task_id == task_id).values(waits_for=other))


def _row(entry: Entry, content: dict[str, Any], other: str, role: str, place: int = 0) -> dict[str, Any]:
    return {
        "case_id": entry.stream.id,
        "seq": entry.seq,
        "place": place,
        "other_id": other,
        "role": role,
        "message": None,
        "sent_seq": None,
        "sent_nth": None,
        "is_restricted": bool(content.get("restricted")),
        "at": entry.at,
    }
