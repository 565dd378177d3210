"""Facts of the installation by name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import installation


def fact(connection: Connection, name: str) -> Any:
    """The value of a fact, or None."""
    return connection.scalar(sa.select(installation.c.value).where(installation.c.name == name))
