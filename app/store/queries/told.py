"""What people were told about deadlines, with what they may see of it today."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.scopes import CaseScope, TaskScope
from app.store.queries.cases import in_scope
from app.store.queries.work import MOST_COUNTED, may_do
from app.store.tables import case_record, told, work_item

MOST_SHOWN = 30


@dataclass(frozen=True)
class ToldLine:
    """One notice to one person."""

    #: deadline it is about: a task's id or a timer's
    deadline_id: str
    #: reminder, due today, overdue, escalation
    kind: str
    #: what was said
    sentence: str
    #: UTC
    at: datetime
    #: reference of the case
    reference: str
    #: the pupil's name
    pupil_name: str
    #: the task belongs to the restricted compartment
    is_restricted: bool
    #: the task is open
    is_open: bool
    #: the person sees the case today
    sees_case: bool
    #: the person may do the task today
    may_do: bool


def to(
    connection: Connection, person_id: str, seen: CaseScope, tasks: TaskScope, today: date, before: datetime | None
) -> list[ToldLine]:
    """Notices to a person, newest first, one more than is shown; `before` is the moment of the last one seen."""
    query = (
        sa.select(
            told.c.deadline_id, told.c.kind, told.c.sentence, told.c.at, told.c.case_id,
            case_record.c.reference, case_record.c.pupil_name, work_item.c.is_restricted, work_item.c.status,
        )
        .join(case_record, case_record.c.id == told.c.case_id)
        .outerjoin(work_item, work_item.c.task_id == told.c.deadline_id)
        .where(told.c.person_id == person_id)
    )  # fmt: skip
    if before is not None:
        query = query.where(told.c.at < before)
    rows = connection.execute(
        query.order_by(told.c.at.desc(), told.c.deadline_id, told.c.rung.desc()).limit(MOST_SHOWN + 1)
    ).all()
    ids = {row.case_id for row in rows}, {row.deadline_id for row in rows}
    cases = set(
        connection.scalars(sa.select(case_record.c.id).where(case_record.c.id.in_(ids[0]), in_scope(seen, today)))
    )
    doable = set(
        connection.scalars(sa.select(work_item.c.task_id).where(work_item.c.task_id.in_(ids[1]), may_do(tasks)))
    )
    return [_line(row, row.case_id in cases, row.deadline_id in doable) for row in rows]


def count(connection: Connection, person_id: str, since: datetime) -> int:
    """How many notices a person got since then, counted up to 1,001."""
    query = sa.select(told.c.deadline_id).where(told.c.person_id == person_id, told.c.at >= since)
    some = query.limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _line(row: Any, sees_case: bool, may_do_it: bool) -> ToldLine:
    return ToldLine(
        deadline_id=row.deadline_id,
        kind=row.kind,
        sentence=row.sentence,
        at=row.at,
        reference=row.reference,
        pupil_name=row.pupil_name,
        is_restricted=bool(row.is_restricted),
        is_open=row.status == "open",
        sees_case=sees_case,
        may_do=may_do_it,
    )
