"""Making, reading and publishing signed checkpoints of the journal. Checking them: `proof`; their bytes: `app.model`.

A checkpoint seals the head of every stream that changed since it was last sealed. "Changed" compares heads with the
leaves that are there, so no order of commits and no clock set back can leave an entry out (ADR 0030).
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.checkpoint import NOTHING_BEFORE, Checkpoint, Leaf, Unsigned, in_order, seal
from app.model.entry import StreamId, StreamKind
from app.store.db import reading, transaction
from app.store.signing import signer
from app.store.tables import checkpoint, checkpoint_leaf, stream

BATCH = 1_000


@dataclass(frozen=True)
class Listed:
    """One line of a published list."""

    #: number of the checkpoint
    n: int
    #: its root, hex
    root: str
    #: the heads that it seals; none on a list that keeps roots only
    leaves: tuple[Leaf, ...]


def make(at: datetime, after: int = 0) -> Checkpoint | None:
    """Seal what changed, in one transaction, or None where nothing did.

    `after`: the highest number that was ever published, so that a log restored from a backup never gives one twice.
    """
    with transaction() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(sa.text("LOCK TABLE checkpoint IN EXCLUSIVE MODE"))
        leaves = in_order(_changed(connection))
        if not leaves:
            return None
        last = newest(connection)
        n = max(last.n if last else 0, after) + 1
        made = signer().sign(seal(signer().log, n, at, last.hash if last else NOTHING_BEFORE, leaves))
        _keep(connection, made, leaves)
        return made


def newest(connection: Connection) -> Checkpoint | None:
    """The last checkpoint, or None."""
    row = connection.execute(sa.select(checkpoint).order_by(checkpoint.c.n.desc()).limit(1)).first()
    return _checkpoint(row) if row else None


def listed(connection: Connection, after: int = 0) -> Iterator[Checkpoint]:
    """Every checkpoint after a number, oldest first."""
    for row in connection.execute(sa.select(checkpoint).where(checkpoint.c.n > after).order_by(checkpoint.c.n)):
        yield _checkpoint(row)


def leaves_of(connection: Connection, n: int) -> list[Leaf]:
    """The heads that one checkpoint seals, in the order of its tree."""
    rows = connection.execute(sa.select(checkpoint_leaf).where(checkpoint_leaf.c.n == n))
    return in_order([_leaf(row) for row in rows])


def sealed(connection: Connection, stream_id: StreamId) -> tuple[Leaf, Checkpoint] | None:
    """The newest sealed head of one stream and the checkpoint it is in, or None."""
    row = connection.execute(
        sa.select(checkpoint_leaf)
        .where(checkpoint_leaf.c.stream_kind == stream_id.kind, checkpoint_leaf.c.stream_id == stream_id.id)
        .order_by(checkpoint_leaf.c.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    found = connection.execute(sa.select(checkpoint).where(checkpoint.c.n == row.n)).first()
    return (_leaf(row), _checkpoint(found)) if found else None


def make_and_publish(at: datetime, file: str) -> Checkpoint | None:
    """The hourly duty: seal what changed, then bring the list of the operator up to date where one is named."""
    published = read_list(Path(file)) if file else []
    made = make(at, max((one.n for one in published), default=0))
    if file:
        publish(reading(), Path(file))
    return made


def publish(connection: Connection, path: Path) -> int:
    """Add every checkpoint that the list lacks; how many. What a crash left out, the next call adds."""
    there = {one.n for one in read_list(path)}
    missing = [one for one in listed(connection) if one.n not in there]
    if not missing:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    _cut_torn_line(path)
    with path.open("ab") as file:
        for one in missing:
            line = one.published(signer().public_key, leaves_of(connection, one.n))
            file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return len(missing)


def read_list(path: Path) -> list[Listed]:
    """What a published list says, line by line; a line that a crash cut off is left out."""
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                said = json.loads(line)
                leaves = tuple(_listed_leaf(one) for one in said.get("leaves", ()))
                found.append(Listed(int(said["n"]), str(said["root"]), leaves))
            except (ValueError, KeyError, TypeError):
                continue
    return found


def _listed_leaf(said: tuple[StreamKind, str, int, str]) -> Leaf:
    kind, stream_id, seq, digest = said
    return Leaf(StreamId(kind, stream_id), seq, bytes.fromhex(digest))


def _cut_torn_line(path: Path) -> None:
    """A crash may have left half a line at the end: the whole one is written again."""
    kept = path.read_bytes() if path.exists() else b""
    if not kept.endswith(b"\n") and kept:
        os.truncate(path, kept.rfind(b"\n") + 1)


def _changed(connection: Connection) -> list[Leaf]:
    is_sealed = sa.exists().where(
        checkpoint_leaf.c.stream_kind == stream.c.kind,
        checkpoint_leaf.c.stream_id == stream.c.id,
        checkpoint_leaf.c.seq == stream.c.seq,
    )
    rows = connection.execute(sa.select(stream).where(~is_sealed))
    return [Leaf(StreamId(cast(StreamKind, row.kind), row.id), row.seq, row.hash) for row in rows]


def _keep(connection: Connection, made: Checkpoint, leaves: list[Leaf]) -> None:
    said = made.unsigned
    connection.execute(
        checkpoint.insert().values(
            n=said.n, log=said.log, at=said.at, size=said.size, previous=said.previous, root=said.root,
            signature=made.signature,
        )
    )  # fmt: skip
    rows = [
        {"stream_kind": one.stream.kind, "stream_id": one.stream.id, "seq": one.seq, "n": said.n, "hash": one.hash}
        for one in leaves
    ]
    for first in range(0, len(rows), BATCH):
        connection.execute(checkpoint_leaf.insert(), rows[first : first + BATCH])


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(Unsigned(row.log, row.n, row.at, row.size, row.previous, row.root), row.signature)


def _leaf(row: Any) -> Leaf:
    return Leaf(StreamId(cast(StreamKind, row.stream_kind), row.stream_id), row.seq, row.hash)
