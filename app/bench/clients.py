"""People's browsers: a kept connection, cookies, CSRF tokens, and the time each answer took. Not what they answer."""

import re
import time
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from app.store import sessions
from app.web.application import session_cookie

TIMEOUT_SECONDS = 60
#: browsers let go of a connection before the server does, which keeps one for two minutes
KEPT_SECONDS = 30
Fields = Mapping[str, Sequence[str]]
_HIDDEN = re.compile(r'name="(csrf_token|_key|revision)" value="([^"]*)"')


class UnexpectedAnswer(RuntimeError):
    """What was to be measured went wrong: its time would mean nothing."""


@dataclass(frozen=True)
class Page:
    """An answer."""

    #: HTTP status
    status: int
    #: what it says
    text: str
    #: from the first byte sent to the last one received
    seconds: float

    @property
    def hidden(self) -> dict[str, list[str]]:
        """The hidden fields that every form carries."""
        return {name: [unescape(value)] for name, value in reversed(_HIDDEN.findall(self.text))}


@dataclass(frozen=True)
class Handed:
    """A task that was opened and handed in."""

    #: what opening its form took
    opened_seconds: float
    #: what handing it in took
    seconds: float


class Browser:
    """Somebody who is signed in, at a server that listens on a port of this machine."""

    def __init__(self, app: Flask, person_id: str, port: int) -> None:
        """Begin a session as signing in does, with every step of it taken."""
        settings = app.extensions["waymark_settings"]
        self.person_id = person_id
        self._cookies = {session_cookie(settings): sessions.begin(person_id, has_second_step=True)}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._used_at = time.monotonic()

    def get(self, path: str) -> Page:
        """A page that is there. Raises UnexpectedAnswer."""
        return self._expect(200, "GET", path, None)

    def complete(self, task_id: str, fields: Fields) -> Handed:
        """Open the form of a task and hand it in. Raises UnexpectedAnswer."""
        page = self.open(task_id)
        return Handed(page.seconds, self.hand_in(task_id, page, fields))

    def open(self, task_id: str) -> Page:
        """The form of a task."""
        return self.get(f"/tasks/{task_id}")

    def hand_in(self, task_id: str, page: Page, fields: Fields) -> float:
        """What handing in a form that was opened took. Raises UnexpectedAnswer where it was not accepted."""
        return self._expect(303, "POST", f"/tasks/{task_id}", {**fields, **page.hidden}).seconds

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _expect(self, status: int, method: str, path: str, fields: Fields | None) -> Page:
        page = self._ask(method, path, None if fields is None else urlencode(fields, doseq=True))
        if page.status != status:
            raise UnexpectedAnswer(f"Expected {status} of {method} {path}, but got {page.status}: {_gist(page.text)}")
        return page

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._used_at > KEPT_SECONDS:
            self._connection.close()  # it is opened again by the request
        self._used_at = time.monotonic()
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - began
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        return Page(answer.status, text, seconds)

    def _keep(self, cookies: list[str]) -> None:
        for one in cookies:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(one).items()}


class Inside(Browser):
    """The same person at the same pages in this process, where statements can be counted."""

    def __init__(self, app: Flask, person_id: str) -> None:
        """Begin a session; nothing is connected to."""
        super().__init__(app, person_id, 0)
        self._client = app.test_client(use_cookies=False)

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        given: dict[str, Any] = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        kind = None if body is None else "application/x-www-form-urlencoded"
        ask = partial(self._client.open, path, method=method, data=body, headers=given, content_type=kind)
        began = time.perf_counter()
        answer = Context().run(ask)  # outside the open context of the installation: a request has one of its own
        seconds = time.perf_counter() - began
        self._keep(answer.headers.getlist("Set-Cookie"))
        return Page(answer.status_code, answer.text, seconds)


def _gist(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())[:300]
