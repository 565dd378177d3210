"""Rows of people and the roles they hold."""

from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.tables import membership, person


def project(connection: Connection, entry: Entry) -> None:
    """The newest record of the person replaces the rows."""
    record = cast(dict[str, Any], entry.content)["person"]
    connection.execute(delete(person).where(person.c.id == entry.stream.id))
    connection.execute(delete(membership).where(membership.c.person_id == entry.stream.id))
    connection.execute(
        person.insert().values(
            id=entry.stream.id,
            user_name=record["user_name"],
            name=record["name"],
            email=record.get("email"),
            is_active=record["is_active"],
        )
    )
    held = [
        {
            "person_id": entry.stream.id,
            "role": one["role"],
            "organisation": one["organisation"],
            "since": _day(one.get("since")),
            "until": _day(one.get("until")),
        }
        for one in record["memberships"]
    ]
    if held:
        connection.execute(membership.insert(), held)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
