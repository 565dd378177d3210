"""What an operator may know of the installation: how much, how late, how large. No name and no word of any case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.due_tries import TIMER
from app.store.tables import case_record, due_try, entry, incident, login_attempt, session, timer


@dataclass(frozen=True)
class LateTimer:
    """A timer whose moment has passed."""

    #: engine task id
    timer_id: str
    #: its case
    case_id: str
    #: process definition key
    process_key: str
    #: what the process is called
    process_name: str
    #: what the diagram calls the timer
    name: str
    #: when it was due, UTC
    due_at: datetime
    #: how often it was tried in vain
    tries: int
    #: when it is tried again, or None where it was not tried yet
    next_at: datetime | None


@dataclass(frozen=True)
class Cause:
    """What stops cases at one place: the problems of one group have it in common."""

    #: kind of trouble
    kind: str
    #: process definition key
    process_key: str
    #: BPMN id, or "" where it is no element's
    element: str


@dataclass(frozen=True)
class IncidentGroup:
    """Open problems with one cause."""

    #: what they have in common
    cause: Cause
    #: what the process is called
    process_name: str
    #: a bundle one of its cases is pinned to: it knows what the element is called
    bundle: str
    #: how many
    number: int
    #: how many of them the operator handed over
    handed_over: int
    #: when the first was raised, UTC
    first_at: datetime
    #: when the last was raised, UTC
    last_at: datetime


@dataclass(frozen=True)
class OpenIncident:
    """One open problem, without its sentence: that may quote the case."""

    #: incident id
    id: str
    #: its case
    case_id: str
    #: what it has in common with others
    cause: Cause
    #: when it was raised, UTC
    raised_at: datetime
    #: the operator handed it to the people of its case
    is_handed_over: bool


@dataclass(frozen=True)
class Refusals:
    """Wrong tries at signing in, of the last day."""

    #: tries, counted for their account and for their address
    tries: int
    #: accounts and addresses that must wait now
    waiting: int


@dataclass(frozen=True)
class Database:
    """Where the journal is."""

    #: SQLite, PostgreSQL
    kind: str
    #: its version
    version: str
    #: how large it is
    size_bytes: int


def late_timers(connection: Connection, before: datetime, limit: int, after: str = "") -> list[LateTimer]:
    """Timers that were due before a moment, the latest first; going on after the timer of that id.

    Not those that failed too often: they are problems of their cases.
    """
    query = (
        sa.select(
            timer.c.timer_id, timer.c.case_id, timer.c.name, timer.c.due_at,
            case_record.c.process_key, case_record.c.process_name, due_try.c.tries, due_try.c.next_at,
        )
        .join(case_record, case_record.c.id == timer.c.case_id)
        .outerjoin(due_try, sa.and_(due_try.c.kind == TIMER, due_try.c.id == timer.c.timer_id))
        .where(*_is_late(before))
        .order_by(timer.c.due_at, timer.c.timer_id)
        .limit(limit)
    )  # fmt: skip
    if after:
        last = sa.select(timer.c.due_at).where(timer.c.timer_id == after).scalar_subquery()
        query = query.where(sa.or_(timer.c.due_at > last, sa.and_(timer.c.due_at == last, timer.c.timer_id > after)))
    return [
        LateTimer(
            row.timer_id, row.case_id, row.process_key, row.process_name, row.name, row.due_at,
            row.tries or 0, row.next_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def how_many_late(connection: Connection, before: datetime) -> tuple[int, datetime | None]:
    """How many timers were due before a moment and are to fire yet, and when the first of them was due."""
    query = sa.select(sa.func.count(), sa.func.min(timer.c.due_at))
    row = connection.execute(query.where(*_is_late(before))).one()
    return row[0], row[1]


def incident_groups(connection: Connection, authorities: Collection[str], limit: int = 100) -> list[IncidentGroup]:
    """Open problems of the cases of these authorities by cause, those still with the operator first, then the most."""
    handed_over = sa.func.count(incident.c.resolution)
    number = sa.func.count()
    query = (
        sa.select(
            incident.c.kind, case_record.c.process_key, incident.c.element,
            sa.func.max(case_record.c.process_name).label("process_name"),
            sa.func.max(case_record.c.bundle).label("bundle"),
            number.label("number"), handed_over.label("handed_over"),
            sa.func.min(incident.c.raised_at).label("first_at"), sa.func.max(incident.c.raised_at).label("last_at"),
        )
        .join(case_record, case_record.c.id == incident.c.case_id)
        .where(incident.c.state == "open", case_record.c.authority.in_(list(authorities)))
        .group_by(incident.c.kind, case_record.c.process_key, incident.c.element)
        .order_by((number - handed_over).desc(), number.desc(), incident.c.kind, incident.c.element)
        .limit(limit)
    )  # fmt: skip
    return [
        IncidentGroup(_cause(row), row.process_name, row.bundle, row.number, row.handed_over, row.first_at, row.last_at)
        for row in connection.execute(query)
    ]


def incidents_of(
    connection: Connection, cause: Cause, authorities: Collection[str], limit: int, after: str = ""
) -> list[OpenIncident]:
    """Open problems with that cause, by id; going on after the one of that id."""
    query = _open(authorities).where(
        incident.c.kind == cause.kind,
        incident.c.element == cause.element,
        case_record.c.process_key == cause.process_key,
        incident.c.id > after,
    )
    return [_incident(row) for row in connection.execute(query.order_by(incident.c.id).limit(limit))]


def incidents_by_id(connection: Connection, ids: Collection[str], authorities: Collection[str]) -> list[OpenIncident]:
    """Those of the problems that are open, in cases of these authorities."""
    query = _open(authorities).where(incident.c.id.in_(list(ids)))
    return [_incident(row) for row in connection.execute(query.order_by(incident.c.id))]


def open_incidents(connection: Connection) -> dict[str, int]:
    """How many problems are open, by kind."""
    query = sa.select(incident.c.kind, sa.func.count()).where(incident.c.state == "open").group_by(incident.c.kind)
    return {row[0]: row[1] for row in connection.execute(query)}


def open_sessions(connection: Connection, now: datetime, idle: timedelta) -> int:
    """Sessions of people who are signed in and were there lately."""
    is_open = sa.and_(session.c.ended_at.is_(None), session.c.stage == "whole", session.c.seen_at >= now - idle)
    return connection.scalar(sa.select(sa.func.count()).select_from(session).where(is_open)) or 0


def refusals(connection: Connection, now: datetime) -> Refusals:
    """Wrong tries of the last day, counted once for the account and once for the address, and who must wait now."""
    row = connection.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(login_attempt.c.failures), 0),
            sa.func.coalesce(sa.func.sum(sa.case((login_attempt.c.locked_until > now, 1), else_=0)), 0),
        ).where(login_attempt.c.last_at >= now - timedelta(days=1))
    ).one()
    return Refusals(int(row[0]), int(row[1]))


def database(connection: Connection) -> Database:
    """What it is and how large."""
    if connection.dialect.name == "sqlite":
        version = str(connection.scalar(sa.select(sa.func.sqlite_version())))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        page_bytes = connection.exec_driver_sql("PRAGMA page_size").scalar() or 0
        return Database("SQLite", version, pages * page_bytes)
    version = str(connection.scalar(sa.text("SHOW server_version"))).split(" ")[0]
    size = connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database())))
    return Database("PostgreSQL", version, size or 0)


def first_recorded(connection: Connection, after: datetime | None) -> datetime | None:
    """When the first entry after a moment was written, or None."""
    query = sa.select(entry.c.recorded_at).order_by(entry.c.recorded_at).limit(1)
    return connection.scalar(query.where(entry.c.recorded_at > after) if after else query)


def _is_late(before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    problem = sa.select(incident.c.id).where(
        incident.c.case_id == timer.c.case_id,
        incident.c.task_id == timer.c.timer_id,
        incident.c.kind == TIMER,
        incident.c.state == "open",
    )
    return timer.c.ended_at.is_(None), timer.c.due_at < before, ~problem.exists()


def _open(authorities: Collection[str]) -> sa.Select[Any]:
    columns = (*(incident.c[name] for name in ("id", "case_id", "kind", "element", "raised_at", "resolution")),)
    return (
        sa.select(*columns, case_record.c.process_key)
        .join(case_record, case_record.c.id == incident.c.case_id)
        .where(incident.c.state == "open", case_record.c.authority.in_(list(authorities)))
    )


def _cause(row: Any) -> Cause:
    return Cause(row.kind, row.process_key, row.element)


def _incident(row: Any) -> OpenIncident:
    return OpenIncident(row.id, row.case_id, _cause(row), row.raised_at, row.resolution is not None)
