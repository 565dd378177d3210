"""Wrong tries at signing in, counted by whom and from where, so that each next one waits longer. By real time.

A try counts as wrong before it is checked: whoever sends a hundred at once gets no hundred answers.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.db import transaction
from app.store.tables import login_attempt

LONGEST_WAIT = timedelta(minutes=15)
#: a subject that nobody tried for so long starts again
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Subject:
    """What tries are counted by."""

    #: such as "account ada.quill" or "address 192.0.2.7"
    name: str
    #: tries before the first wait
    free: int

    @property
    def key(self) -> str:
        """What the table knows it by: a name that was typed may have been a password."""
        return hashlib.sha256(self.name.encode()).hexdigest()


def count(subjects: tuple[Subject, ...], now: datetime) -> datetime | None:
    """Count one try; or, where one of the subjects must still wait, count nothing and give until when."""
    with transaction() as connection:
        rows = _rows(connection, subjects)
        locks: list[datetime] = [row.locked_until for row in rows.values() if row.locked_until is not None]
        if any(one > now for one in locks):
            return max(locks)
        connection.execute(sa.delete(login_attempt).where(login_attempt.c.last_at < now - FORGOTTEN_AFTER))
        for one in sorted(subjects, key=lambda one: one.key):
            row = rows.get(one.key)
            is_fresh = row is None or row.last_at < now - FORGOTTEN_AFTER
            failures = 1 if row is None or is_fresh else row.failures + 1
            found = {"failures": failures, "last_at": now, "locked_until": _until(failures - one.free, now)}
            if is_fresh:
                connection.execute(login_attempt.insert().values(subject=one.key, **found))
            else:
                connection.execute(login_attempt.update().where(login_attempt.c.subject == one.key).values(**found))
    return None


def was_right(subjects: tuple[Subject, ...], shared: Subject | None = None) -> None:
    """The try just counted was right: the subjects start again; from `shared` only this one try is taken off."""
    with transaction() as connection:
        keys = [one.key for one in subjects]
        connection.execute(sa.delete(login_attempt).where(login_attempt.c.subject.in_(keys)))
        if shared is not None:
            taken_off = {"failures": login_attempt.c.failures - 1, "locked_until": None}
            at = sa.and_(login_attempt.c.subject == shared.key, login_attempt.c.failures > 0)
            connection.execute(login_attempt.update().where(at).values(**taken_off))


def _until(beyond: int, now: datetime) -> datetime | None:
    """1 s after the last free try, then twice as long each time."""
    return now + min(LONGEST_WAIT, timedelta(seconds=2 ** min(beyond, 20))) if beyond >= 0 else None


def _rows(connection: Connection, subjects: tuple[Subject, ...]) -> dict[str, sa.Row[Any]]:
    query = sa.select(login_attempt).where(login_attempt.c.subject.in_([one.key for one in subjects]))
    found = connection.execute(query.order_by(login_attempt.c.subject).with_for_update())
    return {row.subject: row for row in found}
