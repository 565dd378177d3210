"""Writing the whole journal to one file that anybody can check elsewhere: ciphertext, checkpoints, public key.

Each line is one JSON object: the log's identity, then checkpoints, then entries in the order of their streams, then
how many there were. Holds no key and no readable content of a case; `docs/verify_journal.py` reads it.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.json import JsonObject
from app.store import checkpoints
from app.store.signing import Signer
from app.store.tables import entry

BATCH = 1_000


def export(connection: Connection, log: Signer, at: datetime, file: IO[str]) -> tuple[int, int]:
    """Write it; how many entries and checkpoints."""
    _line(file, {"journal": {"format": 1, "log": log.log, "key": log.public_key.hex(), "made_at": at.isoformat()}})
    made = entries = 0
    for one in checkpoints.listed(connection):
        _line(file, {"checkpoint": one.published(log.public_key, checkpoints.leaves_of(connection, one.n))})
        made += 1
    for row in _entries(connection):
        _line(file, {"entry": _entry(row)})
        entries += 1
    _line(file, {"end": {"entries": entries, "checkpoints": made}})
    return entries, made


def _entries(connection: Connection) -> Iterator[Any]:
    ordered = sa.select(entry).order_by(entry.c.stream_kind, entry.c.stream_id, entry.c.seq)
    yield from connection.execute(ordered.execution_options(yield_per=BATCH))


def _entry(row: Any) -> JsonObject:
    return {
        "stream_kind": row.stream_kind,
        "stream_id": row.stream_id,
        "seq": row.seq,
        "at": row.at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "actor": row.actor,
        "kind": row.kind,
        "meta": row.meta,
        "payload": base64.b64encode(row.payload).decode(),
        "hash": row.hash.hex(),
    }


def _line(file: IO[str], value: JsonObject) -> None:
    file.write(json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n")
