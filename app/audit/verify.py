"""Checking the chain of one case now, and saying in plain words what that proves. The hashes: `store.journal`."""

from dataclasses import dataclass
from datetime import datetime

from app.model.entry import StreamId
from app.store import journal
from app.store.db import reading


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold."""

    #: the entry, or the first missing one
    entry: int
    #: what is wrong
    sentence: str


@dataclass(frozen=True)
class Verified:
    """What a check found."""

    #: how many entries were checked
    count: int
    #: when the first and the last of them were written down, real time; None where there is none
    first_at: datetime | None
    last_at: datetime | None
    #: hash of the last entry, 64 hex characters
    last_hash: str
    #: every break, none where the chain holds
    breaks: tuple[Broken, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.breaks

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if self.holds:
            entries = "entry holds" if self.count == 1 else "entries hold"
            return f"All {self.count} {entries} together: none was changed, moved or taken out."
        return f"The chain is broken: {'; '.join(one.sentence for one in self.breaks)}."


#: what the page says where something is wrong, for who has never seen it
WOULD_SAY = (
    ("An entry was changed", "Entry 3: entry 3 was altered after it was written"),
    ("An entry was taken out", "Entry 3: entry 3 is missing"),
    ("Entries were cut off at the end", "Entry 9: the chain ends at entry 8, but its head says 9"),
)
PROVES = (
    "Every entry carries a fingerprint (SHA-256) of its own bytes and of the fingerprint before it.",
    "If anybody had changed, moved, added between or taken out an entry, the fingerprints would not fit any more.",
    "It holds for erased content too: the fingerprints run over the encrypted bytes.",
)
DOES_NOT_PROVE = (
    "It does not prove that what people typed was true.",
    "It does not yet prove that nobody rewrote the whole chain from some entry to its end, or cut its end off together "
    "with its head, with full control of the database. That needs signed checkpoints kept elsewhere; this page shows "
    "none. Until it does, keep the number of the last entry and its fingerprint, both shown above: a later check must "
    "still find that fingerprint at that entry.",
)


def verify(case_id: str) -> Verified:
    """Check the chain of a case from its first entry to its last; needs no keys."""
    stream = StreamId("case", case_id)
    count, breaks = journal.verify(reading(), stream)
    first, last = journal.one(reading(), stream, 1), journal.one(reading(), stream, count)
    return Verified(
        count=count,
        first_at=first.recorded_at if first else None,
        last_at=last.recorded_at if last else None,
        last_hash=last.hash.hex() if last else "",
        breaks=tuple(Broken(one.seq, one.sentence) for one in breaks),
    )
