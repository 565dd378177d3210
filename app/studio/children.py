"""Asking a bounded child process. Knows when the child must be started, how it may end, and nothing of the questions.

The child: `bounded`. On Linux a server forks one for each question; elsewhere each question starts a process.
"""

import atexit
import io
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from pathlib import Path

from app.errors import Rejected
from app.model.json import Json
from app.studio.bounded import LENGTH_BYTES, LONGEST_FRAME_BYTES, Limits, cause, frame, unframed

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
GRACE_SECONDS = 5
#: so long a question waits for those before it
TURN_SECONDS = 10

log = logging.getLogger(__name__)

_BEGIN = (
    "import sys; sys.path[:0] = sys.argv[6].split(chr(10)); from app.studio import bounded as b; "
    "limits = b.Limits(*map(int, sys.argv[1:5])); "
    "b.serve(sys.argv[7], limits, int(sys.argv[5])) if int(sys.argv[5]) >= 0 else b.once(sys.argv[7], limits)"
)


class Unfinished(Rejected):
    """Expected a file that can be read, but reading this one broke off"""


class Children:
    """Answers the questions of one module in children of its own."""

    def __init__(self, module: str, limits: Limits, folders: Sequence[Path] = (ROOT,), can_fork: bool = True) -> None:
        """`module` has `QUESTIONS`, functions of JSON by name; it is found in `folders`. Starts nothing yet."""
        self._module, self._limits, self._folders = module, limits, folders
        self._can_fork = can_fork and sys.platform == "linux"
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._forget()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def ask(self, question: str, content: Json) -> Json:
        """The answer. Raises: Unfinished with the sentence why there is none."""
        message = frame({"question": question, "content": content})
        if len(message) - LENGTH_BYTES > LONGEST_FRAME_BYTES:
            raise Unfinished("Expected the files of one process to have less than 10 MB, but these have more")
        with self._turn():
            answer = self._asked(message) if self._can_fork else self._asked_once(message)
        if "answer" in answer:
            found: Json = answer["answer"]
            return found
        if trace := answer.get("trace"):
            log.error("A file could not be read, by a fault of this program:\n%s", trace)
        raise Unfinished(self._sentence(answer.get("died", "fault")))

    def prepare(self) -> None:
        """Start the server without waiting for it, so that the first question finds it warm."""
        if self._can_fork:
            self._running()

    def close(self) -> None:
        """End the server and what it started."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            if self._server is not None:
                with suppress(subprocess.TimeoutExpired):
                    self._server.wait(self._limits.seconds)
                self._server.kill()
                self._server.wait()
            self._control = self._server = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=TURN_SECONDS):
            raise Unfinished("Many files are being read at this moment. Try again in a minute.")
        try:
            yield
        finally:
            self._turns.release()

    def _asked(self, message: bytes) -> dict[str, Json]:
        for _ in range(2):
            ours, theirs = socket.socketpair()
            with ours:
                with theirs:
                    if not self._handed(theirs):
                        continue
                ours.settimeout(self._limits.seconds + GRACE_SECONDS)
                try:
                    with suppress(BrokenPipeError, ConnectionResetError):
                        ours.sendall(message)
                    found: dict[str, Json] = unframed(ours.recv)
                    return found
                except TimeoutError:
                    return {"died": "time"}
                except (EOFError, ConnectionError):
                    continue
        return {"died": "fault"}

    def _handed(self, connection: socket.socket) -> bool:
        """Whether the server has the other end; one that is gone is started again."""
        control = self._running()
        try:
            with self._lock:
                socket.send_fds(control, [b"?"], [connection.fileno()])
        except OSError:
            self.close()
            return False
        return True

    def _running(self) -> socket.socket:
        with self._lock:
            if self._control is None or self._server is None or self._server.poll() is not None:
                ours, theirs = socket.socketpair()
                with theirs:
                    command = self._command(theirs.fileno())
                    self._server = subprocess.Popen(  # noqa: S603 - this Python, this program
                        command,
                        env={},
                        cwd="/",
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        pass_fds=(theirs.fileno(),),
                    )
                self._control = ours
            return self._control

    def _asked_once(self, message: bytes) -> dict[str, Json]:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        try:
            done = subprocess.run(  # noqa: S603 - this Python, this program
                self._command(-1),
                env=kept,
                input=message,
                stdout=subprocess.PIPE,
                timeout=self._limits.seconds + GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"died": "time"}
        try:
            found: dict[str, Json] = unframed(io.BytesIO(done.stdout).read)
        except EOFError:
            return {"died": cause(done.returncode)}
        return found

    def _command(self, descriptor: int) -> list[str]:
        limits = [str(one) for one in astuple(self._limits)]
        folders = "\n".join(str(one) for one in self._folders)
        return [sys.executable, "-I", "-B", "-c", _BEGIN, *limits, str(descriptor), folders, self._module]

    def _sentence(self, cause: Json) -> str:
        limits = self._limits
        match cause:
            case "processor":
                return f"Expected a file that can be read in {limits.cpu_seconds} seconds, but this one takes longer"
            case "time":
                return f"Expected a file that can be read within {limits.seconds} seconds, but this one takes longer"
            case "memory":
                size = limits.memory_bytes // 1024**2
                return f"Expected a file that can be read in {size} MB of memory, but this one needs more"
            case _:
                return Unfinished().sentence

    def _forget(self) -> None:
        """Begin afresh, as after a fork: the server belongs to the other process."""
        self._server = self._control = None
        self._lock = threading.RLock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
