"""Suspensions that the cases of a pupil record. What they add up to: `app.casework.suspensions`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import case_record

#: key of the process that records suspensions, and its kinds that count
PROCESS, KINDS = "exclusion", ("suspension", "lunchtime")


@dataclass(frozen=True)
class Suspension:
    """One suspension on record."""

    #: organisation id of the school
    school: str
    #: first and last day out
    first: date
    last: date
    #: in halves
    days: Decimal


def suspensions_of(connection: Connection, pupil_id: str, but: str | None) -> list[Suspension]:
    """Every suspension of the pupil, by its first day, but the one that the case `but` records."""
    asked = sa.select(case_record.c.school, case_record.c.variables).where(
        case_record.c.pupil_id == pupil_id,
        case_record.c.process_key == PROCESS,
        case_record.c.status != "erased",
        case_record.c.id != (but or ""),
    )
    found = [
        Suspension(
            school=row.school,
            first=date.fromisoformat(row.variables["first_day_on"]),
            last=date.fromisoformat(row.variables["last_day_on"]),
            days=Decimal(str(row.variables["days"])),
        )
        for row in connection.execute(asked)
        if row.variables.get("kind") in KINDS and row.variables.get("days") is not None
    ]
    return sorted(found, key=lambda one: (one.first, one.last))
