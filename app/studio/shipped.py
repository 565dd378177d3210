"""What lies in the folders `processes` and `forms` beside the program: what a process is about, forms.

Not the versions in use: those are deployed bundles.
"""

import re
from pathlib import Path

from app.store.db import Connection
from app.store.queries import definitions

ROOT = Path(__file__).resolve().parents[2]
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def folder_of(key: str) -> Path | None:
    """The folder of a process, or None where none came with the program."""
    folder = ROOT / "processes" / key
    return folder if _KEY.fullmatch(key) and folder.is_dir() else None


def about(key: str) -> str:
    """What the process is about, in markdown, or ""."""
    folder = folder_of(key)
    path = folder / "about.md" if folder else None
    return path.read_text("utf-8") if path and path.is_file() else ""


def library(connection: Connection) -> dict[str, bytes]:
    """Every form to choose from by key: those that came with the program, and those in use, which go before."""
    found = {one.stem: one.read_bytes() for one in sorted((ROOT / "forms").glob("*.json"))}
    for version in definitions.current_versions(connection):
        found |= definitions.bundle(version.digest).forms
    return found
