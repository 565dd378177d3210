"""What is due: armed timers, rungs of ladders, running deadlines, messages waited for."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.due_tries import NOTICE, TIMER
from app.store.projections.deadlines import ahead
from app.store.tables import case_record, deadline, due_try, incident, subscription, timer, work_item
from app.store.tables import told as told_table


@dataclass(frozen=True)
class Timer:
    """An armed timer."""

    #: engine task id
    timer_id: str
    #: its case
    case_id: str
    #: BPMN id
    element: str
    #: what the diagram calls it
    name: str
    #: when, UTC
    due_at: datetime
    #: why then (`Due.to_json`)
    due: dict[str, Any]
    #: how often it was tried in vain
    tries: int = 0


@dataclass(frozen=True)
class Waiting:
    """A message a case waits for."""

    #: engine's name of the subscription
    subscription_id: str
    #: message name
    message: str
    #: BPMN id
    element: str
    #: what the diagram calls it
    name: str


@dataclass(frozen=True)
class Running:
    """A deadline that is running."""

    #: id of the task or timer it belongs to
    id: str
    #: its case
    case_id: str
    #: what must be done
    subject: str
    #: when
    due_on: date
    #: why then (`Due.to_json`)
    due: dict[str, Any]
    #: it belongs to a timer, not to a task
    is_timer: bool


@dataclass(frozen=True)
class Rung:
    """A notice whose time has come."""

    #: the deadline
    deadline_id: str
    #: which step of its ladder
    rung: int
    #: its case
    case_id: str
    #: when it was due to be given, UTC
    at: datetime
    #: reminder, due today, overdue, escalation
    kind: str
    #: role codes, "assignee", "line_lead"
    tell: tuple[str, ...]
    #: they learn that something is late, not whose case it is
    count_only: bool
    #: how often it was tried in vain
    tries: int = 0


def due_timers(connection: Connection, now: datetime, limit: int) -> list[Timer]:
    """Timers whose moment has come, in order; not those that failed and wait for another try or for a person."""
    query = (
        sa.select(timer, due_try.c.tries)
        .outerjoin(due_try, sa.and_(due_try.c.kind == TIMER, due_try.c.id == timer.c.timer_id))
        .where(timer.c.ended_at.is_(None), timer.c.due_at <= now, *_may_be_tried(TIMER, timer.c.timer_id, timer, now))
        .order_by(timer.c.due_at, timer.c.timer_id)
        .limit(limit)
    )
    return [replace(_timer(row), tries=row.tries or 0) for row in connection.execute(query)]


def timer_of(connection: Connection, timer_id: str) -> Timer | None:
    """An armed timer, or None where it fired or was taken down."""
    row = connection.execute(_ARMED, {"id": timer_id}).first()
    return _timer(row) if row else None


_ARMED = sa.select(timer).where(timer.c.timer_id == sa.bindparam("id"), timer.c.ended_at.is_(None))


def timers_of(connection: Connection, case_id: str) -> list[Timer]:
    """Armed timers of a case, soonest first."""
    query = sa.select(timer).where(timer.c.case_id == case_id, timer.c.ended_at.is_(None)).order_by(timer.c.due_at)
    return [_timer(row) for row in connection.execute(query)]


def due_rungs(connection: Connection, now: datetime, limit: int) -> list[Rung]:
    """The next notice of every deadline where its time has come, in order; not those that wait for another try."""
    query = (
        sa.select(*_LADDER, due_try.c.tries)
        .outerjoin(due_try, sa.and_(due_try.c.kind == NOTICE, due_try.c.id == deadline.c.id))
        .where(
            deadline.c.next_at.is_not(None),
            deadline.c.next_at <= now,
            *_may_be_tried(NOTICE, deadline.c.id, deadline, now),
        )
        .order_by(deadline.c.next_at, deadline.c.id)
        .limit(limit)
    )
    return [replace(_rungs(row)[0], tries=row.tries or 0) for row in connection.execute(query)]


def rungs_of(connection: Connection, deadline_id: str) -> list[Rung]:
    """Notices of one deadline still to give, in order."""
    query = sa.select(*_LADDER).where(deadline.c.id == deadline_id, deadline.c.next_at.is_not(None))
    row = connection.execute(query).first()
    return _rungs(row) if row else []


def next_due(connection: Connection, after: datetime | None = None) -> datetime | None:
    """When the next timer or notice is due, after a moment where one is given, or None."""
    timers = sa.select(sa.func.min(timer.c.due_at)).where(timer.c.ended_at.is_(None))
    notices = sa.select(sa.func.min(deadline.c.next_at)).where(deadline.c.next_at.is_not(None))
    if after is not None:
        timers, notices = timers.where(timer.c.due_at > after), notices.where(deadline.c.next_at > after)
    soonest_timer, soonest_notice = connection.scalar(timers), connection.scalar(notices)
    return min((one for one in (soonest_timer, soonest_notice) if one is not None), default=None)


def subscriptions(connection: Connection, case_id: str, message: str | None = None) -> list[Waiting]:
    """Messages a case waits for, oldest element first."""
    query = sa.select(subscription).where(subscription.c.case_id == case_id)
    if message is not None:
        query = query.where(subscription.c.message == message)
    rows = connection.execute(query.order_by(subscription.c.message, subscription.c.subscription_id))
    return [Waiting(row.subscription_id, row.message, row.element, row.name) for row in rows]


def running(connection: Connection, case_id: str) -> list[Running]:
    """Running deadlines of a case, soonest first."""
    query = (
        sa.select(deadline, timer.c.timer_id)
        .outerjoin(timer, timer.c.timer_id == deadline.c.id)
        .where(deadline.c.case_id == case_id, deadline.c.state == "running")
        .order_by(deadline.c.due_on, deadline.c.id)
    )
    return [_running(row) for row in connection.execute(query)]


def one_running(connection: Connection, deadline_id: str) -> Running | None:
    """A running deadline, or None."""
    row = connection.execute(
        sa.select(deadline, timer.c.timer_id)
        .outerjoin(timer, timer.c.timer_id == deadline.c.id)
        .where(deadline.c.id == deadline_id, deadline.c.state == "running")
    ).first()
    return _running(row) if row else None


def cases_with_deadlines(connection: Connection, schools: frozenset[str]) -> list[str]:
    """Open cases of the schools that have a running deadline."""
    query = (
        sa.select(deadline.c.case_id)
        .join(case_record, case_record.c.id == deadline.c.case_id)
        .where(deadline.c.school.in_(schools), deadline.c.state == "running", case_record.c.status == "open")
        .distinct()
        .order_by(deadline.c.case_id)
    )
    return list(connection.scalars(query))


@dataclass(frozen=True)
class Responsible:
    """Who a task is for."""

    #: who took it, or None
    assignee: str | None
    #: role codes of its lane
    roles: tuple[str, ...]
    #: organisation whose role holders may do it
    holder: str
    #: it belongs to the restricted compartment
    is_restricted: bool


def responsible_for(connection: Connection, task_id: str) -> Responsible | None:
    """Who a task is for, or None for a timer's deadline."""
    row = connection.execute(
        sa.select(work_item.c.assignee, work_item.c.role, work_item.c.holder, work_item.c.is_restricted).where(
            work_item.c.task_id == task_id
        )
    ).first()
    return Responsible(row.assignee, tuple((row.role or "").split()), row.holder, row.is_restricted) if row else None


def told_to(connection: Connection, person_id: str, limit: int = 50) -> list[Any]:
    """What a person was told, newest first: rows with kind, sentence, at, case_id, reference."""
    query = (
        sa.select(told_table, case_record.c.reference)
        .join(case_record, case_record.c.id == told_table.c.case_id)
        .where(told_table.c.person_id == person_id)
        .order_by(told_table.c.at.desc())
        .limit(limit)
    )
    return list(connection.execute(query))


def _may_be_tried(
    kind: str, due_id: sa.Column[str], table: sa.Table, now: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    """It waits neither for its next try nor, after the last, for a person."""
    problem = sa.select(incident.c.id).where(
        incident.c.case_id == table.c.case_id,
        incident.c.task_id == due_id,
        incident.c.kind == kind,
        incident.c.state == "open",
    )
    return sa.or_(due_try.c.next_at.is_(None), due_try.c.next_at <= now), ~problem.exists()


def _timer(row: Any) -> Timer:
    return Timer(row.timer_id, row.case_id, row.element, row.name, row.due_at, row.due)


_LADDER = (deadline.c.id, deadline.c.case_id, deadline.c.due, deadline.c.climbed)


def _rungs(row: Any) -> list[Rung]:
    ladder = ahead(row.due, row.climbed)
    return [Rung(row.id, one.rung, row.case_id, one.at, one.kind, one.tell, one.count_only) for one in ladder]


def _running(row: Any) -> Running:
    return Running(row.id, row.case_id, row.subject, row.due_on, row.due, row.timer_id is not None)
