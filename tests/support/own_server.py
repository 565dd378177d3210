"""The pages served over real HTTP by a process of its own, without a worker and without CSRF tokens."""

from __future__ import annotations

import pickle
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8


@dataclass(frozen=True)
class OwnServer:
    """A server that runs."""

    #: its operating-system process
    process: subprocess.Popen[str]
    #: where it listens
    port: int

    def memory_kilobytes(self) -> int:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


@contextmanager
def served(settings: Settings) -> Iterator[OwnServer]:
    """The installation of these settings, served until the block is left."""
    argument = b64encode(pickle.dumps(settings)).decode()
    command = [sys.executable, "-m", "support.own_server", argument]
    process = subprocess.Popen(
        command, cwd=ROOT / "tests", env={"PYTHONPATH": str(ROOT), "TZ": "UTC"}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield OwnServer(process, int(process.stdout.readline()))
        assert process.poll() is None, "the server ended"
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def main() -> None:
    """Serve; the port is the first line of the output."""
    import waitress

    from app.web.application import create_app

    app = create_app(pickle.loads(b64decode(sys.argv[1])))
    app.config["WTF_CSRF_ENABLED"] = False
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
