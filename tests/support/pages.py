"""The web application as tests want it: the real one, put together once per process of tests and used again."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from waitress.server import create_server

from app.config import Settings
from app.store.db import db
from app.store.open import open_store
from app.web import metrics
from app.web.application import create_app


class Remembered(BytecodeCache):
    """Compiled templates of this process, by name and by what their source says."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what an application before compiled of the same source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Remembered()


@dataclass(frozen=True)
class Assembled:
    """An application that has everything but a store of its own."""

    #: the application
    app: Flask
    #: its configuration and its extensions before any request, by name
    config: dict[str, object]
    extensions: dict[str, object]


#: statements by kind of database
STATEMENTS: dict[str, dict[object, object]] = {}
#: by settings without a place, and by the key its cookies are signed with
ASSEMBLED: dict[tuple[Settings, bytes], Assembled] = {}


def web_application(settings: Settings) -> Flask:
    """An application of its own, for tests that use several at once or change one for good.

    Compiling the templates anew for every test took two thirds of the time of the page tests.
    """
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def application_over(settings: Settings) -> Flask:
    """The application of these settings, moved to their installation: one test at a time may have it.

    Putting routes, API and templates together took half the time of a page test.
    """
    kind = (replace(settings, data_dir=Path(), database_url=""), settings.kek_path.read_bytes())
    if kind not in ASSEMBLED:
        app = web_application(settings)
        ASSEMBLED[kind] = Assembled(app, dict(app.config), copy.copy(app.extensions))
        return with_statements_kept(app)
    known = ASSEMBLED[kind]
    app = known.app
    app._got_first_request = False  # the library lets a store be opened before the first request only
    app.teardown_appcontext_funcs.clear()
    app.config.clear()
    app.config.update(known.config)
    app.extensions = {name: one for name, one in known.extensions.items() if name != "sqlalchemy"}
    metrics.install(app)  # counts begin anew
    return with_statements_kept(open_store(app, settings))


def with_statements_kept(app: Flask) -> Flask:
    """Let databases of one kind share what SQLAlchemy compiled: each test has databases of its own, alike in all."""
    with app.app_context():
        for engine in db.engines.values():
            engine.update_execution_options(compiled_cache=STATEMENTS.setdefault(engine.dialect.name, {}))
    return app


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind a real server, as in production; its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
