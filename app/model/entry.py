"""One entry of the journal, as it is read back.

How entries are stored, hashed and encrypted is the business of `app.store.journal`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.model.json import JsonObject

StreamKind = Literal[
    "case",
    "pupil",
    "person",
    "organisation",
    "calendar",
    "definition",
    "installation",
    "erasure",
    "webhook",
    "series",
    "meeting",
    "centre",
    "quota",
    "rule",
    "setting",
]

#: streams whose content is encrypted under a key of their own
ENCRYPTED: frozenset[str] = frozenset({"case", "pupil"})


@dataclass(frozen=True)
class StreamId:
    """Names one stream of entries."""

    #: what kind of thing it is about
    kind: StreamKind
    #: which one
    id: str

    def __str__(self) -> str:
        """`case/4f…`: for messages and hashes."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class Entry:
    """Something that happened, for good."""

    #: the stream it belongs to
    stream: StreamId
    #: 1 for the first entry of the stream
    seq: int
    #: when it happened by the case clock, aware, UTC
    at: datetime
    #: when it was written by the wall clock, aware, UTC
    recorded_at: datetime
    #: who did it: person id, "worker", "operator"
    actor: str
    #: past participle: "task-completed"
    kind: str
    #: what anybody may know of it: ids and digests, never personal content
    meta: JsonObject
    #: what happened; None where its key was destroyed
    content: JsonObject | None
    #: SHA-256 over the previous hash and this entry's own bytes
    hash: bytes
