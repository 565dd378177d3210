"""Process owners' unfinished versions. Outside the journal on purpose: nothing has happened until one is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from app.clock import real_now
from app.errors import Stale
from app.store.db import reading, transaction
from app.store.tables import definition_draft as table

Status = Literal["editing", "submitted", "sent back"]


@dataclass(frozen=True)
class DraftHead:
    """An unfinished version of a process without its files: what lists and notices say of it."""

    #: its own id
    id: str
    #: process definition key
    key: str
    #: what people call it
    name: str
    #: version it was made from, or None
    based_on: int | None
    #: 1, 2, 3 …: the page that saves names the one it saw
    revision: int
    #: where it stands
    status: Status
    #: what its author said of it, or why it was sent back
    note: str
    #: who writes it: person id
    by: str
    #: who sent it back: person id, or None
    decided_by: str | None
    #: real time, UTC; of a submitted draft when it was submitted
    changed_at: datetime


@dataclass(frozen=True)
class DefinitionDraft(DraftHead):
    """One unfinished version of a process."""

    #: BPMN files by name, as text
    bpmn: Mapping[str, str]
    #: DMN files by name, as text
    dmn: Mapping[str, str]
    #: form-js schemas by form key, as text: those that are not to be taken from the library
    forms: Mapping[str, str]
    #: its scenarios in YAML, or ""
    scenarios: str
    #: letter templates by name, as text
    letters: Mapping[str, str] = field(default_factory=dict)


_HEAD = [table.c[one.name] for one in fields(DraftHead)]


def one(draft_id: str) -> DefinitionDraft | None:
    """The draft, or None."""
    row = reading().execute(sa.select(table).where(table.c.id == draft_id)).first()
    return _draft(row) if row else None


def everything(key: str | None = None) -> list[DefinitionDraft]:
    """All drafts, of one process or of all, the latest changed first."""
    query = sa.select(table).order_by(table.c.changed_at.desc())
    if key is not None:
        query = query.where(table.c.key == key)
    return [_draft(row) for row in reading().execute(query)]


def decided_or_waiting(most: int) -> list[DraftHead]:
    """Drafts that wait for approval or were sent back, without their files, the longest waiting first."""
    query = sa.select(*_HEAD).where(table.c.status.in_(["submitted", "sent back"])).order_by(table.c.changed_at)
    return [DraftHead(**row._mapping) for row in reading().execute(query.limit(most))]


def add(draft: DefinitionDraft) -> None:
    """Keep a new draft."""
    with transaction() as connection:
        connection.execute(table.insert().values(id=draft.id, **_values(draft)))


def save(draft: DefinitionDraft, seen_revision: int) -> DefinitionDraft:
    """The draft with its next revision. Raises Stale where it moved on from the revision the page saw."""
    with transaction() as connection:
        current = connection.scalar(sa.select(table.c.revision).where(table.c.id == draft.id).with_for_update())
        if current != seen_revision:
            raise Stale(
                "Somebody saved this draft after you opened it, perhaps you in another window. Reload to see it.",
                draft_id=draft.id,
            )
        saved = replace(draft, revision=seen_revision + 1, changed_at=real_now())
        connection.execute(table.update().where(table.c.id == draft.id).values(**_values(saved)))
    return saved


def discard(draft_id: str) -> None:
    """Forget a draft: it was deployed, or nobody wants it."""
    with transaction() as connection:
        connection.execute(sa.delete(table).where(table.c.id == draft_id))


def _values(draft: DefinitionDraft) -> dict[str, Any]:
    return {
        "key": draft.key,
        "name": draft.name,
        "based_on": draft.based_on,
        "files": {
            "bpmn": dict(draft.bpmn),
            "dmn": dict(draft.dmn),
            "forms": dict(draft.forms),
            "scenarios": draft.scenarios,
            "letters": dict(draft.letters),
        },
        "revision": draft.revision,
        "status": draft.status,
        "note": draft.note,
        "by": draft.by,
        "decided_by": draft.decided_by,
        "changed_at": draft.changed_at,
    }


def _draft(row: Any) -> DefinitionDraft:
    head = {one.name: row._mapping[one.name] for one in _HEAD}
    return DefinitionDraft(**head, **row.files)
