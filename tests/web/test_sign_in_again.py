"""Signed out while typing: nothing is lost, and nobody else sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import template
from support.staff import open_task, started
from web.signing_in import PASSWORD, Wall, code_of, real_one, set_up, type_in, with_password
from werkzeug.test import TestResponse

from app.store import drafts, kept_forms
from app.store.db import reading
from app.store.tables import kept_form

__all__ = ["template"]
TYPED = "Quiet corner helps <b>most</b> days."


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def real(template: installation.Template, tmp_path: Path, wall: Wall) -> Iterator[Flask]:
    with real_one(template, tmp_path / "real", wall) as app:
        with_password("senco", "senco2", "head")
        yield app


@pytest.fixture
def client(real: Flask) -> FlaskClient:
    return real.test_client()


@pytest.fixture
def task(real: Flask) -> str:
    """The first task of a case at Beacon School."""
    return open_task(started())


def _hidden(page: TestResponse) -> dict[str, str]:
    """The fields of the first form of a page that go back as they were."""
    form = page.text.split("<form")[2].split("</form>")[0]
    found = {}
    for part in form.split('<input type="hidden" name="')[1:]:
        name, _, rest = part.partition('" value="')
        found[name] = rest.partition('">')[0].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    return found


def _typed_too_late(client: FlaskClient, wall: Wall, task: str, **more: str) -> TestResponse:
    type_in(client, "senco")
    assert client.get(f"/tasks/{task}").status_code == 200
    wall.later(minutes=45)
    return client.post(f"/tasks/{task}", data={"offer_note": TYPED, "revision": "0", **more})


def test_what_was_handed_in_too_late_comes_back_as_a_draft_on_its_page(
    client: FlaskClient, wall: Wall, task: str
) -> None:
    sent = _typed_too_late(client, wall, task)
    assert sent.status_code == 303
    assert "What you typed is kept" in client.get(sent.location).text

    assert type_in(client, "senco").location == "/sign-in/again"
    page = client.get("/sign-in/again")
    assert f'action="/tasks/{task}"' in page.text
    back = client.post(f"/tasks/{task}", data=_hidden(page))
    assert back.status_code == 303
    assert back.location == f"/tasks/{task}?saved=1"
    assert "Quiet corner helps &lt;b&gt;most&lt;/b&gt; days." in client.get(back.location).text
    kept = drafts.one(task)
    assert kept is not None
    assert kept.values["offer_note"] == TYPED
    assert kept_forms.one("senco", wall.now) is None


def test_a_draft_that_a_script_sends_too_late_is_kept_too_and_its_person_told(
    client: FlaskClient, wall: Wall, task: str
) -> None:
    type_in(client, "senco")
    wall.later(minutes=45)
    answer = client.post(
        f"/tasks/{task}/draft",
        data={"offer_note": TYPED, "revision": "0"},
        headers={"X-Requested-With": "autosave", "Accept": "application/json"},
    )
    assert answer.status_code == 401
    assert answer.get_json()["sentence"].startswith("You have been signed out.")
    assert type_in(client, "senco").location == "/sign-in/again"


def test_nobody_else_who_signs_in_at_the_same_screen_sees_it(client: FlaskClient, wall: Wall, task: str) -> None:
    _typed_too_late(client, wall, task)
    assert type_in(client, "senco2").location == "/inbox"
    assert client.get("/sign-in/again").location == "/inbox"
    sealed = reading().scalar(sa.select(kept_form.c.sealed))
    assert sealed is not None
    assert b"Quiet" not in sealed


def test_it_waits_through_the_second_step(client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=45)
    client.post("/start/graduated-approach/pupil1", data={"words": TYPED})
    assert type_in(client, "head").location == "/sign-in/code"
    assert client.post("/sign-in/code", data={"code": code_of(key, wall)}).location == "/sign-in/again"


def test_it_can_be_left(client: FlaskClient, wall: Wall, task: str) -> None:
    _typed_too_late(client, wall, task)
    type_in(client, "senco")
    assert client.post("/sign-in/again").location == "/inbox"
    assert kept_forms.one("senco", wall.now) is None


def test_passwords_and_codes_are_never_kept(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "senco")
    wall.later(minutes=45)
    client.post("/account/password", data={"old": PASSWORD, "new": "teal lantern walks", "repeated": "x"})
    client.post("/account/recovery-codes", data={"proof": "123456"})
    assert kept_forms.one("senco", wall.now) is None


def test_nothing_is_kept_for_a_session_that_was_ended_on_purpose(
    real: Flask, client: FlaskClient, wall: Wall, task: str
) -> None:
    type_in(client, "senco")
    cookie = client.get_cookie(installation.COOKIE)
    assert cookie is not None
    client.post("/sign-out")
    thief = real.test_client()
    thief.set_cookie(installation.COOKIE, cookie.value)
    thief.post(f"/tasks/{task}", data={"offer_note": TYPED})
    assert kept_forms.one("senco", wall.now) is None


def test_after_a_week_it_is_gone(client: FlaskClient, wall: Wall, task: str) -> None:
    _typed_too_late(client, wall, task)
    wall.later(days=8)
    assert type_in(client, "senco").location == "/inbox"
