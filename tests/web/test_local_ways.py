"""Local ways without code: an administrator alone gives an authority a forum series, term dates, names and a deadline.

The pages are walked as a browser would, each form with what the page before carried.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from app.cases.dates import dates_for
from app.cases.definitions import form_of
from app.cases.rebuilding import check
from app.cases.settings import settings_of
from app.forms import with_own_names
from app.store.db import reading
from app.store.queries import calendars, definitions, meetings

ClientOf = Callable[[str], FlaskClient]
TODAY = date(2026, 11, 2)
SERIES = "north-forum-area-hub"
#: three terms with a half-term in each, as the city's schools publish them
TERMS = {
    "first-0": "2027-09-06", "last-0": "2027-10-22", "first-1": "2027-11-01", "last-1": "2027-12-17",
    "first-2": "2028-01-04", "last-2": "2028-02-11", "first-3": "2028-02-21", "last-3": "2028-03-31",
    "first-4": "2028-04-18", "last-4": "2028-05-26", "first-5": "2028-06-05", "last-5": "2028-07-21",
    "training": "6/9/2027\n5/6/2028",
}  # fmt: skip
LEVELS = ["Level A", "Level B", "Level C", "Level D", "Level E"]


def carried(page: str) -> dict[str, str]:
    """Every hidden field of a page: what a browser sends back with it."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def a_forum(client: FlaskClient) -> None:
    page = client.get("/schools/add-another").text
    typed = {"name": "Forum", "kind": "forum", "parent": "north", "calendar": "beacon"}
    added = [client.post("/schools/add-another", data={**carried(page), **typed}) for _ in range(2)]
    assert [one.status_code for one in added] == [303, 303]
    again = client.post("/schools/add-another", data={**typed, "name": "Second forum", "_key": "another"})
    assert again.status_code == 422
    assert "North has a forum already" in again.text
    page = client.get("/people/add").text
    person = {"name": "Petra Lund", "user_name": "petra.lund", "role-0": "FCHAIR", "place-0": "north-forum"}
    assert client.post("/people/add", data={**carried(page), **person}).status_code == 200


def a_forum_series(client: FlaskClient) -> None:
    assert "/meetings" in client.get("/inbox").text
    page = client.get("/meetings/series/add").text
    for typed in (
        {"name": "Area hub", "held": "north-forum:forum"},
        {"chair": "petra.lund", "often": "half-termly", "weekday": "3", "nth": "2", "begins": "09:30",
         "place": "Online"},
        {"deadline": "calendar_days", "deadline_count": "7", "slots": "6", "minutes": "20", "per_school": "3",
         "pack_before": "3", "access_after": "10"},
        {},
    ):  # fmt: skip
        page = client.post("/meetings/series/add", data={**carried(page), **typed}, follow_redirects=True).text
    done = client.post(
        f"/meetings/series/{SERIES}/dates",
        data={**carried(page), "first": "2026-11-02", "last": "2027-07-16"},
        follow_redirects=True,
    )
    assert "dates were published" in done.text


def next_years_terms(client: FlaskClient) -> None:
    assert "/calendars/beacon/terms" in client.get("/calendars/beacon").text
    page = client.get("/calendars/beacon/terms?year=2027").text
    page = client.post("/calendars/beacon/terms", data={**carried(page), **TERMS}).text
    assert "would move" in page or "No case has a running date" in page
    accepted = {"accepted": "Agreed with the other schools"} if "Why is this right all the same?" in page else {}
    given = html_unescaped({**carried(page), "training": TERMS["training"], **accepted, "confirm": "yes"})
    assert client.post("/calendars/beacon/terms", data=given).status_code == 303


def html_unescaped(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.replace("&#39;", "'").replace("&amp;", "&") for name, value in fields.items()}


def names_of_tiers(client: FlaskClient) -> None:
    page = client.get("/settings/tier.names").text
    typed = {"value": "\n".join(LEVELS), "valid_from": "2/11/2026", "reason": "The grid of our partnership"}
    assert client.post("/settings/tier.names", data={**carried(page), **typed}).status_code == 303
    page = client.get("/settings/name.forum").text
    typed = {"value": "area hub", "valid_from": "2/11/2026", "reason": "As everybody calls it here"}
    assert client.post("/settings/name.forum", data={**carried(page), **typed}).status_code == 303


def a_deadline(client: FlaskClient) -> None:
    page = client.get("/rules/apdr.first_plan/change").text
    typed = {"count": "15", "unit": "school_day", "remind": "5, 1", "source": "", "valid_from": "2/11/2026",
             "reason": "Our schools plan within three weeks"}  # fmt: skip
    page = client.post("/rules/apdr.first_plan/change", data={**carried(page), **typed}).text
    assert "20 school days after → 15 school days after" in page
    assert client.post("/rules/apdr.first_plan/change", data={**carried(page), "confirm": "yes"}).status_code == 303


def test_an_administrator_sets_up_local_ways_in_the_browser_alone(app: Flask, client_of: ClientOf) -> None:
    # given
    administrator = client_of("sys")

    # when
    a_forum(administrator)
    a_forum_series(administrator)
    next_years_terms(administrator)
    names_of_tiers(administrator)
    a_deadline(administrator)

    # then meetings come by the authority's own cadence
    planned = meetings.of_series(reading(), SERIES, TODAY)
    assert [one.held_on.weekday() for one in planned] == [3] * len(planned)
    assert len(planned) == 5
    # school days of next year count by its own terms
    kept = calendars.one(reading(), "beacon")
    assert kept is not None
    assert kept.days.next_school_day(date(2027, 9, 1)) == date(2027, 9, 7)
    # forms say its own levels, and meetings their name
    settings = settings_of(reading(), "beacon", TODAY)
    plan = with_own_names(form_of(definitions.current(reading(), "graduated-approach").digest, "plan"), settings)
    asked = next(one for one in plan.questions if one.key == "proposed_tier")
    assert [one.label for one in asked.options] == LEVELS
    assert "Area hub" in administrator.get("/meetings/series/add").text
    # deadlines go by its own rule
    assert dates_for(reading(), "beacon", TODAY).due("apdr.first_plan", TODAY).on == date(2026, 11, 23)
    assert check() == []
