"""Signing in at an identity provider: what an answer must hold, whose account it is, signing out again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import identity_provider, installation
from support.fixtures import template
from support.identity_provider import CLIENT, SECRET, IdentityProvider
from support.installation import NOW, command
from web.signing_in import PASSWORD, Wall, real_one, somewhere_else, type_in, with_password
from werkzeug.test import TestResponse

from app.access.people import Reader
from app.casework.signing_in import linking
from app.clock import local_date
from app.config import Settings, UnusableSettings
from app.model.actor import Actor
from app.store import identities
from app.store.db import reading
from app.store.queries import organisations, people
from app.web import provider

__all__ = ["template"]
HERE = "http://localhost"


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def there() -> Iterator[IdentityProvider]:
    with identity_provider.running() as found:
        yield found


@pytest.fixture
def real(template: installation.Template, tmp_path: Path, wall: Wall, there: IdentityProvider) -> Iterator[Flask]:
    with real_one(template, tmp_path / "real", wall, **_settings(tmp_path, there)) as app:
        yield app


@pytest.fixture
def client(real: Flask) -> FlaskClient:
    return real.test_client()


def _settings(folder: Path, there: IdentityProvider) -> dict[str, str]:
    (folder / "secret").write_text(f"{SECRET}\n")
    return {
        "oidc_issuer": there.issuer,
        "oidc_client_id": CLIENT,
        "oidc_secret_file": str(folder / "secret"),
        "oidc_label": "your council account",
        "public_url": HERE,
    }


def _go(client: FlaskClient, there: IdentityProvider, **query: str) -> str:
    """To the provider and back: the address the browser is sent to."""
    away = client.get("/sign-in/provider", query_string=query)
    assert away.status_code in (302, 303), away.text
    assert away.location.startswith(f"{there.issuer}/authorize?")
    back = there.authorize(away.location)
    assert back.startswith(f"{HERE}/sign-in/provider/answer?")
    return back.removeprefix(HERE)


def _sign_in(client: FlaskClient, there: IdentityProvider, **query: str) -> TestResponse:
    return client.get(_go(client, there, **query))


def _link(there: IdentityProvider, person: str, subject: str = "subject-1") -> None:
    identities.link(there.issuer, subject, person, NOW)


def _code_for(person: str, wall: Wall) -> str:
    account, sys = people.account(reading(), person), people.one(reading(), "sys")
    assert account is not None
    assert sys is not None
    reader = Reader(sys, organisations.tree(reading()), local_date(NOW))
    return linking.make_code(person, account.seq, command(Actor("sys", "Noor Fenn")), reader, wall.now)


def test_a_linked_account_signs_in_and_goes_on_to_the_page_that_was_asked_for(
    client: FlaskClient, there: IdentityProvider
) -> None:
    _link(there, "senco")
    assert "Sign in with your council account" in client.get("/sign-in").text
    assert _sign_in(client, there, next="/notices").location == "/notices"
    assert client.get("/inbox").status_code == 200
    assert "Single sign-on" in client.get("/account").text


def test_another_site_is_never_gone_on_to(client: FlaskClient, there: IdentityProvider) -> None:
    _link(there, "senco")
    assert _sign_in(client, there, next="https://evil.example/").location == "/inbox"


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"nonce": "another"}, "cannot be trusted"),
        ({"nonce": None}, "cannot be trusted"),
        ({"aud": "another-client"}, "cannot be trusted"),
        ({"aud": "another-client", "azp": CLIENT}, "cannot be trusted"),
        ({"aud": None}, "cannot be trusted"),
        ({"iss": "https://another.example"}, "cannot be trusted"),
        ({"exp": int(time.time()) - 600}, "is too old"),
        ({"exp": None}, "cannot be trusted"),
        ({"sub": None}, "cannot be trusted"),
    ],
)
def test_an_answer_that_was_not_made_for_us_is_refused_with_a_sentence(
    client: FlaskClient, there: IdentityProvider, claims: dict[str, object], sentence: str
) -> None:
    _link(there, "senco")
    there.claims = claims
    answer = _sign_in(client, there)
    assert answer.status_code == 403
    assert sentence in answer.text
    assert client.get("/inbox").status_code == 303


def test_a_token_signed_with_a_key_that_is_not_published_is_refused(
    client: FlaskClient, there: IdentityProvider
) -> None:
    _link(there, "senco")
    there.signs_with = there.other_key
    assert _sign_in(client, there).status_code == 403


def test_a_provider_may_change_its_keys(client: FlaskClient, there: IdentityProvider) -> None:
    _link(there, "senco")
    assert _sign_in(client, there).location == "/inbox"
    there.signs_with, there.published = there.other_key, [there.other_key]
    client.post("/sign-out")
    assert _sign_in(client, there).location == "/inbox"


def test_an_answer_without_an_identity_is_refused(client: FlaskClient, there: IdentityProvider) -> None:
    there.is_silent = True
    answer = _sign_in(client, there)
    assert answer.status_code == 403
    assert "did not say who you are" in answer.text


def test_a_state_that_was_changed_or_belongs_to_another_browser_is_refused(
    real: Flask, client: FlaskClient, there: IdentityProvider
) -> None:
    _link(there, "senco")
    back = _go(client, there)
    changed = client.get(back[:-4] + "abcd")
    elsewhere = real.test_client().get(back)
    for answer in (changed, elsewhere):
        assert answer.status_code == 403
        assert "another visit" in answer.text
    assert client.get("/inbox").status_code == 303


def test_an_answer_works_once(client: FlaskClient, there: IdentityProvider) -> None:
    _link(there, "senco")
    back = _go(client, there)
    assert client.get(back).location == "/inbox"
    assert client.get(back).status_code == 403


def test_the_code_is_worth_nothing_without_the_verifier_of_this_browser(
    real: Flask, client: FlaskClient, there: IdentityProvider
) -> None:
    _link(there, "senco")
    stolen = parse_qs(urlsplit(_go(client, there)).query)["code"][0]
    thief = real.test_client()
    state = parse_qs(urlsplit(_go(thief, there)).query)["state"][0]
    assert thief.get("/sign-in/provider/answer", query_string={"code": stolen, "state": state}).status_code == 403
    assert there.refused == ["wrong verifier"]


def test_whoever_did_not_sign_in_there_is_told_so(client: FlaskClient) -> None:
    answer = client.get("/sign-in/provider/answer?error=access_denied&state=x")
    assert answer.status_code == 403
    assert "you did not sign in" in answer.text


@pytest.mark.parametrize(("tenant", "status"), [("right", 303), ("wrong", 403), (None, 403)])
def test_only_the_tenant_of_the_settings_is_let_in(
    template: installation.Template,
    tmp_path: Path,
    wall: Wall,
    there: IdentityProvider,
    tenant: str | None,
    status: int,
) -> None:
    there.claims = {"tid": tenant}
    with real_one(template, tmp_path / "t", wall, **_settings(tmp_path, there), oidc_tenant="right") as app:
        _link(there, "senco")
        answer = _sign_in(app.test_client(), there)
        assert answer.status_code == status
        if status == 403:
            assert "belongs to another organisation" in answer.text


def test_the_same_address_of_another_issuer_is_not_the_same_person(
    client: FlaskClient, there: IdentityProvider
) -> None:
    identities.link("https://another.example", "subject-1", "senco", NOW)
    there.claims = {"email": "senco@beacon.example", "preferred_username": "senco", "email_verified": True}
    assert _sign_in(client, there).location == "/sign-in/link"
    assert client.get("/inbox").status_code == 303


def test_an_account_nobody_has_is_told_whom_to_ask_and_a_link_code_links_it_once(
    real: Flask, client: FlaskClient, there: IdentityProvider, wall: Wall
) -> None:
    code = _code_for("senco", wall)
    assert _sign_in(client, there, next="/notices").location == "/sign-in/link"
    assert "Ask the Waymark administrator" in client.get("/sign-in/link").text
    wrong = client.post("/sign-in/link", data={"code": "abcd-efgh-2345"})
    assert wrong.status_code == 422
    assert (
        client.post("/sign-in/link", data={"code": f" {code[:4]}-{code[4:8]}-{code[8:]} ".upper()}).location
        == "/notices"
    )
    assert client.get("/inbox").status_code == 200

    there.subject = "subject-2"
    other = real.test_client()
    assert _sign_in(other, there).location == "/sign-in/link"
    assert other.post("/sign-in/link", data={"code": code}).status_code == 422


def test_a_link_code_ends_after_four_days_and_trying_codes_waits(
    client: FlaskClient, there: IdentityProvider, wall: Wall
) -> None:
    code = _code_for("senco", wall)
    wall.later(days=4, seconds=1)
    _sign_in(client, there)
    assert client.post("/sign-in/link", data={"code": code}).status_code == 422
    answers = [client.post("/sign-in/link", data={"code": f"nothing{number}"}).status_code for number in range(10)]
    assert answers == [422] * 9 + [429]


def test_a_closed_account_is_not_let_in_by_its_link(real: Flask, client: FlaskClient, there: IdentityProvider) -> None:
    _link(there, "teacher")
    administrator = installation.sign_in(real, "sys")
    real.extensions.pop("waymark_real_clock")
    assert administrator.post("/people/teacher/close", data={"seq": "1", "_key": "k"}).status_code == 303
    assert _sign_in(client, there).location == "/sign-in/link"


def test_somebody_signed_in_links_their_account_and_nobody_elses(client: FlaskClient, there: IdentityProvider) -> None:
    with_password("senco", "teacher")
    type_in(client, "senco")
    assert _sign_in(client, there, link="1").location == "/account"
    assert identities.person_of(there.issuer, "subject-1") == "senco"
    client.post("/sign-out")
    type_in(client, "teacher")
    _sign_in(client, there, link="1")
    assert "belongs to somebody else" in client.get("/account").text
    assert identities.person_of(there.issuer, "subject-1") == "senco"


@pytest.mark.parametrize(
    ("claims", "settings", "onward"),
    [({}, False, "/sign-in/set-up"), ({"amr": ["pwd", "mfa"]}, False, "/inbox"), ({}, True, "/inbox")],
)
def test_a_role_that_decides_takes_a_second_step_here_unless_the_provider_asked_for_one(
    template: installation.Template,
    tmp_path: Path,
    wall: Wall,
    there: IdentityProvider,
    claims: dict[str, object],
    settings: bool,
    onward: str,
) -> None:
    there.claims = claims
    with real_one(template, tmp_path / "s", wall, **_settings(tmp_path, there), oidc_second_step=settings) as app:
        _link(there, "head")
        assert _sign_in(app.test_client(), there).location == onward


def test_signing_out_says_how_to_sign_out_there_too(client: FlaskClient, there: IdentityProvider) -> None:
    _link(there, "senco")
    _sign_in(client, there)
    assert client.post("/sign-out").location == "/signed-out"
    page = client.get("/signed-out").text
    assert f"{there.issuer}/end?" in page
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in" in page
    assert client.get("/inbox").status_code == 303


def test_whoever_signed_in_with_a_password_is_just_signed_out(client: FlaskClient) -> None:
    with_password("senco")
    type_in(client, "senco", PASSWORD)
    assert client.post("/sign-out").location == "/sign-in"


def test_a_provider_that_does_not_answer_leaves_the_password(
    template: installation.Template, tmp_path: Path, wall: Wall, there: IdentityProvider
) -> None:
    settings = _settings(tmp_path, there) | {"oidc_issuer": "http://127.0.0.1:9"}
    with real_one(template, tmp_path / "away", wall, **settings) as app:
        with_password("senco")
        client = app.test_client()
        answer = client.get("/sign-in/provider")
        assert answer.status_code == 503
        assert "sign in with a password" in answer.text
        assert type_in(client, "senco").location == "/inbox"


def test_a_provider_that_calls_itself_something_else_is_not_used(
    template: installation.Template, tmp_path: Path, wall: Wall, there: IdentityProvider
) -> None:
    settings = _settings(tmp_path, there)
    there.issuer = "https://somebody.else.example"
    with real_one(template, tmp_path / "other", wall, **settings) as app:
        assert app.test_client().get("/sign-in/provider").status_code == 503


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": ""},
        {"oidc_client_id": ""},
        {"oidc_issuer": "http://provider.example"},
        {"public_url": "http://waymark.example"},
        {"oidc_secret_file": "/nowhere/secret"},
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(tmp_path: Path, wrong: dict[str, str]) -> None:
    right = Settings(
        oidc_issuer="https://provider.example", oidc_client_id=CLIENT, public_url="https://waymark.example"
    )
    with pytest.raises(UnusableSettings):
        provider.install(Flask("never"), replace(right, **wrong))


def test_the_secret_is_never_shown(client: FlaskClient, wall: Wall, real: Flask) -> None:
    person = somewhere_else(real, "senco", wall)
    pages = [client.get("/sign-in"), client.get("/signed-out"), person.get("/account")]
    assert not any(SECRET in page.text for page in pages)


def test_an_administrator_makes_a_link_code_that_is_shown_once_and_removes_a_link(
    real: Flask, client: FlaskClient, there: IdentityProvider, wall: Wall
) -> None:
    administrator = somewhere_else(real, "sys", wall)
    page = administrator.post("/people/senco/sign-in", data={"what": "link-code", "seq": "1", "_key": "k1"})
    code = page.text.split("<code>")[1].split("</code>")[0]
    _sign_in(client, there)
    assert client.post("/sign-in/link", data={"code": code}).status_code == 303
    shown = administrator.get("/people/senco/sign-in").text
    assert code not in shown
    assert there.issuer in shown
    removed = administrator.post("/people/senco/sign-in", data={"what": "links", "seq": "3", "_key": "k2"})
    assert removed.status_code == 303
    assert client.get("/inbox").status_code == 303
    assert _sign_in(client, there).location == "/sign-in/link"
