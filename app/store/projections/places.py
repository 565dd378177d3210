"""Rows of organisations, calendars and facts of the installation."""

from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.tables import calendar, installation, organisation


def project_organisation(connection: Connection, entry: Entry) -> None:
    """The newest record of the organisation replaces the row."""
    record = cast(dict[str, Any], entry.content)["organisation"]
    connection.execute(delete(organisation).where(organisation.c.id == entry.stream.id))
    connection.execute(
        organisation.insert().values(
            id=entry.stream.id,
            name=record["name"],
            kind=record["kind"],
            parent=record.get("parent"),
            calendar=record.get("calendar"),
            record=record,
        )
    )


def project_calendar(connection: Connection, entry: Entry) -> None:
    """The newest record of the calendar replaces the row."""
    record = cast(dict[str, Any], entry.content)["calendar"]
    connection.execute(delete(calendar).where(calendar.c.id == entry.stream.id))
    connection.execute(calendar.insert().values(id=entry.stream.id, seq=entry.seq, name=record["name"], record=record))


def project_installation(connection: Connection, entry: Entry) -> None:
    """The newest value of a named fact replaces the row."""
    connection.execute(delete(installation).where(installation.c.name == entry.stream.id))
    value = cast(dict[str, Any], entry.content)["value"]
    connection.execute(installation.insert().values(name=entry.stream.id, value=value))
