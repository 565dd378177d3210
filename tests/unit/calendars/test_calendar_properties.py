"""What holds for every school day, rule and closure, tried at random."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.calendars import (
    Calendar,
    CalendarError,
    DueDate,
    Rule,
    RuleBook,
    due,
    full,
    load_rules,
    recalculated,
    reference_calendar,
)

RULES = load_rules()
#: Rules that count whole days, weeks or windows from a date.
DATED_RULES = tuple(rule for rule in RULES.rules if rule.unit != "hour")
days = st.dates(date(2025, 9, 1), date(2027, 7, 31))
counts = st.integers(1, 90)
calendars = st.sampled_from(["REF-A", "REF-B", "REF-K"]).map(reference_calendar)
few = settings(max_examples=150, deadline=None)


@few
@given(calendars, days, counts)
def test_the_nth_school_day_is_a_school_day_and_later_for_a_larger_n(calendar: Calendar, on: date, n: int) -> None:
    nth, next_one = calendar.nth_school_day_after(on, n), calendar.nth_school_day_after(on, n + 1)

    assert on < nth < next_one
    assert calendar.is_school_day(nth)
    assert len(calendar.school_days_between(on + timedelta(days=1), nth)) == n


@few
@given(calendars, days, counts)
def test_counting_back_undoes_counting_forward(calendar: Calendar, on: date, n: int) -> None:
    start = calendar.school_day_on_or_after(on)

    assert calendar.nth_school_day_before(calendar.nth_school_day_after(start, n), n) == start


@few
@given(calendars, days, counts, st.integers(0, 400))
def test_a_later_basis_never_gives_an_earlier_date(calendar: Calendar, on: date, n: int, later: int) -> None:
    assert calendar.nth_school_day_after(on + timedelta(days=later), n) >= calendar.nth_school_day_after(on, n)


@few
@given(calendars, days, counts, st.integers(0, 200))
def test_a_closure_never_brings_a_school_day_deadline_forward(
    calendar: Calendar, basis: date, n: int, offset: int
) -> None:
    rule = Rule(key="x", title="x", unit="school_day", count=n)
    closed = calendar.with_closure(basis + timedelta(days=offset), "snow")
    old = due(rule, basis, calendar)

    new = recalculated(old, rule, closed) or old

    assert new.on >= old.on
    assert closed.is_school_day(new.on)


@few
@given(calendars, days, counts, st.integers(1, 200))
def test_a_closure_never_puts_a_notice_before_an_event_off(
    calendar: Calendar, event: date, n: int, offset: int
) -> None:
    rule = Rule(key="x", title="x", unit="school_day", count=n, direction="before")
    closed = calendar.with_closure(event - timedelta(days=offset), "snow")

    assert due(rule, event, closed).on <= due(rule, event, calendar).on


@few
@given(calendars, days, st.sampled_from(DATED_RULES))
@example(reference_calendar("REF-A"), date(2026, 2, 28), RULES.at("ar.due", date(2026, 2, 28)))
def test_every_rule_explains_its_date_and_survives_json(calendar: Calendar, basis: date, rule: Rule) -> None:
    deadline = due(rule, basis, calendar)

    assert full(deadline.on) in deadline.sentence
    assert deadline.is_provisional == deadline.sentence.endswith(("for 2024/25", "for 2027/28", "for 2028/29"))
    assert DueDate.from_json(deadline.to_json()) == deadline
    assert recalculated(deadline, rule, calendar) is None
    assert list(deadline.ladder) == sorted(deadline.ladder, key=lambda step: step.at)


@few
@given(calendars, days)
def test_a_six_weekly_review_stays_within_four_and_eight_weeks_or_says_so(calendar: Calendar, last: date) -> None:
    rule = RULES.at("apdr.review", last)

    review = due(rule, last, calendar)

    assert calendar.is_school_day(review.on)
    assert 28 <= (review.on - last).days <= 56 or "long_gap" in review.flags


@few
@given(calendars, days, st.sampled_from(["15 school days", "10 working days", "6 weeks", "2 months"]))
def test_a_target_is_a_working_day_on_or_before(calendar: Calendar, basis: date, text: str) -> None:
    deadline = due(RuleBook.written(text), basis, calendar)

    if "days" in text:
        assert deadline.target_on is None
    else:
        assert deadline.target_on is not None
        assert calendar.is_working_day(deadline.target_on)
        assert deadline.on - timedelta(days=5) <= deadline.target_on <= deadline.on


@few
@given(calendars, st.dates() | st.datetimes(timezones=st.just(UTC)), st.sampled_from(RULES.rules), st.booleans())
@example(reference_calendar("REF-A"), date.max, RULES.at("ehc.appeal", date.max), False)
@example(reference_calendar("REF-A"), date.min, RULES.at("ehc.appeal", date.max), False)
def test_any_date_a_person_may_type_is_answered_or_refused_with_a_sentence(
    calendar: Calendar, basis: date, rule: Rule, clear_days: bool
) -> None:
    sentence = answer(calendar, basis, rule, clear_days)

    assert sentence.startswith("Expected ") or ": " in sentence


def answer(calendar: Calendar, basis: date, rule: Rule, clear_days: bool) -> str:
    try:
        return due(rule, basis, calendar, clear_days=clear_days).sentence
    except CalendarError as refusal:
        return str(refusal)
