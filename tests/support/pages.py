"""The web application as tests want it: the real one, with its templates compiled once per process of tests."""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from app.config import Settings
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
