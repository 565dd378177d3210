"""Rows of pupils from their encrypted streams."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, delete

from app.model.entry import Entry
from app.store.projections import parties
from app.store.projections.words import words_of
from app.store.tables import pupil

#: kinds of entries that leave the pupil's own row alone
_AROUND: Mapping[str, Callable[[Connection, Entry], None]] = {
    "party-recorded": parties.recorded,
    "consent-recorded": parties.consented,
    "consent-withdrawn": parties.consented,
    "sharing-recorded": parties.shared,
}


def project(connection: Connection, entry: Entry) -> None:
    """The newest record replaces the row; an erased pupil leaves none. Who is around the pupil: `parties`."""
    if entry.kind in _AROUND:
        _AROUND[entry.kind](connection, entry)
        return
    connection.execute(delete(pupil).where(pupil.c.id == entry.stream.id))
    if entry.kind == "pupil-erased":
        parties.forget(connection, entry.stream.id)
        return
    record = cast(dict[str, Any], entry.content)["pupil"]
    connection.execute(
        pupil.insert().values(
            id=entry.stream.id,
            upn=record["upn"],
            name=record["name"],
            search=" ".join(words_of(record["name"], record["upn"] or ""))[:200],
            school=record["school"],
            year_group=str(record["year_group"]),
            born_on=date.fromisoformat(record["born_on"]),
            record=record,
        )
    )
