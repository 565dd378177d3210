"""What the tests of signing in share: an installation of somebody's own, a clock on the wall, an app of codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close
from support.installation import NOW
from support.pages import application_over
from werkzeug.test import TestResponse

from app.store import sessions
from app.web.visits import CLOCK

PASSWORD = "a long enough password"


@dataclass
class Wall:
    """The clock on the wall."""

    now: datetime = NOW

    def later(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@contextmanager
def real_one(template: installation.Template, folder: Path, wall: Wall, **settings: Any) -> Iterator[Flask]:
    """An installation of somebody's own, whose clock the test moves."""
    with installation.copy(template, folder) as copied:
        app = application_over(replace(copied, demo=False, **settings))
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions[CLOCK] = lambda: wall.now
        with app.app_context():
            yield app
            close()


def with_password(*people: str) -> None:
    for one in people:
        sessions.set_password(one, PASSWORD)


def somewhere_else(app: Flask, person: str, wall: Wall) -> FlaskClient:
    """Another browser that the person is signed in with."""
    client = app.test_client()
    client.set_cookie(installation.COOKIE, sessions.begin(person, has_second_step=True, now=wall.now))
    return client


def type_in(client: FlaskClient, person: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """The first step."""
    return client.post("/sign-in", data={"user_name": person, "password": password, **fields})


def key_shown(page: TestResponse) -> str:
    """The key that a page of setting up shows as text."""
    assert page.status_code == 200, page.text
    return page.text.split("<code>")[1].split("</code>")[0].replace(" ", "")


def code_of(key: str, wall: Wall) -> str:
    """What an app that has this key shows now."""
    return pyotp.TOTP(key).at(wall.now)


def codes_shown(page: TestResponse) -> list[str]:
    """The recovery codes of the page that shows them once."""
    assert page.status_code == 200, page.text
    return [part.split("</code>")[0] for part in page.text.split("<code>")[1:]]


def set_up(client: FlaskClient, person: str, wall: Wall) -> tuple[str, list[str]]:
    """Sign in for the first time in a role that decides: the key, and the recovery codes."""
    assert type_in(client, person).location == "/sign-in/set-up"
    key = key_shown(client.get("/sign-in/set-up"))
    return key, codes_shown(client.post("/sign-in/set-up", data={"code": code_of(key, wall)}))
