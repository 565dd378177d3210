"""What events are signed with: one secret per webhook, sealed, and for a day the one before. By real time."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.db import reading, transaction
from app.store.sealing import seal, unseal
from app.store.tables import webhook_secret

SECRET_BYTES = 32
#: whoever receives has this long to learn the new secret
OVERLAP = timedelta(hours=24)


def make(webhook_id: str, now: datetime) -> bytes:
    """A new secret: shown once, kept sealed. The one before signs beside it for a day, older ones no more."""
    made = secrets.token_bytes(SECRET_BYTES)
    own = webhook_secret.c.webhook_id == webhook_id
    with transaction() as connection:
        connection.execute(sa.delete(webhook_secret).where(own, webhook_secret.c.ends_at.is_not(None)))
        connection.execute(webhook_secret.update().where(own).values(ends_at=now + OVERLAP))
        row = {"webhook_id": webhook_id, "made_at": now, "secret": seal(made, _context(webhook_id))}
        connection.execute(webhook_secret.insert().values(**row))
    return made


def of(webhook_id: str, now: datetime) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    query = sa.select(webhook_secret.c.secret).where(
        webhook_secret.c.webhook_id == webhook_id,
        sa.or_(webhook_secret.c.ends_at.is_(None), webhook_secret.c.ends_at > now),
    )
    rows = reading().scalars(query.order_by(webhook_secret.c.made_at.desc()))
    return [unseal(one, _context(webhook_id)) for one in rows]


def _context(webhook_id: str) -> str:
    return f"secret of webhook {webhook_id}"
