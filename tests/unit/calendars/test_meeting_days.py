"""Days of meetings and their paper deadlines, worked out by hand from REF-A of 2026/27."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from app.calendars import (
    Cadence,
    CalendarError,
    PaperRule,
    Sitting,
    clashes,
    meeting_days,
    pack_days,
    papers_due,
    reference_calendar,
    rotation,
)
from app.calendars.meeting_days import LAST

REF_A = reference_calendar("REF-A")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
LIFT = PaperRule("weekday_before", weekday=WEDNESDAY)
FIVE_SCHOOL_DAYS = PaperRule("school_days", count=5)


def on(cadence: Cadence, first: date, last: date) -> list[date]:
    return [one.on for one in meeting_days(cadence, first, last, REF_A).days]


def test_a_weekly_series_meets_on_school_days_only_and_says_what_it_left_out() -> None:
    found = meeting_days(Cadence("weekly", WEDNESDAY), date(2026, 10, 12), date(2026, 11, 13), REF_A)

    assert [one.on for one in found.days] == [
        date(2026, 10, 14),
        date(2026, 10, 21),
        date(2026, 11, 4),
        date(2026, 11, 11),
    ]
    assert [(one.on, one.why) for one in found.left_out] == [(date(2026, 10, 28), "half-term 26–30 Oct")]


def test_bank_holidays_and_training_days_are_left_out() -> None:
    mondays = meeting_days(Cadence("weekly", MONDAY), date(2027, 4, 26), date(2027, 5, 16), REF_A)
    assert [one.on for one in mondays.days] == [date(2027, 4, 26), date(2027, 5, 10)]
    assert [(one.on, one.why) for one in mondays.left_out] == [(date(2027, 5, 3), "bank holiday")]

    fridays = meeting_days(Cadence("weekly", FRIDAY), date(2026, 12, 1), date(2026, 12, 12), REF_A)
    assert [one.on for one in fridays.days] == [date(2026, 12, 11)]
    assert [one.why for one in fridays.left_out] == ["training day"]


def test_in_a_weekly_lift_every_one_of_six_groups_meets_six_times_a_year_at_least() -> None:
    year = on(Cadence("weekly", WEDNESDAY), date(2026, 9, 1), date(2027, 7, 21))
    assert len(year) == 40  # 8 + 7 in autumn, 6 + 5 in spring, 7 + 7 in summer

    turns = rotation("ABCDEF", "", len(year))
    assert turns[:7] == ("A", "B", "C", "D", "E", "F", "A")
    assert Counter(turns) == {"A": 7, "B": 7, "C": 7, "D": 7, "E": 6, "F": 6}


def test_the_next_term_begins_after_the_group_that_met_last() -> None:
    assert rotation("ABCDEF", "C", 4) == ("D", "E", "F", "A")
    assert rotation("ABCDEF", "F", 1) == ("A",)
    assert rotation("", "", 2) == ("", "")


def test_a_fortnight_that_ends_in_the_holidays_is_put_off_by_weeks_and_begins_anew() -> None:
    found = meeting_days(Cadence("fortnightly", WEDNESDAY), date(2026, 9, 30), date(2026, 12, 4), REF_A)

    assert [one.on for one in found.days] == [
        date(2026, 9, 30),
        date(2026, 10, 14),
        date(2026, 11, 4),
        date(2026, 11, 18),
        date(2026, 12, 2),
    ]
    assert [one.on for one in found.left_out] == [date(2026, 10, 28)]


def test_a_monthly_day_in_the_holidays_goes_to_the_next_such_day_of_the_month_else_to_the_one_before() -> None:
    fourth_wednesday = meeting_days(Cadence("monthly", WEDNESDAY, 4), date(2026, 9, 1), date(2027, 1, 31), REF_A)

    assert [(one.on, one.moved) for one in fourth_wednesday.days] == [
        (date(2026, 9, 23), ""),
        (date(2026, 10, 21), "instead of Wed 28 October 2026 (half-term 26–30 Oct)"),
        (date(2026, 11, 25), ""),
        (date(2026, 12, 16), "instead of Wed 23 December 2026 (Christmas holidays 21 Dec–1 Jan)"),
        (date(2027, 1, 27), ""),
    ]
    first_friday = on(Cadence("monthly", FRIDAY, 1), date(2027, 1, 1), date(2027, 1, 31))
    assert first_friday == [date(2027, 1, 8)]  # 1 January is in the holidays


def test_a_month_without_school_has_no_meeting_and_says_so() -> None:
    found = meeting_days(Cadence("monthly", TUESDAY, 2), date(2027, 8, 1), date(2027, 8, 31), REF_A)

    assert found.days == ()
    assert [(one.on, one.why) for one in found.left_out] == [(date(2027, 8, 10), "summer holidays 22 Jul–1 Sep")]


def test_half_termly_and_termly_series_meet_once_in_each() -> None:
    year = (date(2026, 9, 1), date(2027, 7, 21))

    assert on(Cadence("half-termly", TUESDAY, 2), *year) == [
        date(2026, 9, 15),  # 1 September is a training day: school begins on the 2nd
        date(2026, 11, 10),
        date(2027, 1, 12),
        date(2027, 3, 2),
        date(2027, 4, 20),
        date(2027, 6, 15),
    ]
    assert on(Cadence("half-termly", FRIDAY, LAST), *year)[:2] == [date(2026, 10, 16), date(2026, 12, 18)]
    assert on(Cadence("termly", THURSDAY, 3), *year) == [date(2026, 9, 17), date(2027, 1, 21), date(2027, 4, 29)]


def test_beyond_the_published_terms_days_are_provisional() -> None:
    found = meeting_days(Cadence("weekly", WEDNESDAY), date(2027, 7, 19), date(2027, 9, 20), REF_A)

    assert [(one.on, one.is_provisional) for one in found.days] == [
        (date(2027, 7, 21), False),
        (date(2027, 9, 8), True),
        (date(2027, 9, 15), True),
    ]
    assert papers_due(LIFT, date(2027, 9, 15), REF_A).sentence.endswith("provisional: no term dates for 2027/28")


def test_a_span_of_many_years_is_refused() -> None:
    with pytest.raises(CalendarError, match="at most 400 days"):
        meeting_days(Cadence("weekly", MONDAY), date(2026, 9, 1), date(2036, 9, 1), REF_A)


@pytest.mark.parametrize(
    ("rule", "meeting", "due"),
    [
        (LIFT, date(2026, 11, 11), date(2026, 11, 4)),  # example 57
        (LIFT, date(2026, 11, 4), date(2026, 10, 22)),  # example 57: 28 Oct in half-term, 23 Oct a training day
        (FIVE_SCHOOL_DAYS, date(2026, 11, 10), date(2026, 11, 3)),  # example 58
        (FIVE_SCHOOL_DAYS, date(2026, 11, 3), date(2026, 10, 19)),  # example 58
        (PaperRule("calendar_days", count=7), date(2026, 11, 11), date(2026, 11, 4)),
        (PaperRule("calendar_days", count=7), date(2026, 11, 4), date(2026, 10, 22)),
        (PaperRule("calendar_days", count=7), date(2027, 5, 10), date(2027, 4, 30)),  # 3 May is a bank holiday
    ],
)
def test_papers_are_due_on_a_school_day(rule: PaperRule, meeting: date, due: date) -> None:
    assert papers_due(rule, meeting, REF_A).on == due


def test_a_deadline_says_how_it_was_reached() -> None:
    school = REF_A.owner
    assert papers_due(LIFT, date(2026, 11, 4), REF_A).sentence == (
        "the Wednesday of the week before 4 Nov 2026 is Wed 28 Oct, in half-term, "
        f"so the school day before, by {school}'s calendar: Thu 22 October 2026"
    )
    assert papers_due(PaperRule("calendar_days", count=7), date(2026, 11, 4), REF_A).sentence == (
        "7 days before 4 Nov 2026 is Wed 28 Oct, in half-term, so the school day before: Thu 22 October 2026"
    )


def test_a_pack_opens_and_closes_by_school_days() -> None:
    # Wed 11 Nov 2026: three school days before is Fri 6 Nov; ten after is Wed 25 Nov
    assert pack_days(date(2026, 11, 11), 3, 10, REF_A) == (date(2026, 11, 6), date(2026, 11, 25))
    # Wed 16 Dec 2026: ten school days after skips Christmas: 17, 18 Dec, then 4 to 13 Jan
    assert pack_days(date(2026, 12, 16), 3, 10, REF_A) == (date(2026, 12, 11), date(2027, 1, 13))
    assert pack_days(date(2026, 11, 11), 0, 0, REF_A) == (date(2026, 11, 11), date(2026, 11, 11))


def test_two_meetings_of_one_chair_clash_only_where_they_overlap() -> None:
    lift = Sitting(date(2026, 11, 11), time(14), 120, "Northgate LIFT")
    same_day = Sitting(date(2026, 11, 11), time(16), 60, "Panel")
    overlapping = Sitting(date(2026, 11, 11), time(15, 59), 60, "Inclusion forum")
    other_day = Sitting(date(2026, 11, 12), time(14), 120, "Hub")

    assert clashes([lift], [same_day, other_day]) == ()
    assert clashes([lift], [overlapping]) == (
        "Wed 11 November 2026 at 14:00: Inclusion forum meets then, with the same chair",
    )
