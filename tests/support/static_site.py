"""A small real web site for the bundle alone: pages given as text, the built files, and answers set by the test."""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.frontend import build

#: What the application sends too; editors may set style attributes besides.
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
EDITOR_POLICY = f"{POLICY}; style-src-attr 'unsafe-inline'"
STATIC = "/static/dist/"


@dataclass(frozen=True)
class Received:
    """A request the site got."""

    #: GET, POST or PUT
    method: str
    #: Path with query.
    path: str
    #: Its headers.
    headers: dict[str, str]
    #: Its body.
    body: str


@dataclass
class Site:
    """What is served, and what was asked."""

    #: Path → (media type, text).
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Path → (status, JSON) for POST and PUT; 200 with {} where there is none.
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    #: In order of arrival.
    received: list[Received] = field(default_factory=list)
    #: Where it listens.
    url: str = ""

    def page(self, path: str, body: str, scripts: tuple[str, ...] = ("site",)) -> str:
        """Puts a page up; what you get is its address."""
        styles = dict.fromkeys(("site", *scripts))
        head = [
            '<meta charset="utf-8">',
            f"<title>{path}</title>",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="csrf-token" content="t0ken">',
            '<link rel="icon" href="data:,">',
            *(f'<link rel="stylesheet" href="{STATIC}{name}.css">' for name in styles),
            *(f'<script type="module" src="{STATIC}{name}.js"></script>' for name in scripts),
        ]
        start = f'<!doctype html><html lang="en" class="govuk-template"><head>{"".join(head)}</head>'
        self.pages[path] = ("text/html", f'{start}<body class="govuk-template__body">{body}</body></html>')
        return self.url + path

    def bodies(self, path: str) -> list[str]:
        """Bodies of the writes to a path."""
        return [each.body for each in self.received if each.path == path and each.method != "GET"]


@contextmanager
def serve() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._note()
            path = self.path.partition("?")[0]
            if path.startswith(STATIC):
                file = (build.DIST / path.removeprefix(STATIC)).resolve()
                inside = file.is_file() and file.is_relative_to(build.DIST)
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                self._send(200 if inside else 404, kind, file.read_bytes() if inside else b"")
            elif path in site.pages:
                kind, text = site.pages[path]
                self._send(200, f"{kind}; charset=utf-8", text.encode())
            else:
                self._send(404, "text/plain", b"")

        def do_POST(self) -> None:
            self._note()
            status, answer = site.answers.get(self.path, (200, {}))
            self._send(status, "application/json", json.dumps(answer).encode())

        do_PUT = do_POST  # noqa: N815 - the name http.server looks for

        def _note(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            site.received.append(Received(self.command, self.path, dict(self.headers), body))

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", EDITOR_POLICY if "editor" in self.path else POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Quiet: a test says what it saw."""

    return Handler
