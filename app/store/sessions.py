"""Signed-in sessions and passwords, by real time. The cookie holds a random token, the table only its digest.

A session has a stage: `whole` is signed in; `code` and `set up` are not yet, and open nothing but the next step.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.clock import real_now
from app.store.db import reading, transaction
from app.store.tables import credential, session

Stage = Literal["whole", "code", "set up", "timed out"]

LONGEST = timedelta(hours=12)
#: between the password and the second step
LONGEST_HALF = timedelta(minutes=10)
#: a session that ran out is remembered this long, to keep what its person still sends
REMEMBERED = timedelta(days=7)
#: the table is told of a visit at most this often, so that a read stays a read
TOUCH_EVERY = timedelta(minutes=1)

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: checked for unknown people too, so that both take the same time
_nobody = _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Visit:
    """Whose session a token is, and how far they are in."""

    #: person id
    person_id: str
    #: whole; code or set up: the second step is still asked for; timed out: nobody is signed in any more
    stage: Stage
    #: whether a second step was taken, here or at the identity provider
    has_second_step: bool
    #: how it began: password, single sign-on, demonstration
    way: str


@dataclass(frozen=True)
class OwnSession:
    """A session as its person sees it."""

    #: how it began
    way: str
    #: such as "Firefox on Windows", or ""
    browser: str
    #: when it began, UTC
    started_at: datetime
    #: when it was last used, UTC, to the minute
    seen_at: datetime
    #: the one that asks
    is_this: bool


def begin(
    person_id: str,
    *,
    stage: Stage = "whole",
    way: str = "password",
    has_second_step: bool = False,
    browser: str = "",
    now: datetime | None = None,
) -> str:
    """A new session; the token for its cookie."""
    token, at = secrets.token_urlsafe(32), now or real_now()
    row = {"person_id": person_id, "stage": stage, "way": way, "has_second_step": has_second_step, "browser": browser}
    with transaction() as connection:
        connection.execute(sa.delete(session).where(session.c.seen_at < at - REMEMBERED))
        connection.execute(session.insert().values(digest=_digest(token), started_at=at, seen_at=at, **row))
    return token


def visit_of(token: str, idle: timedelta, *, is_visit: bool = True, now: datetime | None = None) -> Visit | None:
    """Whose session it is, or None where there is none or it was ended; a visit keeps it from going idle."""
    at, digest = now or real_now(), _digest(token)
    row = reading().execute(sa.select(session).where(session.c.digest == digest, session.c.ended_at.is_(None))).first()
    if row is None or at - row.seen_at > REMEMBERED:
        return None
    longest = LONGEST if row.stage == "whole" else LONGEST_HALF
    if at - row.seen_at > idle or at - row.started_at > longest:
        return Visit(row.person_id, "timed out", False, row.way) if row.stage == "whole" else None
    if is_visit and at - row.seen_at > TOUCH_EVERY:
        with transaction() as connection:
            connection.execute(session.update().where(session.c.digest == digest).values(seen_at=at))
    return Visit(row.person_id, row.stage, row.has_second_step, row.way)


def of_person(person_id: str, token: str, idle: timedelta, now: datetime | None = None) -> list[OwnSession]:
    """Where somebody is signed in now, this one first, then by when it was last used."""
    at = now or real_now()
    running = sa.and_(
        session.c.person_id == person_id,
        session.c.stage == "whole",
        session.c.ended_at.is_(None),
        session.c.seen_at >= at - idle,
        session.c.started_at >= at - LONGEST,
    )
    rows = reading().execute(sa.select(session).where(running).order_by(session.c.seen_at.desc()).limit(100))
    mine = _digest(token)
    found = [OwnSession(row.way, row.browser, row.started_at, row.seen_at, row.digest == mine) for row in rows]
    return sorted(found, key=lambda one: not one.is_this)


def last_begun(person_id: str) -> datetime | None:
    """When the person last signed in, as far as that is remembered."""
    mine = sa.and_(session.c.person_id == person_id, session.c.stage == "whole")
    found: datetime | None = reading().scalar(sa.select(sa.func.max(session.c.started_at)).where(mine))
    return found


def end(token: str) -> None:
    """Sign out."""
    with transaction() as connection:
        connection.execute(session.update().where(session.c.digest == _digest(token)).values(ended_at=real_now()))


def end_all(person_id: str, but: str = "") -> None:
    """Sign a person out everywhere, or everywhere but where this token is."""
    with transaction() as connection:
        connection.execute(
            session.update()
            .where(session.c.person_id == person_id, session.c.ended_at.is_(None), session.c.digest != _digest(but))
            .values(ended_at=real_now())
        )


def set_password(person_id: str, password: str, but: str = "") -> None:
    """Keep a password as an argon2id hash, and sign the person out everywhere, or everywhere but at this token."""
    hashed = _hasher.hash(password)
    with transaction() as connection:
        connection.execute(sa.delete(credential).where(credential.c.person_id == person_id))
        connection.execute(credential.insert().values(person_id=person_id, password_hash=hashed, changed_at=real_now()))
    end_all(person_id, but)


def has_password(person_id: str) -> bool:
    """Whether the person can sign in with a password."""
    return reading().scalar(sa.select(credential.c.changed_at).where(credential.c.person_id == person_id)) is not None


def check_password(person_id: str | None, password: str) -> bool:
    """Whether it is the person's password. Takes as long for nobody. Who may try how often: `attempts`."""
    row = reading().execute(sa.select(credential).where(credential.c.person_id == person_id)).first()
    return _matches(row.password_hash if row else _nobody, password) and row is not None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
