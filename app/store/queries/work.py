"""The inbox: open and finished tasks within a reader's scope, with counts. Cases that wait are in `queries.waiting`."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.facts import CaseFacts, TaskFacts
from app.access.scopes import TaskScope
from app.model.consent import Consent
from app.model.party import Party
from app.store import versions
from app.store.drafts import Draft
from app.store.projections.words import words_of
from app.store.queries import consents, letters, parties
from app.store.queries.cases import CASE_LINE, CaseLine, case_line, few_with_words, has_word, in_scope, naming
from app.store.queries.letters import LetterRow
from app.store.tables import (
    answer,
    candidate,
    case_record,
    consent,
    draft,
    idempotency,
    is_open,
    letter,
    party,
    person,
    pupil,
    work_item,
)

#: tasks that wait for another case are in none but overdue and done; todo: whatever the reader could do and nobody else
#: has; team: whatever they could do and do not have
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
    #: the entry that opened it
    seq: int
    #: id of the case that was started to answer it, or None
    waits_for: str | None = None
    #: since when, UTC
    waits_since: datetime | None = None


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
    descending = view == "done" or sort == "opened"
    key = None if after is None else (_read_key(view, sort, after[0]), after[1])
    pages = [
        _page(query.add_columns(order.label("place")), order, descending, key, limit)
        for query, order in _parts(connection, scope, view, today, narrowed, sort)
    ]
    if not pages:
        return []
    found = sa.union(*pages).subquery()
    order = [found.c.place, found.c.task_id]
    query = sa.select(*_LINE).join(found, found.c.task_id == work_item.c.task_id)
    query = query.order_by(*(one.desc() for one in order) if descending else order).limit(limit)
    return [_line(row) for row in connection.execute(query)]


def counts(connection: Connection, scope: TaskScope, today: date, views: tuple[View, ...]) -> dict[str, int]:
    """How many tasks each view holds, counted up to 1,001, in one statement."""
    numbers = []
    for view in views:
        parts = _parts(connection, scope, view, today, Filter(), "due")
        some = [sa.select(query.limit(MOST_COUNTED + 1).subquery()) for query, _ in parts]
        if some:
            all_of_them = sa.union(*some).limit(MOST_COUNTED + 1).subquery()
            numbers.append(sa.select(sa.func.count()).select_from(all_of_them).scalar_subquery().label(view))
        else:
            numbers.append(sa.literal(0).label(view))
    return dict(connection.execute(sa.select(*numbers)).mappings().one())


def _page(
    query: sa.Select[Any], order: Any, descending: bool, after: tuple[Any, str] | None, limit: int
) -> sa.Select[Any]:
    task_id = query.selected_columns.task_id
    last = sa.tuple_(order, task_id)
    if after is not None:
        query = query.where(last < sa.tuple_(*after) if descending else last > sa.tuple_(*after))
    by = (order.desc(), task_id.desc()) if descending else (order, task_id)
    return sa.select(query.order_by(*by).limit(limit).subquery())


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
    #: who is around the pupil
    parties: tuple[Party, ...] = ()
    #: consents about the pupil, the newest first
    consents: tuple[Consent, ...] = ()
    #: the newest version of the letter it writes, or None
    letter: LetterRow | None = None


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
    letter_columns, joined = letters.beside(work_item.c.task_id)
    row = connection.execute(
        sa.select(
            case_record.c.state, draft, saver.c.name.label("by_name"), person.c.name.label("holder"),
            sa.type_coerce(sa.case((is_open, sent_back)), before.c.answers.type).label("sent_back"),
            case_record.c.pupil_id, pupil.c.record.label("pupil_record"),
            _records(party).label("parties"), _records(consent).label("consents"),
            *letter_columns, *versions.columns(),
        )
        .select_from(work_item)
        .outerjoin(case_record, sa.and_(case_record.c.id == work_item.c.case_id, is_open))
        .outerjoin(pupil, pupil.c.id == case_record.c.pupil_id)
        .outerjoin(letter, joined)
        .outerjoin(draft, draft.c.id == work_item.c.task_id)
        .outerjoin(saver, saver.c.id == draft.c.by)
        .outerjoin(person, person.c.id == work_item.c.assignee)
        .where(work_item.c.task_id == task_id)
    ).first()  # fmt: skip
    if row is None:
        return Paper(None, None, None, None)
    versions.remember(connection, row)
    kept = Draft(row.id, row.revision, row.values, row.by, row.by_name, row.at) if row.id else None
    around = parties.of_records(row.pupil_id, row.pupil_record or {}, _read(row.parties)) if row.pupil_id else []
    agreed = consents.of_records(_read(row.consents))
    return Paper(row.state, kept, row.holder, row.sent_back, tuple(around), tuple(agreed), letters.found_beside(row))


#: between records in one text: JSON writes this character in another way
_BETWEEN = "\x1e"


def _records(table: sa.Table) -> sa.ScalarSelect[Any]:
    """Every record that the table has of the pupil of the case, in one text."""
    joined = sa.func.aggregate_strings(sa.type_coerce(table.c.record, sa.Text), _BETWEEN)
    return sa.select(joined).where(table.c.pupil_id == case_record.c.pupil_id).correlate(case_record).scalar_subquery()


def _read(records: str | None) -> list[dict[str, Any]]:
    return [json.loads(one) for one in records.split(_BETWEEN)] if records else []


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
    parts = [sa.exists().where(candidate.c.task_id == work_item.c.task_id, lane) for lane in lanes_of(scope)]
    return sa.or_(*parts) if parts else sa.false()


def lanes_of(scope: TaskScope) -> list[sa.ColumnElement[bool]]:
    """One condition on `candidate` for each lane the reader may work in."""
    named = naming(candidate.c.case_id, scope.person)
    lanes = [
        *((pair, ~candidate.c.is_restricted) for pair in sorted(scope.pairs)),
        *((pair, sa.and_(~candidate.c.is_restricted, named)) for pair in sorted(scope.named_only_pairs)),
        *((pair, candidate.c.is_restricted) for pair in sorted(scope.restricted_pairs)),
    ]
    return [sa.and_(candidate.c.holder == holder, candidate.c.role == role, only) for (role, holder), only in lanes]


def _parts(
    connection: Connection, scope: TaskScope, view: View, today: date, narrowed: Filter, sort: Sort
) -> list[tuple[sa.Select[Any], Any]]:
    """Queries for the task ids of a view, and what each is ordered by; together they are the view.

    Lanes are read from `candidate` in the order that was asked for, so that a page costs a page however much there is.
    Few cases found by a word, one's own tasks and those done are fewer than the lanes hold: they are read first.
    """
    own = sa.select(work_item.c.task_id)
    if view == "done":
        mine = (work_item.c.closed_by == scope.person, work_item.c.status == "done", _still_seen(scope, today))
        return [(_narrow(own.where(*mine), narrowed, None), work_item.c.closed_at)]
    few = few_with_words(connection, narrowed.search)
    if few is not None or view == "mine":
        of_task = work_item.c.assignee, _DUE, work_item.c.waits_for
        query = own.where(is_open, may_do(scope), _in_view(view, scope.person, today, *of_task))
        return [(_narrow(query, narrowed, few), _SORTS[sort])]
    offered = candidate.c.assignee, candidate.c.due_on, candidate.c.waits_for
    wanted = _in_view(view, scope.person, today, *offered)
    return [(_narrow_lane(wanted, lane, narrowed), _SORTS_OF_LANES[sort]) for lane in lanes_of(scope)]


def _in_view(
    view: View, person_id: str, today: date, assignee: Any, due_on: Any, waits_for: Any
) -> sa.ColumnElement[bool]:
    if view == "overdue":  # late is late, whatever it waits for
        overdue: sa.ColumnElement[bool] = due_on < today
        return overdue
    if view == "todo":
        chosen = sa.or_(assignee.is_(None), assignee == person_id)
    elif view == "mine":
        chosen = assignee == person_id
    elif view == "team":
        chosen = sa.or_(assignee.is_(None), assignee != person_id)
    else:
        chosen = sa.and_(due_on >= today, due_on <= today + timedelta(days=SOON_DAYS))
    return sa.and_(chosen, waits_for.is_(None))


def _still_seen(scope: TaskScope, today: date) -> sa.ColumnElement[bool]:
    """Whoever did a task may read it still: their role may have ended, the case may name them no longer."""
    inside = sa.exists().where(case_record.c.id == work_item.c.case_id, in_scope(scope.seen, today))
    compartment = sorted({holder for _, holder in scope.restricted_pairs})
    return sa.and_(inside, sa.or_(~work_item.c.is_restricted, work_item.c.holder.in_(compartment)))


def _narrow_lane(wanted: sa.ColumnElement[bool], lane: sa.ColumnElement[bool], narrowed: Filter) -> sa.Select[Any]:
    query = sa.select(candidate.c.task_id).where(lane, wanted)
    if narrowed.process or narrowed.school:
        query = query.join_from(candidate, work_item, work_item.c.task_id == candidate.c.task_id)
        query = _narrow(query, Filter(narrowed.process, narrowed.school), None)
    if narrowed.due_by:
        query = query.where(candidate.c.due_on <= narrowed.due_by)
    return query.where(*(has_word(candidate.c.case_id, word) for word in words_of(narrowed.search)))


def _narrow(query: sa.Select[Any], narrowed: Filter, few: list[str] | None) -> sa.Select[Any]:
    if narrowed.process:
        query = query.where(work_item.c.process_key == narrowed.process)
    if narrowed.school:
        query = query.where(work_item.c.school == narrowed.school)
    if narrowed.due_by:
        query = query.where(work_item.c.due_on <= narrowed.due_by)
    if few is not None:
        query = query.where(work_item.c.case_id.in_(few))
    return query.where(*(has_word(work_item.c.case_id, word) for word in words_of(narrowed.search)))


def _read_key(view: View, sort: Sort, text: str) -> Any:
    if view == "done" or sort == "opened":
        return datetime.fromisoformat(text)
    return text if sort == "pupil" else date.fromisoformat(text)


_DUE: Any = sa.func.coalesce(work_item.c.due_on, date.max)
_SORTS: dict[str, Any] = {
    "due": _DUE,
    "opened": work_item.c.opened_at,
    "pupil": work_item.c.pupil_name,
}
_SORTS_OF_LANES: dict[str, Any] = {
    "due": candidate.c.due_on,
    "opened": candidate.c.opened_at,
    "pupil": candidate.c.pupil_name,
}
_LINE = [work_item.c[name] for name in TaskLine.__dataclass_fields__]


def _line(row: Any, prefix: str = "") -> TaskLine:
    return TaskLine(**{name: getattr(row, prefix + name) for name in TaskLine.__dataclass_fields__})
