"""Owns the whole test run: the checks of the source, then each kind of test, then a table. Holds no test.

`python3 manage.py test [--long] [pytest arguments]`; arguments go to pytest as they are, and then nothing else runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import memory

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
RESULTS = ROOT / "test-results"

CHECKS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import contracts": ["lint-imports"],
}
#: In this order; a folder that is not named here runs after them, so none is forgotten.
KINDS = ("unit", "engine", "property", "store", "cli", "access", "web", "api", "fault", "browser", "bench")
#: Seconds are measured there, so nothing may run beside it.
ALONE = ("bench",)
#: These want a disk.
ON_DISK = ("fault", "bench")
NO_TESTS_CHOSEN = 5


@dataclass(frozen=True)
class Part:
    """One line of the table."""

    name: str
    seconds: float
    #: None where a check has no tests to count.
    passed: int | None
    failed: int


def main(words: list[str]) -> int:
    is_long = "--long" in words
    arguments = [word for word in words if word != "--long"]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile the program anew
    if arguments:
        return _pytest(["-m", "" if is_long else "not long", *arguments])
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    parts = [check(name, command) for name, command in CHECKS.items()]
    parts += [run_kind(folder, is_long) for folder in kinds()]
    return summary(parts)


def kinds() -> list[Path]:
    folders = [folder for folder in (ROOT / "tests").iterdir() if any(folder.rglob("test_*.py"))]
    order = {name: position for position, name in enumerate(KINDS)}
    return sorted(folders, key=lambda folder: (order.get(folder.name, len(KINDS)), folder.name))


def check(name: str, command: list[str]) -> Part:
    _title(name)
    started = time.monotonic()
    code = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False).returncode
    return Part(name, time.monotonic() - started, passed=None, failed=int(code != 0))


def run_kind(folder: Path, is_long: bool) -> Part:
    _title(f"tests/{folder.name}")
    report = RESULTS / f"{folder.name}.xml"
    workers = [] if folder.name in ALONE else ["-n", "2", "--dist", "worksteal"]  # by file, one of them waits
    chosen = [] if is_long else ["-m", "not long"]
    if folder.name != "api":
        chosen += ["-p", "no:schemathesis"]  # its plugin takes seconds to import, in each process
    started = time.monotonic()
    with memory.folder("waymark-tests-", lasts=folder.name in ON_DISK) as files:
        code = _pytest(["-q", *workers, *chosen, f"--junitxml={report}", f"--basetemp={files / 'pytest'}", str(folder)])
    seconds = time.monotonic() - started
    passed, failed = counts(report) if report.is_file() else (0, 0)
    broke_off = code not in (0, NO_TESTS_CHOSEN) and not failed
    return Part(f"tests/{folder.name}", seconds, passed, failed + int(broke_off))


def counts(report: Path) -> tuple[int, int]:
    """Passed and failed in a JUnit report; errors count as failed, skipped tests as neither."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    if suite is None:
        return 0, 0
    number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return number["tests"] - failed - number["skipped"], failed


def summary(parts: list[Part]) -> int:
    """Prints the table. Exit code 1 if anything failed, or if there was nothing to pass."""
    _title("summary")
    for part in parts:
        outcome = "ok" if not part.failed else f"{part.failed} failed"
        tests = "" if part.passed is None else f"{part.passed} passed"
        print(f"{part.name:<20} {part.seconds / 60:6.1f} min   {tests:<12} {outcome}")
    print(f"{'all':<20} {sum(part.seconds for part in parts) / 60:6.1f} min")
    passed, failed = sum(part.passed or 0 for part in parts), sum(part.failed for part in parts)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


def _pytest(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def _title(words: str) -> None:
    print(f"\n== {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
