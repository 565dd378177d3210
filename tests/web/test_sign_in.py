"""Names and passwords: the same answer for every reason, waits that grow, a password of one's own, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import template
from support.installation import NOW
from web.signing_in import PASSWORD, Wall, real_one, somewhere_else, type_in, with_password

from app.casework.signing_in import guessable, passwords, tries
from app.store import attempts, sessions
from app.store.db import reading
from app.store.tables import credential, login_attempt

__all__ = ["template"]
NEW = "teal lantern walks seven"


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def real(template: installation.Template, tmp_path: Path, wall: Wall) -> Iterator[Flask]:
    with real_one(template, tmp_path / "real", wall) as app:
        with_password("senco", "teacher")
        yield app


@pytest.fixture
def client(real: Flask) -> FlaskClient:
    return real.test_client()


def test_a_password_is_kept_as_argon2id_with_the_parameters_we_measured(real: Flask) -> None:
    kept = reading().scalar(sa.select(credential.c.password_hash).where(credential.c.person_id == "senco"))
    assert kept is not None
    found = extract_parameters(kept)
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19 * 1024, 2, 1)
    assert PASSWORD not in kept


@pytest.mark.parametrize(("person", "password"), [("senco", "wrong"), ("nobody.here", PASSWORD), ("", ""), ("dsl", "")])
def test_every_wrong_try_gets_the_same_answer_and_keeps_the_name(
    client: FlaskClient, person: str, password: str
) -> None:
    answer = type_in(client, person, password)
    assert answer.status_code == 422
    assert passwords.WRONG in answer.text
    assert f'value="{person}"' in answer.text
    assert client.get_cookie(installation.COOKIE) is None


def test_waiting_is_said_in_seconds_grows_and_keeps_the_name(client: FlaskClient, wall: Wall) -> None:
    for _ in range(5):
        assert type_in(client, "senco", "wrong").status_code == 422
    waits = []
    for seconds in (1, 2, 4, 8):
        refused = type_in(client, "senco")
        assert refused.status_code == 429
        assert 'value="senco"' in refused.text
        waits.append(refused.text.split("Try again in ")[1].split(".")[0])
        wall.later(seconds=seconds)
        assert type_in(client, "senco", "wrong").status_code == 422
    assert waits == ["1 second", "2 seconds", "4 seconds", "8 seconds"]
    wall.later(minutes=15)
    assert type_in(client, "senco").location == "/inbox"


def test_after_a_hundred_wrong_tries_the_wait_is_a_quarter_of_an_hour_and_no_longer(
    client: FlaskClient, wall: Wall
) -> None:
    subjects = tries.of_password("senco", "127.0.0.1")
    for _ in range(100):
        attempts.count(subjects, wall.now)
        wall.later(minutes=15)
    attempts.count(subjects, wall.now)
    refused = type_in(client, "senco")
    assert refused.status_code == 429
    assert "Try again in 15 minutes." in refused.text


def test_an_unknown_name_waits_like_a_known_one(client: FlaskClient) -> None:
    assert {type_in(client, "nobody.here", "wrong").status_code for _ in range(5)} == {422}
    assert type_in(client, "nobody.here", "wrong").status_code == 429


def test_somebody_elses_wrong_tries_elsewhere_do_not_shut_a_person_out(client: FlaskClient) -> None:
    for _ in range(6):
        type_in(client, "senco", "wrong")
    at_school = client.post(
        "/sign-in", data={"user_name": "senco", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert at_school.location == "/inbox"


def test_an_account_tried_from_everywhere_waits_everywhere(client: FlaskClient, wall: Wall) -> None:
    for number in range(20):
        attempts.count(tries.of_password("senco", f"192.0.2.{number}"), wall.now)
    assert type_in(client, "senco").status_code == 429


def test_one_address_that_tries_many_names_waits(client: FlaskClient, wall: Wall) -> None:
    for number in range(50):
        attempts.count(tries.of_password(f"name{number}", "127.0.0.1"), wall.now)
    assert type_in(client, "senco").status_code == 429


def test_a_header_that_anybody_can_send_does_not_make_another_address(client: FlaskClient) -> None:
    for number in range(5):
        client.post(
            "/sign-in",
            data={"user_name": "senco", "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
    assert type_in(client, "senco").status_code == 429


def test_a_proxy_that_is_named_in_the_settings_is_believed(
    template: installation.Template, tmp_path: Path, wall: Wall
) -> None:
    with real_one(template, tmp_path / "proxied", wall, proxies=1) as app:
        with_password("senco")
        client = app.test_client()
        for _ in range(6):
            client.post(
                "/sign-in",
                data={"user_name": "senco", "password": "wrong"},
                headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.1"},
            )
        other = client.post(
            "/sign-in",
            data={"user_name": "senco", "password": PASSWORD},
            headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.2"},
        )
        assert other.location == "/inbox"


def test_tries_count_before_they_are_answered_so_that_a_hundred_at_once_get_five_answers(real: Flask) -> None:
    subjects = tries.of_password("senco", "192.0.2.1")
    answers = [attempts.count(subjects, NOW) for _ in range(100)]
    assert sum(one is None for one in answers) == 5


def test_what_was_typed_as_a_name_is_not_kept_readable(client: FlaskClient) -> None:
    type_in(client, "my secret password by mistake", "x")
    assert not any("secret" in str(row) for row in reading().execute(sa.select(login_attempt)))


@pytest.mark.parametrize(
    "password",
    [
        "short", "passwordpassword", "Password123456789", "qwertyuiopasdfgh", "123456789012345", "aaaaaaaaaaaaaaaa",
        "iloveyouiloveyou", "P4ssw0rd!P4ssw0rd!", "Summer2026Winter2026", "correcthorsebatterystaple",
        "senco senco senco", "asha quill is my name",
    ],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_refused_offline(password: str) -> None:
    assert passwords.password_problem(password, ("senco", "Asha Quill"))


@pytest.mark.parametrize(
    "password", [NEW, "Mending fences by moonlight", "hcyq6-jqbx9-43kdp-rrz28", "ÄÖÜ æøå ñ ß ţ ŵ ŷ ž"]
)
def test_a_long_password_of_any_signs_is_fine(password: str) -> None:
    assert passwords.password_problem(password, ("senco", "Asha Quill")) == ""


def test_the_list_of_words_names_its_source() -> None:
    text = (Path(guessable.__file__).parent / "common_words.txt").read_text()
    assert "National Cyber Security Centre" in text
    assert len(guessable.common_words()) > 200


def test_changing_ones_password_asks_for_the_old_one_and_ends_other_sessions(
    real: Flask, client: FlaskClient, wall: Wall
) -> None:
    type_in(client, "senco")
    before = client.get_cookie(installation.COOKIE)
    elsewhere = somewhere_else(real, "senco", wall)
    done = client.post("/account/password", data={"old": PASSWORD, "new": NEW, "repeated": NEW})
    assert done.location == "/account"
    assert "You are signed out everywhere else." in client.get("/account").text
    after = client.get_cookie(installation.COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert elsewhere.get("/inbox").status_code == 303
    client.post("/sign-out")
    assert type_in(client, "senco", PASSWORD).status_code == 422
    assert type_in(client, "senco", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "wrong", "new": NEW, "repeated": NEW}, "this is not it"),
        ({"old": "", "new": NEW, "repeated": NEW}, "Enter the password you have now."),
        ({"old": PASSWORD, "new": NEW, "repeated": "something else"}, "the two are not the same"),
        ({"old": PASSWORD, "new": "short", "repeated": "short"}, "15 to 200 characters"),
        ({"old": PASSWORD, "new": PASSWORD, "repeated": PASSWORD}, "not the one you have now"),
        ({"old": PASSWORD, "new": "passwordpassword", "repeated": "passwordpassword"}, "harder to guess"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(client: FlaskClient, fields: dict[str, str], sentence: str) -> None:
    type_in(client, "senco")
    answer = client.post("/account/password", data=fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sessions.check_password("senco", PASSWORD)


def test_old_passwords_cannot_be_guessed_at_an_open_screen(client: FlaskClient) -> None:
    type_in(client, "senco")
    answers = [
        client.post("/account/password", data={"old": f"wrong {number}", "new": NEW, "repeated": NEW}).status_code
        for number in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_a_session_ends_after_half_an_hour_without_a_request(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "senco")
    for _ in range(3):
        wall.later(minutes=29)
        assert client.get("/inbox").status_code == 200
    wall.later(minutes=31)
    page = client.get("/inbox")
    assert page.status_code == 303
    assert "You were signed out because" in client.get(page.location).text


def test_a_session_ends_after_twelve_hours_whatever_is_done(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "senco")
    for _ in range(36):
        wall.later(minutes=20)
        assert client.get("/notices").status_code == 200
    wall.later(seconds=1)
    assert client.get("/notices").status_code == 303


def test_a_page_left_open_that_asks_by_itself_is_nobody_at_work(client: FlaskClient, wall: Wall) -> None:
    type_in(client, "senco")
    for _ in range(3):
        wall.later(minutes=11)
        last = client.get("/inbox/fragment", headers={"X-Requested-With": "poll"})
    assert last.status_code == 303


def test_ones_own_sessions_are_listed_and_the_others_can_be_ended(real: Flask, client: FlaskClient, wall: Wall) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post("/sign-in", data={"user_name": "senco", "password": PASSWORD}, headers={"User-Agent": windows})
    elsewhere = somewhere_else(real, "senco", wall)
    stranger = somewhere_else(real, "teacher", wall)
    page = client.get("/account").text
    assert "Firefox on Windows" in page
    assert 'href="/tokens">Tokens</a>' in page
    assert page.count("This one") == 1
    assert page.count("<tr>") == 3  # the heading, this one and the other; nobody else's
    assert client.post("/account/sessions/end").location == "/account"
    assert elsewhere.get("/inbox").status_code == 303
    assert stranger.get("/inbox").status_code == 200
    assert client.get("/inbox").status_code == 200


def test_giving_or_ending_a_role_signs_its_person_out(real: Flask, wall: Wall) -> None:
    with_password("sys")
    person, administrator = somewhere_else(real, "teacher", wall), somewhere_else(real, "sys", wall)
    given = administrator.post(
        "/people/teacher/add-role", data={"role-0": "SENCO", "place-0": "beacon", "seq": "1", "_key": "k1"}
    )
    assert given.status_code == 303
    assert person.get("/inbox").status_code == 303
    person = somewhere_else(real, "teacher", wall)
    ended = administrator.post(
        "/people/teacher/roles/SENCO/beacon", data={"until": "2/11/2026", "seq": "2", "_key": "k2"}
    )
    assert ended.status_code == 303
    assert person.get("/inbox").status_code == 303
