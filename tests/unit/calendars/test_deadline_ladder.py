"""Who is reminded of a deadline and who hears that it has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.calendars import LadderStep, due, load_rules, recalculated, reference_calendar

RULES = load_rules()
REF_A = reference_calendar("REF-A")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ladder_of(key: str, basis: date, calendar: str = "REF-A") -> tuple[LadderStep, ...]:
    return due(RULES.at(key, basis), basis, reference_calendar(calendar)).ladder


def test_the_common_ladder_reminds_twice_and_rises_after_five_school_days() -> None:
    # given a first plan due on Mon 9 November 2026, 20 school days after Fri 2 Oct
    steps = ladder_of("apdr.first_plan", date(2026, 10, 2))

    # then reminders fall on school days at 08:00
    assert steps == (
        LadderStep(at("2026-11-02T08:00"), ("assignee",), "reminder"),
        LadderStep(at("2026-11-06T08:00"), ("assignee",), "reminder"),
        LadderStep(at("2026-11-09T08:00"), ("assignee",), "due today"),
        LadderStep(at("2026-11-10T00:00"), ("assignee", "line_lead"), "overdue"),
        LadderStep(at("2026-11-16T08:00"), ("POWN", "HOS"), "escalation"),
    )


def test_reminders_keep_eight_o_clock_across_the_clock_change() -> None:
    review = due(RULES.at("apdr.review", date(2026, 9, 14)), date(2026, 9, 14), REF_A)

    assert review.on == date(2026, 11, 2)
    assert review.remind_at == (at("2026-10-16T07:00"), at("2026-10-22T07:00"))


def test_the_review_tells_school_first_and_later_only_counts_for_the_locality() -> None:
    steps = ladder_of("apdr.review", date(2026, 9, 14))

    assert [(step.tell, step.kind, step.count_only) for step in steps[2:]] == [
        (("SENCO",), "due today", False),
        (("SENCO", "HT"), "overdue", False),
        (("LSENCO",), "escalation", True),
    ]
    assert steps[-1].at == at("2026-11-16T08:00")


def test_a_date_of_statute_reaches_the_head_of_service_on_the_first_overdue_day() -> None:
    steps = ladder_of("ehc.decide6", date(2026, 9, 14))

    overdue = next(step for step in steps if step.kind == "overdue")
    assert overdue == LadderStep(at("2026-10-27T00:00"), ("assignee", "line_lead", "HOS"), "overdue")


def test_the_weekly_log_is_only_nudged() -> None:
    assert ladder_of("apdr.do_log", date(2026, 11, 2)) == (LadderStep(at("2026-11-16T08:00"), ("TEACH",), "due today"),)


def test_nobody_is_reminded_before_the_clock_started() -> None:
    chase = due(RULES.at("gw.triage", date(2026, 10, 22)), date(2026, 10, 22), REF_A)

    assert [step.at for step in chase.ladder if step.kind == "reminder"] == [at("2026-11-05T08:00")]


def test_offices_are_reminded_on_working_days() -> None:
    steps = ladder_of("ehc.early_visit", date(2026, 10, 19), "OFFICES")

    assert [step.at for step in steps if step.kind == "reminder"] == [at("2026-10-26T08:00"), at("2026-10-30T08:00")]


def test_a_date_far_beyond_the_calendar_still_has_its_ladder() -> None:
    far = due(RULES.written("12 months"), date(2040, 1, 15), REF_A)

    assert far.on == date(2041, 1, 15)
    assert [step.kind for step in far.ladder] == ["reminder", "reminder", "due today", "overdue", "escalation"]


def test_a_closure_before_a_calendar_date_moves_only_its_reminders() -> None:
    rule = RULES.at("ehc.decide6", date(2026, 10, 12))
    old = due(rule, date(2026, 10, 12), REF_A)

    new = recalculated(old, rule, REF_A.with_closure(date(2026, 11, 20), "snow"))

    assert old.on == date(2026, 11, 23)
    assert new is not None
    assert new.on == old.on
    assert new.remind_at == (at("2026-11-13T08:00"), at("2026-11-19T08:00"))


def test_a_closure_after_the_deadline_and_its_ladder_changes_nothing() -> None:
    rule = RULES.at("ex.board15", date(2026, 10, 12))
    old = due(rule, date(2026, 10, 12), REF_A)

    assert recalculated(old, rule, REF_A.with_closure(date(2027, 2, 3), "snow")) is None
