"""What the forms of off-site directions and managed moves refuse, by REF-A's calendar and the rules as shipped."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.calendars import reference_calendar
from app.cases.dates import SchoolDates
from app.forms import Accepted, FormContext, Refused, as_submitted, read, submit
from app.model.json import JsonObject

FORMS = Path(__file__).parents[3] / "forms"
CALENDAR = reference_calendar("REF-A")
KNOWN_DATES = (
    *("start_planned_on", "start_on", "started_on", "ends_on", "last_held_on", "next_review_on"),
    *("begun_on", "asked_on", "admitted_on"),
)
DATES = dict.fromkeys(KNOWN_DATES, "date")


def outcome(form_key: str, on: date, answers: JsonObject, variables: Mapping[str, Any]) -> Accepted | Refused:
    """What becomes of these answers on a day, with what the case knows."""
    form = read((FORMS / f"{form_key}.json").read_bytes())
    dates = SchoolDates(CALENDAR, on)
    context = FormContext(
        now=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
        variables={**dict.fromkeys(DATES), "has_ehc_plan": "no", "looked_after": "no", **variables},
        types={**DATES, "has_ehc_plan": "string", "looked_after": "string", "year_full": "string"},
        calendar=CALENDAR,
        functions={"due": lambda rule, basis=None, *_: dates.due(rule, basis).on},
    )
    return submit(form, as_submitted(form, answers), context)


def sentence(form_key: str, key: str, on: date, answers: JsonObject, **variables: Any) -> str | None:
    """The sentence at one question, or None."""
    found = outcome(form_key, on, answers, variables)
    return found.problems.get(key) if isinstance(found, Refused) else None


@pytest.mark.parametrize(
    ("purpose", "advice"),
    [
        ("punishment", "may not punish"),
        ("reduce_roll", "off-rolling"),
        ("cannot_meet_needs", "EHC needs assessment"),
    ],
)
def test_a_direction_for_another_purpose_than_behaviour_is_refused_with_advice(purpose: str, advice: str) -> None:
    # when
    said = sentence("osd_proposal", "purpose", date(2026, 10, 12), {"purpose": purpose})

    # then
    assert said is not None
    assert advice in said
    assert sentence("osd_proposal", "purpose", date(2026, 10, 12), {"purpose": "improve_behaviour"}) is None


@pytest.mark.parametrize(
    ("start", "given", "earliest"),
    [
        # half-term 26 to 30 October and a training day on the 23rd: the 21st is the second school day before 2 November
        ("2026-11-02", "2026-10-21", None),
        # counted from Thu 22 Oct: the 22nd, 2 November, 3 November
        ("2026-11-02", "2026-10-22", "Tuesday 3 November 2026"),
        # on a Saturday: 2, 3 and 4 November
        ("2026-11-03", "2026-10-24", "Wednesday 4 November 2026"),
        # Christmas: Thu 17 December is the second school day before Mon 4 January
        ("2027-01-04", "2026-12-17", None),
        ("2027-01-04", "2026-12-18", "Tuesday 5 January 2027"),
    ],
)
def test_a_notice_later_than_two_school_days_before_is_refused_with_the_earliest_first_day(
    start: str, given: str, earliest: str | None
) -> None:
    # when
    answers: JsonObject = {"notice_given_on": given, "start_on": start}
    said = sentence("osd_notice", "start_on", date.fromisoformat(given), answers, ends_on="2027-02-08")

    # then
    if earliest is None:
        assert said is None
    else:
        assert said is not None
        assert earliest.split(" ", 1)[1] in said


def test_a_planned_first_day_that_came_too_near_is_refused_although_it_was_offered_before() -> None:
    # given: planned for 2 November; on the 20th the page offered it, the notice went out on the 22nd
    answers: JsonObject = {"notice_given_on": "2026-10-22", "start_on": "2026-11-02"}
    planned = {"start_planned_on": "2026-11-02", "ends_on": "2027-02-08"}

    # then
    assert sentence("osd_notice", "start_on", date(2026, 10, 22), answers, **planned)


@pytest.mark.parametrize(("given_to", "is_refused"), [(["parents"], True), (["parents", "authority"], False)])
def test_the_authority_of_a_pupil_with_a_plan_gets_the_notice_too(given_to: list[str], is_refused: bool) -> None:
    said = sentence("osd_notice", "given_to", date(2026, 10, 21), {"given_to": list(given_to)}, has_ehc_plan="yes")
    assert (said is not None) is is_refused


def test_a_notice_without_all_five_things_in_it_is_refused() -> None:
    assert sentence("osd_notice", "contains", date(2026, 10, 21), {"contains": ["address", "days", "reasons", "times"]})


@pytest.mark.parametrize(("days", "is_refused"), [(0, True), (1, False), (190, False), (191, True)])
def test_a_direction_has_one_to_a_hundred_and_ninety_days(days: int, is_refused: bool) -> None:
    said = sentence("osd_planning", "days", date(2026, 10, 12), {"goes_on": "yes", "days": days})
    assert (said is not None) is is_refused


@pytest.mark.parametrize(("until", "is_refused"), [("08:44:00", True), ("08:45:00", True), ("12:00:00", False)])
def test_a_session_ends_after_it_begins(until: str, is_refused: bool) -> None:
    answers: JsonObject = {"goes_on": "yes", "sessions": "one", "first_from": "08:45:00", "first_to": until}
    assert (sentence("osd_planning", "first_to", date(2026, 10, 12), answers) is not None) is is_refused


@pytest.mark.parametrize(
    ("kind", "days_a_week", "looked_after", "is_refused"),
    [
        ("unregistered", 1, "no", True),
        ("small", 5, "no", False),
        ("small", 5, "yes", True),
        ("small", 4, "yes", False),
        ("registered", 5, "yes", False),
    ],
)
def test_a_place_that_must_be_registered_is(kind: str, days_a_week: int, looked_after: str, is_refused: bool) -> None:
    answers: JsonObject = {"goes_on": "yes", "kind": kind, "days_a_week": days_a_week}
    said = sentence("osd_planning", "kind", date(2026, 10, 12), answers, looked_after=looked_after)
    assert (said is not None) is is_refused


@pytest.mark.parametrize(
    ("asked", "last", "is_refused"),
    [
        # ten weeks after Fri 6 November is Fri 15 January
        ("2027-01-14", "2026-11-06", False),
        ("2027-01-15", "2026-11-06", False),
        ("2027-01-16", "2026-11-06", True),
        ("2027-01-14", None, True),
    ],
)
def test_a_review_asked_for_is_declined_only_within_ten_weeks_of_the_last(
    asked: str, last: str | None, is_refused: bool
) -> None:
    answers: JsonObject = {"asked_on": asked, "request_answer": "decline"}
    said = sentence("osd_request", "request_answer", date.fromisoformat(asked), answers, last_held_on=last)
    assert (said is not None) is is_refused


@pytest.mark.parametrize(("invited", "is_refused"), [("2026-11-10", False), ("2026-11-11", True)])
def test_an_invitation_is_out_six_days_before_the_review(invited: str, is_refused: bool) -> None:
    answers: JsonObject = {"invited_on": invited, "next_review_on": "2026-11-16"}
    said = sentence("osd_invite", "next_review_on", date(2026, 11, 11), answers, next_review_on="2026-11-16")
    assert (said is not None) is is_refused


def test_a_direction_does_not_begin_before_the_day_of_its_notice() -> None:
    said = sentence(
        "osd_begin",
        "started_on",
        date(2026, 11, 2),
        {"started_on": "2026-10-22"},
        start_on="2026-11-02",
        ends_on="2027-02-08",
    )
    assert said is not None


def test_a_managed_move_on_trial_is_refused_with_the_other_way() -> None:
    said = sentence("mm_proposal", "kind", date(2026, 11, 2), {"kind": "trial"})
    assert said is not None
    assert "off-site direction" in said


@pytest.mark.parametrize("who", ["parent", "pupil", "home", "receiving"])
def test_a_managed_move_waits_until_all_four_have_answered(who: str) -> None:
    # given
    answers: JsonObject = {f"{one}_answer": "agree" for one in ("parent", "pupil", "home", "receiving")}

    # then
    assert sentence("mm_meeting", f"{who}_answer", date(2026, 11, 9), answers, asked_on="2026-11-02") is None
    pending = {**answers, f"{who}_answer": "pending"}
    assert sentence("mm_meeting", f"{who}_answer", date(2026, 11, 9), pending, asked_on="2026-11-02")
    missing = {key: value for key, value in answers.items() if key != f"{who}_answer"}
    assert sentence("mm_meeting", f"{who}_answer", date(2026, 11, 9), missing, asked_on="2026-11-02")


@pytest.mark.parametrize(("accepted", "is_refused"), [("yes", False), ("no", True)])
def test_a_full_school_needs_the_yes_of_its_admission_authority(accepted: str, is_refused: bool) -> None:
    answers: JsonObject = {"receiving_answer": "agree", "full_accepted": accepted}
    said = sentence("mm_meeting", "full_accepted", date(2026, 11, 9), answers, asked_on="2026-11-02", year_full="yes")
    assert (said is not None) is is_refused


@pytest.mark.parametrize(("off_roll", "is_refused"), [("2026-11-15", True), ("2026-11-16", False)])
def test_the_home_school_takes_a_pupil_off_its_roll_only_after_the_other_entered_it(
    off_roll: str, is_refused: bool
) -> None:
    answers: JsonObject = {"admitted_on": "2026-11-16", "off_roll_on": off_roll}
    said = sentence("mm_admission", "off_roll_on", date(2026, 11, 16), answers, start_on="2026-11-16")
    assert (said is not None) is is_refused
