"""Rows of letters from the entries of their case: versions, how each was given, and deliveries in vain."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.projections import deadlines, work
from app.store.tables import letter


def made(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A version was made; the one before it is replaced, and stays."""
    written = content["letter"]
    before = (letter.c.task_id == content["task_id"], letter.c.state.not_in(["sent", "posted", "given"]))
    connection.execute(letter.update().where(*before).values(state="replaced"))
    connection.execute(
        letter.insert().values(
            id=written["id"],
            case_id=entry.stream.id,
            task_id=content["task_id"],
            version=written["version"],
            seq=entry.seq,
            element=entry.meta["element"],
            template=written["template"],
            title=written["title"],
            recipient=written["to"],
            is_restricted=content["restricted"],
            reason=written["reason"],
            gaps=written["gaps"],
            pdf_id=written["pdf"],
            text_id=written["text"],
            by=entry.actor,
            at=entry.at,
            state="made",
        )
    )
    _settle(connection, entry, content)


def dispatched(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A person decided how it goes: by mail, or it was posted or handed over."""
    how = content["how"]
    _change(
        connection,
        entry,
        content,
        state={"email": "sending", "post": "posted"}.get(how, "given"),
        address=content.get("address"),
        given_on=date.fromisoformat(content["on"]) if content.get("on") else None,
        served_on=date.fromisoformat(content["served_on"]) if content.get("served_on") else None,
        words=None,
        changed_by=entry.actor,
    )
    _settle(connection, entry, content)


def delivered(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """The mail server took it."""
    _change(connection, entry, content, state="sent", given_on=date.fromisoformat(content["on"]))


def failed(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """It could not be delivered: a problem of the case, and people are told."""
    _change(connection, entry, content, state="failed", words=content["why"], incident_id=content["incident_id"])
    work.found(connection, entry, content)
    deadlines.warned(connection, entry, content)


def _change(connection: Connection, entry: Entry, content: dict[str, Any], **values: Any) -> None:
    this = letter.c.id == content["letter_id"]
    connection.execute(letter.update().where(this).values(changed_at=entry.at, **values))


def _settle(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """The problem of a delivery in vain is none any more."""
    if content.get("incident_id"):
        work.resolved(connection, entry, content)
