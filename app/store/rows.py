"""Rows the write path needs under lock: one case with its head, one task. Reading for pages is in `store.queries`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.errors import NotFound
from app.model.json import JsonObject
from app.store.journal import Head
from app.store.tables import case_record, counter, person, stream, work_item


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


def lock_case(connection: Connection, case_id: str) -> tuple[CaseRow, Head]:
    """The case and the head of its stream, locked until the transaction ends. Raises NotFound.

    Both rows are locked: after a wait PostgreSQL reads locked rows again, but joined ones as they were before it.
    """
    row = connection.execute(
        sa.select(case_record, stream.c.seq.label("head_seq"), stream.c.hash.label("head_hash"))
        .join(stream, sa.and_(stream.c.kind == "case", stream.c.id == case_record.c.id))
        .where(case_record.c.id == case_id)
        .with_for_update(of=[stream, case_record])
    ).first()
    if row is None:
        raise NotFound(None, case_id=case_id)
    return _case(row), Head(row.head_seq, row.head_hash)


def case_of(connection: Connection, case_id: str) -> CaseRow:
    """The case without a lock, for reading. Raises NotFound."""
    row = connection.execute(sa.select(case_record).where(case_record.c.id == case_id)).first()
    if row is None:
        raise NotFound(None, case_id=case_id)
    return _case(row)


def task_of(connection: Connection, task_id: str) -> TaskRow:
    """One task, with the name of whoever completed it. Raises NotFound."""
    row = connection.execute(
        sa.select(work_item, person.c.name.label("closed_by_name"))
        .outerjoin(person, person.c.id == work_item.c.closed_by)
        .where(work_item.c.task_id == task_id)
    ).first()
    if row is None:
        raise NotFound(None, task_id=task_id)
    fields = {name: getattr(row, name) for name in TaskRow.__dataclass_fields__}
    return TaskRow(**fields)


def next_number(connection: Connection, name: str) -> int:
    """1, 2, 3 … for a name; the row stays locked until the transaction ends."""
    moved = connection.execute(
        counter.update().where(counter.c.name == name).values(value=counter.c.value + 1).returning(counter.c.value)
    ).first()
    if moved is not None:
        return cast(int, moved.value)
    connection.execute(counter.insert().values(name=name, value=1))
    return 1


def _case(row: Any) -> CaseRow:
    return CaseRow(
        id=row.id,
        reference=row.reference,
        process_key=row.process_key,
        bundle=row.bundle,
        school=row.school,
        authority=row.authority,
        pupil_id=row.pupil_id,
        named=tuple(row.named),
        lead=row.lead,
        status=row.status,
        started_at=row.started_at,
        state=row.state,
        variables=row.variables,
    )
