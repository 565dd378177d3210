"""What somebody sent after their session had run out, sealed, one form per person, until they sign in again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from app.store.db import reading, transaction
from app.store.sealing import seal, unseal
from app.store.sessions import REMEMBERED
from app.store.tables import kept_form


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent."""

    #: path it was sent to
    path: str
    #: name and value of each field, in order
    fields: tuple[tuple[str, str], ...]


def keep(person_id: str, form: KeptForm, now: datetime) -> None:
    """Keep it in place of an earlier one."""
    sealed = seal(json.dumps(asdict(form)).encode(), _context(person_id))
    with transaction() as connection:
        too_old = kept_form.c.at < now - REMEMBERED
        connection.execute(sa.delete(kept_form).where(sa.or_(kept_form.c.person_id == person_id, too_old)))
        connection.execute(kept_form.insert().values(person_id=person_id, sealed=sealed, at=now))


def one(person_id: str, now: datetime) -> KeptForm | None:
    """What is kept for a person, or None."""
    mine = sa.and_(kept_form.c.person_id == person_id, kept_form.c.at >= now - REMEMBERED)
    sealed = reading().scalar(sa.select(kept_form.c.sealed).where(mine))
    if sealed is None:
        return None
    found = json.loads(unseal(sealed, _context(person_id)))
    return KeptForm(found["path"], tuple((name, value) for name, value in found["fields"]))


def drop(person_id: str) -> None:
    """Nothing is kept any more."""
    with transaction() as connection:
        connection.execute(sa.delete(kept_form).where(kept_form.c.person_id == person_id))


def _context(person_id: str) -> str:
    return f"kept form of {person_id}"
