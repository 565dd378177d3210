"""An installation kept as a file: made by one version, opened by later ones. What they do with it: `test_upgrade`.

Make it again, where a migration was squashed before anything was released:

    PYTHONPATH=.:tests .venv/bin/python -m fault.kept_database
"""

from __future__ import annotations

import lzma
import random
import tarfile
import tempfile
from datetime import timedelta
from pathlib import Path

from fault.servers import looking_at
from support import installation
from support.installation import NOW
from support.walking import Walk

from app.config import Settings
from app.store.open import close_store

KEPT = Path(__file__).with_name("version-0.1.0.tar.xz")
#: cases, each a few acts further than the one before
CASES, ACTS_FURTHER = 8, 2
FILES = ("waymark.db", "keys.db", "kek", "signing")


def make(to: Path = KEPT) -> None:
    """Let invented people work on cases, and keep the installation as it is then."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        installation.prepare(data_dir)
        with looking_at(settings_of(data_dir)):
            for number in range(CASES):
                _walked(number, ACTS_FURTHER * number)
            close_store()
        with (
            lzma.open(to, "wb", preset=9 | lzma.PRESET_EXTREME) as packed,
            tarfile.open(fileobj=packed, mode="w") as tar,
        ):
            for name in FILES:
                tar.add(data_dir / name, name, filter=_nobodys)


def unpack(folder: Path) -> Settings:
    """The kept installation in a folder of its own."""
    folder.mkdir(parents=True)
    with tarfile.open(KEPT, "r:xz") as tar:
        tar.extractall(folder, filter="data")
    for name in ("kek", "signing"):
        (folder / name).chmod(0o600)
    return settings_of(folder)


def settings_of(data_dir: Path) -> Settings:
    """What it is opened with."""
    return Settings(data_dir=data_dir, demo=True, secure_cookies=False, fast_commits=True)


def _walked(seed: int, acts: int) -> None:
    walk = Walk("graduated-approach", random.Random(seed), NOW + timedelta(minutes=seed))
    walk.start("pupil1" if seed % 2 else "pupil2")
    while acts and not walk.is_closed():
        walk.step()
        acts -= 1


def _nobodys(found: tarfile.TarInfo) -> tarfile.TarInfo:
    found.uid = found.gid = 0
    found.uname = found.gname = ""
    found.mtime = int(NOW.timestamp())
    return found


if __name__ == "__main__":
    make()
    print(f"{KEPT}: {KEPT.stat().st_size / 1000:.0f} kB")
