"""Numbers that only count up, by name: references of a year, reads of a day, versions of the configuration."""

from typing import cast

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import counter


def counting(connection: Connection, name: str, by: int = 1) -> sqlite.Insert | postgresql.Insert:
    """The statement that counts up, from nothing; the row stays locked until the transaction ends."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(counter).values(name=name, value=by)
    return statement.on_conflict_do_update(index_elements=[counter.c.name], set_={"value": counter.c.value + by})


def next_number(connection: Connection, name: str) -> int:
    """1, 2, 3 … for a name."""
    return cast(int, connection.execute(counting(connection, name).returning(counter.c.value)).scalar_one())


def take_numbers(connection: Connection, name: str, many: int) -> range:
    """So many numbers of a name that nobody else gets."""
    last = cast(int, connection.execute(counting(connection, name, many).returning(counter.c.value)).scalar_one())
    return range(last - many + 1, last + 1)
