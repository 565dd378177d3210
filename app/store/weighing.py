"""What lies in the database, in bytes and moments, as nobody else asks for it: for the bench."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import case_record, entry, timer


def state_bytes(connection: Connection, case_id: str) -> int:
    """Bytes of the engine state of a case as it is kept, compressed."""
    kept: int = (
        connection.scalar(sa.select(sa.func.length(case_record.c.state)).where(case_record.c.id == case_id)) or 0
    )
    return kept


def fired(connection: Connection, element: str, since: datetime) -> list[tuple[datetime, datetime]]:
    """(due, fired) of every timer of an element that was due from a moment on and fired, in the order of firing."""
    query = (
        sa.select(timer.c.due_at, timer.c.fired_at)
        .where(timer.c.element == element, timer.c.due_at >= since, timer.c.fired_at.is_not(None))
        .order_by(timer.c.fired_at)
    )
    return [(row.due_at, row.fired_at) for row in connection.execute(query)]


def entries_of(connection: Connection, kind: str) -> int:
    """How many entries of a kind there are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(entry).where(entry.c.kind == kind)) or 0


def software(connection: Connection) -> str:
    """The database and its version: "SQLite 3.51.3"."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {connection.scalar(sa.text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {str(connection.scalar(sa.text('SHOW server_version'))).split()[0]}"
