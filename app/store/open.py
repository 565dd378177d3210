"""Opening the store of an installation: connections, schema, keys. What runs on it is not decided here."""

from flask import Flask

from app.config import Settings
from app.store import tables  # noqa: F401  (registers every table)
from app.store.db import attach
from app.store.keys import attach_keyring
from app.store.schema import upgrade

SETTINGS = "waymark_settings"


def open_store(app: Flask, settings: Settings) -> Flask:
    """Connect, migrate and unlock. Raises UnsafeSqlite, NewerSchema or KeysMissing: the program must not start."""
    app.extensions[SETTINGS] = settings
    attach(app, settings)
    with app.app_context():
        upgrade()
        attach_keyring(settings)
    return app
