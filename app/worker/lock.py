"""A lock on a file that only one process can hold: whoever holds it ticks. It is let go when the process ends."""

import sys
from pathlib import Path
from typing import IO


class FileLock:
    """A lock that the operating system forgets when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        """A lock on that file; not held yet."""
        self.path = path
        self._file: IO[bytes] | None = None

    @property
    def is_held(self) -> bool:
        """This object holds it."""
        return self._file is not None

    def try_hold(self) -> bool:
        """Hold it if nobody else does; whether it is held now."""
        if self._file is not None:
            return True
        file = self.path.open("ab")
        if not _lock(file):
            file.close()
            return False
        self._file = file
        return True

    def let_go(self) -> None:
        """Let somebody else hold it."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
