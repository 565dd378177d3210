"""Counting the statements and commits of the main database: for the bench and for tests that hold a cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from app.store.db import WRITES, Connection, db


@dataclass
class Statements:
    """How many so far."""

    #: statements, those that begin a transaction left out
    number: int = 0
    #: of them, statements of writing transactions
    in_writes: int = 0
    #: transactions that were committed
    commits: int = 0


@contextmanager
def counted() -> Iterator[Statements]:
    """Count the statements and commits of every connection inside the block."""
    found = Statements()

    def count(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            found.number += 1
            found.in_writes += connection.get_execution_options().get(WRITES, False)

    def commit(_connection: object) -> None:
        found.commits += 1

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", commit)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
        event.remove(db.engine, "commit", commit)
