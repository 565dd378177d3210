"""Checking one case now, and saying in plain words what that proves. Hashes: `store.journal`; seals: `store.proof`."""

from dataclasses import dataclass
from datetime import datetime

from app.model.entry import StreamId
from app.store import checkpoints, journal, proof
from app.store.db import reading, snapshot


@dataclass(frozen=True)
class Broken:
    """One place where the chain does not hold."""

    #: the entry, or the first missing one
    entry: int
    #: what is wrong
    sentence: str


@dataclass(frozen=True)
class Sealed:
    """The newest signed checkpoint that this case is in."""

    #: number of the checkpoint
    n: int
    #: when it was signed, real time
    at: datetime
    #: the last entry that it seals
    upto: int
    #: its root, 64 hex characters: what an auditor's own list says too
    root: str


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
    #: the newest checkpoint it is in, or None before the first
    sealed: Sealed | None

    @property
    def unsealed(self) -> int:
        """How many entries are newer than that checkpoint."""
        return self.count - (self.sealed.upto if self.sealed else 0)

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
    ("An entry was changed", "Entry 3 was altered after it was written"),
    ("An entry was taken out", "Entry 3 is missing"),
    ("Entries were cut off at the end", "The chain ends at entry 8, but its head says 9"),
    ("Everything was rewritten to the end", "An entry from 4 to 9 was rewritten after checkpoint 2 sealed it"),
)
PROVES = (
    "Every entry carries a fingerprint (SHA-256) of its own bytes and of the fingerprint before it.",
    "If anybody had changed, moved, added between or taken out an entry, the fingerprints would not fit any more.",
    "Every hour a signed checkpoint seals the last fingerprint of each case that changed. It was compared here too.",
    "It holds for erased content too: the fingerprints run over the encrypted bytes.",
)
DOES_NOT_PROVE = (
    "It does not prove that what people typed was true.",
    "Entries that are newer than the last signed checkpoint are not sealed yet: whoever has full control of the "
    "database could still rewrite them. A checkpoint is made every hour.",
    "It is this installation that checked itself. Whoever has both its database and its signing key could rewrite "
    "everything and sign it again. Only a list of checkpoints that you keep yourself shows that: take an export of the "
    "journal and check it against your list, with the program of one file that needs nothing of Waymark.",
)


def verify(case_id: str) -> Verified:
    """Check a case from its first entry to its last, and against every checkpoint it is in; needs no keys."""
    stream = StreamId("case", case_id)
    with snapshot() as moment:
        count, breaks = journal.verify(moment, stream)
        unlike = [Broken(one.seq, one.sentence) for one in proof.unlike_sealed(moment, stream)]
        first, last = journal.one(moment, stream, 1), journal.one(moment, stream, count)
    return Verified(
        count=count,
        first_at=first.recorded_at if first else None,
        last_at=last.recorded_at if last else None,
        last_hash=last.hash.hex() if last else "",
        breaks=(*(Broken(one.seq, one.sentence) for one in breaks), *unlike),
        sealed=_sealed(stream),
    )


def _sealed(stream: StreamId) -> Sealed | None:
    found = checkpoints.sealed(reading(), stream)
    if found is None:
        return None
    leaf, made = found
    return Sealed(made.n, made.unsigned.at, leaf.seq, made.unsigned.root.hex())
