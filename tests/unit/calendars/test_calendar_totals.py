"""Limits at their edges: totals of suspended days, placement costs, long closures, retention, the six-weekly floor."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.calendars import Calendar, Term, due, england_bank_holidays, load_rules, reference_calendar
from app.calendars.bank_holidays import easter_sunday
from app.calendars.exclusion_totals import board_duty, parts_by_term, why_not_cancel
from app.calendars.long_closure import may_claim_closure
from app.calendars.placement_days import placement_days, quota_place_lines
from app.calendars.retention import school_years_on

REF_A = reference_calendar("REF-A")


@pytest.mark.parametrize(
    ("total", "circumstances", "duty"),
    [
        ("1", {"representations": False, "permanent": True}, "ex.board15"),
        ("1", {"representations": False, "exam_missed": True}, "ex.board15"),
        ("15.5", {"representations": False}, "ex.board15"),
        ("15", {"representations": True}, "ex.board50"),
        ("15", {"representations": False}, "may consider"),
        ("5", {"representations": True}, "consider representations"),
        ("5", {"representations": False}, "none"),
    ],
)
def test_the_boards_duty_follows_the_total_of_the_term(total: str, circumstances: dict[str, bool], duty: str) -> None:
    assert board_duty(Decimal(total), **circumstances) == duty


def test_a_refused_cancellation_says_why() -> None:
    begun = why_not_cancel(Decimal(10), board_has_begun=True)
    too_long = why_not_cancel(Decimal(46), board_has_begun=False)

    assert begun == "Expected to cancel before the board begins its meeting, but it has begun"
    assert too_long == "Expected at most 45 days out of school in the year, but it would be 46"


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (date(2026, 7, 14), False),
        (date(2026, 7, 15), True),  # a week before the school shuts on 22 July
        (date(2026, 8, 25), True),  # a week before it opens on 1 September
        (date(2026, 8, 26), False),
    ],
)
def test_advice_asked_for_around_a_long_closure_may_be_late(asked: date, allowed: bool) -> None:
    assert may_claim_closure(asked, date(2026, 7, 22), date(2026, 8, 31)) is allowed


def test_a_closure_of_exactly_four_weeks_is_long_enough() -> None:
    assert may_claim_closure(date(2026, 8, 3), date(2026, 8, 3), date(2026, 8, 30))
    assert not may_claim_closure(date(2026, 8, 3), date(2026, 8, 3), date(2026, 8, 29))


def test_half_days_of_a_placement_count_half() -> None:
    mondays_am = {0: Decimal("0.5")}

    assert placement_days(date(2026, 11, 2), date(2026, 11, 30), REF_A, mondays_am) == Decimal("2.5")


def test_each_line_of_a_quota_place_is_rounded_half_up() -> None:
    assert quota_place_lines(Decimal(1), [Decimal("0.95"), Decimal("2.85")]) == (Decimal("0.01"), Decimal("0.02"))


def test_three_school_years_on_from_a_day_in_autumn() -> None:
    assert school_years_on(date(2026, 11, 2), 3) == date(2030, 8, 31)
    assert school_years_on(date(2027, 8, 31), 3) == date(2030, 8, 31)


@pytest.mark.parametrize(
    ("last", "expected", "flags"),
    [
        (date(2027, 6, 23), date(2027, 7, 21), ()),  # 28 days
        (date(2027, 6, 24), date(2027, 9, 2), ("long_gap", "provisional")),  # 27 days
    ],
)
def test_a_review_moves_forward_to_the_fourth_week_and_no_further(
    last: date, expected: date, flags: tuple[str, ...]
) -> None:
    review = due(load_rules().at("apdr.review", last), last, REF_A)

    assert (review.on, review.flags) == (expected, flags)


def test_a_spring_holiday_without_easter_is_still_called_easter_holidays() -> None:
    terms = (
        Term("Spring 2", date(2027, 2, 22), date(2027, 4, 2)),
        Term("Summer 1", date(2027, 4, 19), date(2027, 7, 21)),
    )
    fixed = Calendar("X", "X School", date(2027, 8, 31), terms=terms, bank_holidays=england_bank_holidays([2027]))

    assert fixed.why_not(date(2027, 4, 7)) == "Easter holidays 5–16 Apr"


@pytest.mark.parametrize(
    "easter", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)]
)
def test_easter_is_when_it_is(easter: date) -> None:
    assert easter_sunday(easter.year) == easter


def test_the_bank_holidays_of_the_school_year_2026_and_what_follows() -> None:
    expected = {
        *(date(2026, month, day) for month, day in [(8, 31), (12, 25), (12, 28)]),
        *(
            date(2027, month, day)
            for month, day in [(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]
        ),
    }

    weekdays = {day for day in england_bank_holidays([2026, 2027]) if day.weekday() < 5}

    assert {day for day in weekdays if day >= date(2026, 8, 31)} == expected


@pytest.mark.parametrize(
    ("first", "last", "days", "parts"),
    [
        # Thu 17 and Fri 18 Dec 2026 end the autumn term, Mon 4 Jan is a training day: Tue 5 and Wed 6 Jan are spring.
        ("2026-12-17", "2027-01-06", "4", [("2026-12-17", "2"), ("2027-01-06", "2")]),
        ("2026-12-17", "2027-01-06", "3.5", [("2026-12-17", "2"), ("2027-01-06", "1.5")]),
        # Half-term is no end of a term that counts: Thu 22 Oct and Mon 2 Nov are both in the autumn.
        ("2026-10-22", "2026-11-02", "2", [("2026-10-22", "2")]),
    ],
)
def test_a_suspension_across_the_end_of_a_term_counts_in_both(
    first: str, last: str, days: str, parts: list[tuple[str, str]]
) -> None:
    found = parts_by_term(date.fromisoformat(first), date.fromisoformat(last), Decimal(days), REF_A)

    assert [(str(part.on), str(part.days)) for part in found] == parts
