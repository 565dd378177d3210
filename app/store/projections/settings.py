"""Rows of what authorities set, each with the day it begins."""

from datetime import date
from typing import Any, cast

from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.tables import setting_value


def project(connection: Connection, entry: Entry) -> None:
    """Each value is a row of its own: an earlier one still counts for earlier days."""
    content = cast(dict[str, Any], entry.content)
    connection.execute(
        setting_value.insert().values(
            authority=content["authority"],
            key=content["key"],
            seq=entry.seq,
            valid_from=date.fromisoformat(content["valid_from"]),
            value=content["value"],
            reason=content["reason"],
            by=entry.actor,
            at=entry.at,
        )
    )
