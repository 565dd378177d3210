"""Checking all of the journal: every chain, every log of reads, every checkpoint, and the published list.

Each finding names its place. An auditor does the same without this program: `docs/verify_journal.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.checkpoint import NOTHING_BEFORE, Checkpoint, Leaf
from app.model.entry import StreamId
from app.model.merkle import root
from app.store import checkpoints, journal, reads
from app.store.signing import is_signed
from app.store.tables import checkpoint_leaf, entry


@dataclass(frozen=True)
class Finding:
    """Something that does not hold."""

    #: "case/4f… entry 3", "checkpoint 7"
    place: str
    #: what is wrong with it
    sentence: str
    #: the entry, where it is one; 0 elsewhere
    seq: int = 0


@dataclass(frozen=True)
class Proof:
    """What a check of the whole journal found."""

    #: streams read
    streams: int
    #: entries read
    entries: int
    #: checkpoints read
    checkpoints: int
    #: everything that does not hold, none where all does
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        read = f"{self.entries:,} entries in {self.streams:,} streams, {self.checkpoints:,} checkpoints"
        if self.holds:
            return f"{read}: all hold."
        return f"{read}: {len(self.findings)} things do not hold."


def check(connection: Connection, log: str, public_key: bytes, published: Path | None = None) -> Proof:
    """Read everything once and compare it with its chains, its checkpoints and the list outside; needs no keys."""
    streams = journal.streams(connection)
    count, findings = 0, list[Finding]()
    for stream in streams:
        read, breaks = journal.verify(connection, stream)
        count += read
        findings += [Finding(f"{stream} entry {one.seq}", one.sentence) for one in breaks]
    for day in reads.days(connection):
        findings += [Finding(f"reads of {day}", sentence) for sentence in reads.verify(connection, day)]
    made = list(checkpoints.listed(connection))
    findings += unlike_sealed(connection)
    findings += _of_checkpoints(connection, made, log, public_key)
    if published is not None:
        findings += _unlike_published(connection, made, checkpoints.read_list(published))
    return Proof(len(streams), count, len(made), tuple(findings))


def unlike_sealed(connection: Connection, only: StreamId | None = None) -> Iterator[Finding]:
    """Sealed heads that no entry has any more: somebody rewrote or removed something at or before them."""
    same = sa.and_(
        entry.c.stream_kind == checkpoint_leaf.c.stream_kind,
        entry.c.stream_id == checkpoint_leaf.c.stream_id,
        entry.c.seq == checkpoint_leaf.c.seq,
    )
    joined = sa.outerjoin(checkpoint_leaf, entry, same)
    query = (
        sa.select(checkpoint_leaf, entry.c.hash.label("found"))
        .select_from(joined)
        .where(sa.or_(entry.c.hash.is_(None), entry.c.hash != checkpoint_leaf.c.hash))
        .order_by(checkpoint_leaf.c.stream_kind, checkpoint_leaf.c.stream_id, checkpoint_leaf.c.seq)
    )
    if only is not None:
        query = query.where(checkpoint_leaf.c.stream_kind == only.kind, checkpoint_leaf.c.stream_id == only.id)
    for row in connection.execute(query):
        place = f"{row.stream_kind}/{row.stream_id} entry {row.seq}"
        first = _first_after_the_last_good(connection, row)
        if row.found is None:
            yield Finding(place, f"checkpoint {row.n} sealed it, but it is gone", row.seq)
        elif first == row.seq:
            yield Finding(place, f"it was rewritten after checkpoint {row.n} sealed it", row.seq)
        else:
            sentence = f"an entry from {first} to {row.seq} was rewritten after checkpoint {row.n} sealed it"
            yield Finding(place, sentence, row.seq)


def _first_after_the_last_good(connection: Connection, row: sa.Row[tuple[object, ...]]) -> int:
    earlier = sa.select(sa.func.max(checkpoint_leaf.c.seq)).where(
        checkpoint_leaf.c.stream_kind == row.stream_kind,
        checkpoint_leaf.c.stream_id == row.stream_id,
        checkpoint_leaf.c.seq < row.seq,
    )
    return int(connection.scalar(earlier) or 0) + 1


def _of_checkpoints(connection: Connection, made: list[Checkpoint], log: str, public_key: bytes) -> Iterator[Finding]:
    previous, earlier = NOTHING_BEFORE, 0
    for one in made:
        said, place = one.unsigned, f"checkpoint {one.n}"
        leaves: list[Leaf] = checkpoints.leaves_of(connection, one.n)
        if said.previous != previous:
            yield Finding(place, f"it does not follow checkpoint {earlier}" if earlier else "it is not the first")
        if said.log != log:
            yield Finding(place, f"it belongs to the log {said.log}, but this is {log}")
        if len(leaves) != said.size or root(leaf.encoded for leaf in leaves) != said.root:
            yield Finding(place, "the heads kept with it are not those that it seals")
        if not is_signed(one, public_key):
            yield Finding(place, "the key of this log did not sign it")
        previous, earlier = one.hash, one.n


def _unlike_published(
    connection: Connection, made: list[Checkpoint], published: list[checkpoints.Listed]
) -> Iterator[Finding]:
    roots = {one.n: one.unsigned.root.hex() for one in made}
    for line in published:
        if line.n not in roots:
            yield Finding(f"checkpoint {line.n}", "it was published, but is not here: an older state was restored")
        elif roots[line.n] != line.root:
            yield Finding(f"checkpoint {line.n}", "it was published with another root: what it seals was rewritten")
        elif line.leaves == tuple(checkpoints.leaves_of(connection, line.n)):
            continue
        yield from _unlike_list(connection, line)


def _unlike_list(connection: Connection, line: checkpoints.Listed) -> Iterator[Finding]:
    for leaf in line.leaves:
        found = journal.hash_of(connection, leaf.stream, leaf.seq)
        place = f"{leaf.stream} entry {leaf.seq}"
        if found is None:
            yield Finding(place, f"checkpoint {line.n} was published with it, but it is gone")
        elif found != leaf.hash:
            yield Finding(place, f"it or an entry before it was rewritten after checkpoint {line.n} was published")
