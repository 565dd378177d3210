"""The inbox: open and finished tasks within a reader's scope, with counts. Cases that wait are in `queries.waiting`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.facts import CaseFacts, TaskFacts
from app.access.scopes import TaskScope
from app.store import versions
from app.store.drafts import Draft
from app.store.projections.words import words_of
from app.store.queries.cases import CASE_LINE, CaseLine, case_line, in_scope, naming
from app.store.queries.cases import _with_word as with_word
from app.store.tables import answer, candidate, case_record, draft, idempotency, is_open, person, work_item

#: todo: whatever the reader could do and nobody else has; team: whatever they could do and do not have
View = Literal["todo", "mine", "team", "soon", "overdue", "done"]
Sort = Literal["due", "opened", "pupil"]

PAGE = 25
#: counts above this are shown as "1,000+"
MOST_COUNTED = 1_000
#: due soon: within this many days
SOON_DAYS = 7


@dataclass(frozen=True)
class TaskLine:
    """One task as the inbox shows it."""

    #: engine task id
    task_id: str
    #: its case
    case_id: str
    #: reference of the case
    reference: str
    #: what the diagram calls it
    name: str
    #: BPMN id
    element: str
    #: process definition key
    process_key: str
    #: the pupil's name
    pupil_name: str
    #: school, organisation id
    school: str
    #: role codes, space separated
    role: str | None
    #: organisation whose role holders may do it
    holder: str
    #: form, or None
    form_key: str | None
    #: belongs to the restricted compartment
    is_restricted: bool
    #: open, done, ended
    status: str
    #: when it is due
    due_on: date | None
    #: why then (`Due.to_json`)
    due: dict[str, Any] | None
    #: who took it
    assignee: str | None
    #: UTC
    opened_at: datetime
    #: UTC
    closed_at: datetime | None
    #: who completed it
    closed_by: str | None


@dataclass(frozen=True)
class Filter:
    """What an inbox is narrowed to."""

    #: process definition key
    process: str | None = None
    #: organisation id
    school: str | None = None
    #: due on or before
    due_by: date | None = None
    #: words of name, reference or school
    search: str = ""


def inbox(
    connection: Connection,
    scope: TaskScope,
    view: View,
    today: date,
    narrowed: Filter,
    sort: Sort = "due",
    after: tuple[str, str] | None = None,
    limit: int = PAGE,
) -> list[TaskLine]:
    """Tasks of one view; `after` is (sort value as text, task id) of the last line seen."""
    query = _narrow(_view(sa.select(*_LINE), scope, view, today), narrowed)
    column = _SORTS[sort] if view != "done" else work_item.c.closed_at
    descending = view == "done" or sort == "opened"
    if after is not None:
        key = _read_key(column, after[0])
        last = sa.tuple_(column, work_item.c.task_id)
        query = query.where(last < sa.tuple_(key, after[1]) if descending else last > sa.tuple_(key, after[1]))
    order = (column.desc(), work_item.c.task_id.desc()) if descending else (column, work_item.c.task_id)
    return [_line(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def counts(connection: Connection, scope: TaskScope, today: date, views: tuple[View, ...]) -> dict[str, int]:
    """How many tasks each view holds, counted up to 1,001."""
    found: dict[str, int] = {}
    for view in views:
        some = _view(sa.select(work_item.c.task_id), scope, view, today).limit(MOST_COUNTED + 1).subquery()
        found[view] = connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return found


def of_case(connection: Connection, case_id: str) -> list[TaskLine]:
    """Open tasks of a case, soonest due first."""
    query = sa.select(*_LINE).where(work_item.c.case_id == case_id, work_item.c.status == "open")
    query = query.order_by(sa.func.coalesce(work_item.c.due_on, date.max), work_item.c.task_id)
    return [_line(row) for row in connection.execute(query)]


def one(connection: Connection, task_id: str) -> TaskLine | None:
    """One task, or None."""
    row = connection.execute(sa.select(*_LINE).where(work_item.c.task_id == task_id)).first()
    return _line(row) if row else None


def with_case(connection: Connection, task_id: str) -> tuple[TaskLine, CaseLine] | None:
    """One task and its case, or None."""
    query = sa.select(*(column.label(f"task_{column.name}") for column in _LINE), *CASE_LINE)
    query = query.join(case_record, case_record.c.id == work_item.c.case_id).where(work_item.c.task_id == task_id)
    row = connection.execute(query).first()
    return None if row is None else (_line(row, "task_"), case_line(row))


@dataclass(frozen=True)
class Paper:
    """What lies on the desk with a task."""

    #: the engine state of its case, while the task is open
    state: dict[str, Any] | None
    #: what was typed so far
    draft: Draft | None
    #: name of whoever has it, or None
    holder: str | None
    #: the answers this step was completed with before, where the step after it opened it again
    sent_back: dict[str, Any] | None


def paper(connection: Connection, task_id: str) -> Paper:
    """What lies on the desk with a task, with the versions of the configuration, in one statement."""
    sender, before, opened, saver = (one.alias() for one in (answer, answer, work_item, person))
    sent_back = (
        sa.select(before.c.answers)
        .join_from(sender, opened, opened.c.task_id == sender.c.task_id)
        .join(before, sa.and_(before.c.case_id == sender.c.case_id, before.c.seq == opened.c.seq))
        .where(
            sender.c.case_id == work_item.c.case_id,
            sender.c.seq == work_item.c.seq,
            sender.c.element != work_item.c.element,
            before.c.element == work_item.c.element,
        )
        .limit(1)
        .scalar_subquery()
    )
    row = connection.execute(
        sa.select(
            case_record.c.state, draft, saver.c.name.label("by_name"), person.c.name.label("holder"),
            sa.type_coerce(sa.case((is_open, sent_back)), before.c.answers.type).label("sent_back"),
            *versions.columns(),
        )
        .select_from(work_item)
        .outerjoin(case_record, sa.and_(case_record.c.id == work_item.c.case_id, is_open))
        .outerjoin(draft, draft.c.id == work_item.c.task_id)
        .outerjoin(saver, saver.c.id == draft.c.by)
        .outerjoin(person, person.c.id == work_item.c.assignee)
        .where(work_item.c.task_id == task_id)
    ).first()  # fmt: skip
    if row is None:
        return Paper(None, None, None, None)
    versions.remember(connection, row)
    kept = Draft(row.id, row.revision, row.values, row.by, row.by_name, row.at) if row.id else None
    return Paper(row.state, kept, row.holder, row.sent_back)


def places(connection: Connection, case_id: str) -> list[tuple[str, str, bool]]:
    """Where a case is and was: (element, "open" or "done", belongs to the restricted compartment)."""
    now = sa.select(work_item.c.element, sa.literal("open", sa.String), work_item.c.is_restricted)
    past = sa.select(answer.c.element, sa.literal("done", sa.String), answer.c.is_restricted).distinct()
    query = sa.union_all(past.where(answer.c.case_id == case_id), now.where(work_item.c.case_id == case_id, is_open))
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def answer_to(connection: Connection, key: str | None) -> dict[str, Any] | None:
    """What a command with this idempotency key was answered (`cases.command.Receipt`), or None."""
    found: dict[str, Any] | None = connection.scalar(sa.select(idempotency.c.answer).where(idempotency.c.key == key))
    return found


def keys_under(connection: Connection, beginning: str) -> list[str]:
    """Idempotency keys of answered commands that begin so."""
    key = idempotency.c.key
    return list(connection.scalars(sa.select(key).where(key >= beginning, key < f"{beginning}\uffff")))


def facts(task: TaskLine, case: CaseFacts) -> TaskFacts:
    """What a decision about one task needs to know."""
    return TaskFacts(
        case=case,
        roles=frozenset((task.role or "").split()),
        organisation=task.holder,
        is_restricted=task.is_restricted,
        assignee=task.assignee,
        status={"done": "completed", "ended": "cancelled"}.get(task.status, task.status),
    )


def may_do(scope: TaskScope) -> sa.ColumnElement[bool]:
    """The scope as a condition on `work_item`: the SQL of `TaskScope.includes`."""
    named = naming(work_item.c.case_id, scope.person)
    parts = [sa.and_(_in_lanes(scope.pairs), ~work_item.c.is_restricted)] if scope.pairs else []
    if scope.named_only_pairs:
        parts.append(sa.and_(_in_lanes(scope.named_only_pairs), ~work_item.c.is_restricted, named))
    if scope.restricted_pairs:
        parts.append(sa.and_(_in_lanes(scope.restricted_pairs), work_item.c.is_restricted))
    return sa.or_(*parts) if parts else sa.false()


def _in_lanes(pairs: frozenset[tuple[str, str]]) -> sa.ColumnElement[bool]:
    wanted = [sa.and_(candidate.c.holder == holder, candidate.c.role == role) for role, holder in sorted(pairs)]
    return work_item.c.task_id.in_(sa.select(candidate.c.task_id).where(sa.or_(*wanted)))


def _view(query: sa.Select[Any], scope: TaskScope, view: View, today: date) -> sa.Select[Any]:
    if view == "done":
        return query.where(
            work_item.c.closed_by == scope.person, work_item.c.status == "done", _still_seen(scope, today)
        )
    query = query.where(work_item.c.status == "open", may_do(scope))
    if view == "todo":
        return query.where(sa.or_(work_item.c.assignee.is_(None), work_item.c.assignee == scope.person))
    if view == "mine":
        return query.where(work_item.c.assignee == scope.person)
    if view == "team":
        return query.where(sa.or_(work_item.c.assignee.is_(None), work_item.c.assignee != scope.person))
    if view == "soon":
        return query.where(work_item.c.due_on >= today, work_item.c.due_on <= today + timedelta(days=SOON_DAYS))
    return query.where(work_item.c.due_on < today)


def _still_seen(scope: TaskScope, today: date) -> sa.ColumnElement[bool]:
    """Whoever did a task may read it still: their role may have ended, the case may name them no longer."""
    inside = sa.select(case_record.c.id).where(in_scope(scope.seen, today))
    compartment = sorted({holder for _, holder in scope.restricted_pairs})
    return sa.and_(
        work_item.c.case_id.in_(inside), sa.or_(~work_item.c.is_restricted, work_item.c.holder.in_(compartment))
    )


def _narrow(query: sa.Select[Any], narrowed: Filter) -> sa.Select[Any]:
    if narrowed.process:
        query = query.where(work_item.c.process_key == narrowed.process)
    if narrowed.school:
        query = query.where(work_item.c.school == narrowed.school)
    if narrowed.due_by:
        query = query.where(work_item.c.due_on <= narrowed.due_by)
    for word in words_of(narrowed.search):
        query = query.where(work_item.c.case_id.in_(with_word(word)))
    return query


def _read_key(column: Any, text: str) -> Any:
    if column is work_item.c.opened_at or column is work_item.c.closed_at:
        return datetime.fromisoformat(text)
    return text if column is work_item.c.pupil_name else date.fromisoformat(text)


_SORTS: dict[str, Any] = {
    "due": sa.func.coalesce(work_item.c.due_on, date.max),
    "opened": work_item.c.opened_at,
    "pupil": work_item.c.pupil_name,
}
_LINE = [work_item.c[name] for name in TaskLine.__dataclass_fields__]


def _line(row: Any, prefix: str = "") -> TaskLine:
    return TaskLine(**{name: getattr(row, prefix + name) for name in TaskLine.__dataclass_fields__})
