"""Requests that did not come from our pages, headers of every answer, cookies, sessions that end when they should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from access.table import Question, questions
from access.world import World
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close
from support.installation import NOW, PEOPLE, command
from support.pages import web_application

from app.cases.records import write_record
from app.model.entry import StreamId
from app.store import sessions
from app.store.db import db, reading
from app.store.tables import definition_draft, draft, entry, read_log
from app.web.visits import CLOCK

ClientOf = Callable[[str], FlaskClient]
PASSWORD = "a long enough password"


@pytest.fixture
def guarded(peopled: tuple[installation.Template, World], tmp_path: Path) -> Iterator[Flask]:
    """The application as it is served in production: tokens asked for, cookies for HTTPS only, no demonstration."""
    with installation.copy(peopled[0], tmp_path / "guarded") as settings:
        app = web_application(replace(settings, demo=False, secure_cookies=True))
        with app.app_context():
            yield app
            close()


def _as(app: Flask, person: str) -> FlaskClient:
    client, token = app.test_client(), sessions.begin(person, has_second_step=True)
    client.set_cookie(app.extensions["waymark_session_cookie"], token, secure=True)
    return client


def _unsafe(app: Flask, world: World, person: str) -> list[Question]:
    """What a form can send: programs send a token of their own that no other site knows."""
    asked = questions(app.url_map, world, person)
    return [one for one in asked if not one.is_safe and not one.endpoint.startswith("api_")]


@pytest.mark.parametrize("person", ["senco", "owner1", "sys"])
def test_nothing_is_done_without_a_token_or_for_another_site(guarded: Flask, world: World, person: str) -> None:
    client, before = _as(guarded, person), _state()
    for one in _unsafe(guarded, world, person):
        address = f"https://localhost{one.address}"
        no_token = client.open(address, method=one.method, data=dict(one.fields))
        assert no_token.status_code == 400, one
        for site in ("cross-site", "same-site"):
            forged = client.open(address, method=one.method, headers={"Sec-Fetch-Site": site})
            assert forged.status_code == 403, one
    assert _state() == before


def test_every_answer_carries_the_headers_that_keep_browsers_from_helping_an_attacker(
    guarded: Flask, world: World
) -> None:
    client, anybody = _as(guarded, "senco"), guarded.test_client()
    for one in questions(guarded.url_map, world, "senco"):
        answer = (anybody if one.endpoint == "sign_in.submit" else client).open(
            f"https://localhost{one.address}", method=one.method
        )
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, one
        if one.endpoint != "cases.document":
            assert "frame-ancestors 'none'" in policy, one
            assert "unsafe-inline" not in policy.partition("style-src-attr")[0], one
        assert "unsafe-eval" not in policy, one
        assert answer.headers["X-Frame-Options"] == "DENY", one
        assert answer.headers["X-Content-Type-Options"] == "nosniff", one
        assert answer.headers["Referrer-Policy"] == "no-referrer", one
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), one
        if one.endpoint != "static":
            assert answer.headers["Cache-Control"] == "no-store", one


def test_cookies_are_for_this_site_over_https_and_no_script_reads_them(guarded: Flask) -> None:
    sessions.set_password("senco", PASSWORD)
    client = guarded.test_client()
    guarded.config["WTF_CSRF_ENABLED"] = False
    client.get("https://localhost/sign-in")
    answer = _sign_in(client, PASSWORD, "https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(one.startswith("__Host-waymark=") for one in cookies)
    for one in cookies:
        assert one.startswith("__Host-"), one
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(one.split("; ")), one
        assert "Domain=" not in one


def test_what_only_a_demonstration_offers_is_not_there_otherwise(guarded: Flask) -> None:
    guarded.config["WTF_CSRF_ENABLED"] = False
    for address, fields in (("/demo/sign-in", {"person": "senco"}), ("/demo/clock", {"step": "day"})):
        assert guarded.test_client().post(f"https://localhost{address}", data=fields).status_code == 404


def test_a_role_that_ended_is_gone_with_the_next_request(world: World, client_of: ClientOf) -> None:
    client, page = client_of("senco"), f"/cases/{world.references['beacon']}"
    assert client.get(page).status_code == 200
    _record("senco", until=(NOW - timedelta(days=1)).date().isoformat())
    assert client.get(page).status_code == 404
    assert client.get(f"/tasks/{world.tasks['assess']}").status_code == 404
    assert client.get("/cases").status_code == 403


def test_a_closed_account_is_signed_out_with_the_next_request(world: World, client_of: ClientOf) -> None:
    client = client_of("senco")
    _record("senco", is_active=False)
    assert client.get("/inbox").location.startswith("/sign-in")


def test_a_cookie_is_worth_nothing_after_signing_out(app: Flask) -> None:
    token = sessions.begin("senco")
    client, thief = app.test_client(), app.test_client()
    client.set_cookie(installation.COOKIE, token)
    thief.set_cookie(installation.COOKIE, token)
    assert thief.get("/inbox").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert thief.get("/inbox").status_code == 303


def test_signing_in_again_gives_a_new_token_and_ends_the_old_one(app: Flask) -> None:
    sessions.set_password("senco", PASSWORD)
    fixed = sessions.begin("teacher")
    client, attacker = app.test_client(), app.test_client()
    for one in (client, attacker):
        one.set_cookie(installation.COOKIE, fixed)
    assert _sign_in(client, PASSWORD).status_code == 303
    assert client.get("/inbox").status_code == 200
    assert attacker.get("/inbox").status_code == 303


def test_after_wrong_passwords_even_the_right_one_waits(app: Flask) -> None:
    sessions.set_password("senco", PASSWORD)
    client = app.test_client()
    app.extensions[CLOCK] = lambda: NOW
    pages = [_sign_in(client, "wrong").status_code for _ in range(5)]
    assert set(pages) == {422}
    refused = _sign_in(client, PASSWORD)
    assert refused.status_code == 429
    assert "Try again in 1 second." in refused.text
    app.extensions[CLOCK] = lambda: NOW + timedelta(seconds=2)
    assert _sign_in(client, PASSWORD).status_code == 303


def test_signing_in_never_says_whether_the_name_exists(app: Flask) -> None:
    sessions.set_password("senco", PASSWORD)
    client = app.test_client()
    known, unknown = (
        client.post("/sign-in", data={"user_name": one, "password": "wrong"}) for one in ("senco", "nona")
    )
    assert known.status_code == unknown.status_code == 422
    assert "Enter the user name and password" in known.text
    assert "Enter the user name and password" in unknown.text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example/", "\\\\evil.example", "evil"],
)
def test_nobody_is_sent_to_another_site_after_signing_in_or_after_a_task(
    app: Flask, world: World, client_of: ClientOf, target: str
) -> None:
    sessions.set_password("senco", PASSWORD)
    signed_in = app.test_client().post("/sign-in", data={"user_name": "senco", "password": PASSWORD, "next": target})
    claimed = client_of("senco2").post(f"/tasks/{world.tasks['assess']}/claim", data={"next": target})
    assert {signed_in.location, claimed.location} <= {"/", "/inbox"}


def _sign_in(client: FlaskClient, password: str, site: str = "") -> installation.Any:
    return client.post(f"{site}/sign-in", data={"user_name": "senco", "password": password})


def _record(person: str, *, is_active: bool = True, until: str | None = None) -> None:
    name, roles = PEOPLE[person]
    held = [{"role": role, "organisation": where, "until": until} for role, where in roles]
    content = {"person": {"user_name": person, "name": name, "is_active": is_active, "memberships": held}}
    write_record(StreamId("person", person), "person-recorded", content, command())


def _state() -> tuple[int, ...]:
    db.session.rollback()
    counted = (entry, draft, definition_draft, read_log)
    return tuple(reading().scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in counted)
