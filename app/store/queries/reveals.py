"""Reads of cases as the log of reads keeps them: who looked, who had names revealed and until when. Decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.masking import REVEAL_LASTS
from app.clock import real_now
from app.store.tables import is_reveal, read_log

PAGE = 50
#: actions of the log that show and hide names
REVEALED, MASKED_AGAIN = "reveal_names", "mask_names"


@dataclass(frozen=True)
class Read:
    """One line of the log."""

    #: the day it belongs to, UTC
    day: date
    #: its number on that day
    n: int
    #: real time, UTC
    at: datetime
    #: who looked
    person_id: str
    #: what they did
    action: str
    #: "allowed" or "refused"
    outcome: str
    #: why, or which document; "" where nothing was said
    purpose: str


def standing(connection: Connection, case_ids: list[str], reader: str) -> dict[str, Read]:
    """Reveals of the reader that still hold, by case: neither over nor taken back."""
    subjects = {f"case/{case_id}": case_id for case_id in case_ids}
    rows = connection.execute(
        sa.select(read_log)
        .where(
            read_log.c.subject.in_(list(subjects)),
            read_log.c.person_id == reader,
            is_reveal,
            read_log.c.outcome == "allowed",
            read_log.c.at > real_now() - REVEAL_LASTS,
        )
        .order_by(read_log.c.day, read_log.c.n)
    )
    newest = {subjects[row.subject]: _read(row) for row in rows}
    return {case_id: one for case_id, one in newest.items() if one.action == REVEALED}


def newest(case_id: str, reader: str) -> sa.ScalarSelect[str]:
    """Whether the reader last had the names of the case revealed or masked again, as part of another statement."""
    return (
        sa.select(read_log.c.action)
        .where(
            read_log.c.subject == f"case/{case_id}",
            read_log.c.person_id == reader,
            is_reveal,
            read_log.c.outcome == "allowed",
            read_log.c.at > real_now() - REVEAL_LASTS,
        )
        .order_by(read_log.c.day.desc(), read_log.c.n.desc())
        .limit(1)
        .scalar_subquery()
    )


def of_case(connection: Connection, case_id: str, *, before: tuple[date, int] | None = None) -> list[Read]:
    """A page of the reads of a case and one more, newest first; `before` is (day, n) of the last one seen."""
    query = sa.select(read_log).where(read_log.c.subject == f"case/{case_id}")
    if before is not None:
        query = query.where(sa.tuple_(read_log.c.day, read_log.c.n) < sa.tuple_(*before))
    rows = connection.execute(query.order_by(read_log.c.day.desc(), read_log.c.n.desc()).limit(PAGE + 1))
    return [_read(row) for row in rows]


def reveals_of(connection: Connection, case_id: str, limit: int = 200) -> list[Read]:
    """Who had the names of a case revealed or masked again, newest first."""
    rows = connection.execute(
        sa.select(read_log)
        .where(read_log.c.subject == f"case/{case_id}", read_log.c.action.in_((REVEALED, MASKED_AGAIN)))
        .order_by(read_log.c.day.desc(), read_log.c.n.desc())
        .limit(limit)
    )
    return [_read(row) for row in rows]


def _read(row: sa.Row[tuple[object, ...]]) -> Read:
    return Read(**{name: getattr(row, name) for name in Read.__dataclass_fields__})
