"""The tree of organisations and their calendars, as the pure layers want them."""

from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.organisations import Organisation, OrganisationTree
from app.calendars import Calendar, from_json
from app.errors import UnknownKey
from app.store.tables import calendar, organisation, stream
from app.store.versions import kept


def tree(connection: Connection) -> OrganisationTree:
    """Every organisation."""
    return kept(
        connection,
        "organisations",
        ("organisation",),
        lambda: OrganisationTree(_organisation(row) for row in connection.execute(sa.select(organisation))),
    )


def calendar_of(connection: Connection, organisation_id: str) -> Calendar:
    """The calendar an organisation goes by: its own, else the nearest above it. Raises UnknownKey."""
    everything = tree(connection)
    above = everything.home_chain(organisation_id) if organisation_id in everything else ()
    for one in above:
        name = everything.get(one).calendar
        if name is not None and (found := _calendar(connection, name)) is not None:
            return found
    raise UnknownKey(f"Expected {organisation_id} to have a calendar, but it has none. Add one under Calendars.")


def calendar_records(connection: Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """Every calendar: id, name and record, by name."""
    rows = connection.execute(sa.select(calendar).order_by(calendar.c.name))
    return [(row.id, row.name, row.record) for row in rows]


def seq_of(connection: Connection, organisation_id: str) -> int:
    """The last entry of an organisation's stream: what a change must name."""
    query = sa.select(stream.c.seq).where(stream.c.kind == "organisation", stream.c.id == organisation_id)
    found: int = connection.execute(query).scalar_one()
    return found


def record_of(connection: Connection, organisation_id: str) -> dict[str, Any]:
    """Everything kept about an organisation."""
    query = sa.select(organisation.c.record).where(organisation.c.id == organisation_id)
    found: dict[str, Any] = connection.execute(query).scalar_one()
    return found


def _calendar(connection: Connection, calendar_id: str) -> Calendar | None:
    def read() -> Calendar | None:
        record = connection.scalar(sa.select(calendar.c.record).where(calendar.c.id == calendar_id))
        return None if record is None else from_json(record["days"])

    return kept(connection, ("calendar", calendar_id), ("calendar",), read)


@lru_cache(maxsize=4096)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _organisation(row: Any) -> Organisation:
    record = row.record
    return Organisation(
        id=row.id,
        name=row.name,
        kind=row.kind,
        parent=row.parent,
        phase=record.get("phase"),
        governance=record.get("governance"),
        urn=record.get("urn"),
        laestab=record.get("laestab"),
        calendar=row.calendar,
        active_from=_day(record.get("active_from")),
        active_to=_day(record.get("active_to")),
    )
