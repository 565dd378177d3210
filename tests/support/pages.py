"""The web application as tests want it: the real one, with its templates compiled once per process of tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from waitress.server import create_server

from app.config import Settings
from app.store.db import db
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


def web_application(settings: Settings) -> Flask:
    """Compiling the templates anew for every test took two thirds of the time of the page tests."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
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
