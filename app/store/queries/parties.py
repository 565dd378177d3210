"""The people around a pupil as pages and use cases look them up. Who may be written to: `app.model.party`."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.party import Party, from_json, from_record
from app.store.tables import party, pupil

#: parents and carers come first, then the young person, then professionals
_ORDER = {"parent": 0, "young_person": 1, "professional": 2}


def of_pupil(connection: Connection, pupil_id: str) -> list[Party]:
    """Everybody on record around a pupil, those who have nothing to do with them any more last.

    Parents whom the pupil's own record names are among them, as long as nobody recorded more of them.
    """
    record = connection.scalar(sa.select(pupil.c.record).where(pupil.c.id == pupil_id))
    rows = connection.scalars(sa.select(party.c.record).where(party.c.pupil_id == pupil_id))
    return of_records(pupil_id, record or {}, rows)


def of_records(pupil_id: str, pupils: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[Party]:
    """The same from what was read already: the pupil's own record, and the records of the table."""
    named = [one for one in pupils.get("parents") or () if isinstance(one, dict)]
    found = {(known := from_record(one, f"{pupil_id}:{number}")).id: known for number, one in enumerate(named, 1)}
    found |= {row["id"]: from_json(row) for row in rows}
    return sorted(found.values(), key=lambda one: (bool(one.ended), _ORDER[one.kind], one.name, one.id))


def one(connection: Connection, pupil_id: str, party_id: str) -> Party | None:
    """Somebody around this pupil, or None."""
    return next((found for found in of_pupil(connection, pupil_id) if found.id == party_id), None)


def seq_of(connection: Connection, party_id: str) -> int:
    """The entry that said last what is known of somebody; 0: no entry did."""
    return connection.scalar(sa.select(party.c.seq).where(party.c.id == party_id)) or 0
