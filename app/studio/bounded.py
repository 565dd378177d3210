"""A child process that answers one question about files nobody vouches for, within bounds it cannot leave.

Runs inside the child: imports nothing of the program but the module that has the answers. Who asks: `children`.

A server process imports that module once, has it warm up, and forks for every question. The fork gives up what it
does not need, answers and ends. Whatever ends it otherwise, the server says so in its place. One frame each way: a
length in eight bytes, then JSON.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LENGTH_BYTES = 8
LONGEST_FRAME_BYTES = 16_000_000
MOST_DESCRIPTORS = 256
PATIENCE = 5  # niceness: people's pages go before files


_inside = False


@dataclass(frozen=True)
class Limits:
    """What one question may cost."""

    #: processor time
    cpu_seconds: int = 5
    #: time on the wall: for one that waits for nothing; a busy machine must not refuse a good file
    seconds: int = 40
    #: address space, the program itself included
    memory_bytes: int = 768 * 1024 * 1024
    #: open files, the standard ones included
    files: int = 64

    def hold(self) -> None:
        """Bind this process to them, for good; where the system has no such limits, to none."""
        if sys.platform == "win32":
            return
        import resource

        for name, soft, hard in (
            ("RLIMIT_CPU", self.cpu_seconds, self.cpu_seconds + 1),
            ("RLIMIT_AS", self.memory_bytes, self.memory_bytes),
            ("RLIMIT_NOFILE", self.files, self.files),
            ("RLIMIT_FSIZE", 0, 0),
            ("RLIMIT_CORE", 0, 0),
        ):
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (soft, hard))
        signal.alarm(self.seconds)


def is_inside() -> bool:
    """Whether this process is the child."""
    return _inside


def frame(message: object) -> bytes:
    """A message as it is sent."""
    text = json.dumps(message).encode()
    return len(text).to_bytes(LENGTH_BYTES, "big") + text


def unframed(read: Callable[[int], bytes]) -> Any:
    """The message that is read. Raises: EOFError where it breaks off or is none."""
    length = int.from_bytes(_exactly(LENGTH_BYTES, read), "big")
    if length > LONGEST_FRAME_BYTES:
        raise EOFError
    try:
        return json.loads(_exactly(length, read))
    except (ValueError, RecursionError):
        raise EOFError from None


def _exactly(count: int, read: Callable[[int], bytes]) -> bytes:
    parts: list[bytes] = []
    while count:
        part = read(min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def answered(questions: Any, message: Any) -> Any:
    """{"answer"}, or {"died"} with why: memory, or a fault of ours with its traceback."""
    try:
        return {"answer": questions[message["question"]](message["content"])}
    except MemoryError:
        return {"died": "memory"}
    except Exception:
        return {"died": "fault", "trace": traceback.format_exc()}


def _questions(module: str) -> Any:
    global _inside
    _inside = True
    return importlib.import_module(module).QUESTIONS


def once(module: str, limits: Limits) -> None:
    """Answer the one question on standard input, and end: where a server cannot fork."""
    questions = _questions(module)
    limits.hold()
    sys.stdout.buffer.write(frame(answered(questions, unframed(sys.stdin.buffer.read))))


def serve(module: str, limits: Limits, descriptor: int) -> None:
    """Answer whatever connection comes through the control socket, each in a fork, until that closes."""
    questions = _questions(module)
    importlib.import_module(module).warm()
    os.nice(PATIENCE)
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=descriptor)
    with selectors.DefaultSelector() as watched:
        watched.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in watched.select():
                if key.fileobj is control:
                    _, connections, _, _ = socket.recv_fds(control, 1, 1)
                    if not connections:
                        return
                    pidfd, kept = _forked(questions, limits, control, socket.socket(fileno=connections[0]))
                    watched.register(pidfd, selectors.EVENT_READ, kept)
                else:
                    watched.unregister(key.fileobj)
                    _bury(int(key.fd), key.data)


def _forked(questions: Any, limits: Limits, control: socket.socket, connection: socket.socket) -> tuple[int, Any]:
    child = os.fork()
    if child == 0:
        try:
            os.dup2(connection.detach(), 0)
            control.detach()
            os.closerange(3, MOST_DESCRIPTORS)  # the control socket and the connections of others
            own = socket.socket(fileno=0)
            limits.hold()
            own.sendall(frame(answered(questions, unframed(own.recv))))
        finally:
            os._exit(0)
    return os.pidfd_open(child), (child, connection)


def _bury(pidfd: int, kept: tuple[int, socket.socket]) -> None:
    """Say how a fork ended; whoever has its answer no longer listens."""
    child, connection = kept
    os.close(pidfd)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):
        connection.sendall(frame({"died": cause(os.waitstatus_to_exitcode(status))}))
    connection.close()


def cause(code: int) -> str:
    """Why a process ended without an answer, by its exit code: "processor", "time" or "fault"."""
    if sys.platform == "win32":
        return "fault"
    return {-signal.SIGXCPU: "processor", -signal.SIGKILL: "processor", -signal.SIGALRM: "time"}.get(code, "fault")
