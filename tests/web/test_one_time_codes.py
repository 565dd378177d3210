"""The second step: who must take it, setting up the app, codes that work once, recovery codes, a lost phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import template
from support.installation import NOW, PEOPLE, command
from web.signing_in import (
    PASSWORD,
    Wall,
    code_of,
    codes_shown,
    key_shown,
    real_one,
    set_up,
    somewhere_else,
    type_in,
    with_password,
)

from app.access.people import Reader
from app.access.roles import ROLES
from app.access.second_steps import DECIDING_ROLES
from app.cases.records import write_record
from app.casework.signing_in import second_step
from app.clock import local_date
from app.errors import NotAllowed, NotFound
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store import journal, second_factors, sessions
from app.store.db import db, reading
from app.store.queries import organisations, people
from app.store.tables import recovery_code, second_factor

__all__ = ["template"]


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def real(template: installation.Template, tmp_path: Path, wall: Wall) -> Iterator[Flask]:
    with real_one(template, tmp_path / "real", wall) as app:
        with_password("head", "senco", "sys")
        yield app


@pytest.fixture
def client(real: Flask) -> FlaskClient:
    return real.test_client()


def _reader(person: str) -> Reader:
    found = people.one(reading(), person)
    assert found is not None
    return Reader(found, organisations.tree(reading()), local_date(NOW))


def test_every_deciding_role_is_a_role() -> None:
    assert set(ROLES) >= DECIDING_ROLES
    assert {"HT", "SYS", "POWN", "AUD", "HOS"} <= DECIDING_ROLES
    assert not {"TEACH", "SENCO", "ATT", "PSTAFF"} & DECIDING_ROLES


def test_a_role_that_decides_leads_to_setting_up_and_nothing_else_is_reachable(client: FlaskClient) -> None:
    assert type_in(client, "head", next="/cases").location == "/sign-in/set-up?next=/cases"
    for page in ("/inbox", "/cases", "/account", "/account/second-step", "/notices"):
        answer = client.get(page)
        assert answer.status_code == 303, page
        assert answer.location.startswith("/sign-in"), page
    assert client.get("/sign-in/code").location == "/sign-in"


def test_setting_up_shows_the_key_as_a_drawing_and_as_text_and_a_code_lets_in(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "head")
    page = client.get("/sign-in/set-up?next=/cases")
    key = key_shown(page)
    drawing = ElementTree.fromstring(page.text[page.text.index("<svg") : page.text.index("</svg>") + 6])
    assert len(drawing) > 0
    assert "style=" not in page.text
    assert key_shown(client.get("/sign-in/set-up")) == key  # whoever opens the page again needs no new drawing

    wrong = client.post("/sign-in/set-up", data={"code": "000000", "next": "/cases"})
    assert wrong.status_code == 422
    assert "Enter the six digits" in wrong.text
    assert not second_factors.is_set_up("head")

    done = client.post("/sign-in/set-up", data={"code": code_of(key, wall), "next": "/cases"})
    assert len(codes_shown(done)) == 10
    assert 'href="/cases"' in done.text
    assert client.get("/cases").status_code == 200


def test_a_role_that_does_not_decide_signs_in_with_the_password_alone(client: FlaskClient) -> None:
    assert type_in(client, "senco").location == "/inbox"
    assert client.get("/inbox").status_code == 200


def test_a_demonstration_asks_nobody_for_a_second_step(template: installation.Template, tmp_path: Path) -> None:
    with real_one(template, tmp_path / "demo", Wall()) as app:
        app.extensions["waymark_settings"] = installation.Settings(
            data_dir=tmp_path / "demo", demo=True, secure_cookies=False
        )
        with_password("head")
        assert type_in(app.test_client(), "head").location == "/inbox"


def test_the_next_time_a_code_is_asked_and_the_session_gets_a_new_token(client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    client.post("/sign-out")
    wall.later(minutes=5)
    assert type_in(client, "head").location == "/sign-in/code"
    half = client.get_cookie(installation.COOKIE)
    assert client.get("/inbox").location.startswith("/sign-in")
    assert client.post("/sign-in/code", data={"code": code_of(key, wall)}).status_code == 303
    whole = client.get_cookie(installation.COOKIE)
    assert half is not None
    assert whole is not None
    assert half.value != whole.value
    assert sessions.visit_of(half.value, timedelta(hours=1), now=wall.now) is None
    assert client.get("/inbox").status_code == 200


def test_a_code_works_once(real: Flask, client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=5)
    code, other = code_of(key, wall), real.test_client()
    type_in(client, "head")
    type_in(other, "head")
    assert client.post("/sign-in/code", data={"code": code}).status_code == 303
    assert other.post("/sign-in/code", data={"code": code}).status_code == 422
    wall.later(seconds=30)
    assert other.post("/sign-in/code", data={"code": code_of(key, wall)}).status_code == 303


def test_the_code_that_set_the_app_up_is_used_too(real: Flask, client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    other = real.test_client()
    type_in(other, "head")
    assert other.post("/sign-in/code", data={"code": code_of(key, wall)}).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
def test_a_phone_may_be_half_a_minute_off(client: FlaskClient, wall: Wall, seconds: int, status: int) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=10)
    type_in(client, "head")
    phone = Wall(wall.now)
    phone.later(seconds=seconds)
    assert client.post("/sign-in/code", data={"code": code_of(key, phone)}).status_code == status


def test_a_code_may_be_typed_with_a_gap(client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=5)
    type_in(client, "head")
    code = code_of(key, wall)
    assert client.post("/sign-in/code", data={"code": f" {code[:3]} {code[3:]} "}).status_code == 303


def test_guessing_codes_makes_the_next_try_wait(client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=5)
    type_in(client, "head")
    assert {client.post("/sign-in/code", data={"code": "123456"}).status_code for _ in range(5)} == {422}
    refused = client.post("/sign-in/code", data={"code": code_of(key, wall)})
    assert refused.status_code == 429
    assert "Try again in 1 second." in refused.text
    wall.later(seconds=30)
    assert client.post("/sign-in/code", data={"code": code_of(key, wall)}).status_code == 303


def test_a_half_session_ends_after_ten_minutes(client: FlaskClient, wall: Wall) -> None:
    key, _ = set_up(client, "head", wall)
    wall.later(minutes=5)
    type_in(client, "head")
    wall.later(minutes=11)
    assert client.post("/sign-in/code", data={"code": code_of(key, wall)}).location == "/sign-in"


def test_a_recovery_code_works_once_and_new_ones_end_the_old(client: FlaskClient, wall: Wall) -> None:
    key, codes = set_up(client, "head", wall)
    for expected in (303, 422):
        wall.later(minutes=1)
        type_in(client, "head")
        assert client.post("/sign-in/code", data={"code": codes[0].upper()}).status_code == expected
    client.post("/sign-in/code", data={"code": codes[1]})
    assert "8 of 10 left" in client.get("/account").text

    assert client.post("/account/recovery-codes", data={"proof": "nothing"}).status_code == 422
    wall.later(minutes=1)
    fresh = codes_shown(client.post("/account/recovery-codes", data={"proof": code_of(key, wall)}))
    assert not set(fresh) & set(codes)
    client.post("/sign-out")
    type_in(client, "head")
    assert client.post("/sign-in/code", data={"code": codes[2]}).status_code == 422
    assert client.post("/sign-in/code", data={"code": fresh[0]}).status_code == 303


def test_neither_keys_nor_recovery_codes_can_be_read_in_the_database(client: FlaskClient, wall: Wall) -> None:
    key, codes = set_up(client, "head", wall)
    kept = [*reading().execute(sa.select(second_factor)).one(), *reading().scalars(sa.select(recovery_code.c.digest))]
    readable = b"".join(one for one in kept if isinstance(one, bytes))
    assert key.encode() not in readable
    assert not any(one.replace("-", "").encode() in readable for one in codes)


def test_anybody_can_have_a_second_step_and_proves_who_they_are_first(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "senco")
    key = key_shown(client.get("/account/second-step"))
    code = code_of(key, wall)
    refused = client.post("/account/second-step", data={"proof": "not the password", "code": code})
    assert refused.status_code == 422
    assert not second_factors.is_set_up("senco")
    assert len(codes_shown(client.post("/account/second-step", data={"proof": PASSWORD, "code": code}))) == 10
    assert client.get("/inbox").status_code == 200
    client.post("/sign-out")
    assert type_in(client, "senco").location == "/sign-in/code"


def test_another_app_takes_the_place_of_the_first_and_other_sessions_end(
    real: Flask, client: FlaskClient, wall: Wall
) -> None:
    key, codes = set_up(client, "head", wall)
    elsewhere = somewhere_else(real, "head", wall)
    wall.later(minutes=1)
    new = key_shown(client.get("/account/second-step"))
    assert new != key
    without = client.post("/account/second-step", data={"proof": "", "code": code_of(new, wall)})
    assert without.status_code == 422
    done = client.post("/account/second-step", data={"proof": codes[0], "code": code_of(new, wall)})
    assert len(codes_shown(done)) == 10
    assert elsewhere.get("/inbox").status_code == 303
    client.post("/sign-out")
    wall.later(minutes=1)
    type_in(client, "head")
    assert client.post("/sign-in/code", data={"code": code_of(key, wall)}).status_code == 422
    assert client.post("/sign-in/code", data={"code": code_of(new, wall)}).status_code == 303


def test_an_administrator_removes_a_lost_second_step_and_its_person_is_told(client: FlaskClient, wall: Wall) -> None:
    set_up(client, "head", wall)
    account = people.account(reading(), "head")
    assert account is not None
    wall.later(minutes=1)

    second_step.remove_of("head", account.seq, command(Actor("sys", "Noor Fenn"), key="k"), _reader("sys"))

    assert client.get("/inbox").status_code == 303  # signed out at once
    last = journal.entries(reading(), StreamId("person", "head"))[-1]
    assert (last.actor, (last.content or {})["what"]) == ("sys", second_step.RESET)
    assert type_in(client, "head").location == "/sign-in/set-up"
    key = key_shown(client.get("/sign-in/set-up"))
    codes = client.post("/sign-in/set-up", data={"code": code_of(key, wall), "next": "/cases"})
    assert 'href="/account?next=/cases"' in codes.text  # on the way there
    told = client.get("/account?next=/cases").text
    assert "Somebody changed your account since you were last here" in told
    assert "Noor Fenn removed your second step." in told


def test_nobody_removes_their_own_second_step_or_somebody_elses_without_the_right(real: Flask) -> None:
    for reader, person in (("sys", "sys"), ("head", "senco")):
        account = people.account(reading(), person)
        assert account is not None
        with pytest.raises((NotAllowed, NotFound)):
            second_step.remove_of(person, account.seq, command(key=person), _reader(reader))


def test_a_role_that_begins_while_somebody_is_signed_in_asks_for_the_second_step_at_once(client: FlaskClient) -> None:
    type_in(client, "senco")
    assert client.get("/inbox").status_code == 200
    name, _ = PEOPLE["senco"]
    held = [{"role": "HT", "organisation": "beacon", "since": None, "until": None}]
    content = {"person": {"user_name": "senco", "name": name, "is_active": True, "memberships": held}}
    write_record(StreamId("person", "senco"), "person-recorded", content, command())
    db.session.rollback()
    assert client.get("/inbox").location.startswith("/sign-in")
    assert type_in(client, "senco").location == "/sign-in/set-up"


def test_an_administrator_removes_it_on_a_page_and_stands_in_the_history(
    real: Flask, client: FlaskClient, wall: Wall
) -> None:
    set_up(client, "head", wall)
    administrator = somewhere_else(real, "sys", wall)
    page = administrator.get("/people/head/sign-in")
    assert "10 of 10 recovery codes" in page.text
    done = administrator.post("/people/head/sign-in", data={"what": "second-step", "seq": "1", "_key": "k"})
    assert done.status_code == 303
    assert "None yet." in administrator.get(done.location).text
    assert "Second step removed" in administrator.get("/people/head").text
    assert client.get("/inbox").status_code == 303


def test_an_administrator_cannot_remove_their_own_on_that_page(real: Flask, wall: Wall) -> None:
    administrator = somewhere_else(real, "sys", wall)
    assert "Remove the second step" not in administrator.get("/people/sys/sign-in").text
    done = administrator.post("/people/sys/sign-in", data={"what": "second-step", "seq": "1", "_key": "k"})
    assert done.status_code == 403
