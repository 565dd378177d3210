"""A process saying that it is there, and which cases are its share of what is due. Nothing correct depends on it."""

import os
import socket
import threading
import zlib
from collections.abc import Callable
from time import monotonic

from flask import Flask

from app.store import nodes
from app.store.db import db, reading

SECONDS_BETWEEN = 2
#: with one process and SQLite nobody waits for it, and each is a write to the disk
SECONDS_BETWEEN_ALONE = 30


class Presence:
    """What one process says of itself."""

    def __init__(self, app: Flask, kind: str) -> None:
        """Not there yet. Kind: run, web, worker."""
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.kind = kind
        self._app = app
        self._every = SECONDS_BETWEEN_ALONE if kind == "run" else SECONDS_BETWEEN
        self._said_at = -float(self._every)
        self._workers: list[str] = []
        #: nodes that are alive; of those that must be alone only this one can be
        self.alive: list[str] = [self.name]
        self._ending = threading.Event()

    def say(self) -> bool:
        """Say that it is there, where that is not yet known, and see who else is; whether that was looked at now."""
        if monotonic() - self._said_at < self._every:
            return False
        with self._app.app_context():
            nodes.seen(self.name, self.kind)
            there = nodes.known(reading())
            db.session.rollback()
        self._workers = [one.name for one in there if one.kind == "worker" and one.is_alive]
        self.alive = [one.name for one in there if one.is_alive and (one.kind != "run" or one.name == self.name)]
        self._said_at = monotonic()
        return True

    def share(self) -> Callable[[str], bool]:
        """Which cases are this worker's: each has one of the workers that are alive."""
        self.say()
        if self.name not in self._workers or len(self._workers) == 1:
            return lambda _case_id: True
        number, own = len(self._workers), self._workers.index(self.name)
        return lambda case_id: zlib.crc32(case_id.encode()) % number == own

    @property
    def is_first(self) -> bool:
        """What one worker is enough for is this one's."""
        return self.name not in self._workers or self._workers[0] == self.name

    def keep_saying(self, otherwise: Callable[[Exception], None]) -> None:
        """Say it in the background until `leave`: for a process that does nothing regularly."""
        threading.Thread(target=self._repeat, args=(otherwise,), daemon=True, name="presence").start()

    def leave(self) -> None:
        """This process ends."""
        self._ending.set()
        with self._app.app_context():
            nodes.gone(self.name)

    def _repeat(self, otherwise: Callable[[Exception], None]) -> None:
        while not self._ending.is_set():
            try:
                self.say()
            except Exception as trouble:
                otherwise(trouble)  # the database may be away; pages say so themselves
            self._ending.wait(self._every)
