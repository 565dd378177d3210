"""The program that is measured, in processes of its own, started by the documented commands; and stopped again."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.config import PREFIX, Settings
from app.store.db import db

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class DidNotStart(RuntimeError):
    """A process that was to be measured ended instead, or said nothing."""


@contextmanager
def one_process(settings: Settings) -> Iterator[int]:
    """`run`: pages and background work together; the port it listens on."""
    with _running(settings, "run", "--no-demo", "--port", "0") as said:
        yield int(said)


@contextmanager
def nodes(settings: Settings, workers: int) -> Iterator[int]:
    """`web` and so many `worker` beside it, on one PostgreSQL; the port of the pages."""
    with ExitStack() as stack:
        port = stack.enter_context(_running(settings, "web", "--port", "0"))
        for _ in range(workers):
            stack.enter_context(_running(settings, "worker"))
        yield int(port)


@contextmanager
def _running(settings: Settings, *words: str) -> Iterator[str]:
    db.session.rollback()  # whoever still reads keeps a SQLite from being whole when a process starts and ends
    log = settings.data_dir / f"{words[0]}-{os.urandom(4).hex()}.log"
    with log.open("wb") as trouble:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "app", *words, "--data", str(settings.data_dir)],
            cwd=ROOT,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=trouble,
            text=True,
        )
    try:
        yield _until_it_says(process, log)
    finally:
        db.session.rollback()
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _until_it_says(process: subprocess.Popen[str], log: Path) -> str:
    """The port, or the line with which a worker says that it works."""
    said: list[str] = []
    heard = threading.Event()

    def hear() -> None:
        for line in process.stdout or ():
            found = _ADDRESS.search(line)
            if found or line.startswith("Worker"):
                said.append(found[1] if found else line)
                heard.set()
        heard.set()

    threading.Thread(target=hear, daemon=True).start()
    heard.wait(START_SECONDS)
    if not said:
        raise DidNotStart(f"Expected a server, but it did not start:\n{log.read_text()[-2000:]}")
    return said[0]


def _environment(settings: Settings) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    if settings.database_url:
        environment |= {"WAYMARK_DATABASE_URL": settings.database_url, "WAYMARK_KEYS_URL": settings.keys_url}
    return environment
