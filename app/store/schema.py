"""Bringing the databases to the newest schema. The steps themselves are in `migrations/`."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.db import db
from app.store.tables import case_key

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class NewerSchema(SystemExit):
    """The database was made by a newer version of Waymark."""


def upgrade() -> None:
    """Run every migration that has not run yet, on both databases. Raises NewerSchema."""
    known, newest = _steps()
    current = revision()
    if current is not None and current not in known:
        raise NewerSchema(f"Expected a database of this version, but it is at {current}. Install the newer Waymark.")
    if current != newest:
        command.upgrade(configuration(), "head")
    with db.engines["keys"].execution_options(waymark_writes=True).begin() as connection:
        case_key.create(connection, checkfirst=True)


def revision() -> str | None:
    """The migration the main database is at, or None for an empty one."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return MigrationContext.configure(connection).get_current_revision()


def configuration() -> Config:
    """Where the migrations are."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    return found


@cache
def _steps() -> tuple[frozenset[str], str | None]:
    """Every revision this program knows, and the newest; the files are read once per process."""
    scripts = ScriptDirectory.from_config(configuration())
    return frozenset(one.revision for one in scripts.walk_revisions()), scripts.get_current_head()
