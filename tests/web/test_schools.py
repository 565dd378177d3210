"""The administrator's pages about schools."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from support import installation

from app.cases.records import write_record
from app.model.entry import StreamId
from app.store.db import reading
from app.store.queries import calendars, organisations

ClientOf = Callable[[str], FlaskClient]
NEW = {
    "name": "St Brannock’s Primary School",
    "urn": "999811",
    "laestab": "998/2011",
    "phase": "primary",
    "governance": "academy",
    "parent": "north",
    "calendar": "beacon",
    "_key": "k",
}
NEW_ID = "st-brannocks-primary-school-999811"


def test_the_tree_is_shown_for_ones_own_authority(client_of: ClientOf) -> None:
    main = client_of("sys").get("/schools").text.split("<main")[1]

    assert main.index("Testshire Council") < main.index("North") < main.index("Beacon School")
    assert "Faraway School" not in main
    assert client_of("sys").get("/schools/faraway").status_code == 404


@pytest.mark.parametrize("who", ["senco", "head", "auditor", "owner1"])
def test_nobody_else_administers_schools(client_of: ClientOf, who: str) -> None:
    assert client_of(who).get("/schools").status_code == 403
    assert client_of(who).post("/schools/add", data=NEW).status_code == 403


def test_a_new_school_has_its_numbers_and_a_calendar_of_its_own(client_of: ClientOf) -> None:
    sys = client_of("sys")

    added = [sys.post("/schools/add", data=NEW) for _ in range(2)]

    assert [one.status_code for one in added] == [303, 303]
    school = organisations.tree(reading()).get(NEW_ID)
    assert (school.urn, school.laestab, school.parent, school.calendar) == ("999811", "9982011", "north", NEW_ID)
    kept = calendars.one(reading(), NEW_ID)
    assert kept is not None
    assert kept.days.owner == NEW["name"]
    assert organisations.seq_of(reading(), NEW_ID) == 1
    assert "St Brannock’s Primary School was added" in sys.get("/schools").text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter the name of the school"),
        ("urn", "99981", "Enter the URN: 6 digits."),
        ("laestab", "99820111", "Enter the LAESTAB number: 7 digits."),
        ("phase", "big", "Choose the phase."),
        ("governance", "", "Choose how the school is governed."),
        ("parent", "elsewhere", "Choose what the school belongs to."),
        ("calendar", "faraway", "Choose which calendar to copy."),
        ("active_to", "31/2/2027", "Enter a real date"),
    ],
)
def test_what_is_wrong_with_a_school_is_said_at_the_field(
    client_of: ClientOf, field: str, typed: str, sentence: str
) -> None:
    page = client_of("sys").post("/schools/add", data={**NEW, field: typed})

    assert page.status_code == 422
    assert sentence in page.text
    assert len(organisations.tree(reading()).schools("north")) == 2


def test_two_schools_cannot_have_one_number(client_of: ClientOf) -> None:
    sys = client_of("sys")
    sys.post("/schools/add", data=NEW)

    page = sys.post("/schools/add", data={**NEW, "name": "Other School", "_key": "k2"})

    assert page.status_code == 422
    assert "another school has 999811" in page.text


def test_a_change_is_kept_and_a_stale_one_gets_the_newer_version(client_of: ClientOf) -> None:
    sys = client_of("sys")
    sys.post("/schools/add", data=NEW)
    renamed = {**NEW, "name": "St Brannock’s School", "seq": "1", "_key": "a"}

    first = sys.post(f"/schools/{NEW_ID}", data=renamed)
    stale = sys.post(f"/schools/{NEW_ID}", data={**renamed, "name": "Brannock School", "_key": "b"})

    assert (first.status_code, stale.status_code) == (303, 409)
    assert "it is now St Brannock’s School" in stale.text
    assert 'value="Brannock School"' in stale.text
    assert organisations.tree(reading()).get(NEW_ID).name == "St Brannock’s School"


def test_what_this_page_does_not_know_of_a_school_is_kept(client_of: ClientOf) -> None:
    record = {**installation.ORGANISATIONS["beacon"], "years": ["R", "1"]}
    write_record(
        StreamId("organisation", "beacon"), "organisation-recorded", {"organisation": record}, installation.command()
    )

    done = client_of("sys").post("/schools/beacon", data={**NEW, "seq": "2"})

    assert done.status_code == 303
    assert organisations.record_of(reading(), "beacon")["years"] == ["R", "1"]
    assert organisations.record_of(reading(), "beacon")["calendar"] == "beacon"
