"""The lists behind a day's numbers: open tasks, dates and cases within a reader's scope, counted and in pages.

A number and its list are the same query: they cannot differ. Which numbers there are is said in `casework.days`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.scopes import CaseScope, TaskScope
from app.clock import day_begins
from app.store.projections.deadlines import FAR_AWAY
from app.store.queries.cases import parts_of
from app.store.queries.work import MOST_COUNTED, lanes_of
from app.store.tables import candidate, case_record, deadline, is_open, is_running, listing, timer, work_item

PAGE = 50

#: tasks: open ones of the cases seen; mine: open ones the reader may do; dates: running dates of the cases seen;
#: missed: dates that passed undone, or that were met late; cases: the cases seen
Kind = Literal["tasks", "mine", "dates", "missed", "cases"]


@dataclass(frozen=True)
class Wanted:
    """Which lines a list holds: every condition must hold. Days count from today, whatever day it is looked at."""

    #: what its lines are
    kind: Kind
    #: process definition keys, or every process
    processes: tuple[str, ...] = ()
    #: BPMN ids of a task or timer; of a case, one of which it has an open task for
    elements: tuple[str, ...] = ()
    #: keys of deadline rules
    rules: tuple[str, ...] = ()
    #: due at the earliest and at the latest, in days from today
    due: tuple[int | None, int | None] = (None, None)
    #: open or running for at least, and for less than so many days
    open_for: tuple[int | None, int | None] = (None, None)
    #: of cases: open or closed
    status: Literal["open", "closed"] = "open"
    #: of closed cases: closed, of missed dates: due since the school year began
    is_this_year: bool = False
    #: the tasks of the restricted compartment, which are seen by those who may do them only
    is_restricted: bool = False
    #: only tasks that wait for a meeting
    is_listed: bool = False


@dataclass(frozen=True)
class Bounds:
    """What the reader may see, by the roles that a list is for."""

    #: cases they see by name
    cases: CaseScope
    #: tasks they may do
    tasks: TaskScope


@dataclass(frozen=True)
class Line:
    """One line of such a list."""

    #: task, timer or case
    id: str
    #: its case
    case_id: str
    #: reference of the case
    reference: str
    #: what people call the process
    process: str
    #: the pupil's name
    pupil_name: str
    #: home school, organisation id
    school: str
    #: task or event; "" for a case
    name: str
    #: when it is due: of a task that waits for a meeting, its day
    on: date | None
    #: why then
    due: dict[str, Any] | None
    #: since when it is open, UTC
    since: datetime
    #: the task can be opened by its id
    is_task: bool
    #: it was met, so many days late
    late_days: int | None
    #: variables of the case
    variables: dict[str, Any]


def counts(connection: Connection, asked: Sequence[tuple[Bounds, Wanted]], today: date) -> list[int]:
    """How many lines each list holds, counted up to 1,001, in one statement."""
    if not asked:
        return []
    numbers = []
    for place, (bounds, wanted) in enumerate(asked):
        some = [sa.select(one.limit(MOST_COUNTED + 1).subquery().c.id) for one, _ in _parts(bounds, wanted, today)]
        if some:
            found = sa.union(*some).limit(MOST_COUNTED + 1).subquery()
            numbers.append(sa.select(sa.func.count()).select_from(found).scalar_subquery().label(f"n{place}"))
        else:
            numbers.append(sa.literal(0).label(f"n{place}"))
    return [int(one) for one in connection.execute(sa.select(*numbers)).one()]


def page(
    connection: Connection,
    bounds: Bounds,
    wanted: Wanted,
    today: date,
    after: tuple[str, str] | None,
    limit: int = PAGE,
) -> list[Line]:
    """Lines in the order of their day, then id; `after` is (day or moment as text, id) of the last one seen."""
    pages = []
    for query, place in _parts(bounds, wanted, today):
        by = (place, query.selected_columns.id)
        if after is not None:
            query = query.where(sa.tuple_(*by) > sa.tuple_(_read_key(wanted, after[0]), after[1]))
        pages.append(sa.select(query.add_columns(place.label("place")).order_by(*by).limit(limit).subquery()))
    if not pages:
        return []
    found = sa.union(*pages).subquery()
    query = _lines(wanted, found).order_by(found.c.place, found.c.id).limit(limit)
    return [_line(row) for row in connection.execute(query)]


def key_of(line: Line, wanted: Wanted) -> tuple[str, str]:
    """Where the page after this line begins."""
    return (line.since.isoformat() if wanted.kind == "cases" else (line.on or FAR_AWAY).isoformat()), line.id


def is_key(wanted: Wanted, text: str) -> bool:
    """Whether a text from an address can be read as the place of a line."""
    try:
        return bool(_read_key(wanted, text)) and (wanted.kind != "cases" or _read_key(wanted, text).tzinfo is not None)
    except ValueError:
        return False


def year_begins(today: date) -> date:
    """The first day of the school year that a day lies in."""
    return date(today.year if today.month >= 9 else today.year - 1, 9, 1)


def _read_key(wanted: Wanted, text: str) -> Any:
    return datetime.fromisoformat(text) if wanted.kind == "cases" else date.fromisoformat(text)


def _parts(bounds: Bounds, wanted: Wanted, today: date) -> list[tuple[sa.Select[Any], Any]]:
    """Queries for the ids of a list, and what each is ordered by; each finds its rows by an index (ADR 0029)."""
    if wanted.kind == "mine":
        return [(_of_lane(lane, wanted, today), candidate.c.due_on) for lane in lanes_of(bounds.tasks)]
    return [_of_cases(part, wanted, today) for part in parts_of(bounds.cases, today)]


def _of_lane(lane: sa.ColumnElement[bool], wanted: Wanted, today: date) -> sa.Select[Any]:
    query = sa.select(candidate.c.task_id.label("id")).where(lane, candidate.c.is_restricted == wanted.is_restricted)
    query = query.where(*_within(candidate.c.due_on, wanted.due, today), *_age(candidate.c.opened_at, wanted, today))
    if wanted.processes or wanted.elements:
        query = query.join(work_item, work_item.c.task_id == candidate.c.task_id)
    if wanted.processes:
        query = query.where(work_item.c.process_key.in_(wanted.processes))
    if wanted.elements:
        query = query.where(work_item.c.element.in_(wanted.elements))
    if wanted.is_listed:
        query = query.join(listing, listing.c.task_id == candidate.c.task_id)
    return query


def _of_cases(part: sa.ColumnElement[bool], wanted: Wanted, today: date) -> tuple[sa.Select[Any], Any]:
    asked = [part]
    if wanted.processes:
        asked.append(case_record.c.process_key.in_(wanted.processes))
    if wanted.kind == "cases":
        return _cases(wanted, today).where(*asked), case_record.c.started_at
    if wanted.kind == "tasks":
        query = sa.select(work_item.c.task_id.label("id")).join(case_record, case_record.c.id == work_item.c.case_id)
        query = query.where(case_record.c.status == "open", is_open, ~work_item.c.is_restricted, *asked)
        query = query.where(
            *_within(work_item.c.due_on, wanted.due, today), *_age(work_item.c.opened_at, wanted, today)
        )
        if wanted.elements:
            query = query.where(work_item.c.element.in_(wanted.elements))
        if wanted.is_listed:
            query = query.join(listing, listing.c.task_id == work_item.c.task_id)
        return query, sa.func.coalesce(work_item.c.due_on, FAR_AWAY)
    return _dates(wanted, today).where(*asked), deadline.c.due_on


def _cases(wanted: Wanted, today: date) -> sa.Select[Any]:
    query = sa.select(case_record.c.id.label("id")).where(case_record.c.status == wanted.status)
    if wanted.is_this_year:
        query = query.where(case_record.c.closed_at >= day_begins(year_begins(today)))
    if wanted.elements:
        here = sa.exists().where(
            work_item.c.case_id == case_record.c.id,
            is_open,
            ~work_item.c.is_restricted,
            work_item.c.element.in_(wanted.elements),
        )
        query = query.where(here)
    return query


def _dates(wanted: Wanted, today: date) -> sa.Select[Any]:
    task = sa.and_(work_item.c.task_id == deadline.c.id, work_item.c.case_id == case_record.c.id)
    query = (
        sa.select(deadline.c.id.label("id"))
        # the school is said twice: by it a running date is found in the order of dates, whatever the scope begins with
        .join(case_record, sa.and_(case_record.c.id == deadline.c.case_id, case_record.c.school == deadline.c.school))
        .outerjoin(work_item, task)
        .where(sa.func.coalesce(work_item.c.is_restricted, sa.false()).is_(sa.false()))
        .where(*_within(deadline.c.due_on, wanted.due, today))
    )
    if wanted.rules:
        query = query.where(deadline.c.rule_key.in_(wanted.rules))
    if wanted.elements:
        query = query.outerjoin(timer, timer.c.timer_id == deadline.c.id)
        query = query.where(sa.or_(work_item.c.element.in_(wanted.elements), timer.c.element.in_(wanted.elements)))
    if wanted.kind == "dates":
        return query.where(case_record.c.status == "open", is_running)
    passed = sa.and_(is_running, deadline.c.due_on < today)
    query = query.where(sa.or_(passed, deadline.c.state == "missed"))
    return query.where(deadline.c.due_on >= year_begins(today)) if wanted.is_this_year else query


def _within(column: Any, bounds: tuple[int | None, int | None], today: date) -> list[sa.ColumnElement[bool]]:
    first, last = bounds
    found = [] if first is None else [column >= today + timedelta(days=first)]
    return found if last is None else [*found, column <= today + timedelta(days=last)]


def _age(column: Any, wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    """Open for at least so many days: opened before the day after; for less: on that day or later."""
    least, most = wanted.open_for
    found = [] if least is None else [column < day_begins(today - timedelta(days=least - 1))]
    return found if most is None else [*found, column >= day_begins(today - timedelta(days=most - 1))]


def _lines(wanted: Wanted, found: Any) -> sa.Select[Any]:
    of_case: list[Any] = [
        case_record.c[name] for name in ("reference", "process_name", "pupil_name", "school", "variables")
    ]
    if wanted.kind == "cases":
        began = case_record.c.started_at.label("since")
        return sa.select(found.c.id, found.c.id.label("case_id"), *of_case, began).join(
            case_record, case_record.c.id == found.c.id
        )
    columns: list[Any]
    if wanted.kind in ("tasks", "mine"):
        columns = [work_item.c[name] for name in ("case_id", "name", "due")]
        columns += [work_item.c.due_on.label("on"), work_item.c.opened_at.label("since")]
        query = sa.select(found.c.id, *of_case, *columns)
        return query.join(work_item, work_item.c.task_id == found.c.id).join(
            case_record, case_record.c.id == work_item.c.case_id
        )
    columns = [deadline.c.case_id, deadline.c.subject.label("name"), deadline.c.due, deadline.c.due_on.label("on")]
    is_task = sa.and_(work_item.c.task_id.is_not(None), deadline.c.state == "running")
    query = sa.select(found.c.id, *of_case, *columns, deadline.c.late_days, is_task.label("is_task"))
    since = sa.func.coalesce(work_item.c.opened_at, case_record.c.started_at, type_=work_item.c.opened_at.type)
    query = query.add_columns(since.label("since"))
    query = query.join(deadline, deadline.c.id == found.c.id).join(case_record, case_record.c.id == deadline.c.case_id)
    return query.outerjoin(work_item, work_item.c.task_id == deadline.c.id)


def _line(row: Any) -> Line:
    known = row._mapping
    return Line(
        id=row.id,
        case_id=row.case_id,
        reference=row.reference,
        process=row.process_name,
        pupil_name=row.pupil_name,
        school=row.school,
        name=known.get("name", ""),
        on=known.get("on"),
        due=known.get("due"),
        since=row.since,
        is_task=bool(known.get("is_task", "due" in known)),
        late_days=known.get("late_days"),
        variables=row.variables,
    )
