"""Appending entries and reading them back, with their hash chain. What entries mean is decided in the layers above.

`hash = SHA-256(0x02 ‖ previous ‖ length ‖ head ‖ SHA-256(payload))`, where head is the canonical JSON of everything
that is not content and the first previous is SHA-256 of the stream's name: no entry can change, move or go missing
without breaking a link.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from blinker import Signal
from sqlalchemy import Connection

from app.clock import real_now
from app.errors import CaseErased, Stale
from app.model.actor import Actor
from app.model.entry import ENCRYPTED, Entry, StreamId, StreamKind
from app.model.json import JsonObject, canonical, compact
from app.store import versions
from app.store.keys import keyring
from app.store.tables import entry as entry_table
from app.store.tables import stream as stream_table

FORMAT = 1
#: sent the kind of every entry that is appended; its transaction may still come to nothing
APPENDED = Signal()


@dataclass(frozen=True)
class Head:
    """The end of a stream, locked for whoever asked for it."""

    #: seq of the last entry; 0 for a stream without entries
    seq: int
    #: its hash
    hash: bytes


def lock(connection: Connection, stream: StreamId) -> Head:
    """The head of a stream, locked until the transaction ends; 0 for a new one."""
    row = connection.execute(
        sa.select(stream_table.c.seq, stream_table.c.hash)
        .where(stream_table.c.kind == stream.kind, stream_table.c.id == stream.id)
        .with_for_update()
    ).first()
    return Head(row.seq, row.hash) if row else Head(0, origin(stream))


def append(
    connection: Connection,
    stream: StreamId,
    head: Head,
    *,
    kind: str,
    actor: Actor,
    at: datetime,
    meta: JsonObject,
    content: JsonObject,
) -> Entry:
    """Write one entry after `head`. Raises Stale when somebody else wrote first."""
    seq, recorded_at = head.seq + 1, real_now()
    payload = packed(stream, seq, kind, compact(content))
    meta = {**meta, **({"authority": actor.authority} if actor.authority else {})}
    digest = chain_hash(head.hash, stream, seq, at, recorded_at, actor.id, kind, meta, payload)
    _move_head(connection, stream, head, seq, digest)
    if stream.kind in versions.CONFIGURATION:
        versions.moved(connection, stream.kind)
    row = {
        "stream_kind": stream.kind,
        "stream_id": stream.id,
        "seq": seq,
        "at": at,
        "recorded_at": recorded_at,
        "actor": actor.id,
        "kind": kind,
        "meta": meta,
        "payload": payload,
        "hash": digest,
    }
    connection.execute(_APPEND, row)
    APPENDED.send(kind)
    return Entry(stream, seq, at, recorded_at, actor.id, kind, meta, content, digest)


def entries(connection: Connection, stream: StreamId, upto: int | None = None) -> list[Entry]:
    """Every entry of one stream, oldest first, content opened; stopping at `upto`."""
    query = sa.select(entry_table).where(entry_table.c.stream_kind == stream.kind, entry_table.c.stream_id == stream.id)
    if upto is not None:
        query = query.where(entry_table.c.seq <= upto)
    return [_read(row) for row in connection.execute(query.order_by(entry_table.c.seq))]


def page(connection: Connection, stream: StreamId, after: int, limit: int) -> list[Entry]:
    """So many entries of one stream after one of them, oldest first, content opened; no other is read."""
    own = sa.and_(entry_table.c.stream_kind == stream.kind, entry_table.c.stream_id == stream.id)
    query = sa.select(entry_table).where(own, entry_table.c.seq > after)
    return [_read(row) for row in connection.execute(query.order_by(entry_table.c.seq).limit(limit))]


def one(connection: Connection, stream: StreamId, seq: int) -> Entry | None:
    """A single entry, or None."""
    row = connection.execute(
        sa.select(entry_table).where(
            entry_table.c.stream_kind == stream.kind, entry_table.c.stream_id == stream.id, entry_table.c.seq == seq
        )
    ).first()
    return _read(row) if row else None


def hash_of(connection: Connection, stream: StreamId, seq: int) -> bytes | None:
    """The hash of one entry, or None where there is no such entry."""
    found: bytes | None = connection.scalar(
        sa.select(entry_table.c.hash).where(
            entry_table.c.stream_kind == stream.kind, entry_table.c.stream_id == stream.id, entry_table.c.seq == seq
        )
    )
    return found


def streams(connection: Connection, kind: StreamKind | None = None) -> list[StreamId]:
    """Every stream that has entries, by the journal itself rather than by heads."""
    query = sa.select(entry_table.c.stream_kind, entry_table.c.stream_id).distinct()
    if kind:
        query = query.where(entry_table.c.stream_kind == kind)
    return [StreamId(row[0], row[1]) for row in connection.execute(query.order_by(sa.text("1, 2")))]


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    #: the stream
    stream: StreamId
    #: the entry, or the first missing one
    seq: int
    #: one sentence
    sentence: str


def verify(connection: Connection, stream: StreamId) -> tuple[int, list[Break]]:
    """How many entries were checked and every place where the chain is broken; needs no keys."""
    breaks: list[Break] = []
    previous, expected = origin(stream), 1
    for row in _raw(connection, stream):
        if row.seq != expected:
            breaks.append(Break(stream, expected, f"entry {expected} is missing"))
        digest = chain_hash(
            previous, stream, row.seq, row.at, row.recorded_at, row.actor, row.kind, row.meta, row.payload
        )
        if digest != row.hash:
            breaks.append(Break(stream, row.seq, f"entry {row.seq} was altered after it was written"))
        previous, expected = row.hash, row.seq + 1
    head = connection.execute(
        sa.select(stream_table.c.seq, stream_table.c.hash).where(
            stream_table.c.kind == stream.kind, stream_table.c.id == stream.id
        )
    ).first()
    if head is None or (head.seq, head.hash) != (expected - 1, previous):
        last = head.seq if head else 0
        breaks.append(Break(stream, expected, f"the chain ends at entry {expected - 1}, but its head says {last}"))
    return expected - 1, breaks


def packed(stream: StreamId, seq: int, kind: str, content: bytes) -> bytes:
    """Content as it is kept: compressed, and encrypted where the stream is."""
    smaller = zlib.compress(content, 9)
    return keyring().seal(stream, smaller, f"{stream}|{seq}|{kind}") if stream.kind in ENCRYPTED else smaller


def chain_hash(
    previous: bytes,
    stream: StreamId,
    seq: int,
    at: datetime,
    recorded_at: datetime,
    actor: str,
    kind: str,
    meta: JsonObject,
    payload: bytes,
) -> bytes:
    """The link from `previous` over one entry's own bytes."""
    head = canonical([FORMAT, str(stream), seq, at.isoformat(), recorded_at.isoformat(), actor, kind, meta])
    return hashlib.sha256(
        b"\x02" + previous + struct.pack(">I", len(head)) + head + hashlib.sha256(payload).digest()
    ).digest()


def origin(stream: StreamId) -> bytes:
    """What the first entry of a stream is chained to."""
    return hashlib.sha256(f"waymark:{stream}".encode()).digest()


def _move_head(connection: Connection, stream: StreamId, head: Head, seq: int, digest: bytes) -> None:
    if head.seq == 0:
        connection.execute(stream_table.insert().values(kind=stream.kind, id=stream.id, seq=seq, hash=digest))
        return
    where = {"stream_kind": stream.kind, "stream_id": stream.id, "head_seq": head.seq}
    moved = connection.execute(_MOVE_HEAD, {**where, "seq": seq, "hash": digest})
    if moved.rowcount != 1:
        raise Stale(None, stream=str(stream))


#: built once: building a statement costs more than sending it
_MOVE_HEAD = stream_table.update().where(
    stream_table.c.kind == sa.bindparam("stream_kind"),
    stream_table.c.id == sa.bindparam("stream_id"),
    stream_table.c.seq == sa.bindparam("head_seq"),
)
_APPEND = entry_table.insert()


def _raw(connection: Connection, stream: StreamId) -> Iterator[Any]:
    yield from connection.execute(
        sa.select(entry_table)
        .where(entry_table.c.stream_kind == stream.kind, entry_table.c.stream_id == stream.id)
        .order_by(entry_table.c.seq)
    )


def _read(row: Any) -> Entry:
    stream = StreamId(cast(StreamKind, row.stream_kind), row.stream_id)
    return Entry(stream, row.seq, row.at, row.recorded_at, row.actor, row.kind, row.meta, _open(stream, row), row.hash)


def _open(stream: StreamId, row: Any) -> JsonObject | None:
    packed = row.payload
    if stream.kind in ENCRYPTED:
        try:
            packed = keyring().open(stream, row.payload, f"{stream}|{row.seq}|{row.kind}")
        except CaseErased:
            return None
    content: JsonObject = json.loads(zlib.decompress(packed))
    return content
