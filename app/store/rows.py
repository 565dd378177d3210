"""Rows the write path needs under lock: one case with its head, one task. Reading for pages is in `store.queries`."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.errors import NotFound
from app.model.json import JsonObject
from app.store import versions
from app.store.journal import Head
from app.store.tables import case_record, person, stream, work_item


@dataclass(frozen=True)
class CaseRow:
    """One case as it stands."""

    #: case id
    id: str
    #: reference people quote
    reference: str
    #: process definition key
    process_key: str
    #: digest of the bundle it is pinned to
    bundle: str
    #: home school, organisation id
    school: str
    #: authority, organisation id
    authority: str
    #: pupil id
    pupil_id: str
    #: the pupil's name
    pupil_name: str
    #: ids of the people it names
    named: tuple[str, ...]
    #: who started it: told of what nobody else is told of
    lead: str
    #: open, closed, erased
    status: str
    #: when it began, UTC
    started_at: datetime
    #: compacted engine state, or None
    state: JsonObject | None
    #: top-level process variables
    variables: JsonObject
    #: the case that asked for it or whose message started it, or None
    asker: str | None = None
    #: the task of that case that waits for its answer, or None
    asking_task: str | None = None


@dataclass(frozen=True)
class TaskRow:
    """One task as it stands."""

    #: engine task id
    task_id: str
    #: its case
    case_id: str
    #: BPMN id
    element: str
    #: what the diagram calls it
    name: str
    #: role codes of its lane, space separated, or None
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
    #: who took it
    assignee: str | None
    #: when it was closed, UTC
    closed_at: datetime | None
    #: who completed it
    closed_by: str | None
    #: name of whoever completed it
    closed_by_name: str | None
    #: element that ended it
    because: str | None
    #: the case that was started to answer it, or None
    waits_for: str | None = None


@dataclass(frozen=True)
class Locked:
    """A case that nobody else can change until the transaction ends."""

    #: the case
    case: CaseRow
    #: the end of its stream
    head: Head
    #: the task that was asked for; None where none was, or it is not one of this case
    task: TaskRow | None = None


def lock_case(connection: Connection, case_id: str, task_id: str | None = None) -> Locked:
    """The case, and a task of it, locked until the transaction ends. Raises NotFound.

    Every row that is read is locked: after a wait PostgreSQL reads locked rows again, but joined ones as they were
    before it. The versions of the configuration come along, so that nothing needs to ask for them.
    """
    query = _case_locked() if task_id is None else _case_and_task_locked()
    row = connection.execute(query, {"case": case_id, "task": task_id}).first()
    if row is None and task_id is not None:
        return lock_case(connection, case_id)
    if row is None:
        raise NotFound(None, case_id=case_id)
    versions.remember(connection, row)
    return Locked(_case(row), Head(row.head_seq, row.head_hash), None if task_id is None else _task(row))


@cache
def _case_locked() -> sa.Select[Any]:
    return _case_with_head().with_for_update(of=[stream, case_record])


@cache
def _case_and_task_locked() -> sa.Select[Any]:
    query = _case_with_head().add_columns(*_TASK).join(work_item, work_item.c.case_id == case_record.c.id)
    query = query.outerjoin(person, person.c.id == work_item.c.closed_by)
    query = query.where(work_item.c.task_id == sa.bindparam("task"))
    return query.with_for_update(of=[stream, case_record, work_item])


def _case_with_head() -> sa.Select[Any]:
    return (
        sa.select(case_record, stream.c.seq.label("head_seq"), stream.c.hash.label("head_hash"), *versions.columns())
        .join(stream, sa.and_(stream.c.kind == "case", stream.c.id == case_record.c.id))
        .where(case_record.c.id == sa.bindparam("case"))
    )


def case_of(connection: Connection, case_id: str) -> CaseRow:
    """The case without a lock, for reading. Raises NotFound."""
    row = connection.execute(sa.select(case_record).where(case_record.c.id == case_id)).first()
    if row is None:
        raise NotFound(None, case_id=case_id)
    return _case(row)


def task_of(connection: Connection, task_id: str) -> TaskRow:
    """One task, with the name of whoever completed it. Raises NotFound."""
    found = tasks_of(connection, [task_id])
    if not found:
        raise NotFound(None, task_id=task_id)
    return found[0]


def tasks_of(connection: Connection, task_ids: list[str]) -> list[TaskRow]:
    """Those of the tasks that exist."""
    query = sa.select(*_TASK).outerjoin(person, person.c.id == work_item.c.closed_by)
    rows = connection.execute(query.where(work_item.c.task_id.in_(task_ids)).order_by(work_item.c.task_id))
    return [_task(row) for row in rows]


#: columns of a task under names that no column of a case has
_TASK: list[sa.ColumnElement[Any]] = [
    *(work_item.c[name].label(f"task_{name}") for name in TaskRow.__dataclass_fields__ if name in work_item.c),
    person.c.name.label("task_closed_by_name"),
]


def _task(row: Any) -> TaskRow:
    return TaskRow(**{name: getattr(row, f"task_{name}") for name in TaskRow.__dataclass_fields__})


def _case(row: Any) -> CaseRow:
    return CaseRow(
        id=row.id,
        reference=row.reference,
        process_key=row.process_key,
        bundle=row.bundle,
        school=row.school,
        authority=row.authority,
        pupil_id=row.pupil_id,
        pupil_name=row.pupil_name,
        named=tuple(row.named),
        lead=row.lead,
        status=row.status,
        started_at=row.started_at,
        state=row.state,
        variables=row.variables,
        asker=row.asker,
        asking_task=row.asking_task,
    )
