"""Signed-in sessions and passwords, by real time. The cookie holds a random token, the table only its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.clock import real_now
from app.store.db import reading, transaction
from app.store.tables import credential, session

LONGEST = timedelta(hours=12)
#: the table is told of a visit at most this often, so that a read stays a read
TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: checked for unknown people too, so that both take the same time
_nobody = _hasher.hash(secrets.token_hex(16))


def begin(person_id: str) -> str:
    """A new session; the token for its cookie."""
    token, now = secrets.token_urlsafe(32), real_now()
    with transaction() as connection:
        connection.execute(
            session.insert().values(digest=_digest(token), person_id=person_id, started_at=now, seen_at=now)
        )
    return token


def person_of(token: str, idle: timedelta, *, is_visit: bool = True) -> str | None:
    """Whose session it is, or None where it ended, went idle or is too old; a visit keeps it from going idle."""
    now, digest = real_now(), _digest(token)
    row = reading().execute(sa.select(session).where(session.c.digest == digest, session.c.ended_at.is_(None))).first()
    if row is None or now - row.seen_at > idle or now - row.started_at > LONGEST:
        return None
    if is_visit and now - row.seen_at > TOUCH_EVERY:
        with transaction() as connection:
            connection.execute(session.update().where(session.c.digest == digest).values(seen_at=now))
    found: str = row.person_id
    return found


def end(token: str) -> None:
    """Sign out."""
    with transaction() as connection:
        connection.execute(session.update().where(session.c.digest == _digest(token)).values(ended_at=real_now()))


def end_all(person_id: str) -> None:
    """Sign a person out everywhere."""
    with transaction() as connection:
        connection.execute(
            session.update()
            .where(session.c.person_id == person_id, session.c.ended_at.is_(None))
            .values(ended_at=real_now())
        )


def set_password(person_id: str, password: str) -> None:
    """Keep a password as an argon2id hash, and sign the person out everywhere."""
    with transaction() as connection:
        connection.execute(sa.delete(credential).where(credential.c.person_id == person_id))
        connection.execute(
            credential.insert().values(
                person_id=person_id, password_hash=_hasher.hash(password), changed_at=real_now(), failures=0
            )
        )
    end_all(person_id)


def check_password(person_id: str | None, password: str) -> bool:
    """Whether it is the person's password; wrong ones make the next try wait longer. Takes as long for nobody."""
    row = reading().execute(sa.select(credential).where(credential.c.person_id == person_id)).first()
    if row is not None and row.locked_until is not None and row.locked_until > real_now():
        _matches(_nobody, password)
        return False
    is_right = _matches(row.password_hash if row else _nobody, password) and row is not None
    if row is not None and (not is_right or row.failures):
        _count(row.person_id, 0 if is_right else row.failures + 1)
    return is_right


def waits_until(person_id: str) -> datetime | None:
    """Until when no password of this person is accepted, or None."""
    until: datetime | None = reading().scalar(
        sa.select(credential.c.locked_until).where(credential.c.person_id == person_id)
    )
    return until if until is not None and until > real_now() else None


def _count(person_id: str, failures: int) -> None:
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** (failures - FREE_TRIES))) if failures >= FREE_TRIES else None
    with transaction() as connection:
        connection.execute(
            credential.update()
            .where(credential.c.person_id == person_id)
            .values(failures=failures, locked_until=real_now() + wait if wait else None)
        )


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
