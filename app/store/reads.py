"""The log of reads: who looked at what, hash-chained per day. What counts as a read is decided at the pages."""

import hashlib
import struct
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import real_now
from app.model.json import canonical
from app.store.db import transaction
from app.store.rows import next_number
from app.store.tables import read_log


def record(person_id: str, action: str, subject: str, outcome: str, purpose: str = "") -> None:
    """Add one read, by real time: `subject` is "case/<id>", `outcome` "allowed" or "refused"."""
    at = real_now()
    day = at.date()
    with transaction() as connection:
        n = next_number(connection, f"reads:{day.isoformat()}")
        digest = _link(_previous(connection, day, n), day, n, at, person_id, action, subject, purpose, outcome)
        connection.execute(
            read_log.insert().values(
                day=day,
                n=n,
                at=at,
                person_id=person_id,
                action=action,
                subject=subject,
                purpose=purpose,
                outcome=outcome,
                hash=digest,
            )
        )


def verify(connection: Connection, day: date) -> list[str]:
    """Every sentence about a break in one day's chain; empty where it holds."""
    broken: list[str] = []
    previous, expected = _origin(day), 1
    for row in connection.execute(sa.select(read_log).where(read_log.c.day == day).order_by(read_log.c.n)):
        if row.n != expected:
            broken.append(f"read {expected} of {day} is missing")
        link = _link(previous, day, row.n, row.at, row.person_id, row.action, row.subject, row.purpose, row.outcome)
        if link != row.hash:
            broken.append(f"read {row.n} of {day} was altered after it was written")
        previous, expected = row.hash, row.n + 1
    return broken


def days(connection: Connection) -> list[date]:
    """Days on which anything was read."""
    return list(connection.scalars(sa.select(read_log.c.day).distinct().order_by(read_log.c.day)))


def of_subject(connection: Connection, subject: str, limit: int = 200) -> list[sa.Row[tuple[object, ...]]]:
    """Reads of one subject, newest first: rows of the table `read_log`."""
    query = sa.select(read_log).where(read_log.c.subject == subject).order_by(read_log.c.at.desc()).limit(limit)
    return list(connection.execute(query))


def _previous(connection: Connection, day: date, n: int) -> bytes:
    if n == 1:
        return _origin(day)
    found: bytes = connection.execute(
        sa.select(read_log.c.hash).where(read_log.c.day == day, read_log.c.n == n - 1)
    ).scalar_one()
    return found


def _origin(day: date) -> bytes:
    return hashlib.sha256(f"waymark:reads/{day.isoformat()}".encode()).digest()


def _link(previous: bytes, day: date, n: int, at: datetime, *facts: str) -> bytes:
    body = canonical([1, day.isoformat(), n, at.isoformat(), *facts])
    return hashlib.sha256(b"\x03" + previous + struct.pack(">I", len(body)) + body).digest()
