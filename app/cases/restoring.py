"""Bringing an installation back from a backup: its rows, what was erased since, its tables, and word of it.

Rows first; then the tables are made from the journal; then everything on the list of erasures is erased again; then an
entry says that this happened. Nobody can sign in until all of it is done.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.cases import erasing, rebuilding
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.records import write_record
from app.config import Settings
from app.errors import NotFound
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import checkpoints
from app.store.backups import filling
from app.store.backups.parts import Manifest
from app.store.erasures import Erasure
from app.store.keys import keyring

#: who an erasure is asked for by when it is repeated
LISTED = "erasure-list"


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    #: entries read while the tables were made
    entries: int
    #: cases and pupils on the list of erasures that the backup still had
    erased: tuple[str, ...]


def restore(backup: Path, keys: Path, erasures: list[Erasure], settings: Settings, manifest: Manifest) -> Restored:
    """Fill the open, empty installation. Raises NotRestorable."""
    filling.fill(backup, keys)
    entries = rebuilding.rebuild()
    erased = tuple(str(one.stream) for one in erasures if _erase_again(one))
    said: JsonObject = {"made_at": manifest.made_at, "checkpoint": manifest.checkpoint, "erased_again": len(erased)}
    write_record(
        StreamId("installation", "last-restore"),
        "installation-restored",
        {"value": said},
        Command(OPERATOR, clock().now()),
    )
    return Restored(entries, erased)


def seal(at: datetime, settings: Settings) -> None:
    """Sign what was brought back and what was written about it, after every number that was ever published."""
    checkpoints.make_and_publish(at, settings.checkpoint_file)


def _erase_again(listed: Erasure) -> bool:
    """Whether it was still there. A key that the copy of the keys no longer has needs nothing more."""
    if keyring().is_destroyed(listed.stream):
        return False
    reason = f"It was erased before, on {listed.at[:10]}; the backup that was restored is older."
    try:
        erasing.erase(listed.stream.id, LISTED, reason, Command(OPERATOR, clock().now()))
    except NotFound:  # a pupil, or a case without a row: the key is all there is
        keyring().destroy(listed.stream, clock().now())
    return True
