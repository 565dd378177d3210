"""The administrator's pages about people."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from werkzeug.test import TestResponse

from app.access.people import Membership
from app.cases import starting, tasks
from app.cases.records import write_record
from app.casework import people
from app.casework.person_checks import SHORTEST_PASSWORD
from app.errors import InvalidAnswers
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store import journal, sessions
from app.store.db import reading
from app.store.queries import people as queries
from app.store.queries import work

ClientOf = Callable[[str], FlaskClient]
NEW = {"name": "Petra Wain", "user_name": "petra.wain", "role-0": "SENCO", "place-0": "beacon", "_key": "k1"}


def seq_of(person_id: str) -> int:
    found = queries.account(reading(), person_id)
    assert found is not None
    return found.seq


def main_of(page: TestResponse) -> str:
    """The page without the demonstration's banner, which lists everybody."""
    return page.text.split("<main")[1]


def entries_of(person_id: str) -> list[str]:
    return [one.kind for one in journal.entries(reading(), StreamId("person", person_id))]


def test_an_administrator_finds_people_by_name_place_and_state(client_of: ClientOf) -> None:
    page = client_of("sys").get("/people?q=quill&place=beacon")

    assert page.status_code == 200
    assert "Asha Quill" in main_of(page)
    assert "SENCO at Beacon School" in main_of(page)
    assert "Gwen Pike" not in main_of(page)


def test_people_of_another_authority_are_neither_listed_nor_found(client_of: ClientOf) -> None:
    sys = client_of("sys")

    assert "Hugo Vale" not in main_of(sys.get("/people"))
    assert sys.get("/people/far-senco").status_code == 404
    assert sys.get("/people/far-senco/password").status_code == 404
    assert sys.post("/people/far-senco/close", data={"seq": "1"}).status_code == 404


@pytest.mark.parametrize("who", ["senco", "head", "auditor", "owner1"])
def test_nobody_else_administers_people(client_of: ClientOf, who: str) -> None:
    assert client_of(who).get("/people").status_code == 403
    assert client_of(who).post("/people/add", data=NEW).status_code == 403


def test_adding_a_person_shows_a_password_once_that_lets_them_in(app: Flask, client_of: ClientOf) -> None:
    page = client_of("sys").post("/people/add", data=NEW)

    assert page.status_code == 200
    password = page.text.split("<code>")[1].split("</code>")[0]
    assert len(password) >= SHORTEST_PASSWORD
    assert sessions.check_password("petra.wain", password)
    assert password not in client_of("sys").get("/people/petra.wain").text
    found = queries.one(reading(), "petra.wain")
    assert found is not None
    assert found.memberships == (Membership("SENCO", "beacon"),)


def test_adding_twice_by_a_double_click_is_one_entry(client_of: ClientOf) -> None:
    sys = client_of("sys")

    assert sys.post("/people/add", data=NEW).status_code == 200
    assert sys.post("/people/add", data=NEW).status_code == 200

    assert entries_of("petra.wain") == ["person-recorded"]


def test_a_second_person_cannot_have_the_user_name_of_another(client_of: ClientOf) -> None:
    page = client_of("sys").post("/people/add", data={**NEW, "user_name": "Senco"})

    assert page.status_code == 422
    assert "somebody has “senco” already" in page.text
    assert 'value="Petra Wain"' in page.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Enter their name."),
        ("user_name", "1petra", "begins with a letter"),
        ("user_name", "worker", "Choose another user name"),
        ("email", "petra", "Enter an e-mail address"),
        ("role-0", "", "Choose a role."),
        ("place-0", "faraway", "You cannot do this"),
        ("place-0", "north", "SENCO is a role at a school, but North is a district."),
        ("since-0", "31/2/2027", "Enter a real date"),
        ("since-0", "1/9/27", "four digits"),
        ("password", "fourteen chars", "15 to 200 characters"),
        ("password", "petra.wain.petra.wain", "harder to guess"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_said_at_the_field(
    client_of: ClientOf, field: str, typed: str, sentence: str
) -> None:
    page = client_of("sys").post("/people/add", data={**NEW, field: typed})

    assert page.status_code in (403, 422)
    assert sentence in page.text
    assert queries.one(reading(), "petra.wain") is None


def test_a_role_is_added_and_ended_with_dates_and_the_history_says_by_whom(client_of: ClientOf) -> None:
    sys, before = client_of("sys"), seq_of("teacher")

    added = sys.post(
        "/people/teacher/add-role",
        data={
            "seq": before,
            "_key": "a",
            "role-0": "SENCO",
            "place-0": "beacon",
            "since-0-day": "9",
            "since-0-month": "11",
            "since-0-year": "2026",
        },
    )
    ended = sys.post(
        "/people/teacher/roles/TEACH/beacon", data={"seq": before + 1, "_key": "b", "until": "6 November 2026"}
    )

    assert (added.status_code, ended.status_code) == (303, 303)
    found = queries.one(reading(), "teacher")
    assert found is not None
    assert found.memberships == (
        Membership("SENCO", "beacon", date(2026, 11, 9)),
        Membership("TEACH", "beacon", None, date(2026, 11, 6)),
    )
    page = sys.get("/people/teacher").text
    assert "Given: SENCO at Beacon School, from Mon 9 November 2026" in page
    assert "Ended: teacher at Beacon School, until Fri 6 November 2026" in page
    assert "By Noor Fenn" in page


def test_nobody_gives_themselves_a_role_or_ends_one(client_of: ClientOf) -> None:
    sys = client_of("sys")

    own = {"seq": seq_of("sys"), "role-0": "AUD", "place-0": "testshire"}
    assert sys.post("/people/sys/add-role", data=own).status_code == 403
    assert sys.post("/people/sys/roles/SYS/testshire", data={**own, "until": "2026-12-01"}).status_code == 403
    assert sys.post("/people/sys/close", data=own).status_code == 403
    assert entries_of("sys") == ["person-recorded"]


def test_an_administrator_of_one_school_cannot_take_over_the_account_of_somebody_above_it(client_of: ClientOf) -> None:
    held = [{"role": "SYS", "organisation": "beacon"}]
    record = {"user_name": "school-sys", "name": "Orla Finch", "is_active": True, "memberships": held}
    write_record(StreamId("person", "school-sys"), "person-recorded", {"person": record}, installation.command())
    both = [{"role": "HT", "organisation": "beacon"}, {"role": "HOS", "organisation": "testshire"}]
    record = {"user_name": "both", "name": "Rhys Dale", "is_active": True, "memberships": both}
    write_record(StreamId("person", "both"), "person-recorded", {"person": record}, installation.command())
    school_sys = client_of("school-sys")

    assert school_sys.get("/people/both").status_code == 200
    assert school_sys.post("/people/both/password", data={"seq": seq_of("both")}).status_code == 403
    assert school_sys.get("/people/service-head").status_code == 404
    assert school_sys.post("/people/teacher/password", data={"seq": seq_of("teacher")}).status_code == 200


def test_two_administrators_at_once_get_the_newer_version_beside_what_they_typed(client_of: ClientOf) -> None:
    sys, drawn = client_of("sys"), seq_of("teacher")
    sys.post("/people/teacher/change", data={"seq": drawn, "_key": "a", "name": "Cleo Marsh-Hill"})

    page = sys.post("/people/teacher/change", data={"seq": drawn, "_key": "b", "name": "Cleo Hill"})

    assert page.status_code == 409
    assert "Noor Fenn changed this while you were working on it" in page.text
    assert "Cleo Marsh-Hill" in page.text
    assert 'value="Cleo Hill"' in page.text
    assert f'name="seq" value="{drawn + 1}"' in page.text


def test_closing_an_account_signs_out_everywhere_and_gives_taken_tasks_back(client_of: ClientOf) -> None:
    case = starting.start(starting.NewCase("graduated-approach", "pupil1", "beacon", {}, {}), installation.command())
    actor = Actor("senco", "Asha Quill")
    taken = case.opened[0]
    tasks.claim(case.case_id, taken, installation.command(actor))
    senco, sys = client_of("senco"), client_of("sys")
    assert senco.get("/people").status_code == 403

    asked = sys.get("/people/senco/close")
    closed = sys.post("/people/senco/close", data={"seq": seq_of("senco"), "_key": "c", "release": "yes"})

    assert "They have taken 1 open task" in asked.text
    assert case.reference in asked.text
    assert closed.status_code == 303
    assert senco.get("/people").status_code == 303
    task = work.one(reading(), taken)
    assert task is not None
    assert task.assignee is None
    assert "This account is closed" in sys.get("/people/senco").text


def test_a_closed_account_can_be_opened_again(client_of: ClientOf) -> None:
    sys = client_of("sys")
    sys.post("/people/senco/close", data={"seq": seq_of("senco"), "_key": "c"})

    opened = sys.post("/people/senco/open", data={"seq": seq_of("senco"), "_key": "o"})

    assert opened.status_code == 303
    found = queries.one(reading(), "senco")
    assert found is not None
    assert found.is_active


def test_the_operator_adds_anybody_and_is_told_what_is_wrong(app: Flask) -> None:
    new = people.NewPerson("Una Reeve", "Una.Reeve", memberships=(Membership("HOS", "testshire"),))

    added = people.add(new, installation.command())

    assert added.person_id == "una.reeve"
    with pytest.raises(InvalidAnswers) as refused:
        people.add(new, installation.command())
    assert set(refused.value.problems) == {"user_name"}
