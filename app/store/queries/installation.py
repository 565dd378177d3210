"""Facts of the installation by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import installation
from app.store.versions import kept


def fact(connection: Connection, name: str) -> Any:
    """The value of a fact, or None."""
    value = sa.select(installation.c.value).where(installation.c.name == name)
    return kept(connection, ("fact", name), ("installation",), lambda: connection.scalar(value))
