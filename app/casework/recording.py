"""Recording what administrators change: nobody's change goes over another's, and a repeat writes nothing."""

from app.cases.command import Command
from app.cases.records import write_record
from app.errors import Stale
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import journal
from app.store.db import reading


def record_once(stream: StreamId, kind: str, content: JsonObject, command: Command, expected_seq: int) -> bool:
    """Append an entry after `expected_seq`; False where this very command had done so before.

    Raises Stale where somebody else wrote after `expected_seq`.
    """
    try:
        meta: JsonObject = {"key": command.key} if command.key else {}
        write_record(stream, kind, content, command, meta=meta, expected_seq=expected_seq)
    except Stale:
        if not is_repeat(stream, command, expected_seq):
            raise
        return False
    return True


def is_repeat(stream: StreamId, command: Command, expected_seq: int) -> bool:
    """Whether this very command wrote the entry after `expected_seq`."""
    written = journal.one(reading(), stream, expected_seq + 1)
    return written is not None and command.key is not None and written.meta.get("key") == command.key
