"""Deadlines of a case with their ladders, and who was told what. Their tasks and timers are in `projections.work`."""

from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import local_date
from app.model.entry import Entry
from app.store.tables import candidate, deadline, notice, timer, told, work_item


def redated(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Deadlines moved because a calendar changed; the earlier date is kept."""
    for moved in content["moved"]:
        due = moved["due"]
        on = date.fromisoformat(due["on"])
        row = connection.execute(
            sa.select(deadline.c.earlier, deadline.c.due).where(deadline.c.id == moved["id"])
        ).one()
        connection.execute(
            deadline.update()
            .where(deadline.c.id == moved["id"])
            .values(due_on=on, due=due, earlier=[*row.earlier, row.due])
        )
        connection.execute(sa.delete(notice).where(notice.c.deadline_id == moved["id"], notice.c.state == "waiting"))
        given = set(connection.scalars(sa.select(notice.c.rung).where(notice.c.deadline_id == moved["id"])))
        _climb(connection, entry, moved["id"], due, skip=given)
        if moved["is_timer"]:
            at = datetime.fromisoformat(due["at"])
            connection.execute(timer.update().where(timer.c.timer_id == moved["id"]).values(due_at=at, due=due))
        else:
            connection.execute(work_item.update().where(work_item.c.task_id == moved["id"]).values(due_on=on, due=due))
            connection.execute(candidate.update().where(candidate.c.task_id == moved["id"]).values(due_on=on))


def told_people(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Rungs of a ladder were climbed: these people were told, rungs that had nothing newer to say were skipped."""
    states = {one["rung"]: "given" for one in content["given"]} | dict.fromkeys(content["skipped"], "skipped")
    connection.execute(
        notice.update()
        .where(notice.c.deadline_id == content["deadline_id"], notice.c.rung.in_(list(states)))
        .values(state=sa.case(states, value=notice.c.rung))
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


def end(connection: Connection, entry: Entry, ids: list[str], was_done: bool) -> None:
    if not ids:
        return
    days_late: Any = 0
    state: Any = "cancelled"
    if was_done:
        running = connection.execute(sa.select(deadline.c.id, deadline.c.due_on).where(deadline.c.id.in_(ids))).all()
        late = {row.id: max(0, (local_date(entry.at) - row.due_on).days) for row in running}
        if not late:
            return
        days_late = sa.case(late, value=deadline.c.id)
        state = sa.case({one: "missed" if days else "met" for one, days in late.items()}, value=deadline.c.id)
    connection.execute(
        deadline.update()
        .where(deadline.c.id.in_(ids), deadline.c.state == "running")
        .values(state=state, ended_at=entry.at, late_days=days_late)
    )
    connection.execute(
        notice.update().where(notice.c.deadline_id.in_(ids), notice.c.state == "waiting").values(state="ended")
    )


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
        }
        for subject_id, one in due_things
    ]
    if rows:
        connection.execute(deadline.insert(), rows)
    rungs = [row for subject_id, one in due_things for row in _rungs(entry, subject_id, one["due"], set())]
    if rungs:
        connection.execute(notice.insert(), rungs)


def _climb(connection: Connection, entry: Entry, deadline_id: str, due: dict[str, Any], skip: set[int]) -> None:
    if rows := _rungs(entry, deadline_id, due, skip):
        connection.execute(notice.insert(), rows)


def _rungs(entry: Entry, deadline_id: str, due: dict[str, Any], skip: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "deadline_id": deadline_id,
            "rung": rung,
            "case_id": entry.stream.id,
            "at": datetime.fromisoformat(at),
            "kind": kind,
            "tell": tell,
            "count_only": count_only,
            "state": "waiting",
        }
        for rung, (at, kind, tell, count_only) in enumerate(cast(list[tuple[str, str, list[str], bool]], due["ladder"]))
        if rung not in skip
    ]


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
