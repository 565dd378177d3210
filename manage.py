#!/usr/bin/env python3
"""Waymark.

python3 manage.py run [--port N] [--no-demo] [--data DIR]   set up what is missing, then start
python3 manage.py test [--long] [pytest arguments]          set up what is missing, then test
python3 manage.py <noun> <verb> ...                         the command line: see `python3 manage.py --help`

Needs Python 3.11 or later and nothing else; it makes `.venv` and the front end itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "waymark.json"
RUN_LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"
BOOTSTRAP = ROOT / ".bootstrap"
UV = "uv==0.13.9"  # only where Python came without ensurepip but with pip
UV_PROGRAM = BOOTSTRAP / "bin" / ("uv.exe" if os.name == "nt" else "uv")


Command = Sequence[object]


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets this far
        sys.exit(f"Waymark needs Python 3.11 or later; this is {platform.python_version()}.")
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    if words[0] != "test":
        set_up(RUN_LOCK, with_pages=words[0] in {"run", "web"})
        return start(["-m", "app", *words])
    if (sys.platform, platform.machine(), platform.libc_ver()[0]) != ("linux", "x86_64", "glibc"):
        sys.exit("The tests bring a browser and a PostgreSQL built for Linux on x86-64 with glibc; this is not one.")
    set_up(TEST_LOCK, with_pages=True)
    return start([str(ROOT / "tests/support/suite.py"), *words[1:]])


def set_up(lock: str, with_pages: bool) -> None:
    """Do the steps that are due, each with its name and time on stderr; usually there are none."""
    from app.frontend import build

    steps: list[tuple[str, list[Command]]] = []
    if not has_python_parts(lock):
        if not (PYTHON.exists() and recorded().get("python") == sys.version):
            steps.append(("Python environment", make_environment()))
        steps.append(("Python parts", [[*installer(), "-r", lock]]))
    if with_pages and not build.is_bundled():
        builder = [PYTHON, "-m", "app.frontend.build"]
        if not build.is_installed():
            steps.append(("Front-end parts", [[*builder, "install"]]))
        steps.append(("Front-end bundle", [[*builder, "bundle"]]))
    for number, (name, commands) in enumerate(steps, 1):
        work_through(f"{number}/{len(steps)} {name}", commands)
        if name == "Python parts":
            record_python_parts(lock)


def work_through(heading: str, commands: list[Command]) -> None:
    """Run the commands of one step, counting its seconds; what they print is shown only if one fails."""
    started, is_terminal = time.monotonic(), sys.stderr.isatty()
    say(f"{heading} …")
    for command in commands:
        with subprocess.Popen(
            [str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            printed = None
            while printed is None:
                try:
                    printed, _ = process.communicate(timeout=1)
                except subprocess.TimeoutExpired:
                    if is_terminal:
                        say(f"\r{heading} … {time.monotonic() - started:.0f} s")
        if process.returncode:
            say(f"\n\n{printed}\n")
            sys.exit(f"{heading} did not finish: the reason is above. The same command goes on from here.")
    say(f"\r{heading} … " * is_terminal + f" {time.monotonic() - started:.0f} s\n")


def say(words: str) -> None:
    print(words, end="", file=sys.stderr, flush=True)


def has_python_parts(lock: str) -> bool:
    return PYTHON.exists() and recorded() | {"python": sys.version, lock: sha256(lock)} == recorded()


def record_python_parts(lock: str) -> None:
    locks = {RUN_LOCK, lock}  # the test lock holds all of the other
    STAMP.write_text(json.dumps({"python": sys.version} | {name: sha256(name) for name in locks}), encoding="utf-8")


def recorded() -> dict[str, str]:
    """The Python and the locks that `.venv` was made from; empty when its making was interrupted."""
    return dict(json.loads(STAMP.read_text(encoding="utf-8"))) if STAMP.exists() else {}


def make_environment() -> list[Command]:
    is_stale = recorded().get("python", sys.version) != sys.version
    if has_module("ensurepip"):
        return [[sys.executable, "-m", "venv", *["--clear"] * is_stale, VENV]]
    if has_module("pip"):  # --target is allowed where a distribution manages the system's Python
        fetch_uv = [sys.executable, "-m", "pip", "install", "--upgrade", "--target", BOOTSTRAP, UV]
        return [fetch_uv, [UV_PROGRAM, "venv", "--allow-existing", "--python", sys.executable, VENV]]
    sys.exit("This Python has neither ensurepip nor pip. On Debian and Ubuntu: sudo apt install python3-venv")


def installer() -> Command:
    if has_module("ensurepip"):
        return [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    return [UV_PROGRAM, "pip", "install", "--python", PYTHON, "--require-hashes"]


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def sha256(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def start(program: list[str]) -> int:
    """Become the program. PYTHONPATH leads it here, so paths among its words start from the caller's folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [str(PYTHON), "-P", *program]
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 - there is nothing for a shell to do
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
