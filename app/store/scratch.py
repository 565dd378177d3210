"""An empty database in memory with the projection tables, and comparing it with the live one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.db import db, in_memory
from app.store.tables import PROJECTIONS

#: rows compared at once
BATCH = 1_000


@contextmanager
def database() -> Iterator[Connection]:
    """A connection to an empty database that is gone afterwards."""
    engine = in_memory()
    with engine.begin() as connection:
        db.metadata.create_all(connection, tables=list(PROJECTIONS))
        yield connection
    engine.dispose()


def empty(connection: Connection) -> None:
    """Remove every row of every projection."""
    for table in PROJECTIONS:
        connection.execute(sa.delete(table))


def differences(live: Connection, beside: Connection) -> Iterator[tuple[str, str, str]]:
    """(table, key, sentence) for every row that is missing, additional or different."""
    for table in PROJECTIONS:
        ours, theirs = _rows(live, table), _rows(beside, table)
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            if key not in theirs:
                yield table.name, _name(key), "the journal does not lead to this row"
            elif key not in ours:
                yield table.name, _name(key), "the journal leads to this row, but it is not there"
            else:
                for column, value in theirs[key].items():
                    if ours[key][column] != value:
                        yield table.name, _name(key), f"{column} is not what the journal says"


def _rows(connection: Connection, table: sa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    keys = [column.name for column in table.primary_key]
    query = sa.select(table)
    found = connection.execute(query.execution_options(yield_per=BATCH)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def _name(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)
