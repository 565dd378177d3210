"""A problem that the operator gave to the people of its case: it stays open, and they are told."""

from typing import Any

from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.projections import deadlines
from app.store.tables import incident


def handed_over(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """An open problem with words about it is no longer the operator's."""
    connection.execute(
        incident.update().where(incident.c.id == content["incident_id"]).values(resolution=content["resolution"])
    )
    deadlines.warned(connection, entry, content)
