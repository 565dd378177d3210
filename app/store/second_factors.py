"""Keys of one-time codes and recovery codes, one set per person. Who needs them is decided in `access`.

A key is sealed; of a recovery code only an argon2id digest is kept. A code's time step is remembered, so that nobody
signs in twice with the same code.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import Connection

from app.store.db import reading, transaction
from app.store.sealing import seal, unseal
from app.store.tables import recovery_code, second_factor

#: 32 letters and digits, none read as another: 60 bits in twelve of them
LETTERS = "abcdefghjkmnpqrstuvwxyz234567890"
CODES = 10
CODE_LENGTH = 12


@dataclass(frozen=True)
class SecondFactor:
    """A person's confirmed key."""

    #: base32, as an authenticator app wants it
    secret: str
    #: the time step of the last code that was used
    last_step: int
    #: when it was set up, UTC
    confirmed_at: datetime


def one(person_id: str) -> SecondFactor | None:
    """The confirmed key of a person, or None."""
    row = reading().execute(sa.select(second_factor).where(second_factor.c.person_id == person_id)).first()
    if row is None:
        return None
    return SecondFactor(unseal(row.secret, _context(person_id)).decode(), row.last_step, row.confirmed_at)


def is_set_up(person_id: str) -> bool:
    """Whether the person has a confirmed key."""
    found = sa.select(second_factor.c.confirmed_at).where(second_factor.c.person_id == person_id)
    return reading().scalar(found) is not None


def confirm(person_id: str, secret: str, step: int, now: datetime) -> list[str]:
    """This key holds from now on, the one before no more; ten new recovery codes: shown once, kept as digests."""
    sealed = seal(secret.encode(), _context(person_id))
    codes, salt, digests = _made()
    with transaction() as connection:
        _forget(connection, person_id)
        row = {"person_id": person_id, "secret": sealed, "confirmed_at": now, "last_step": step, "salt": salt}
        connection.execute(second_factor.insert().values(**row))
        connection.execute(recovery_code.insert(), [{"person_id": person_id, "digest": one} for one in digests])
    return codes


def use_step(person_id: str, step: int) -> bool:
    """Remember the time step of a code; False where it, or a later one, was used before."""
    mine = sa.and_(second_factor.c.person_id == person_id, second_factor.c.last_step < step)
    with transaction() as connection:
        return connection.execute(second_factor.update().where(mine).values(last_step=step)).rowcount == 1


def new_codes(person_id: str) -> list[str]:
    """Ten recovery codes; earlier ones are worth nothing any more."""
    codes, salt, digests = _made()
    with transaction() as connection:
        connection.execute(sa.delete(recovery_code).where(recovery_code.c.person_id == person_id))
        connection.execute(second_factor.update().where(second_factor.c.person_id == person_id).values(salt=salt))
        connection.execute(recovery_code.insert(), [{"person_id": person_id, "digest": one} for one in digests])
    return codes


def use_code(person_id: str, code: str, now: datetime) -> bool:
    """Spend a recovery code; False where it is none, or was spent before."""
    salt = reading().scalar(sa.select(second_factor.c.salt).where(second_factor.c.person_id == person_id))
    if salt is None:
        return False
    mine = sa.and_(
        recovery_code.c.person_id == person_id,
        recovery_code.c.digest == _digest(code, salt),
        recovery_code.c.used_at.is_(None),
    )
    with transaction() as connection:
        return connection.execute(recovery_code.update().where(mine).values(used_at=now)).rowcount == 1


def codes_left(person_id: str) -> int:
    """How many recovery codes are not spent."""
    mine = sa.and_(recovery_code.c.person_id == person_id, recovery_code.c.used_at.is_(None))
    return reading().scalar(sa.select(sa.func.count()).select_from(recovery_code).where(mine)) or 0


def remove(person_id: str) -> None:
    """The person has no second step any more."""
    with transaction() as connection:
        _forget(connection, person_id)


def _forget(connection: Connection, person_id: str) -> None:
    connection.execute(sa.delete(recovery_code).where(recovery_code.c.person_id == person_id))
    connection.execute(sa.delete(second_factor).where(second_factor.c.person_id == person_id))


def _made() -> tuple[list[str], bytes, list[bytes]]:
    """New codes, their salt and their digests."""
    salt = secrets.token_bytes(16)
    codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    return codes, salt, [_digest(one, salt) for one in codes]


def _digest(code: str, salt: bytes) -> bytes:
    """One salt per set of ten: spending a code costs one hash, not ten."""
    return hash_secret_raw(
        code.encode(), salt, time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )


def _context(person_id: str) -> str:
    return f"second factor of {person_id}"
