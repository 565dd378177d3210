"""Every form of rule says in one sentence how its date was reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.calendars import (
    Rule,
    RuleBook,
    Skipped,
    Term,
    due,
    later_of,
    load_rules,
    next_meeting,
    recalculated,
    reference_calendar,
)
from app.calendars.rule import Direction

RULES = load_rules()
REF_A = reference_calendar("REF-A")


@pytest.mark.parametrize(
    ("key", "basis", "sentence"),
    [
        (
            "gw.triage",
            date(2026, 11, 2),
            "5 school days after 2 Nov 2026, by Beacon School's calendar: Mon 9 November 2026",
        ),
        (
            "ex.day6",
            date(2026, 10, 20),
            "6th school day from 20 Oct 2026, by Beacon School's calendar, skipping the training day 23 Oct "
            "and half-term 26–30 Oct: Wed 4 November 2026",
        ),
        (
            "ex.papers",
            date(2027, 1, 8),
            "5 school days before 8 Jan 2027, by Beacon School's calendar, skipping the Christmas holidays "
            "21 Dec–1 Jan: Fri 18 December 2026",
        ),
        (
            "ex.irp_made",
            date(2026, 12, 23),
            "2 working days after 23 Dec 2026, skipping the bank holiday 25 Dec and the bank holiday 28 Dec: "
            "Tue 29 December 2026",
        ),
        ("ehc.decide6", date(2026, 9, 14), "6 weeks after 14 Sep 2026: Mon 26 October 2026"),
        (
            "ehc.views15",
            date(2026, 12, 14),
            "15 days beginning with 14 Dec 2026: Mon 28 December 2026 (aim for Thu 24 Dec, the last working day)",
        ),
        ("ar.due", date(2025, 11, 12), "12 months beginning with 12 Nov 2025: Wed 11 November 2026"),
        ("phase.p16_p16", date(2027, 9, 6), "5 months before 6 Sep 2027: Tue 6 April 2027"),
        ("ex.notify_la", date(2026, 11, 2), "the day itself, 2 Nov 2026: Mon 2 November 2026"),
        (
            "phase.other",
            date(2027, 9, 1),
            "the last 14 Feb before 1 Sep 2027: Sun 14 February 2027 (aim for Fri 12 Feb, the last working day)",
        ),
        (
            "dsar",
            date(2026, 11, 25),
            "1 month after 25 Nov 2026 is Fri 25 Dec, so the next working day: Tue 29 December 2026",
        ),
        (
            "forum.deadline_lift",
            date(2026, 11, 4),
            "the Wednesday of the week before 4 Nov 2026 is Wed 28 Oct, in half-term, so the school day before, "
            "by Beacon School's calendar: Thu 22 October 2026",
        ),
        (
            "pl.school_visit",
            date(2026, 11, 4),
            "last school day of Autumn 2, the half-term of 4 Nov 2026, "
            "by Beacon School's calendar: Fri 18 December 2026",
        ),
        (
            "apdr.parent_meeting",
            date(2026, 10, 1),
            "last school day of the term Spring 2026/27, the 1st after 1 Oct 2026, by Beacon School's calendar: "
            "Thu 25 March 2027",
        ),
        ("apdr.review", date(2026, 11, 6), "six weeks after Fri 6 November 2026, a school day: Fri 18 December 2026"),
        (
            "apdr.review",
            date(2027, 2, 12),
            "six weeks after Fri 12 February 2027 is Fri 26 Mar, in the Easter holidays; "
            "the next school day, Mon 12 Apr, "
            "is beyond 8 weeks, so the last one before: Thu 25 March 2027",
        ),
        (
            "apdr.review",
            date(2027, 6, 28),
            "six weeks after Mon 28 June 2027 is Mon 9 Aug, in the summer holidays; no school day lies between 4 and "
            "8 weeks, so the next one, a long gap of 66 days: "
            "Thu 2 September 2027, provisional: no term dates for 2027/28",
        ),
        ("agreed.date", date(2026, 12, 11), "as agreed: Fri 11 December 2026"),
    ],
)
def test_a_deadline_explains_itself(key: str, basis: date, sentence: str) -> None:
    assert due(RULES.at(key, basis), basis, REF_A).sentence == sentence


def test_clear_days_and_hours_explain_themselves() -> None:
    notice = due(RULES.at("osd.notice", date(2026, 11, 2)), date(2026, 11, 2), REF_A, clear_days=True)
    details = due(RULES.at("ex.day6_details", date(2026, 11, 4)), datetime(2026, 11, 4, 9, 0, tzinfo=UTC), REF_A)

    assert notice.sentence.startswith("2 clear school days before 2 Nov 2026, by Beacon School's calendar")
    assert details.sentence == "48 hours before 09:00 on 4 Nov 2026 is 09:00: Mon 2 November 2026"


def test_no_school_days_means_the_first_one_from_the_basis_on() -> None:
    rule = Rule(key="x", title="x", unit="school_day", count=0)

    assert due(rule, date(2026, 10, 28), REF_A).sentence == (
        "first school day from 28 Oct 2026, by Beacon School's calendar, "
        "skipping half-term 26–30 Oct: Mon 2 November 2026"
    )
    assert due(replace(rule, direction="before"), date(2026, 10, 24), REF_A).on == date(2026, 10, 22)


def test_what_was_skipped_is_kept_as_ranges() -> None:
    deadline = due(RULES.at("ex.board15", date(2026, 10, 12)), date(2026, 10, 12), REF_A)

    assert deadline.skipped == (
        Skipped(date(2026, 10, 23), date(2026, 10, 23), "training day"),
        Skipped(date(2026, 10, 26), date(2026, 10, 30), "half-term"),
    )


def test_the_later_of_plan_and_last_review_is_counted_from() -> None:
    rule = RULES.at("apdr.review", date(2026, 9, 14))

    later = due(rule, date(2026, 9, 1), REF_A, last=date(2026, 9, 14))
    earlier = due(rule, date(2026, 9, 14), REF_A, last=date(2026, 9, 1))
    timed = due(rule, date(2026, 9, 1), REF_A, last=datetime(2026, 9, 14, 13, 0, tzinfo=UTC))

    assert later.on == earlier.on == timed.on == date(2026, 11, 2)
    assert later.basis == date(2026, 9, 14)
    assert timed.at == datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def test_the_later_of_two_deadlines_says_both() -> None:
    decision = due(RULES.at("ehc.appeal", date(2026, 12, 30)), date(2026, 12, 30), REF_A)
    certificate = due(RULES.at("ehc.appeal_certificate", date(2027, 2, 10)), date(2027, 2, 10), REF_A)

    assert later_of(decision, certificate).sentence == (
        "the later of 2 months after 30 Dec 2026: Sun 28 February 2027 (aim for Fri 26 Feb, the last working day); "
        "and 1 month after 10 Feb 2027: Wed 10 March 2027; so Wed 10 March 2027"
    )


def test_a_request_after_a_meetings_deadline_goes_to_the_next_meeting() -> None:
    rule = RULES.at("forum.deadline", date(2026, 11, 2))
    meetings = [date(2026, 12, 8), date(2026, 11, 10)]

    in_time = next_meeting(rule, date(2026, 11, 3), meetings, REF_A)
    too_late = next_meeting(rule, date(2026, 11, 4), meetings, REF_A)
    none_left = next_meeting(rule, date(2026, 12, 8), meetings, REF_A)

    assert in_time is not None
    assert (in_time.on, in_time.basis) == (date(2026, 11, 3), date(2026, 11, 10))
    assert too_late is not None
    assert (too_late.on, too_late.basis) == (date(2026, 11, 30), date(2026, 12, 8))
    assert none_left is None


def test_work_may_open_at_midnight_in_london() -> None:
    assert due(RuleBook.written("1 day"), date(2026, 9, 14), REF_A).starts_at == datetime(2026, 9, 14, 23, tzinfo=UTC)


def test_a_provisional_date_becomes_firm_when_term_dates_arrive() -> None:
    rule = RULES.at("ex.board50", date(2027, 5, 7))
    old = due(rule, date(2027, 5, 7), REF_A)
    autumn = Term("Autumn 1", date(2027, 9, 1), date(2027, 10, 22))
    published = replace(REF_A, known_until=date(2028, 8, 31), terms=(*REF_A.terms[:-1], autumn))

    new = recalculated(old, rule, published)

    assert old.is_provisional
    assert new is not None
    assert (new.on, new.flags) == (date(2027, 9, 6), ())


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (date(2026, 10, 1), date(2026, 12, 18)),  # in Autumn 1, so the next is Autumn 2
        (date(2026, 10, 28), date(2026, 12, 18)),  # in half-term
        (date(2026, 11, 2), date(2027, 2, 12)),
    ],
)
def test_the_next_half_term_is_the_one_after_the_day(basis: date, expected: date) -> None:
    assert due(Rule(key="x", title="x", unit="half_term", count=1), basis, REF_A).on == expected


@pytest.mark.parametrize(
    ("direction", "basis", "expected"),
    [
        ("before", date(2027, 2, 14), date(2026, 2, 14)),
        ("before", date(2027, 2, 15), date(2027, 2, 14)),
        ("after", date(2027, 2, 13), date(2027, 2, 14)),
        ("after", date(2027, 2, 14), date(2028, 2, 14)),
    ],
)
def test_a_yearly_day_is_strictly_before_or_after(direction: Direction, basis: date, expected: date) -> None:
    rule = replace(RULES.at("phase.other", basis), direction=direction)

    assert due(rule, basis, REF_A).on == expected


def test_a_check_that_falls_on_a_school_day_is_shown_that_day() -> None:
    check = due(RULES.at("fap.onroll", date(2026, 11, 3)), date(2026, 11, 3), REF_A)

    assert (check.on, check.shown_on) == (date(2026, 11, 10), None)
