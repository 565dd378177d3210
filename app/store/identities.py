"""Accounts at identity providers and the people they belong to; one-time codes that prove it. By real time.

An account is known by issuer and subject alone. An e-mail address says nothing: another issuer may give the same.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.db import reading, transaction
from app.store.second_factors import CODE_LENGTH, LETTERS
from app.store.tables import identity, link_code

#: a link code lasts over a weekend
LINK_CODE_LASTS = timedelta(days=4)


def person_of(issuer: str, subject: str) -> str | None:
    """Whose account it is, or None where nobody linked it."""
    mine = sa.and_(identity.c.issuer == issuer, identity.c.subject == subject)
    found: str | None = reading().scalar(sa.select(identity.c.person_id).where(mine))
    return found


def linked(person_id: str) -> list[tuple[str, datetime]]:
    """Issuers a person has an account at, and since when it is linked."""
    mine = sa.select(identity).where(identity.c.person_id == person_id).order_by(identity.c.issuer)
    return [(row.issuer, row.linked_at) for row in reading().execute(mine)]


def link(issuer: str, subject: str, person_id: str, now: datetime) -> None:
    """The account belongs to the person from now on; the one they had at this issuer does not any more."""
    with transaction() as connection:
        mine = sa.and_(identity.c.issuer == issuer, identity.c.person_id == person_id)
        connection.execute(sa.delete(identity).where(mine))
        connection.execute(identity.insert().values(issuer=issuer, subject=subject, person_id=person_id, linked_at=now))


def unlink(person_id: str) -> None:
    """No account elsewhere belongs to the person any more, and no code gives them one."""
    with transaction() as connection:
        connection.execute(sa.delete(identity).where(identity.c.person_id == person_id))
        connection.execute(sa.delete(link_code).where(link_code.c.person_id == person_id))


def make_code(person_id: str, now: datetime) -> str:
    """A code that links one account to the person; an earlier one is worth nothing any more."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    row = {"person_id": person_id, "digest": _digest(code), "ends_at": now + LINK_CODE_LASTS}
    with transaction() as connection:
        connection.execute(sa.delete(link_code).where(link_code.c.person_id == person_id))
        connection.execute(link_code.insert().values(**row))
    return code


def spend_code(code: str, now: datetime) -> str | None:
    """Whose code it is, once and before it ends; else None."""
    mine = sa.and_(link_code.c.digest == _digest(code), link_code.c.ends_at > now)
    with transaction() as connection:
        person_id: str | None = connection.scalar(sa.select(link_code.c.person_id).where(mine).with_for_update())
        if person_id is not None:
            connection.execute(sa.delete(link_code).where(link_code.c.person_id == person_id))
    return person_id


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
