"""Calendars as administrators see them: who goes by which, and which running deadlines depend on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.calendars import Calendar, from_json
from app.model.due import Due
from app.store.tables import calendar, case_record, deadline


@dataclass(frozen=True)
class KeptCalendar:
    """One calendar as it is kept."""

    #: id of its stream
    id: str
    #: what people choose it by
    name: str
    #: when school is
    days: Calendar
    #: last entry of its stream: what a change must name
    seq: int


@dataclass(frozen=True)
class RunningDate:
    """A running deadline of a case, without what it is about: administrators see no case content."""

    #: its case
    case_id: str
    #: reference people quote
    reference: str
    #: home school of the case
    school: str
    #: when, and why then
    due: Due


def one(connection: Connection, calendar_id: str) -> KeptCalendar | None:
    """A calendar, or None."""
    row = connection.execute(sa.select(calendar).where(calendar.c.id == calendar_id)).first()
    return _kept(row) if row else None


def kept(connection: Connection, ids: Iterable[str]) -> list[KeptCalendar]:
    """Those of the calendars that exist, by name."""
    query = sa.select(calendar).where(calendar.c.id.in_(sorted(set(ids)))).order_by(calendar.c.name, calendar.c.id)
    return [_kept(row) for row in connection.execute(query)]


def running_dates(connection: Connection, schools: Iterable[str]) -> list[RunningDate]:
    """Running deadlines of open cases of the schools, by reference, soonest first."""
    query = (
        sa.select(deadline.c.case_id, deadline.c.school, deadline.c.due, case_record.c.reference)
        .join(case_record, case_record.c.id == deadline.c.case_id)
        .where(_running_at(schools))
        .order_by(case_record.c.reference, deadline.c.due_on, deadline.c.id)
    )
    return [
        RunningDate(row.case_id, row.reference, row.school, Due.from_json(row.due)) for row in connection.execute(query)
    ]


def count_running(connection: Connection, schools: Iterable[str], after: date | None = None) -> int:
    """How many running deadlines the schools have, or have after a day."""
    condition = _running_at(schools)
    if after is not None:
        condition = sa.and_(condition, deadline.c.due_on > after)
    query = sa.select(sa.func.count()).join_from(deadline, case_record, case_record.c.id == deadline.c.case_id)
    return connection.execute(query.where(condition)).scalar_one()


def _running_at(schools: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.and_(
        deadline.c.school.in_(sorted(set(schools))), deadline.c.state == "running", case_record.c.status == "open"
    )


def _kept(row: Any) -> KeptCalendar:
    return KeptCalendar(row.id, row.name, from_json(row.record["days"]), row.seq)
