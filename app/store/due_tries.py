"""How often a timer or notice was tried in vain, and when it is tried again. When that is too often: `app.cases`.

A row beside the journal: a rebuild of the tables leaves it alone, and losing it costs a few more tries.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import due_try

#: kinds of what is due, and of the problems they become
TIMER, NOTICE = "timer", "notice"
KINDS = (TIMER, NOTICE)


@dataclass(frozen=True)
class Tried:
    """A due thing that failed."""

    #: timer, notice
    kind: str
    #: id of the timer or deadline
    id: str
    #: its case
    case_id: str


def of(connection: Connection, one: Tried) -> int:
    """How often it was tried in vain."""
    return connection.scalar(sa.select(due_try.c.tries).where(*_is(one))) or 0


def put(connection: Connection, one: Tried, tries: int, next_at: datetime) -> None:
    """So often, and not again before then."""
    row = {"kind": one.kind, "id": one.id, "case_id": one.case_id, "tries": tries, "next_at": next_at}
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(due_try).values(row)
    connection.execute(insert.on_conflict_do_update(index_elements=["kind", "id"], set_=row))


def forget(connection: Connection, one: Tried) -> None:
    """It happened, or is tried as if for the first time."""
    connection.execute(sa.delete(due_try).where(*_is(one)))


def forget_case(connection: Connection, case_id: str) -> None:
    """Everything due in a case is tried as if for the first time."""
    connection.execute(sa.delete(due_try).where(due_try.c.case_id == case_id))


def forget_older(connection: Connection, before: datetime) -> int:
    """Remove what nobody tried since: its timer was taken down; how many."""
    return connection.execute(sa.delete(due_try).where(due_try.c.next_at < before)).rowcount


def _is(one: Tried) -> tuple[sa.ColumnElement[bool], ...]:
    return due_try.c.kind == one.kind, due_try.c.id == one.id
