"""Questions that try to leave the bounds of the child which answers them. Each says what it got hold of."""

import os
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any


def warm() -> None:
    """Nothing to make ready."""


def spin(_: Any) -> Any:
    while True:
        pass


def sleep(_: Any) -> Any:
    time.sleep(3600)


def eat(_: Any) -> Any:
    return len("x" * 1024**3)


def break_off(_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(_: Any) -> Any:
    os._exit(0)


def fail(_: Any) -> Any:
    raise LookupError("a fault of ours")


def open_many(_: Any) -> Any:
    found = []
    try:
        for _ in range(100):
            found.append(socket.socket())
    except OSError:
        return "refused"
    return len(found)


def write(_: Any) -> Any:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 100_000)
            file.flush()
    except OSError:
        return "refused"
    return "written"


def surroundings(_: Any) -> Any:
    return sorted(os.environ)


def descriptors(_: Any) -> Any:
    """What it has open besides the standard three; one is the listing itself."""
    return [one.name for one in Path("/proc/self/fd").iterdir() if int(one.name) > 2][1:]


def much(count: int) -> Any:
    return "x" * count


QUESTIONS = {
    "echo": lambda content: content,
    "spin": spin,
    "sleep": sleep,
    "eat": eat,
    "break off": break_off,
    "leave": leave,
    "fail": fail,
    "open many": open_many,
    "write": write,
    "surroundings": surroundings,
    "descriptors": descriptors,
    "much": much,
}
