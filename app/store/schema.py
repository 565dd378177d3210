"""Bringing the databases to the newest schema. The steps themselves are in `migrations/`."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.clock import real_now
from app.store import safekeeping
from app.store.db import db
from app.store.tables import case_key

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class NewerSchema(SystemExit):
    """The database was made by a newer version of Waymark."""


class MigrationFailed(SystemExit):
    """The database could not be brought to this version. It is as it was before."""


def upgrade(data_dir: Path, folder: Path = MIGRATIONS) -> None:
    """Run every migration that has not run yet, all of them or none, on both databases.

    A copy of an SQLite database is kept first. Raises NewerSchema, MigrationFailed.
    """
    known, newest = _steps(folder)
    current = revision()
    if current is not None and current not in known:
        raise NewerSchema(f"Expected a database of this version, but it is at {current}. Install the newer Waymark.")
    if current is None:
        command.upgrade(configuration(folder), "head")
    elif current != newest:
        _migrate(data_dir, folder, current, newest)
    with db.engines["keys"].execution_options(waymark_writes=True).begin() as connection:
        case_key.create(connection, checkfirst=True)


def _migrate(data_dir: Path, folder: Path, current: str, newest: str) -> None:
    kept = safekeeping.keep(data_dir, newest, real_now())
    try:
        command.upgrade(configuration(folder), "head")
    except Exception as trouble:
        copy = f" A copy from before is in {kept}." if kept else ""
        raise MigrationFailed(
            f"Expected to bring the database from {current} to {newest}, but that failed ({type(trouble).__name__})."
            f" Nothing was changed: start the version of Waymark that you had, and it works as before.{copy}"
        ) from trouble


def revision() -> str | None:
    """The migration the main database is at, or None for an empty one."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return MigrationContext.configure(connection).get_current_revision()


def configuration(folder: Path = MIGRATIONS) -> Config:
    """Where the migrations are."""
    found = Config()
    found.set_main_option("script_location", str(folder))
    return found


@cache
def _steps(folder: Path) -> tuple[frozenset[str], str]:
    """Every revision this program knows, and the newest; the files are read once per process."""
    scripts = ScriptDirectory.from_config(configuration(folder))
    return frozenset(one.revision for one in scripts.walk_revisions()), scripts.get_current_head() or ""
