"""What a backup consists of: two files, each a manifest and one SQLite database. Nothing of how they are filled.

`….backup` holds the journal and what is not made from it; `….keys` the wrapped keys and unfinished answers. Pages'
tables are left out: they are made again from the journal, and a backup kept for years holds nothing readable of a
case (ADR 0031).
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import sqlalchemy as sa

from app.store.db import db
from app.store.tables import (
    PROJECTIONS,
    case_key,
    draft,
    due_try,
    idempotency,
    kept_form,
    link_code,
    login_attempt,
    node,
    outbox,
    session,
)

FORMAT = 1
BACKUP, KEYS = ".backup", ".keys"
MANIFEST, DATABASE = "manifest.json", "database.db"
#: rows read and written at once
BATCH = 1_000
#: not copied: made again from the journal, short-lived (who was told by mail is told once), or in the other file
_SHORT_LIVED = (idempotency, session, login_attempt, link_code, kept_form, draft, outbox, node, due_try)
_LEFT_OUT = {table.name for table in (*PROJECTIONS, *_SHORT_LIVED)}


class UnusableBackup(ValueError):
    """This file is not a backup that can be read."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `backup` and `keys` files leave out what they do not have."""

    #: "backup" or "keys"
    kind: str
    #: when the snapshot began, ISO
    made_at: str
    #: migration the tables are at
    revision: str
    #: rows of each table
    counts: dict[str, int]
    #: size of the database in the file
    size_bytes: int
    #: SHA-256 of it, hex
    digest: str
    #: name of the log
    log: str = ""
    #: public key of its checkpoints, hex
    key: str = ""
    #: how many streams
    streams: int = 0
    #: Merkle root over the heads of all streams, hex
    heads: str = ""
    #: number of the last checkpoint, 0 for none
    checkpoint: int = 0
    #: its root, hex
    checkpoint_root: str = ""
    #: tells whether a key file is the right one, without saying anything of it
    kek_check: str = ""

    @property
    def entries(self) -> int:
        """How many entries of the journal."""
        return self.counts.get("entry", 0)


def main_tables() -> list[sa.Table]:
    """Tables of the main database that a backup holds."""
    every = db.metadatas[None].sorted_tables
    return [table for table in every if table.name not in _LEFT_OUT]


def key_tables() -> list[sa.Table]:
    """Tables of the short-lived file: wrapped keys, and answers that people have not sent yet."""
    return [case_key, draft]


def kek_check(kek: bytes) -> str:
    """A word that only this key file leads to."""
    return hashlib.sha256(b"waymark:kek-check" + kek).hexdigest()[:32]


@contextmanager
def new_database(path: Path, tables: list[sa.Table]) -> Iterator[sa.Connection]:
    """An SQLite file with those tables; whole and closed afterwards."""
    engine = sa.create_engine(f"sqlite:///{path}", module=sqlite)
    for metadata in {table.metadata for table in tables}:
        metadata.create_all(engine, tables=[table for table in tables if table.metadata is metadata])
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@contextmanager
def opened_database(path: Path) -> Iterator[sa.Connection]:
    """An SQLite file, for reading. Raises UnusableBackup where its pages are damaged."""
    engine = sa.create_engine(f"sqlite:///{path}", module=sqlite)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if found != "ok":
                raise UnusableBackup(f"its database is damaged: {found}")
            yield connection
    except sa.exc.DatabaseError as trouble:
        raise UnusableBackup(f"its database cannot be read: {trouble.orig}") from None
    finally:
        engine.dispose()


def copy_rows(source: sa.Connection, target: sa.Connection, table: sa.Table) -> int:
    """Every row of a table, from one database to the other; how many."""
    count, batch = 0, list[dict[str, Any]]()
    insert = table.insert()
    for row in source.execute(sa.select(table).execution_options(yield_per=BATCH)).mappings():
        batch.append(_unnamed(table, dict(row)))
        if len(batch) == BATCH:
            target.execute(insert, batch)
            count, batch = count + len(batch), []
    if batch:
        target.execute(insert, batch)
    return count + len(batch)


def pack(manifest: Manifest, database: Path, to: Path) -> None:
    """Manifest and database as one file, there as a whole or not at all, on the disk when this returns."""
    unfinished = to.with_name(f"{to.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
        packed.write(database, DATABASE)
    unfinished.chmod(0o600)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(to)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a file. Raises UnusableBackup."""
    try:
        with zipfile.ZipFile(path) as packed:
            said = json.loads(packed.read(MANIFEST))
        if said.pop("format") != FORMAT:
            raise UnusableBackup(f"Expected {path} to be a backup of this format, but it is of another.")
        return Manifest(**said)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as trouble:
        raise UnusableBackup(f"Expected a backup in {path}, but: {trouble}") from None


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the database beside it in a folder of its own. Raises UnusableBackup where bytes changed."""
    manifest = read_manifest(path)
    with tempfile.TemporaryDirectory(prefix="waymark-") as folder:
        database = Path(folder) / DATABASE
        try:
            with zipfile.ZipFile(path) as packed, packed.open(DATABASE) as source, database.open("wb") as target:
                shutil.copyfileobj(source, target)
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as trouble:
            raise UnusableBackup(f"Expected {path} to be whole, but: {trouble}") from None
        if digest_of(database) != manifest.digest:
            raise UnusableBackup(f"Expected {path} as it was written, but its database has changed since.")
        yield manifest, database


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unnamed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """Names of files may name people, and the journal holds them, encrypted."""
    return row | {"name": ""} if table.name == "document_content" else row
