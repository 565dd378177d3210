"""Tokens of the API, by real time. The table holds only their digests. What a token may do is decided above."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from app.clock import real_now
from app.store.db import reading, transaction
from app.store.tables import api_token

#: makes a token that leaked into a log or a repository easy to find
PREFIX = "wm_"
#: the table is told of a use at most this often, so that a read stays a read
TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Token:
    """What is known of a token once it was shown."""

    #: token id
    id: str
    #: whose access it has
    person_id: str
    #: what it is for
    name: str
    #: what it is narrowed to
    scopes: frozenset[str]
    #: UTC
    made_at: datetime
    #: UTC
    expires_at: datetime
    #: UTC, within five minutes; None: never
    used_at: datetime | None


def make(person_id: str, name: str, scopes: frozenset[str], lasts: timedelta) -> str:
    """A new token: shown once, kept as its digest."""
    token, now = PREFIX + secrets.token_urlsafe(32), real_now()
    with transaction() as connection:
        connection.execute(
            api_token.insert().values(
                id=str(uuid4()),
                digest=_digest(token),
                person_id=person_id,
                name=name,
                scopes=sorted(scopes),
                made_at=now,
                expires_at=now + lasts,
            )
        )
    return token


def find(token: str) -> Token | None:
    """The token, or None where there is none, or it ended or expired. That it was used is noted."""
    now = real_now()
    row = reading().execute(_live(now).where(api_token.c.digest == _digest(token))).first()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at > TOUCH_EVERY:
        with transaction() as connection:
            connection.execute(api_token.update().where(api_token.c.id == row.id).values(used_at=now))
    return _token(row)


def of_person(person_id: str) -> list[Token]:
    """Tokens of a person that work, newest first."""
    query = _live(real_now()).where(api_token.c.person_id == person_id).order_by(api_token.c.made_at.desc())
    return [_token(row) for row in reading().execute(query)]


def end(person_id: str, token_id: str) -> None:
    """End one token of a person; nothing where it is not theirs."""
    with transaction() as connection:
        connection.execute(
            api_token.update()
            .where(api_token.c.id == token_id, api_token.c.person_id == person_id, api_token.c.ended_at.is_(None))
            .values(ended_at=real_now())
        )


def end_all(person_id: str) -> None:
    """End every token of a person."""
    with transaction() as connection:
        connection.execute(
            api_token.update()
            .where(api_token.c.person_id == person_id, api_token.c.ended_at.is_(None))
            .values(ended_at=real_now())
        )


def _live(now: datetime) -> sa.Select[Any]:
    return sa.select(api_token).where(api_token.c.ended_at.is_(None), api_token.c.expires_at > now)


def _token(row: Any) -> Token:
    return Token(row.id, row.person_id, row.name, frozenset(row.scopes), row.made_at, row.expires_at, row.used_at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
