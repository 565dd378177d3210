"""Putting a backup into an empty installation, on either database. What happens after: `app.cases.restoring`.

Whatever is missing is said before anything is written, and the file that is needed is named.
"""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.config import Settings
from app.store import schema, signing
from app.store.backups import parts
from app.store.backups.parts import Manifest, UnusableBackup
from app.store.db import db, transaction
from app.store.tables import case_key, draft, entry

#: keys older than this may bring back what was erased since
KEYS_KEPT = timedelta(days=35)
_APPEND_ONLY = {"entry", "checkpoint", "checkpoint_leaf"}


class NotRestorable(Exception):
    """This backup cannot be restored here. Nothing was written."""


def prepare(backup: Path, keys: Path, settings: Settings, now: datetime) -> Manifest:
    """The manifest of the backup, once everything that it needs is there. Raises NotRestorable."""
    try:
        manifest, held = parts.read_manifest(backup), parts.read_manifest(keys)
    except UnusableBackup as trouble:
        raise NotRestorable(str(trouble)) from None
    if (manifest.kind, held.kind) != ("backup", "keys"):
        raise NotRestorable(
            f"Expected a backup and its keys, but {backup} and {keys} are {manifest.kind}, {held.kind}."
        )
    if held.log != manifest.log:
        raise NotRestorable(f"Expected the keys of {manifest.log}, but {keys} holds those of {held.log}.")
    if held.made_at < manifest.made_at:
        raise NotRestorable(f"Expected keys that are as new as the backup, but {keys} is from {held.made_at}.")
    if now - datetime.fromisoformat(held.made_at) > KEYS_KEPT:
        raise NotRestorable(
            f"Expected a copy of the keys no older than {KEYS_KEPT.days} days, but {keys} is from {held.made_at}:"
            " it may bring back cases that were erased since. Name a newer one with --keys."
        )
    _check_escrow(settings, manifest, held)
    return manifest


def fill(backup: Path, keys: Path) -> None:
    """Write the rows of both files into the open, empty installation. Raises NotRestorable where it is not empty."""
    with parts.unpacked(backup) as (manifest, main), parts.unpacked(keys) as (_, vault):
        if manifest.revision != schema.revision():
            raise NotRestorable(
                f"Expected a backup at migration {schema.revision()}, but it is at {manifest.revision}."
                " Restore it with the version it was taken with, then update."
            )
        with db.engines["keys"].execution_options(waymark_writes=True).begin() as target:
            target.execute(sa.delete(case_key))  # left over where restoring was interrupted: no entry is there yet
            with parts.opened_database(vault) as source:
                parts.copy_rows(source, target, case_key)
        with transaction() as target:
            refuse_if_used(target)
            with parts.opened_database(main) as source:
                for table in parts.main_tables():
                    _empty(target, table)
                    parts.copy_rows(source, target, table)
            with parts.opened_database(vault) as source:
                parts.copy_rows(source, target, draft)
            _move_sequences(target)


def refuse_if_used(connection: sa.Connection) -> None:
    """Raises NotRestorable where the installation holds anything."""
    if connection.scalar(sa.select(entry.c.seq).limit(1)) is not None:
        raise NotRestorable("Expected an empty installation, but this one has a journal. Name another with --data.")


def _empty(connection: sa.Connection, table: sa.Table) -> None:
    """Opening an installation may have written a row of its own; the append-only tables are empty."""
    if table.name not in _APPEND_ONLY:
        connection.execute(sa.delete(table))


def _check_escrow(settings: Settings, manifest: Manifest, held: Manifest) -> None:
    kek, log = settings.kek_path, settings.signing_path
    for path, what in ((kek, "the key file"), (log, "the signing key")):
        if not path.exists():
            raise NotRestorable(f"Expected {what} {path}, but it is missing. Put the copy from your escrow there.")
    if parts.kek_check(kek.read_bytes()) != held.kek_check:
        raise NotRestorable(f"Expected the key file that opens these keys in {kek}, but another is there.")
    if signing.read(log).log != manifest.log:
        raise NotRestorable(f"Expected the signing key of {manifest.log} in {log}, but another is there.")


def _move_sequences(connection: sa.Connection) -> None:
    """PostgreSQL counts on by itself: where rows came with their numbers, it must begin after them."""
    if connection.dialect.name != "postgresql":
        return
    for table in parts.main_tables():
        column = table.autoincrement_column
        if column is not None:
            name = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name)))
            if name is not None:
                highest = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(name, highest, False)))
