"""What fell due between two days, in every case of a scope: for whoever moves the clock. One case's dates: `cases`."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.scopes import CaseScope
from app.store.queries.cases import in_scope
from app.store.tables import case_record, deadline, timer, work_item

#: under names of their own: the scope of a reader asks about the same tables
_dated, _task, _timer = deadline.alias("dated"), work_item.alias("dated_task"), timer.alias("dated_timer")
_IS_TIMER = _timer.c.timer_id.is_not(None)
_NOT_RESTRICTED = sa.func.coalesce(_task.c.is_restricted, sa.false()).is_(sa.false())
#: a task that is still to do, or a date that came
_CAME_OR_OPEN = sa.or_(_dated.c.state == "running", sa.and_(_IS_TIMER, _dated.c.state == "met"))


@dataclass(frozen=True)
class FellDue:
    """One date that came."""

    #: reference of the case
    reference: str
    #: task or event
    subject: str
    #: the date
    on: date
    #: it is a date the case waited for, not a task
    is_timer: bool


def fell_due(connection: Connection, scope: CaseScope, after: date, until: date, limit: int) -> list[FellDue]:
    """Open tasks that fell due and dates that came after one day and not later than another, oldest first.

    Left out: tasks of the restricted compartment, tasks done or ended since, dates that nobody waited for any more.
    """
    query = (
        _dates()
        .with_only_columns(case_record.c.reference, _dated.c.subject, _dated.c.due_on, _IS_TIMER.label("is_timer"))
        .where(_dated.c.due_on > after, _dated.c.due_on <= until, _CAME_OR_OPEN)
        .where(in_scope(scope, until))
        .order_by(_dated.c.due_on, case_record.c.reference, _dated.c.subject)
        .limit(limit)
    )
    return [FellDue(row.reference, row.subject, row.due_on, bool(row.is_timer)) for row in connection.execute(query)]


def next_date(connection: Connection, scope: CaseScope | None, after: date) -> date | None:
    """The first day after this one on which something falls due, in the scope or, without one, in any case."""
    query = _dates().with_only_columns(sa.func.min(_dated.c.due_on))
    query = query.where(_dated.c.due_on > after, _dated.c.state == "running")
    if scope is not None:
        query = query.where(in_scope(scope, after))
    soonest: date | None = connection.scalar(query)
    return soonest


def _dates() -> sa.Select[tuple[str]]:
    return (
        sa.select(_dated.c.id)
        .join(case_record, case_record.c.id == _dated.c.case_id)
        .outerjoin(_timer, _timer.c.timer_id == _dated.c.id)
        .outerjoin(_task, _task.c.task_id == _dated.c.id)
        .where(_NOT_RESTRICTED)
    )
