"""What a calendar says about single days, half-terms and terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.calendars import (
    Calendar,
    DateOutOfRange,
    Term,
    UnreadableCalendar,
    due,
    from_json,
    load_rules,
    next_term_meeting,
    reference_calendar,
    to_json,
)
from app.calendars.exclusion_totals import Suspended, year_total
from app.calendars.long_closure import closure_around

REF_A = reference_calendar("REF-A")
SUSPENDED = [(date(2026, 7, 20), 4), (date(2026, 9, 7), 3), (date(2027, 7, 1), 2)]


@pytest.mark.parametrize(
    ("name", "this_year"),
    [
        ("REF-A", [37, 34, 30, 24, 33, 32]),
        ("REF-B", [33, 44, 29, 24, 33, 27]),
        ("REF-K", [38, 33, 30, 24, 33, 32]),
    ],
)
def test_a_reference_calendar_has_190_school_days_in_each_year(name: str, this_year: list[int]) -> None:
    counts = [window.school_days for window in reference_calendar(name).half_terms()]

    assert counts[6:] == this_year
    assert sum(counts[:6]) == sum(counts[6:]) == 190


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        (date(2026, 10, 28), "half-term 26–30 Oct"),
        (date(2026, 10, 23), "training day"),
        (date(2026, 10, 24), "weekend"),
        (date(2026, 12, 22), "Christmas holidays 21 Dec–1 Jan"),
        (date(2026, 12, 25), "bank holiday"),
        (date(2027, 4, 6), "Easter holidays 26 Mar–9 Apr"),
        (date(2027, 5, 3), "bank holiday"),
        (date(2027, 8, 3), "summer holidays 22 Jul–1 Sep"),
        (date(2026, 11, 2), None),
    ],
)
def test_a_day_without_school_says_why(on: date, answer: str | None) -> None:
    assert REF_A.why_not(on) == answer
    assert REF_A.is_school_day(on) is (answer is None)


def test_a_closure_says_its_reason() -> None:
    closed = REF_A.with_closure(date(2026, 10, 14), "boiler")

    assert closed.why_not(date(2026, 10, 14)) == "closed: boiler"
    assert REF_A.is_school_day(date(2026, 10, 14)), "the calendar before the closure is left as it was"


def test_an_extra_bank_holiday_is_no_school_day() -> None:
    extra = REF_A.with_bank_holiday(date(2026, 11, 16))

    assert extra.next_school_day(date(2026, 11, 13)) == date(2026, 11, 17)


def test_days_around_a_holiday_are_found_from_inside_it() -> None:
    inside = date(2026, 10, 28)

    assert REF_A.next_school_day(inside) == REF_A.school_day_on_or_after(inside) == date(2026, 11, 2)
    assert REF_A.previous_school_day(inside) == REF_A.school_day_on_or_before(inside) == date(2026, 10, 22)
    assert REF_A.school_day_on_or_after(date(2026, 11, 2)) == date(2026, 11, 2)
    assert REF_A.nearest_school_day(date(2026, 10, 26)) == date(2026, 10, 22)
    assert REF_A.nearest_school_day(inside) == date(2026, 11, 2)


def test_beyond_the_published_terms_weekdays_are_assumed_from_the_first_day_named() -> None:
    assert not REF_A.is_school_day(date(2027, 9, 1))
    assert REF_A.school_days_between(date(2027, 9, 1), date(2027, 9, 6)) == tuple(date(2027, 9, d) for d in (2, 3, 6))
    assert REF_A.is_provisional(date(2027, 9, 2))
    assert not REF_A.is_provisional(date(2027, 8, 31))


def test_a_date_decades_away_is_refused_with_a_sentence() -> None:
    with pytest.raises(DateOutOfRange, match=r"Beacon School's calendar, but counting from 1 Jan 2091"):
        REF_A.next_school_day(date(2091, 1, 1))


def test_offices_have_working_days_and_no_school_days() -> None:
    offices = reference_calendar("OFFICES")

    assert offices.is_working_day(date(2026, 10, 28))
    assert offices.why_not(date(2026, 12, 28)) == "bank holiday"
    with pytest.raises(UnreadableCalendar, match="Expected a school's calendar"):
        offices.next_school_day(date(2026, 10, 28))


@pytest.mark.parametrize("name", ["REF-A", "REF-B", "REF-K", "OFFICES"])
def test_a_calendar_survives_json(name: str) -> None:
    calendar = reference_calendar(name)

    assert from_json(to_json(calendar)) == calendar


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"known_until": "soon"}, "Expected a calendar we can read"),
        ({"kind": "holiday"}, 'Expected the kind "school" or "working"'),
        ({"terms": []}, "calendar to have terms"),
        ({"terms": [{"name": "Autumn 1", "first": "2026-10-23", "last": "2026-09-01"}]}, "Autumn 1 to end after"),
        (
            {
                "terms": [
                    {"name": "Autumn 1", "first": "2026-09-01", "last": "2026-10-23"},
                    {"name": "Autumn 2", "first": "2026-10-23", "last": "2026-12-18"},
                ]
            },
            "Expected Autumn 2 to begin after Autumn 1 ends",
        ),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(UnreadableCalendar, match=sentence):
        from_json({**to_json(REF_A), **change})


def test_a_calendar_without_a_name_is_refused() -> None:
    with pytest.raises(UnreadableCalendar, match="'owner', but it is missing"):
        from_json({"name": "REF-X", "known_until": "2027-08-31"})


def test_three_terms_are_counted_as_the_school_has_them() -> None:
    term = REF_A.deemed_term_of(date(2026, 10, 28))

    assert (term.name, term.first, term.last) == ("Autumn 2026/27", date(2026, 9, 1), date(2026, 12, 18))


def test_six_terms_are_deemed_three_by_the_reference_dates() -> None:
    windows = reference_calendar("REF-K").deemed_terms[3:]

    assert [(window.first, window.last) for window in windows] == [
        (date(2026, 8, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 3, 29)),
        (date(2027, 3, 30), date(2027, 7, 31)),
    ]


@pytest.mark.parametrize(
    ("held", "expected", "is_provisional"),
    [
        (date(2026, 10, 1), date(2027, 3, 25), False),
        (date(2026, 12, 28), date(2027, 3, 25), False),
        (date(2027, 3, 25), date(2027, 7, 21), False),
        (date(2027, 6, 10), date(2027, 12, 31), True),
    ],
)
def test_parents_are_met_once_in_each_term(held: date, expected: date, is_provisional: bool) -> None:
    meeting = next_term_meeting(held, REF_A)

    assert meeting.on == expected
    assert meeting.is_provisional is is_provisional
    assert due(load_rules().at("apdr.parent_meeting", held), held, REF_A).on == meeting.on


def test_the_year_of_45_days_begins_with_the_first_term_after_july() -> None:
    suspended = [Suspended(on, Decimal(days)) for on, days in SUSPENDED]

    assert year_total(suspended, date(2027, 7, 5), REF_A) == 5
    assert year_total(suspended, date(2026, 8, 15), REF_A) == 4


def test_the_summer_is_the_closure_that_excuses_late_advice() -> None:
    assert closure_around(date(2026, 7, 17), REF_A) == (date(2026, 7, 22), date(2026, 8, 31))
    assert closure_around(date(2026, 7, 14), REF_A) is None
    assert closure_around(date(2026, 12, 16), REF_A) is None


def test_a_calendar_with_no_first_day_named_assumes_weekdays_after_what_is_known() -> None:
    bare = Calendar(
        "X", "St Mary's", date(2026, 12, 18), terms=(Term("Autumn 1", date(2026, 9, 1), date(2026, 12, 18)),)
    )

    deadline = due(load_rules().at("gw.triage", date(2026, 12, 17)), date(2026, 12, 17), bare)

    assert deadline.on == date(2026, 12, 24)
    assert deadline.sentence == (
        "5 school days after 17 Dec 2026, by St Mary's calendar: Thu 24 December 2026, "
        "provisional: no term dates for 2026/27"
    )
