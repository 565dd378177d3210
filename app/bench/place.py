"""The installation that is measured: an invented authority, its process deployed, durable commits; gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.bench.sizes import Size
from app.cases.command import Command
from app.casework.demo.authority import northmere
from app.casework.demo.loading import LOADED_AT, load
from app.cli.making import PROCESSES
from app.config import Settings
from app.model.actor import OPERATOR
from app.store.db import db
from app.store.open import close_store
from app.store.throwaway import databases
from app.studio.bundles import bundle_at
from app.studio.deploying import deploy
from app.web.application import create_app

PROCESS = "graduated-approach"


@dataclass(frozen=True)
class Place:
    """An installation to measure."""

    #: where its files lie; its databases, too, or their addresses
    settings: Settings
    #: how much to do
    size: Size
    #: its pages in this process: for what is counted, not timed
    app: Flask

    @property
    def is_sqlite(self) -> bool:
        """One file, one process."""
        return not self.settings.database_url


@contextmanager
def installed(database_url: str, size: Size) -> Iterator[Place]:
    """A new installation, on SQLite or on databases of its own on that PostgreSQL. Its context is open."""
    on_server = databases(database_url) if database_url else nullcontext(("", ""))
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder, on_server as (main, keys):
        # What only gets ready need not wait for the disk; the program that is measured does.
        settings = Settings(data_dir=Path(folder), database_url=main, keys_url=keys, fast_commits=True)
        app = create_app(settings)
        with app.app_context():
            try:
                load(northmere())
                deploy(bundle_at(PROCESSES / PROCESS), OPERATOR.id, OPERATOR.id, "", Command(OPERATOR, LOADED_AT))
                yield Place(settings, size, app)
            finally:
                db.session.rollback()
                close_store()
