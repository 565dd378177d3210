"""A way to a database that can be slow, silent or cut: a TCP proxy on the loopback in front of PostgreSQL's socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK_BYTES = 65536


class Proxy:
    """Passes bytes between whoever connects and the database, as well as it is told to."""

    def __init__(self, target: Path) -> None:
        """It listens; `target` is the socket of the database."""
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        #: each answer of the database comes so much later
        self.delay_seconds = 0.0
        #: cleared: not a byte passes
        self.open = threading.Event()
        self.open.set()
        #: where a connection said all of this, one after another, what is answered to the last never arrives
        self.cut_after: tuple[bytes, ...] = ()
        self.cuts = 0
        self._refuses = False
        self._alive: list[socket.socket] = []
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Every connection ends, and so does each new one, until the block is left."""
        self._refuses = True
        for one in self._alive:
            _close(one)
        try:
            yield
        finally:
            self._refuses = False

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Every connection stands and each new one is taken, but not a byte passes until the block is left."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()

    def end(self) -> None:
        """Listen no longer."""
        self._ended.set()
        self.open.set()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._refuses:
                client.close()
                continue
            database = socket.socket(socket.AF_UNIX)
            database.connect(str(self._target))
            self._alive += [client, database]
            mute = threading.Event()
            threading.Thread(target=self._ask, args=(client, database, mute), daemon=True).start()
            threading.Thread(target=self._answer, args=(database, client, mute), daemon=True).start()

    def _ask(self, client: socket.socket, database: socket.socket, mute: threading.Event) -> None:
        said = 0
        for chunk in _chunks(client):
            self.open.wait()
            said += self.cut_after[said : said + 1] != () and self.cut_after[said] in chunk
            if self.cut_after and said == len(self.cut_after):
                self.cut_after = ()
                self.cuts += 1
                mute.set()
            try:
                database.sendall(chunk)
            except OSError:
                break
        _close(database)

    def _answer(self, database: socket.socket, client: socket.socket, mute: threading.Event) -> None:
        for chunk in _chunks(database):
            self.open.wait()
            if mute.is_set():
                break  # it was done, but nobody learns of it
            if self._ended.wait(self.delay_seconds):
                break
            try:
                client.sendall(chunk)
            except OSError:
                break
        _close(client)


@contextmanager
def between(target: Path) -> Iterator[Proxy]:
    """A proxy before the database's socket, until the block is left."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.end()


def _chunks(end: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            chunk = end.recv(CHUNK_BYTES)
        except OSError:
            return
        if not chunk:
            return
        yield chunk


def _close(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        end.close()
