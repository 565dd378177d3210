"""A copy of an installation's SQLite databases as they are, before a migration changes them. Not the backups of people.

Such a copy can be read as the databases can and holds the wrapped keys, so it is kept no longer than those (ADR 0052).
"""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from app.store.db import db

#: as long as a copy of the keys may be kept
KEPT = timedelta(days=35)
_BEFORE = "before-"


def keep(data_dir: Path, revision: str, now: datetime) -> Path | None:
    """Copy both databases into a folder of its own, on the disk when this returns; None where they are no files."""
    if db.engine.dialect.name != "sqlite":
        return None
    folder = data_dir / "backups" / f"{_BEFORE}{revision}-{now:%Y%m%dT%H%M%S%fZ}"
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    for engine in db.engines.values():
        if engine.dialect.name == "sqlite":
            _copy(Path(str(engine.url.database)), folder)
    return folder


def forget_older(data_dir: Path, now: datetime) -> int:
    """Remove the copies that are too old; how many."""
    found = [one for one in (data_dir / "backups").glob(f"{_BEFORE}*") if one.is_dir()]
    old = [one for one in found if one.stat().st_mtime < (now - KEPT).timestamp()]
    for one in old:
        shutil.rmtree(one)
    return len(old)


def _copy(database: Path, folder: Path) -> None:
    source, target = sqlite.connect(database), sqlite.connect(folder / database.name)
    with target:
        source.backup(target)
    source.close()
    target.close()
    (folder / database.name).chmod(0o600)
    with (folder / database.name).open("rb") as file:
        os.fsync(file.fileno())
