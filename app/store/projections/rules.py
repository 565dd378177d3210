"""Rows of what an authority changed of the deadline rules: proposed, approved or refused, and by whom."""

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.tables import rule_change


def project(connection: Connection, entry: Entry) -> None:
    """A change or a proposal is a row of its own; a decision is written beside the proposal it is about."""
    content = cast(dict[str, Any], entry.content)
    if entry.kind in ("rule-approved", "rule-refused"):
        _decided(connection, entry, content)
        return
    connection.execute(
        rule_change.insert().values(
            authority=content["authority"],
            key=content["rule"]["key"],
            seq=entry.seq,
            status="proposed" if entry.kind == "rule-proposed" else "in force",
            rule=content["rule"],
            sentence=content["sentence"],
            reason=content["reason"],
            by=entry.actor,
            at=entry.at,
            refusal="",
        )
    )


def _decided(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    about = (
        (rule_change.c.authority == content["authority"])
        & (rule_change.c.key == content["rule"]["key"])
        & (rule_change.c.seq == content["proposal"])
    )
    connection.execute(
        sa.update(rule_change)
        .where(about)
        .values(
            status="in force" if entry.kind == "rule-approved" else "refused",
            decided_by=entry.actor,
            decided_at=entry.at,
            refusal=content.get("reason", ""),
        )
    )
