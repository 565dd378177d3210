"""Unfinished answers: one draft per task, whoever holds it, and one per person for a case they are starting.

Outside the journal on purpose (ADR 0007): a draft is not yet anything that happened.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.errors import Stale
from app.store.db import reading, transaction
from app.store.tables import draft, person


@dataclass(frozen=True)
class Draft:
    """Answers as typed so far."""

    #: task id, or "start:<process>:<person>:<pupil>"
    id: str
    #: 1, 2, 3 …: the page that saves names the one it saw
    revision: int
    #: as `app.forms.draft` keeps them
    values: dict[str, Any]
    #: who saved it last
    by: str
    #: their name
    by_name: str | None
    #: by the case clock, UTC
    at: datetime


def one(draft_id: str) -> Draft | None:
    """The draft, or None."""
    row = (
        reading()
        .execute(
            sa.select(draft, person.c.name.label("by_name"))
            .outerjoin(person, person.c.id == draft.c.by)
            .where(draft.c.id == draft_id)
        )
        .first()
    )
    return Draft(row.id, row.revision, row.values, row.by, row.by_name, row.at) if row else None


def save(draft_id: str, case_id: str | None, values: dict[str, Any], by: str, seen_revision: int, at: datetime) -> int:
    """Keep the values; the new revision. Raises Stale where the draft moved on from the revision the page saw."""
    with transaction() as connection:
        current: int | None = connection.scalar(
            sa.select(draft.c.revision).where(draft.c.id == draft_id).with_for_update()
        )
        if (current or 0) != seen_revision:
            raise Stale("Somebody saved this form after you opened it.", draft_id=draft_id, revision=current or 0)
        if current is None:
            connection.execute(
                draft.insert().values(id=draft_id, case_id=case_id, revision=1, values=values, by=by, at=at)
            )
            return 1
        connection.execute(
            draft.update().where(draft.c.id == draft_id).values(revision=current + 1, values=values, by=by, at=at)
        )
        return current + 1


def discard(draft_id: str) -> None:
    """Forget a draft: its answers were handed in, or nobody wants them."""
    with transaction() as connection:
        discard_within(connection, draft_id)


def discard_within(connection: Connection, draft_id: str) -> None:
    """The same, as part of a transaction that hands its answers in."""
    connection.execute(sa.delete(draft).where(draft.c.id == draft_id))
