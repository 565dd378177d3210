"""Whether this installation can serve: databases, schema and keys. Says what is missing in words, without places."""

from functools import cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.store.db import db
from app.store.schema import configuration, revision
from app.store.tables import case_key


@cache
def newest_schema() -> str:
    """The schema that this program is made for."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def missing(settings: Settings) -> list[str]:
    """What keeps it from serving, a sentence each; nothing where it can."""
    found = []
    try:
        at = revision()
        if at != newest_schema():
            found.append(f"Expected the database at schema {newest_schema()}, but it is at {at}.")
    except SQLAlchemyError:
        found.append("The database cannot be reached.")
    try:
        with db.engines["keys"].connect() as connection:
            connection.execute(sa.select(case_key.c.stream).limit(1))
    except SQLAlchemyError:
        found.append("The database of keys cannot be reached.")
    if not settings.kek_path.exists():
        found.append("The key file kek is missing: restore it from escrow.")
    if not settings.signing_path.exists():
        found.append("The key file signing is missing: restore it from escrow.")
    return found
