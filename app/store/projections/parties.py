"""Rows of the people around a pupil, of consents and of what was shared, from entries of the pupil's stream."""

from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.tables import consent, party, sharing, sharing_stop


def forget(connection: Connection, pupil_id: str) -> None:
    """An erased pupil leaves nobody."""
    for table in (party, consent, sharing, sharing_stop):
        connection.execute(delete(table).where(table.c.pupil_id == pupil_id))


def recorded(connection: Connection, entry: Entry) -> None:
    """What was recorded of one of them replaces what was known."""
    record = cast(dict[str, Any], entry.content)["party"]
    connection.execute(delete(party).where(party.c.id == record["id"]))
    connection.execute(party.insert().values(id=record["id"], pupil_id=entry.stream.id, seq=entry.seq, record=record))


def consented(connection: Connection, entry: Entry) -> None:
    """What was recorded of a consent, or that it was withdrawn; from which day its processes stop sharing."""
    content = cast(dict[str, Any], entry.content)
    record, pupil_id = content["consent"], entry.stream.id
    connection.execute(delete(consent).where(consent.c.id == record["id"]))
    connection.execute(consent.insert().values(id=record["id"], pupil_id=pupil_id, seq=entry.seq, record=record))
    for key, since in content["stops"].items():
        own = (sharing_stop.c.pupil_id == pupil_id, sharing_stop.c.process_key == key)
        connection.execute(delete(sharing_stop).where(*own))
        day = date.fromisoformat(since)
        connection.execute(sharing_stop.insert().values(pupil_id=pupil_id, process_key=key, since=day))


def shared(connection: Connection, entry: Entry) -> None:
    """What somebody wrote down that they shared."""
    record = cast(dict[str, Any], entry.content)["shared"]
    connection.execute(
        sharing.insert().values(
            pupil_id=entry.stream.id,
            seq=entry.seq,
            case_id=record["case_id"],
            is_restricted=record["restricted"],
            by=entry.actor,
            at=entry.at,
            record=record,
        )
    )
