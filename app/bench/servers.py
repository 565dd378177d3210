"""The program that is measured, in processes of its own, started by the documented commands; and stopped again."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.config import PREFIX, Settings
from app.serving import raise_system_exit
from app.store.db import db

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Served:
    """A process that answers."""

    #: where it listens; 0: it is a worker
    port: int
    #: its number
    pid: int

    def processor_seconds(self) -> float | None:
        """Processor time it took so far, or None where the system does not say."""
        try:
            after_name = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class DidNotStart(RuntimeError):
    """A process that was to be measured ended instead, or said nothing."""


@contextmanager
def one_process(settings: Settings) -> Iterator[Served]:
    """`run`: pages and background work together."""
    with _running(settings, "run", "--no-demo", "--port", "0") as served:
        yield served


@contextmanager
def nodes(settings: Settings, workers: int) -> Iterator[Served]:
    """`web`, and so many `worker` beside it, on one PostgreSQL."""
    with ExitStack() as stack:
        served = stack.enter_context(_running(settings, "web", "--port", "0"))
        for _ in range(workers):
            stack.enter_context(_running(settings, "worker"))
        yield served


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Told to stop, this process ends as by Ctrl-C: what it started and made is not left behind."""
    before = signal.signal(signal.SIGTERM, raise_system_exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _running(settings: Settings, *words: str) -> Iterator[Served]:
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
        yield Served(_until_it_says(process, log), process.pid)
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


def _until_it_says(process: subprocess.Popen[str], log: Path) -> int:
    """The port, or 0 where a worker says that it works."""
    said: list[int] = []
    heard = threading.Event()

    def hear() -> None:
        for line in process.stdout or ():
            found = _ADDRESS.search(line)
            if found or line.startswith("Worker"):
                said.append(int(found[1]) if found else 0)
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
