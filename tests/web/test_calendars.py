"""The administrator's pages about calendars: what a change would move, and that it moves just that.

Worked out by hand for REF-A: the first task of a case that starts on Mon 2 November 2026 is due 5 school days later, on
Mon 9 Nov; closing the school on Thu 5 Nov makes that Tue 10 Nov.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation

from app.cases import starting
from app.cases.command import Receipt
from app.model.entry import StreamId
from app.store import journal
from app.store.db import reading
from app.store.queries import calendars, dues

ClientOf = Callable[[str], FlaskClient]
THURSDAY = {"on": "5 11 2026", "reason": "boiler"}
#: more than 190 school days, for two training days only
NEXT_YEAR = {
    "year": "2027",
    "first-0": "2027-09-01", "last-0": "2027-10-22",
    "first-1": "2027-11-01", "last-1": "2027-12-17",
    "first-2": "2028-01-04", "last-2": "2028-02-11",
    "first-3": "2028-02-21", "last-3": "2028-03-31",
    "first-4": "2028-04-18", "last-4": "2028-05-26",
    "first-5": "2028-06-05", "last-5": "2028-07-21",
    "training": "1/9/2027\n22/10/2027",
}  # fmt: skip


@pytest.fixture
def case(app: Flask) -> Receipt:
    """A case at Beacon School, started on Mon 2 November 2026."""
    return starting.start(starting.NewCase("graduated-approach", "pupil1", "beacon", {}, {}), installation.command())


def due_days(case: Receipt) -> list[date]:
    return [one.due_on for one in dues.running(reading(), case.case_id)]


def seq_of(calendar_id: str) -> int:
    kept = calendars.one(reading(), calendar_id)
    assert kept is not None
    return kept.seq


def kinds(case: Receipt) -> list[str]:
    return [one.kind for one in journal.entries(reading(), StreamId("case", case.case_id))]


def confirmed(calendar_id: str, typed: dict[str, str], key: str = "k") -> dict[str, str]:
    return {**typed, "confirm": "yes", "_key": key, "seq": str(seq_of(calendar_id))}


def test_the_list_shows_calendars_of_ones_own_authority_with_their_running_dates(
    client_of: ClientOf, case: Receipt
) -> None:
    page = client_of("sys").get("/calendars")

    assert page.status_code == 200
    assert "Beacon School (REF-A)" in page.text
    assert "Faraway School" not in page.text.split("<main")[1]
    assert client_of("sys").get("/calendars/faraway").status_code == 404


@pytest.mark.parametrize("who", ["senco", "head", "auditor", "owner1"])
def test_nobody_else_changes_calendars(client_of: ClientOf, who: str) -> None:
    assert client_of(who).get("/calendars").status_code == 403
    assert client_of(who).post("/calendars/beacon/close-day", data=confirmed("beacon", THURSDAY)).status_code == 403


def test_a_year_is_shown_by_half_term_and_by_month_in_words_too(client_of: ClientOf) -> None:
    page = client_of("sys").get("/calendars/beacon?year=2026").text

    assert "Half-terms 2026/27: 190 school days" in page
    assert "Mon 2 November 2026" in page
    assert "December 2026" in page
    assert ", training day" in page
    assert "Fri 4 December 2026" in page


def test_what_a_closure_would_move_is_shown_before_anything_changes(client_of: ClientOf, case: Receipt) -> None:
    before = due_days(case)

    page = client_of("sys").post("/calendars/beacon/close-day", data=THURSDAY)

    assert page.status_code == 200
    assert "Closed on Thu 5 November 2026: boiler" in page.text
    assert case.reference in page.text
    assert "Mon 9 November 2026" in page.text
    assert "Tue 10 November 2026" in page.text
    assert "the closure 5 Nov (boiler)" in page.text
    assert "Zadie" not in page.text
    assert due_days(case) == before
    assert seq_of("beacon") == 1


def test_closing_a_day_moves_the_dates_of_that_school_alone_and_says_how_many(
    client_of: ClientOf, case: Receipt
) -> None:
    other = starting.start(starting.NewCase("graduated-approach", "pupil3", "harbour", {}, {}), installation.command())
    others, sys = due_days(other), client_of("sys")

    done = sys.post("/calendars/beacon/close-day", data=confirmed("beacon", THURSDAY), follow_redirects=True)

    assert done.status_code == 200
    assert "The dates of 1 case moved." in done.text
    assert date(2026, 11, 10) in due_days(case)
    assert due_days(other) == others
    assert kinds(case)[-1] == "deadlines-moved"
    assert "Closed on Thu 5 November 2026: boiler" in done.text


def test_a_double_click_closes_the_day_once(client_of: ClientOf, case: Receipt) -> None:
    sys, sent = client_of("sys"), confirmed("beacon", THURSDAY)

    first, second = (sys.post("/calendars/beacon/close-day", data=sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert seq_of("beacon") == 2
    assert kinds(case).count("deadlines-moved") == 1


def test_a_day_that_has_passed_is_closed_only_with_a_reason_and_never_unseen(
    client_of: ClientOf, case: Receipt
) -> None:
    sys, thursday = client_of("sys"), {"on-day": "22", "on-month": "10", "on-year": "2026", "reason": "boiler"}

    shown = sys.post("/calendars/beacon/close-day", data=thursday)
    refused = sys.post("/calendars/beacon/close-day", data=confirmed("beacon", thursday))
    done = sys.post("/calendars/beacon/close-day", data=confirmed("beacon", {**thursday, "accepted": "told late"}))

    assert "Thu 22 October 2026 has passed." in shown.text
    assert refused.status_code == 422
    assert "Enter why this is right all the same." in refused.text
    assert done.status_code == 303
    assert "Reason given: told late" in sys.get("/calendars/beacon").text


def test_a_day_typed_into_three_boxes_is_kept_in_them_when_something_is_wrong(client_of: ClientOf) -> None:
    typed = {"on-day": "31", "on-month": "11", "on-year": "2026", "reason": "boiler"}
    page = client_of("sys").post("/calendars/beacon/close-day", data=typed)

    assert page.status_code == 422
    boxes = re.findall(r'<input[^>]*name="on-(?:day|month|year)"[^>]*value="([^"]*)"', page.text)
    assert boxes == ["31", "11", "2026"]
    assert 'href="#on"' in page.text
    assert 'type="date"' not in page.text


def test_undoing_a_closure_moves_the_dates_back(client_of: ClientOf, case: Receipt) -> None:
    before, sys = due_days(case), client_of("sys")
    sys.post("/calendars/beacon/close-day", data=confirmed("beacon", THURSDAY))

    shown = sys.post("/calendars/beacon/open-day", data={"on": "2026-11-05"})
    done = sys.post("/calendars/beacon/open-day", data=confirmed("beacon", {"on": "2026-11-05"}, "k2"))

    assert "Open after all on Thu 5 November 2026" in shown.text
    assert done.status_code == 303
    assert due_days(case) == before


@pytest.mark.parametrize(
    ("on", "reason", "sentence"),
    [
        ("", "boiler", "Enter the day"),
        ("31/11/2026", "boiler", "Enter a real date"),
        ("7 11 2026", "boiler", "not Sat 7 Nov, at the weekend"),
        ("26 10 2026", "boiler", "not Mon 26 Oct, in half-term"),
        ("4 12 2026", "boiler", "not Fri 4 Dec, a training day"),
        ("5 11 2028", "boiler", "has none"),
        ("5 11 2026", " ", "Enter why the school is closed"),
    ],
)
def test_only_a_school_day_can_be_closed_and_only_with_a_reason(
    client_of: ClientOf, on: str, reason: str, sentence: str
) -> None:
    page = client_of("sys").post("/calendars/beacon/close-day", data={"on": on, "reason": reason})

    assert page.status_code == 422
    assert sentence in page.text
    assert "Error: " in page.text


def test_a_change_drawn_from_an_older_calendar_is_refused_and_keeps_what_was_typed(client_of: ClientOf) -> None:
    sys, old = client_of("sys"), confirmed("beacon", THURSDAY)
    sys.post("/calendars/beacon/training-day", data=confirmed("beacon", {"on": "6 11 2026"}, "other"))

    page = sys.post("/calendars/beacon/close-day", data=old)

    assert page.status_code == 409
    assert "Somebody changed this calendar" in page.text
    assert 'value="boiler"' in page.text
    assert seq_of("beacon") == 2


def test_an_extra_bank_holiday_goes_into_every_calendar_of_the_authority(client_of: ClientOf) -> None:
    sent = confirmed("testshire", {"on": "6 11 2026", "where": "all"})

    done = client_of("sys").post("/calendars/testshire/bank-holiday", data=sent)

    assert done.status_code == 303
    for calendar_id in ("testshire", "beacon", "harbour"):
        kept = calendars.one(reading(), calendar_id)
        assert kept is not None
        assert date(2026, 11, 6) in kept.days.bank_holidays
    faraway = calendars.one(reading(), "faraway")
    assert faraway is not None
    assert date(2026, 11, 6) not in faraway.days.bank_holidays


def test_next_years_term_dates_end_the_provisional_ones_and_ask_why_they_are_not_190_days(client_of: ClientOf) -> None:
    sys = client_of("sys")

    shown = sys.post("/calendars/beacon/terms", data=NEXT_YEAR)
    refused = sys.post("/calendars/beacon/terms", data=confirmed("beacon", NEXT_YEAR))
    done = sys.post(
        "/calendars/beacon/terms", data=confirmed("beacon", {**NEXT_YEAR, "accepted": "Agreed by governors"})
    )

    assert "more than the usual 190" in shown.text
    assert refused.status_code == 422
    assert "Enter why this is right all the same." in refused.text
    assert done.status_code == 303
    kept = calendars.one(reading(), "beacon")
    assert kept is not None
    assert kept.days.known_until == date(2028, 8, 31)
    assert not kept.days.is_school_day(date(2027, 9, 1))
    assert kept.days.is_school_day(date(2027, 9, 2))
    assert not kept.days.is_provisional(date(2028, 1, 10))
    assert "Agreed by governors" in sys.get("/calendars/beacon?year=2027").text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("first-2", "", "Enter the first day of Spring 1."),
        ("last-0", "2027-08-20", "Enter a last day after Autumn 1 begins"),
        ("first-1", "2027-10-20", "terms overlap"),
        ("first-0", "2026-09-01", "is outside it"),
        ("training", "27 10 2027", "weekdays in term"),
        ("training", "soon", "“soon” is not one"),
        ("year", "2031", "choose a school year"),
    ],
)
def test_what_is_wrong_with_term_dates_is_said_at_the_field(
    client_of: ClientOf, field: str, typed: str, sentence: str
) -> None:
    page = client_of("sys").post("/calendars/beacon/terms", data={**NEXT_YEAR, field: typed})

    assert page.status_code == 422
    assert sentence in page.text


def test_a_calendar_that_ends_within_six_months_is_something_to_do(app: Flask, client_of: ClientOf) -> None:
    installation.move_clock(150)

    page = client_of("sys").get("/calendars").text

    assert "What you need to do next" in page
    assert "Term dates end on Tue 31 August 2027. Add those for 2027/28." in page


def test_the_calculator_gives_the_date_with_its_sentence(client_of: ClientOf) -> None:
    sys = client_of("sys")

    page = sys.get("/calendars?rule=15+school+days&from=2026-10-12&calendar=beacon").text
    wrong = sys.get("/calendars?rule=soon&from=2026-10-12&calendar=beacon")

    assert "15 school days after 12 Oct 2026" in page
    assert "Tue 10 November 2026" in page
    assert wrong.status_code == 422
    assert "Expected a deadline such as" in wrong.text


def test_offices_have_no_school_days_to_close(client_of: ClientOf) -> None:
    sys = client_of("sys")

    assert sys.get("/calendars/testshire").status_code == 200
    assert sys.get("/calendars/testshire/close-day").status_code == 404
    assert sys.post("/calendars/testshire/terms", data=NEXT_YEAR).status_code == 404
