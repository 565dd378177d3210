"""Writing to every stream that is not a case: pupils, people, organisations, calendars, definitions and the rest."""

from collections.abc import Callable

from app.cases.command import Command
from app.errors import Stale
from app.model.entry import ENCRYPTED, Entry, StreamId
from app.model.json import JsonObject
from app.store import journal, projections
from app.store.db import Connection, transaction
from app.store.keys import keyring


def write_record(
    stream: StreamId,
    kind: str,
    content: JsonObject,
    command: Command,
    *,
    meta: JsonObject | None = None,
    expected_seq: int | None = None,
    check: Callable[[Connection], None] | None = None,
) -> Entry:
    """Append one entry and project it. Raises Stale where the stream moved on from `expected_seq`.

    `check` is asked once nobody else can write to the stream: what it raises, nothing is written.
    """
    if stream.kind in ENCRYPTED and keyring().is_destroyed(stream):
        keyring().make(stream, command.now)
    with transaction() as connection:
        head = journal.lock(connection, stream)
        if expected_seq is not None and head.seq != expected_seq:
            raise Stale(None, stream=str(stream))
        if check is not None:
            check(connection)
        entry = journal.append(
            connection, stream, head, kind=kind, actor=command.actor, at=command.now, meta=meta or {}, content=content
        )
        projections.project(connection, entry)
        return entry
