"""Owns where tests put files that nobody needs afterwards: in memory where there is enough of it, else on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
DISK = Path("/tmp")
#: two PostgreSQL, their logs, and the files of two processes of tests
BYTES_NEEDED = 3 * 2**30


def place() -> Path:
    """The folder to make temporary folders in. Its path is short: a socket's may not exceed 107 bytes.

    A database of PostgreSQL is 400 files. ext4 passes over the places of files that were deleted a moment ago, so that
    creating and dropping one for each test took 0.4 s on a disk, and 0.02 s in memory.
    """
    is_usable = os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > BYTES_NEEDED
    return SHARED_MEMORY if is_usable else DISK


@contextmanager
def folder(prefix: str, *, lasts: bool = False) -> Iterator[Path]:
    """A folder of one's own, gone afterwards. One that lasts is on the disk, for what must outlive a kill."""
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=DISK if lasts else place()))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
