"""Deadlines of a case with their ladders, and who was told what. Their tasks and timers are in `projections.work`.

The ladder lies in the due date; a deadline keeps which of its rungs were climbed and when the next one is (ADR 0028).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import local_date
from app.model.entry import Entry
from app.store import due_tries
from app.store.tables import candidate, deadline, incident, timer, told, work_item

#: sorts what has no due date after everything that has one
FAR_AWAY = date(9999, 12, 31)


def redated(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Deadlines moved because a calendar changed; the earlier date is kept."""
    for moved in content["moved"]:
        due = moved["due"]
        on = date.fromisoformat(due["on"])
        row = connection.execute(
            sa.select(deadline.c.earlier, deadline.c.due, deadline.c.climbed).where(deadline.c.id == moved["id"])
        ).one()
        connection.execute(
            deadline.update()
            .where(deadline.c.id == moved["id"])
            .values(due_on=on, due=due, earlier=[*row.earlier, row.due], next_at=_next_at(due, row.climbed))
        )
        if moved["is_timer"]:
            at = datetime.fromisoformat(due["at"])
            connection.execute(timer.update().where(timer.c.timer_id == moved["id"]).values(due_at=at, due=due))
        else:
            connection.execute(work_item.update().where(work_item.c.task_id == moved["id"]).values(due_on=on, due=due))
            connection.execute(candidate.update().where(candidate.c.task_id == moved["id"]).values(due_on=on))


def told_people(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Rungs of a ladder were climbed: these people were told, rungs that had nothing newer to say were skipped."""
    row = connection.execute(
        sa.select(deadline.c.due, deadline.c.climbed).where(deadline.c.id == content["deadline_id"])
    ).one()
    climbed = sorted({*row.climbed, *(one["rung"] for one in content["given"]), *content["skipped"]})
    connection.execute(
        deadline.update()
        .where(deadline.c.id == content["deadline_id"])
        .values(climbed=climbed, next_at=_next_at(row.due, climbed))
    )
    rows = [
        {
            "person_id": person,
            "deadline_id": content["deadline_id"],
            "rung": one["rung"],
            "case_id": entry.stream.id,
            "kind": one["kind"],
            "sentence": one["sentence"],
            "at": entry.at,
        }
        for one in content["given"]
        for person in one["people"]
    ]
    if rows:
        connection.execute(told.insert(), rows)


def end(connection: Connection, entry: Entry, ids: list[str], done: list[str]) -> bool:
    """These are over: those that were done met or missed their day, the others were cancelled.

    Whether one of them had failed so often that it is a problem of its case: told by the same statement.
    """
    if not ids:
        return False
    about = {"ids": ids, "done": done, "ended_on": local_date(entry.at), "ended": entry.at, "of_case": entry.stream.id}
    return any(connection.execute(_ending(connection.dialect.name), about).scalars())


@cache
def _ending(dialect: str) -> sa.Update:
    """Built once: building a statement costs more than sending it."""
    on = sa.bindparam("ended_on", type_=sa.Date)
    # said once only: an empty list is written for "in" or for "not in", whichever the parameter met first
    is_done, is_late = deadline.c.id.in_(sa.bindparam("done", expanding=True)), deadline.c.due_on < on
    return (
        deadline.update()
        .where(deadline.c.id.in_(sa.bindparam("ids", expanding=True)), deadline.c.state == "running")
        .values(
            state=sa.case((sa.and_(is_done, is_late), "missed"), (is_done, "met"), else_="cancelled"),
            ended_at=sa.bindparam("ended", type_=deadline.c.ended_at.type),
            late_days=sa.case((sa.and_(is_done, is_late), _days_since(dialect, on)), else_=0),
            next_at=None,
        )
        .returning(_has_failed())
    )


def _has_failed() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        incident.c.case_id == sa.bindparam("of_case"),
        incident.c.task_id.in_(sa.bindparam("ids", expanding=True)),
        incident.c.kind.in_(due_tries.KINDS),
        incident.c.state == "open",
    )


def _days_since(dialect: str, on: sa.ColumnElement[date]) -> sa.ColumnElement[int]:
    if dialect == "sqlite":
        return sa.cast(sa.func.julianday(on) - sa.func.julianday(deadline.c.due_on), sa.Integer)
    return sa.type_coerce(on - deadline.c.due_on, sa.Integer)


def run(connection: Connection, entry: Entry, school: str, opened: Any, armed: Any) -> None:
    due_things = [(one["task_id"], one) for one in opened if one["due"]] + [(one["timer_id"], one) for one in armed]
    rows = [
        {
            "id": subject_id,
            "case_id": entry.stream.id,
            "rule_key": one["due"]["rule"],
            "rule_version": one["due"]["version"],
            "subject": one["name"],
            "school": school,
            "due_on": date.fromisoformat(one["due"]["on"]),
            "due": one["due"],
            "state": "running",
            "earlier": [],
            "climbed": [],
            "next_at": _next_at(one["due"], ()),
        }
        for subject_id, one in due_things
    ]
    if rows:
        connection.execute(_RUN, rows)


_RUN = deadline.insert()


@dataclass(frozen=True)
class Step:
    """One rung of a ladder."""

    #: its number
    rung: int
    #: when, UTC
    at: datetime
    #: reminder, due today, overdue, escalation
    kind: str
    #: role codes, "assignee", "line_lead"
    tell: tuple[str, ...]
    #: they learn that something is late, not whose case it is
    count_only: bool


def ahead(due: Mapping[str, Any], climbed: Iterable[int]) -> list[Step]:
    """Rungs of the ladder of a due date (`Due.to_json`) that were not climbed, in the order of their moments."""
    behind = set(climbed)
    ladder = cast(list[tuple[str, str, list[str], bool]], due["ladder"])
    steps = [
        Step(rung, datetime.fromisoformat(at), kind, tuple(tell), count_only)
        for rung, (at, kind, tell, count_only) in enumerate(ladder)
        if rung not in behind
    ]
    return sorted(steps, key=lambda one: (one.at, one.rung))


def _next_at(due: Mapping[str, Any], climbed: Iterable[int]) -> datetime | None:
    return next((one.at for one in ahead(due, climbed)), None)


def warned(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """People who must know of something now, whatever its deadline was."""
    rows = [
        {
            "person_id": person,
            "deadline_id": one["task_id"],
            "rung": -1,
            "case_id": entry.stream.id,
            "kind": "ended",
            "sentence": one["sentence"],
            "at": entry.at,
        }
        for one in content.get("warned", ())
        for person in one["people"]
    ]
    if rows:
        connection.execute(told.insert(), rows)


def given(connection: Connection, entry: Entry, task_id: str, subject: str, due: dict[str, Any] | None) -> None:
    """A task got another date, its first one, or none any more; an earlier date is kept."""
    on = date.fromisoformat(due["on"]) if due else None
    connection.execute(work_item.update().where(work_item.c.task_id == task_id).values(due_on=on, due=due))
    connection.execute(candidate.update().where(candidate.c.task_id == task_id).values(due_on=on or FAR_AWAY))
    row = connection.execute(sa.select(deadline.c.earlier, deadline.c.due).where(deadline.c.id == task_id)).first()
    where = deadline.c.id == task_id
    if row is None and due is not None:
        school = connection.execute(sa.select(work_item.c.school).where(work_item.c.task_id == task_id)).scalar_one()
        run(connection, entry, school, [{"task_id": task_id, "name": subject, "due": due}], ())
    elif row is not None and due is not None:
        changed = {"due_on": on, "due": due, "earlier": [*row.earlier, row.due], "climbed": [], "state": "running"}
        connection.execute(deadline.update().where(where).values(**changed, next_at=_next_at(due, ()), ended_at=None))
    elif row is not None:
        connection.execute(deadline.update().where(where).values(state="cancelled", ended_at=entry.at, next_at=None))


def told_once(connection: Connection, entry: Entry, deadline_id: str, given: dict[str, Any] | None) -> None:
    """People were told something that is no rung of a ladder: its number is that of the entry, below every rung."""
    if given is None:
        return
    common = {
        "deadline_id": deadline_id,
        "rung": -1 - entry.seq,
        "case_id": entry.stream.id,
        "kind": given["kind"],
        "sentence": given["sentence"],
        "at": entry.at,
    }
    if rows := [{**common, "person_id": person} for person in given["people"]]:
        connection.execute(told.insert(), rows)
