"""Pages of those who keep the places of a partnership: centres, rates, quotas; and being told that the last is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from support import partnership
from support.partnership import CENTRE, asked, decide, wanted

from app.store.db import db, reading
from app.store.queries import placements, work

ClientOf = Callable[[str], FlaskClient]
NEW = {
    "name": "Mill Lane",
    "partnership": "partners",
    "registration": "pru",
    "urn": "",
    "check": "good",
    "checked_on-day": "1",
    "checked_on-month": "10",
    "checked_on-year": "2026",
    "places-ks3": "25",
    "places-ks4": "20",
    "daily": "£100",
    "average": "6,210.00",
    "is_open": "yes",
    "_key": "k",
}


@pytest.fixture
def keeper(client_of: ClientOf) -> FlaskClient:
    """The coordinator of a partnership without centres."""
    partnership.prepare()
    return client_of("coordinator")


def kept() -> dict[str, Any]:
    db.session.rollback()
    row = placements.one_centre(reading(), CENTRE)
    assert row is not None
    return row.record


def test_a_centre_is_added_once_with_25_places_offered_for_each_key_stage(keeper: FlaskClient) -> None:
    page = keeper.get("/centres/add").text
    assert page.count('value="25"') == 2
    assert 'value="100.00"' in page

    added = [keeper.post("/centres/add", data=NEW) for _ in range(2)]

    assert [one.status_code for one in added] == [303, 303]
    assert kept()["capacity"] == {"ks3": 25, "ks4": 20}
    assert kept()["rates"] == [{"since": "2026-11-02", "daily": "100.00", "average": "6210.00"}]
    assert kept()["checked_on"] == "2026-10-01"
    assert "Mill Lane was added" in keeper.get("/centres").text


def test_what_is_wrong_is_said_beside_each_field_and_nothing_is_kept(keeper: FlaskClient) -> None:
    wrong = {"name": "", "partnership": "elsewhere", "urn": "12", "registration": "", "places-ks3": "many",
             "daily": "ten", "average": "1.005", "checked_on-year": "2027"}  # fmt: skip

    answer = keeper.post("/centres/add", data={**NEW, **wrong})

    assert answer.status_code == 422
    for sentence in (
        "Enter what people call it", "Choose the partnership", "Enter the URN with 6 digits", "how it is registered",
        "0 to 500", "for example 100.00", "for example 6210.00", "today or before",
    ):  # fmt: skip
        assert sentence in answer.text
    assert placements.centres(reading(), ["partners"]) == []


def test_another_rate_begins_on_its_day_and_a_change_in_between_is_not_written_over(keeper: FlaskClient) -> None:
    keeper.post("/centres/add", data=NEW)
    since = {"since-day": "1", "since-month": "4", "since-year": "2027"}

    changed = keeper.post(f"/centres/{CENTRE}", data={**NEW, **since, "daily": "120", "seq": "1", "_key": "a"})
    late = keeper.post(f"/centres/{CENTRE}", data={**NEW, "places-ks3": "30", "seq": "1", "_key": "b"})
    again = keeper.post(f"/centres/{CENTRE}", data={**NEW, "places-ks3": "30", "seq": "2", "_key": "c"})

    assert [one.status_code for one in (changed, late, again)] == [303, 409, 303]
    assert "Somebody changed this centre while you were working on it" in late.text
    assert [(one["since"], one["daily"]) for one in kept()["rates"]] == [
        ("2026-11-02", "100.00"),
        ("2027-04-01", "120.00"),
    ]
    assert kept()["capacity"]["ks3"] == 30


def test_quotas_of_all_schools_are_set_on_one_page_for_each_year(keeper: FlaskClient) -> None:
    address = "/centres/quotas/partners"
    assert "Quotas of 2026/27" in keeper.get(address).text

    form = {"places-beacon": "3", "seq-beacon": "0", "places-harbour": "x", "seq-harbour": "0", "_key": "a"}
    refused = keeper.post(address, data=form)
    saved = keeper.post(address, data={**form, "places-harbour": "0"})
    next_year = keeper.post(f"{address}?year=2027-28", data={"places-beacon": "4", "seq-beacon": "0", "_key": "b"})
    late = keeper.post(address, data={"places-beacon": "9", "seq-beacon": "0", "_key": "c"})

    assert [one.status_code for one in (refused, saved, next_year, late)] == [422, 303, 303, 409]
    assert "Enter how many places for Harbour School" in refused.text
    assert [placements.quotas(reading(), "partners", year)["beacon"].places for year in ("2026/27", "2027/28")] == [
        3,
        4,
    ]
    assert "harbour" not in placements.quotas(reading(), "partners", "2026/27")
    assert keeper.get(f"{address}?year=2026-28").status_code == 404


def test_the_administrator_may_and_people_of_schools_and_of_the_register_may_not(
    client_of: ClientOf, keeper: FlaskClient
) -> None:
    assert client_of("sys").post("/centres/add", data=NEW).status_code == 303
    assert client_of("sys").get(f"/centres/{CENTRE}").status_code == 200
    for who in ("senco", "head", "marker", "panel"):
        assert client_of(who).get("/centres").status_code == 403
        assert client_of(who).post("/centres/add", data=NEW).status_code == 403


def test_whoever_comes_second_to_the_last_place_reads_so_and_finds_everything_typed(keeper: FlaskClient) -> None:
    partnership.a_centre()
    first, second = wanted(), wanted("pupil2")
    task = work.of_case(reading(), second)[0].task_id
    page = keeper.get(f"/tasks/{task}").text
    assert "Mill Lane: 1 of 1 places free today" in page
    assert "Within the quota of the school: 0 of 0 left in 2026/27" in page
    decide(first, asked())
    form = {**asked(), "first_day": "2/11/2026", "last_day": "27/11/2026", "top_up": "12", "_key": "k"}

    answer = keeper.post(f"/tasks/{task}", data=form)

    assert answer.status_code == 422
    assert "Expected a free key stage 3 place at Mill Lane" in answer.text
    assert "Somebody may have taken the last one just now." in answer.text
    assert 'href="#centre' in answer.text
    assert 'value="12"' in answer.text
    assert [one.task_id for one in work.of_case(reading(), second)] == [task]
    waits = keeper.post(f"/tasks/{task}", data={**form, "place_decision": "wait", "_key": "k2"})
    assert waits.status_code == 303
