"""Opening the store of an installation: connections, schema, keys. What runs on it is not decided here."""

from flask import Flask

from app.config import Settings
from app.store import tables  # noqa: F401  (registers every table)
from app.store.db import attach, db, one_node_at_a_time
from app.store.keys import attach_keyring
from app.store.schema import upgrade
from app.store.signing import attach_signer

SETTINGS = "waymark_settings"


def open_store(app: Flask, settings: Settings) -> Flask:
    """Connect, migrate and unlock. Raises UnsafeSqlite, NewerSchema, MigrationFailed, KeysMissing or
    SigningKeyMissing: the program must not start."""
    app.extensions[SETTINGS] = settings
    attach(app, settings)
    with app.app_context():
        with one_node_at_a_time():
            upgrade(settings.data_dir)
        attach_keyring(settings)
        attach_signer(settings)
    return app


def close_store() -> None:
    """Let go of the databases; SQLite's are whole files afterwards, with everything on the disk."""
    db.session.remove()
    for engine in db.engines.values():
        if engine.dialect.name == "sqlite":
            connection = engine.raw_connection()  # outside any transaction, where neither may be done
            connection.cursor().execute("PRAGMA synchronous=FULL")
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        engine.dispose()
