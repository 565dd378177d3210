"""A receiver of events of a test: it answers what it is told to and keeps what it was sent; and the documented one."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from support.mail_server import free_port

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs/waymark_receiver.py"


class Receiver:
    """Listens on a port of this machine while it is on."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        """With a context it speaks TLS."""
        self.port = free_port()
        #: what it answers; more of them one after the other, the last again and again
        self.answers = [204]
        #: seconds between the letters of its answer; 0: at once
        self.drips = 0.0
        #: headers and body of every request
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        self._context = context
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [body for _, body in self.taken]

    def on(self) -> None:
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ours._answer(self)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        if self._context is not None:
            self._server.socket = self._context.wrap_socket(self._server.socket, server_side=True)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def off(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.taken.append((headers, json.loads(body)))
        status = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if self.drips:
            for letter in f"HTTP/1.1 200 OK\r\nX-Long: {'a' * 500}":
                request.wfile.write(letter.encode())
                request.wfile.flush()
                time.sleep(self.drips)
            return
        request.send_response(status)
        request.send_header("Location", "http://localhost/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()


@contextmanager
def documented(secret: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The receiver of the documentation as a program of its own: its address and the program."""
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, str(DOCUMENTED), str(port)],
        env={**os.environ, "SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield f"http://localhost:{port}/hook", program
    finally:
        program.kill()
        program.wait()
