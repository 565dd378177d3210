"""Checking a backup by reading it back: its bytes, its counts, its heads, and every chain and checkpoint in it."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.model.entry import ENCRYPTED
from app.store import proof
from app.store.backups import parts
from app.store.backups.parts import Manifest, UnusableBackup
from app.store.backups.taking import heads_root
from app.store.proof import Finding
from app.store.tables import case_key, entry

_PLACE = "backup"


@dataclass(frozen=True)
class Checked:
    """What reading a backup back found."""

    #: what it says of itself, or None where even that cannot be read
    manifest: Manifest | None
    #: everything that does not hold, none where all does
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether it can be relied on."""
        return not self.findings


def check(path: Path, published: Path | None = None) -> Checked:
    """Read a backup back from the disk; with a published list, compare its checkpoints with that too."""
    try:
        with parts.unpacked(path) as (manifest, database), parts.opened_database(database) as connection:
            return Checked(manifest, tuple(_findings(connection, manifest, published)))
    except UnusableBackup as trouble:
        return Checked(None, (Finding(str(path), str(trouble)),))


def check_keys(path: Path, backup: Path) -> Checked:
    """Read the keys back: whole, and one for every encrypted stream of the backup."""
    try:
        with parts.unpacked(path) as (manifest, database), parts.opened_database(database) as connection:
            held = set(connection.scalars(sa.select(case_key.c.stream)))
            with parts.unpacked(backup) as (_, main), parts.opened_database(main) as journal:
                needed = {f"{kind}/{name}" for kind, name in journal.execute(_encrypted())}
            return Checked(manifest, tuple(Finding(one, "its key is not there") for one in sorted(needed - held)))
    except UnusableBackup as trouble:
        return Checked(None, (Finding(str(path), str(trouble)),))


def _findings(connection: sa.Connection, manifest: Manifest, published: Path | None) -> list[Finding]:
    found = list(proof.check(connection, manifest.log, bytes.fromhex(manifest.key), published).findings)
    for table in (one for one in parts.main_tables() if one.name in manifest.counts):
        count = connection.scalar(sa.select(sa.func.count()).select_from(table))
        if count != manifest.counts.get(table.name):
            sentence = f"{table.name} has {count} rows, but the manifest says {manifest.counts.get(table.name)}"
            found.append(Finding(_PLACE, sentence))
    if heads_root(connection) != (manifest.streams, manifest.heads):
        found.append(Finding(_PLACE, "the heads of its streams are not those that the manifest was made of"))
    return found


def _encrypted() -> sa.Select[str, str]:
    kinds = sorted(ENCRYPTED)
    return sa.select(entry.c.stream_kind, entry.c.stream_id).where(entry.c.stream_kind.in_(kinds)).distinct()
