"""Settings of an authority in the browser: its own names of tiers in forms and answers, from a day on, not beyond."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation

from app.cases import rebuilding
from app.cases.dates import dates_for
from app.cases.definitions import form_of
from app.cases.records import write_record
from app.cases.settings import settings_of
from app.cases.sight import Sight
from app.forms import Form, FormContext, fill, setting_function, summary, with_own_names
from app.model.entry import StreamId
from app.model.setting import DEFAULTS
from app.store import journal
from app.store.db import reading
from app.store.queries import definitions

ClientOf = Callable[[str], FlaskClient]
TODAY = date(2026, 11, 2)
GRID = "Level 1\nLevel 2\nLevel 3\nLevel 4\nLevel 5"


def sent(value: str, on: str = "2/11/2026", seq: int = 0, key: str = "k") -> dict[str, str]:
    return {"value": value, "valid_from": on, "reason": "As our partnership agreed", "seq": str(seq), "_key": key}


def tier_form() -> Form:
    return form_of(definitions.current(reading(), "graduated-approach").digest, "plan")


def tiers_at(school: str, on: date = TODAY) -> list[str]:
    form = with_own_names(tier_form(), settings_of(reading(), school, on))
    return [one.label for one in next(each for each in form.questions if each.key == "proposed_tier").options]


def test_every_setting_is_listed_with_what_it_means_and_where_it_comes_from(client_of: ClientOf) -> None:
    page = client_of("sys").get("/settings").text

    assert "Tiers of support" in page
    assert "Tier 4: specialist or statutory" in page
    assert "How old an agreement to share may be" in page
    assert "12 months" in page
    assert client_of("owner1").get("/settings").status_code == 403


def test_an_authority_names_its_tiers_in_a_minute_and_forms_say_them(client_of: ClientOf) -> None:
    page = client_of("sys").post("/settings/tier.names", data=sent(GRID), follow_redirects=True)

    assert "Tiers of support: changed from Mon 2 November 2026 on." in page.text
    assert tiers_at("beacon") == GRID.splitlines()
    assert tiers_at("faraway")[0] == "Tier 1: what every class offers"  # of another authority
    assert rebuilding.check() == []


def test_answers_given_before_are_read_by_todays_names(client_of: ClientOf, app: Flask) -> None:
    client_of("sys").post("/settings/tier.names", data=sent(GRID))
    sight = Sight(settings=settings_of(reading(), "beacon", TODAY))

    lines = summary(with_own_names(tier_form(), sight.settings), {"proposed_tier": "2"})

    assert [one.value for one in lines if one.key == "proposed_tier"] == ["Level 2"]


def test_a_name_to_come_counts_from_its_day(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/tier.names", data=sent(GRID, "1/12/2026"))

    assert tiers_at("beacon")[0] == "Tier 1: what every class offers"
    assert tiers_at("beacon", date(2026, 12, 1))[0] == "Level 1"
    assert "Changes on Tue 1 December 2026" in client_of("sys").get("/settings").text


def test_the_fifth_level_of_a_grid_can_be_reached(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/tier.names", data=sent(GRID))
    form = form_of(definitions.current(reading(), "graduated-approach").digest, "next_step")
    check = next(one for each in form.questions for one in each.checks if one.id == "highest")
    variables = {"next_step": "tier_up", "tier": "4"}

    def holds(settings: dict[str, object] | None) -> object:
        own = settings_of(reading(), "beacon", TODAY) if settings is None else DEFAULTS
        functions = {"setting": setting_function(own)}
        return check.formula.ask(variables, installation.NOW, functions)  # type: ignore[arg-type]

    assert holds(None) is True
    assert holds({}) is False


def test_an_authority_may_leave_clear_days_before_a_direction(client_of: ClientOf) -> None:
    before = dates_for(reading(), "beacon", TODAY).due("osd.notice", date(2027, 1, 4)).on
    client_of("sys").post("/settings/osd.clear_days", data=sent("yes"))
    after = dates_for(reading(), "beacon", TODAY)

    assert before == date(2026, 12, 17)  # worked example 29
    assert after.due("osd.notice", date(2027, 1, 4)).on == date(2026, 12, 16)
    assert after.due("osd.earliest_start", date(2026, 12, 16)).on == date(2027, 1, 4)
    assert dates_for(reading(), "faraway", TODAY).clear_days is False


def test_the_age_of_an_agreement_goes_by_the_setting(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/consent.months", data=sent("6"))
    form = form_of(definitions.current(reading(), "graduated-approach").digest, "parents_talk")
    limit = next(one for one in form.questions if one.key == "given_on").limits.min_date
    assert limit is not None
    own = {"setting": setting_function(settings_of(reading(), "beacon", TODAY))}

    assert limit.ask({}, installation.NOW, own) == date(2026, 5, 2)
    assert limit.ask({}, installation.NOW, FormContext(installation.NOW).all_functions) == date(2025, 11, 2)


def test_meetings_are_called_as_the_authority_calls_them(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/name.lmg", data=sent("locality group"))

    assert settings_of(reading(), "north", TODAY)["name.lmg"] == "locality group"
    assert "Locality group" in client_of("sys").get("/meetings/series/add").text


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("tier.names", {"value": "One\nTwo"}, "Enter 4 to 6 names, one on each line: there are 2"),
        ("tier.names", {"value": "One\nTwo\nThree\nThree"}, "Enter every name once"),
        ("tier.names", {"value": f"One\nTwo\nThree\n{'x' * 81}"}, "in 80 characters or fewer"),
        ("consent.months", {"value": "25"}, "Enter a whole number from 1 to 24"),
        ("consent.months", {"value": "12"}, "Change something"),
        ("consent.months", {"value": "6", "valid_from": "1/11/2026"}, "Enter today or a later day"),
        ("consent.months", {"value": "6", "valid_from": "31/2/2027"}, "Enter the first day it counts from"),
        ("consent.months", {"value": "6", "reason": "why"}, "Enter why, in 10 to 300 characters"),
        ("fap.academy_direction_route", {"value": "post"}, "Choose one of them"),
        ("osd.clear_days", {"value": "maybe"}, "Choose yes or no"),
        ("name.forum", {"value": ""}, "Enter a name of up to 60 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    client_of: ClientOf, key: str, typed: dict[str, str], said: str
) -> None:
    page = client_of("sys").post(f"/settings/{key}", data={**sent(""), **typed})

    assert page.status_code == 422
    assert said in page.text


def test_nobodys_change_goes_over_anothers_and_a_repeat_writes_nothing(client_of: ClientOf) -> None:
    for _ in range(2):
        assert client_of("sys").post("/settings/consent.months", data=sent("6")).status_code in (303, 422)
    other = client_of("sys").post("/settings/consent.months", data=sent("9", key="other"))

    assert other.status_code == 409
    assert len(journal.entries(reading(), StreamId("setting", "testshire:consent.months"))) == 1


def test_the_administrator_of_another_authority_sees_their_own(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/tier.names", data=sent(GRID))
    person = {"user_name": "far-sys", "name": "Far Away", "is_active": True,
              "memberships": [{"role": "SYS", "organisation": "elsewhere"}]}  # fmt: skip
    write_record(StreamId("person", "far-sys"), "person-recorded", {"person": person}, installation.command())

    page = client_of("far-sys").get("/settings/tier.names").text

    assert "Level 5" not in page
    assert "Nobody has changed it." in page
    assert client_of("far-sys").get("/settings/tier.names.x").status_code == 404


def test_a_form_is_drawn_with_the_names_of_its_authority(client_of: ClientOf) -> None:
    client_of("sys").post("/settings/tier.names", data=sent(GRID))
    form = with_own_names(tier_form(), settings_of(reading(), "beacon", TODAY + timedelta(days=1)))

    drawn = fill(form, FormContext(installation.NOW), {})

    assert "Level 3" in str(drawn)
    assert "Tier 3: targeted, with an outside service" not in str(drawn)
