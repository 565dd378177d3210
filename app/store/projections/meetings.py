"""Rows of series and of their dates, and which task is on the list of which meeting."""

from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.projections import deadlines
from app.store.tables import listing, meeting, series, series_member


def project_series(connection: Connection, entry: Entry) -> None:
    """The newest record of the series replaces the rows."""
    record = cast(dict[str, Any], entry.content)["series"]
    connection.execute(delete(series).where(series.c.id == entry.stream.id))
    connection.execute(delete(series_member).where(series_member.c.series_id == entry.stream.id))
    connection.execute(
        series.insert().values(
            id=entry.stream.id,
            seq=entry.seq,
            name=record["name"],
            kind=record["kind"],
            organisation=record["organisation"],
            is_paused=record["is_paused"],
            record=record,
        )
    )
    members = [{"series_id": entry.stream.id, "person_id": one} for one in record["members"]]
    if members:
        connection.execute(series_member.insert(), members)


def project_meeting(connection: Connection, entry: Entry) -> None:
    """Planned, or cancelled: the newest entry replaces the row."""
    record = cast(dict[str, Any], entry.content)["meeting"]
    connection.execute(delete(meeting).where(meeting.c.id == entry.stream.id))
    connection.execute(
        meeting.insert().values(
            id=entry.stream.id,
            seq=entry.seq,
            series_id=record["series"],
            kind=record["kind"],
            organisation=record["organisation"],
            held_on=date.fromisoformat(record["on"]),
            papers_on=date.fromisoformat(record["papers_on"]),
            pack_on=date.fromisoformat(record["pack_on"]),
            access_until=date.fromisoformat(record["access_until"]),
            status="cancelled" if entry.kind == "meeting-cancelled" else "planned",
            record=record,
        )
    )


def listed(connection: Connection, entry: Entry, school: str, opened: list[dict[str, Any]]) -> None:
    """Tasks that opened and wait for a meeting."""
    rows = [
        {
            "task_id": task["task_id"],
            "case_id": entry.stream.id,
            "kind": task["meeting"]["kind"],
            "organisation": task["holder"],
            "school": school,
            "meeting_id": task["meeting"]["id"],
            "asked_at": entry.at,
            "is_urgent": task["meeting"]["is_urgent"],
        }
        for task in opened
        if "meeting" in task
    ]
    if rows:
        ids = [row["task_id"] for row in rows]
        connection.execute(delete(listing).where(listing.c.task_id.in_(ids)))
        connection.execute(listing.insert(), rows)


def moved(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """A task went to another meeting: its date is another, and the people of its school were told."""
    connection.execute(listing.update().where(listing.c.task_id == content["task_id"]).values(meeting_id=content["to"]))
    deadlines.given(connection, entry, content["task_id"], content["name"], content["due"])
    deadlines.told_once(connection, entry, content["task_id"], content["told"])
