"""Cases that wait for somebody else, another case or a date, as the inbox lists them. What one can do: `work`."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.scopes import CaseScope, TaskScope
from app.store.projections.words import words_of
from app.store.queries.cases import few_with_words, has_word, in_scope, parts_of
from app.store.queries.work import MOST_COUNTED, PAGE, Filter, lanes_of
from app.store.tables import candidate, case_record, person, timer, work_item


@dataclass(frozen=True)
class Led:
    """Whose waiting cases are listed."""

    #: the tasks the reader may do: a case with one of these does not wait for others
    tasks: TaskScope
    #: cases the reader carries
    carried: CaseScope
    #: cases the reader sees; of these, those they started are listed too
    seen: CaseScope


@dataclass(frozen=True)
class WaitingCase:
    """One open case in which the reader has nothing to do now."""

    #: case id
    id: str
    #: reference people quote
    reference: str
    #: process definition key
    process_key: str
    #: the pupil's name
    pupil_name: str
    #: home school, organisation id
    school: str


@dataclass(frozen=True)
class Awaited:
    """One thing a case waits for."""

    #: what: a task or an event
    name: str
    #: by when, or when it comes
    on: date | None
    #: role codes of a task's lane, space separated; None for a date
    role: str | None = None
    #: name of whoever has the task
    who: str | None = None
    #: id of the case that was started to answer the task
    case_id: str | None = None


def page(
    connection: Connection, led: Led, today: date, narrowed: Filter, after: tuple[str, str] | None, limit: int = PAGE
) -> list[WaitingCase]:
    """Waiting cases by the pupil's name; `after` is (pupil name, case id) of the last one seen."""
    order = (case_record.c.pupil_name, case_record.c.id)
    wanted = [has_word(case_record.c.id, word) for word in words_of(narrowed.search)]
    for column, value in (("process_key", narrowed.process), ("school", narrowed.school)):
        if value:
            wanted.append(case_record.c[column] == value)
    if (few := few_with_words(connection, narrowed.search)) is not None:
        wanted.append(case_record.c.id.in_(few))
    if after is not None:
        wanted.append(sa.tuple_(*order) > sa.tuple_(*after))
    pages = [part.where(*wanted).order_by(*order).limit(limit).subquery() for part in _parts(led, today)]
    found = sa.union(*(sa.select(one.c.id) for one in pages)).subquery()
    query = sa.select(*(case_record.c[name] for name in WaitingCase.__dataclass_fields__))
    query = query.join(found, found.c.id == case_record.c.id).order_by(*order).limit(limit)
    return [WaitingCase(*row) for row in connection.execute(query)]


def count(connection: Connection, led: Led, today: date) -> int:
    """How many, counted up to 1,001."""
    some = [sa.select(part.limit(MOST_COUNTED + 1).subquery()) for part in _parts(led, today)]
    found = sa.union(*some).limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def awaited(connection: Connection, case_ids: list[str]) -> dict[str, list[Awaited]]:
    """What each case waits for: unrestricted tasks with whoever has them, then the next date."""
    found: dict[str, list[Awaited]] = {case_id: [] for case_id in case_ids}
    tasks = connection.execute(
        sa.select(
            work_item.c.case_id,
            work_item.c.name,
            work_item.c.due_on,
            work_item.c.role,
            person.c.name.label("who"),
            work_item.c.waits_for,
        )
        .outerjoin(person, person.c.id == work_item.c.assignee)
        .where(work_item.c.case_id.in_(case_ids), work_item.c.status == "open", ~work_item.c.is_restricted)
        .order_by(work_item.c.due_on, work_item.c.task_id)
    )
    for row in tasks:
        found[row.case_id].append(Awaited(row.name, row.due_on, row.role, row.who, row.waits_for))
    for case_id, (name, on) in next_dates(connection, case_ids).items():
        found[case_id].append(Awaited(name, on))
    return found


def next_dates(connection: Connection, case_ids: list[str]) -> dict[str, tuple[str, date]]:
    """The next date each case waits for: (name of the event, date)."""
    rows = connection.execute(
        sa.select(timer.c.case_id, timer.c.name, timer.c.due)
        .where(timer.c.case_id.in_(case_ids), timer.c.ended_at.is_(None))
        .order_by(timer.c.due_at.desc())
    )
    return {row.case_id: (row.name, date.fromisoformat(row.due["on"])) for row in rows}


def _parts(led: Led, today: date) -> list[sa.Select[tuple[str]]]:
    """Queries for the ids of waiting cases, each found by an index; together they are the list."""
    to_do = sa.exists().where(
        candidate.c.case_id == case_record.c.id,
        sa.or_(sa.false(), *lanes_of(led.tasks)),
        sa.or_(candidate.c.assignee.is_(None), candidate.c.assignee == led.tasks.person),
        candidate.c.waits_for.is_(None),
    )
    asked = sa.exists().where(
        candidate.c.case_id == case_record.c.id,
        sa.or_(sa.false(), *lanes_of(led.tasks)),
        candidate.c.waits_for.is_not(None),
    )
    started = sa.and_(case_record.c.lead == led.tasks.person, in_scope(led.seen, today))
    waits = sa.select(case_record.c.id).where(case_record.c.status == "open", sa.or_(~to_do, asked))
    return [waits.where(part) for part in (started, *parts_of(led.carried, today))]
