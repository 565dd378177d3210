"""What process owners are told: a draft waits for them, theirs was sent back or approved. Telling nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Reader
from app.store import definition_drafts
from app.store.db import Connection, reading
from app.store.definition_drafts import DraftHead
from app.store.queries import definitions, people
from app.studio.ownership import may_approve

MOST_DRAFTS = 100
#: approvals of this many days are shown
NEW_DAYS = 7


@dataclass(frozen=True)
class ProcessNotice:
    """One thing a process owner was told."""

    #: what happened
    kind: Literal["approval wanted", "sent back", "approved"]
    #: what to call the process
    process: str
    #: process definition key
    key: str
    #: who asks or who decided
    who: str
    #: since when, or when, UTC
    at: datetime
    #: what they wrote
    note: str
    #: draft it is about, or "" where it became a version
    draft_id: str = ""
    #: version the draft was made from, or None
    based_on: int | None = None
    #: version it became, or None
    number: int | None = None


def notices(reader: Reader, now: datetime) -> list[ProcessNotice]:
    """What waits for the reader, longest waiting first, then what became of their own drafts."""
    if not decide(reader, Action.APPROVE_DEFINITION).allowed:
        return []
    heads = definition_drafts.decided_or_waiting(MOST_DRAFTS)
    mine = [one for one in heads if one.by == reader.id and one.status == "sent back"]
    waiting = [one for one in heads if one.status == "submitted" and may_approve(reader, one).allowed]
    connection = reading()
    names = people.names(connection, {one.by for one in waiting} | {one.decided_by or "" for one in mine})
    return [
        *(_of_draft("approval wanted", one, names.get(one.by, one.by)) for one in waiting),
        *(_of_draft("sent back", one, names.get(one.decided_by or "", "A process owner")) for one in mine),
        *_approved(connection, reader, now),
    ]


def waiting_for(reader: Reader, now: datetime) -> list[ProcessNotice]:
    """The drafts that wait for the reader's decision."""
    return [one for one in notices(reader, now) if one.kind == "approval wanted"]


def _of_draft(kind: Literal["approval wanted", "sent back"], draft: DraftHead, who: str) -> ProcessNotice:
    return ProcessNotice(kind, draft.name, draft.key, who, draft.changed_at, draft.note, draft.id, draft.based_on)


def _approved(connection: Connection, reader: Reader, now: datetime) -> Iterator[ProcessNotice]:
    found = definitions.approved_of(connection, reader.id, now - timedelta(days=NEW_DAYS))
    names = people.names(connection, {one.approved_by for one in found})
    for one in found:
        who = names.get(one.approved_by, one.approved_by)
        yield ProcessNotice("approved", one.name, one.key, who, one.deployed_at, one.note, number=one.number)
