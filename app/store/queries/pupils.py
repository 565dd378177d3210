"""Pupils as pages and use cases look them up. Their records are streams of their own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.projections.words import words_of
from app.store.tables import case_record, pupil

MOST_FOUND = 20


@dataclass(frozen=True)
class Pupil:
    """One pupil on record."""

    #: pupil id
    id: str
    #: unique pupil number, or None where not yet issued
    upn: str | None
    #: legal forename and surname
    name: str
    #: organisation id of the school
    school: str
    #: N1, N2, R, 1–14
    year_group: str
    #: date of birth
    born_on: date
    #: everything else, as recorded
    record: dict[str, Any]


def one(connection: Connection, pupil_id: str) -> Pupil | None:
    """A pupil, or None."""
    row = connection.execute(sa.select(pupil).where(pupil.c.id == pupil_id)).first()
    return _pupil(row) if row else None


def by_upn(connection: Connection, upn: str) -> Pupil | None:
    """The pupil with this number, or None."""
    row = connection.execute(sa.select(pupil).where(pupil.c.upn == upn)).first()
    return _pupil(row) if row else None


def find(connection: Connection, schools: frozenset[str], text: str) -> list[Pupil]:
    """Pupils of the schools whose name or UPN has words beginning with the words of the text, at most 20."""
    query = sa.select(pupil).where(pupil.c.school.in_(schools))
    for word in words_of(text):
        query = query.where(sa.or_(pupil.c.search.like(f"{word}%"), pupil.c.search.like(f"% {word}%")))
    return [_pupil(row) for row in connection.execute(query.order_by(pupil.c.name).limit(MOST_FOUND))]


def open_cases(connection: Connection, pupil_id: str, process_key: str | None = None) -> list[tuple[str, str]]:
    """(case id, reference) of the pupil's open cases."""
    query = sa.select(case_record.c.id, case_record.c.reference).where(
        case_record.c.pupil_id == pupil_id, case_record.c.status == "open"
    )
    if process_key:
        query = query.where(case_record.c.process_key == process_key)
    return [(row.id, row.reference) for row in connection.execute(query.order_by(case_record.c.reference))]


def _pupil(row: Any) -> Pupil:
    return Pupil(row.id, row.upn, row.name, row.school, row.year_group, row.born_on, row.record)
