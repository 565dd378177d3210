"""The log of reads: who looked at what, hash-chained per day. What counts as a read is decided at the pages."""

import hashlib
import struct
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import real_now
from app.model.json import canonical
from app.store.counters import counting
from app.store.db import transaction
from app.store.tables import counter, read_log


def record(person_id: str, action: str, subject: str, outcome: str, purpose: str = "") -> None:
    """Add one read, by real time: `subject` is "case/<id>", `outcome` "allowed" or "refused"."""
    at = real_now()
    day = at.date()
    with transaction() as connection:
        n, previous = _next(connection, day)
        digest = _link(previous, day, n, at, person_id, action, subject, purpose, outcome)
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


def _next(connection: Connection, day: date) -> tuple[int, bytes]:
    """The next number of the day and the hash of the read before, with one statement where nobody waits.

    After a wait PostgreSQL gives the new number, but the last read as it was before the wait: then it is asked again.
    """
    last = sa.select(read_log.c.n, read_log.c.hash).where(read_log.c.day == day).order_by(read_log.c.n.desc()).limit(1)
    seen = last.with_only_columns(read_log.c.n).scalar_subquery(), last.with_only_columns(read_log.c.hash)
    row = connection.execute(
        counting(connection, f"reads:{day.isoformat()}").returning(
            counter.c.value, seen[0].label("n"), seen[1].scalar_subquery().label("hash")
        )
    ).one()
    if row.value == 1:
        return 1, _origin(day)
    if row.n == row.value - 1:
        return row.value, row.hash
    before = sa.select(read_log.c.hash).where(read_log.c.day == day, read_log.c.n == row.value - 1)
    return row.value, connection.execute(before).scalar_one()


def _origin(day: date) -> bytes:
    return hashlib.sha256(f"waymark:reads/{day.isoformat()}".encode()).digest()


def _link(previous: bytes, day: date, n: int, at: datetime, *facts: str) -> bytes:
    body = canonical([1, day.isoformat(), n, at.isoformat(), *facts])
    return hashlib.sha256(b"\x03" + previous + struct.pack(">I", len(body)) + body).digest()
