"""Taking a backup while people work. What is in it: `parts`; whether it is whole: `checking`.

One snapshot of the main database, then one of the keys. A key is committed before the first entry of its stream, so
every entry in the first snapshot has its key in the second. The other way round, a case begun in between would have
entries without a key.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from app.config import Settings
from app.model.checkpoint import Leaf, in_order
from app.model.entry import StreamId
from app.model.merkle import root
from app.store import checkpoints, schema
from app.store.backups import parts
from app.store.backups.parts import Manifest
from app.store.db import snapshot
from app.store.signing import signer
from app.store.tables import case_key, draft, stream


@dataclass(frozen=True)
class Taken:
    """A backup that was taken."""

    #: journal and what is not made from it
    backup: Path
    #: wrapped keys: keep it apart, and no longer than your deadline for erasing
    keys: Path
    #: what the first says of itself
    manifest: Manifest


def take(settings: Settings, folder: Path, at: datetime) -> Taken:
    """Write both files into a folder. Raises FileExistsError where there is one of this second."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"waymark-{at:%Y%m%dT%H%M%SZ}"
    backup, keys = folder / f"{name}{parts.BACKUP}", folder / f"{name}{parts.KEYS}"
    for path in (backup, keys):
        if path.exists():
            raise FileExistsError(f"Expected a new file, but {path} is there.")
    revision = schema.revision() or ""
    with tempfile.TemporaryDirectory(prefix=".waymark-", dir=folder) as aside:
        manifest = _take_main(Path(aside) / "main.db", at, revision)
        held = _take_keys(Path(aside) / "keys.db", at, revision, parts.kek_check(settings.kek_path.read_bytes()))
        parts.pack(held, Path(aside) / "keys.db", keys)
        parts.pack(manifest, Path(aside) / "main.db", backup)
    return Taken(backup, keys, manifest)


def heads_root(connection: sa.Connection) -> tuple[int, str]:
    """How many streams there are, and the Merkle root over the heads of all, hex."""
    rows = connection.execute(sa.select(stream))
    leaves = in_order([Leaf(StreamId(cast(Any, row.kind), row.id), row.seq, row.hash) for row in rows])
    return len(leaves), root(one.encoded for one in leaves).hex()


def _take_main(path: Path, at: datetime, revision: str) -> Manifest:
    tables = parts.main_tables()
    with snapshot() as source, parts.new_database(path, tables) as target:
        counts = {table.name: parts.copy_rows(source, target, table) for table in tables}
        streams, heads = heads_root(source)
        last = checkpoints.newest(source)
    return Manifest(
        kind="backup",
        made_at=at.isoformat(),
        revision=revision,
        counts=counts,
        size_bytes=path.stat().st_size,
        digest=parts.digest_of(path),
        log=signer().log,
        key=signer().public_key.hex(),
        streams=streams,
        heads=heads,
        checkpoint=last.n if last else 0,
        checkpoint_root=last.unsigned.root.hex() if last else "",
    )


def _take_keys(path: Path, at: datetime, revision: str, kek_check: str) -> Manifest:
    with parts.new_database(path, parts.key_tables()) as target:
        with snapshot("keys") as source:
            keys = parts.copy_rows(source, target, case_key)
        with snapshot() as source:
            drafts = parts.copy_rows(source, target, draft)
    return Manifest(
        kind="keys",
        made_at=at.isoformat(),
        revision=revision,
        counts={case_key.name: keys, draft.name: drafts},
        size_bytes=path.stat().st_size,
        digest=parts.digest_of(path),
        log=signer().log,
        kek_check=kek_check,
    )
