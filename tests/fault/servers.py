"""Real servers as processes of their own, started by the documented command, that tests kill; and a plain client."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from support import installation
from support.fixtures import close

from app.access.tokens import SCOPES
from app.config import Settings
from app.store import tokens
from app.store.open import open_store

TIMEOUT_SECONDS = 60
#: what a client sees of a server that is not there, or goes while it answers
GONE = (OSError, http.client.HTTPException)


class Server:
    """`python3 manage.py run` on one installation."""

    def __init__(self, settings: Settings) -> None:
        """It starts; nothing waits for it."""
        log = (settings.data_dir / "server.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "run", "--no-demo", "--port", "0", "--data", str(settings.data_dir)],
            cwd=installation.ROOT,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        log.close()
        #: where it listens; None until it says so
        self.port: int | None = None
        self._listening = threading.Thread(target=self._hear, daemon=True)
        self._listening.start()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def until_it_answers(self) -> int:
        """Where it listens, once it does."""
        self._listening.join(TIMEOUT_SECONDS)
        assert self.port, "the server did not start"
        return self.port

    @property
    def has_ended(self) -> bool:
        """It was killed or ended by itself."""
        return self._process.poll() is not None

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.findall(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[0])
                return

    def kill(self) -> None:
        """End it as a power cut would: it does not learn of it."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._listening.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def running(settings: Settings) -> Iterator[Server]:
    """A server that answers, until the block is left."""
    server = Server(settings)
    try:
        server.until_it_answers()
        yield server
    finally:
        server.kill()


class Fleet:
    """Servers on one installation; whichever ends, another takes its place, as systemd sees to."""

    def __init__(self, settings: Settings, size: int) -> None:
        """All answer."""
        self._settings = settings
        self._servers = [Server(settings) for _ in range(size)]
        for one in self._servers:
            one.until_it_answers()
        self.kills = 0

    def ports(self) -> list[int]:
        """Where the servers are, or were a moment ago."""
        return [one.port for one in self._servers if one.port]

    def tend(self) -> None:
        """Begin to start another in place of each that ended by itself."""
        for one in [one for one in self._servers if one.has_ended]:
            self._replace(one)

    def kill_one(self) -> None:
        """Kill the oldest one that answers, in the middle of whatever it does; its successor begins to start."""
        give_up = time.monotonic() + TIMEOUT_SECONDS
        while not (answering := [one for one in self._servers if one.port and not one.has_ended]):
            self.tend()
            assert time.monotonic() < give_up, "no server started"
            time.sleep(0.05)
        self._replace(answering[0])
        self.kills += 1

    def end(self) -> None:
        """Kill all."""
        for one in self._servers:
            one.kill()

    def _replace(self, one: Server) -> None:
        self._servers.remove(one)
        one.kill()
        self._servers.append(Server(self._settings))


@contextmanager
def fleet(settings: Settings, size: int) -> Iterator[Fleet]:
    """So many servers, until the block is left."""
    servers = Fleet(settings, size)
    try:
        yield servers
    finally:
        servers.end()


@contextmanager
def looking_at(settings: Settings) -> Iterator[Flask]:
    """The store of the installation, for preparing it before and judging it after."""
    app = open_store(Flask("looking"), settings)
    with app.app_context():
        try:
            yield app
        finally:
            close()


def token(person_id: str) -> str:
    """A token of the API that does everything its person may."""
    return tokens.make(person_id, "tests", frozenset(SCOPES), timedelta(days=1))


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    #: HTTP status
    status: int
    #: the JSON it said
    body: Any


def ask(port: int, token: str, method: str, path: str, body: object = None, key: str = "") -> Answer:
    """One request to the API. Raises one of GONE where no whole answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    try:
        connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return Answer(answer.status, json.loads(answer.read()))
    finally:
        connection.close()


def _environment(settings: Settings) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    chosen = {"WAYMARK_DATABASE_URL": settings.database_url} if settings.database_url else {}
    patience = {"WAYMARK_DATABASE_SECONDS": str(settings.database_seconds)}
    return {**environment, **chosen, **patience, "TZ": "UTC"}
