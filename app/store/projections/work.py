"""Open work of a case from its steps: work items, timers, subscriptions, incidents. Their dates: `deadlines`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.entry import Entry
from app.store import due_tries
from app.store.projections import deadlines, meetings
from app.store.rows import CaseRow
from app.store.tables import candidate, case_record, incident, subscription, timer, work_item

_WENT_ON = "The process went on without it"


def project(connection: Connection, entry: Entry, content: dict[str, Any], known: CaseRow | None) -> None:
    """Apply the step of one entry: first what ended, then what began."""
    _close_tasks(connection, entry, content)
    _end_timers(connection, entry, content)
    _end_deadlines(connection, entry, content)
    if gone := content.get("unsubscribed"):
        connection.execute(
            sa.delete(subscription).where(
                subscription.c.case_id == entry.stream.id, subscription.c.subscription_id.in_(gone)
            )
        )
    _open(connection, entry, content, known)
    _recover(connection, entry, content)
    deadlines.warned(connection, entry, content)
    _raise_incidents(connection, entry, content)


def assigned(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A task was claimed, released or reassigned."""
    for table in (work_item, candidate):
        connection.execute(
            table.update().where(table.c.task_id == content["task_id"]).values(assignee=content["assignee"])
        )


def told_anew(connection: Connection, tasks: list[dict[str, Any]]) -> None:
    """Open tasks are called, asked and done by whom the other version says; who took them keeps them."""
    for task in tasks:
        this = work_item.c.task_id == task["task_id"]
        values = {name: task[name] for name in ("name", "role", "holder", "form_key")}
        connection.execute(work_item.update().where(this).values(**values, is_restricted=task["restricted"]))
        connection.execute(sa.delete(candidate).where(candidate.c.task_id == task["task_id"]))
        row = connection.execute(sa.select(work_item).where(this)).mappings().one()
        if may_do := candidates_of(dict(row)):
            connection.execute(candidate.insert(), may_do)


def found(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A problem was found beside any step: a damaged state, or a timer or notice that failed too often."""
    connection.execute(
        incident.insert().values(
            id=content["incident_id"],
            case_id=entry.stream.id,
            task_id=content.get("task_id"),
            element=content.get("element", ""),
            kind=content["kind"],
            sentence=content["sentence"],
            state="open",
            raised_at=entry.at,
        )
    )


def resolved(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A person resolved an incident."""
    connection.execute(
        incident.update()
        .where(incident.c.id == content["incident_id"])
        .values(state="resolved", resolved_at=entry.at, resolved_by=entry.actor, resolution=content["resolution"])
    )


def _close_tasks(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    if not (closed := content.get("closed")):
        return
    ids, is_done = [one[0] for one in closed], work_item.c.task_id.in_(_completed(content))
    because = sa.case({one: sa.literal(why, sa.String) for one, _, why in closed}, value=work_item.c.task_id)
    connection.execute(
        work_item.update()
        .where(work_item.c.task_id.in_(ids))
        .values(
            status=sa.case((is_done, "done"), else_="ended"),
            closed_at=entry.at,
            closed_by=sa.case((is_done, entry.actor)),
            because=because,
        )
    )
    connection.execute(_WITHDRAW, {"ids": ids})


#: built once: building a statement costs more than sending it
_OPEN_TASKS, _OFFER, _ARM = work_item.insert(), candidate.insert(), timer.insert()
_WITHDRAW = sa.delete(candidate).where(candidate.c.task_id.in_(sa.bindparam("ids", expanding=True)))
_MOMENT = sa.bindparam("moment", type_=timer.c.ended_at.type)
_DISARM = (
    timer.update()
    .where(timer.c.timer_id.in_(sa.bindparam("ids", expanding=True)))
    .values(ended_at=_MOMENT, fired_at=sa.case((timer.c.timer_id == sa.bindparam("fired"), _MOMENT)))
)


def _end_timers(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    if ended := content.get("disarmed"):
        connection.execute(_DISARM, {"ids": ended, "fired": entry.meta.get("timer_id") or "", "moment": entry.at})


def _end_deadlines(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Of what ended, completed tasks and the timer that fired were done; the rest was cancelled."""
    disarmed = content.get("disarmed", ())
    ended = [*(one[0] for one in content.get("closed", ())), *disarmed]
    fired = [one for one in disarmed if one == entry.meta.get("timer_id")]
    if deadlines.end(connection, entry, ended, done=[*_completed(content), *fired]):
        connection.execute(_LEAVE_BEHIND, {"of_case": entry.stream.id, "ids": ended, "moment": entry.at})


#: problems of timers and notices that are there no longer
_LEAVE_BEHIND = (
    incident.update()
    .where(
        incident.c.case_id == sa.bindparam("of_case"),
        incident.c.task_id.in_(sa.bindparam("ids", expanding=True)),
        incident.c.kind.in_(due_tries.KINDS),
        incident.c.state == "open",
    )
    .values(state="resolved", resolved_at=_MOMENT, resolution=_WENT_ON)
)


def _completed(content: dict[str, Any]) -> list[str]:
    return [one[0] for one in content.get("closed", ()) if one[1] == "completed"]


def _open(connection: Connection, entry: Entry, content: dict[str, Any], known: CaseRow | None) -> None:
    opened, armed = content.get("opened", ()), content.get("armed", ())
    if opened or armed:
        case = known or _case(connection, entry.stream.id)
        if opened:
            tasks = [_work_item(entry, case, task) for task in opened]
            connection.execute(_OPEN_TASKS, tasks)
            if may_do := [row for task in tasks for row in candidates_of(task)]:
                connection.execute(_OFFER, may_do)
            meetings.listed(connection, entry, case.school, opened)
        if armed:
            connection.execute(_ARM, [_timer(entry, one) for one in armed])
        deadlines.run(connection, entry, case.school, opened, armed)
    if begun := content.get("subscribed"):
        connection.execute(
            subscription.insert(),
            [
                {
                    "case_id": entry.stream.id,
                    "subscription_id": one,
                    "message": message,
                    "element": element,
                    "name": name,
                }
                for one, message, element, name in begun
            ],
        )


def _case(connection: Connection, case_id: str) -> Any:
    names = ("school", "authority", "reference", "pupil_name", "process_key")
    return connection.execute(
        sa.select(*(case_record.c[name] for name in names)).where(case_record.c.id == case_id)
    ).one()


def _work_item(entry: Entry, case: Any, task: dict[str, Any]) -> dict[str, Any]:
    due = task["due"]
    return {
        "task_id": task["task_id"],
        "case_id": entry.stream.id,
        "process_key": case.process_key,
        "process": task["process"],
        "element": task["element"],
        "name": task["name"],
        "role": task["role"],
        "holder": task["holder"],
        "school": case.school,
        "authority": case.authority,
        "form_key": task["form_key"],
        "is_restricted": task["restricted"],
        "reference": case.reference,
        "pupil_name": case.pupil_name,
        "status": "open",
        "due_on": date.fromisoformat(due["on"]) if due else None,
        "due": due,
        "assignee": task.get("assignee"),
        "opened_at": entry.at,
        "seq": entry.seq,
    }


def candidates_of(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of `candidate` for a row of `work_item`: one for each role of its lane."""
    repeated = {column.name: task.get(column.name) for column in candidate.c if column.name != "role"}
    repeated["due_on"] = task["due_on"] or deadlines.FAR_AWAY
    return [{**repeated, "role": role} for role in (task["role"] or "").split()]


def _timer(entry: Entry, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "timer_id": one["timer_id"],
        "case_id": entry.stream.id,
        "element": one["element"],
        "name": one["name"],
        "process": one["process"],
        "due_at": datetime.fromisoformat(one["due"]["at"]),
        "due": one["due"],
        "ended_at": None,
        "fired_at": None,
    }


def _recover(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """What could not go on went on, or is there no longer."""
    for task_id, element in content.get("recovered", ()):
        connection.execute(
            incident.update()
            .where(
                incident.c.case_id == entry.stream.id,
                incident.c.task_id == task_id,
                incident.c.element == element,
                incident.c.state == "open",
            )
            .values(state="resolved", resolved_at=entry.at, resolution=_WENT_ON)
        )


def _raise_incidents(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    rows = [
        {
            "id": one["id"],
            "case_id": entry.stream.id,
            "task_id": one["task_id"],
            "element": one["element"],
            "kind": one["kind"],
            "sentence": one["sentence"],
            "state": "open",
            "raised_at": entry.at,
        }
        for one in content.get("troubles", ())
    ]
    if rows:
        connection.execute(incident.insert(), rows)
