"""Rows of where events of cases are sent to."""

from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.tables import webhook


def project(connection: Connection, entry: Entry) -> None:
    """The newest record of the webhook replaces the row."""
    record = cast(dict[str, Any], entry.content)["webhook"]
    connection.execute(delete(webhook).where(webhook.c.id == entry.stream.id))
    connection.execute(
        webhook.insert().values(
            id=entry.stream.id,
            seq=entry.seq,
            name=record["name"],
            address=record["address"],
            types=record["types"],
            organisation=record["organisation"],
            is_on=record["is_on"],
            changed_at=entry.at,
            changed_by=entry.actor,
        )
    )
