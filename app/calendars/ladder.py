"""Owns when people are reminded of a deadline and told that it has passed (domain 1.7). It does not send anything."""

from __future__ import annotations

from datetime import date, time, timedelta

from app.calendars.calendar import Calendar
from app.calendars.due_date import LadderStep
from app.calendars.local_time import instant, start_of_day
from app.calendars.rule import ASSIGNEE, Rule, Rung

MORNING = time(8)
#: Far beyond a calendar's terms, notices are sent on working days.
MARGIN = timedelta(days=90)


def ladder(rule: Rule, on: date, calendar: Calendar, not_before: date | None) -> tuple[LadderStep, ...]:
    """Every notice about a deadline, in order of time; reminders on or before `not_before` are left out."""
    days = [_open_days(calendar, on, -back) for back in sorted(rule.remind, reverse=True)]
    steps = [
        LadderStep(instant(day, MORNING), (ASSIGNEE,), "reminder")
        for day in days
        if not_before is None or day > not_before
    ]
    if rule.due_today:
        steps.append(LadderStep(instant(on, MORNING), rule.due_today, "due today"))
    steps += [_late(rung, on, calendar) for rung in rule.overdue]
    return tuple(sorted(steps, key=lambda step: step.at))


def _late(rung: Rung, on: date, calendar: Calendar) -> LadderStep:
    if rung.after_school_days == 0:
        return LadderStep(start_of_day(on + timedelta(days=1)), rung.tell, "overdue", rung.count_only)
    day = _open_days(calendar, on, rung.after_school_days)
    return LadderStep(instant(day, MORNING), rung.tell, "escalation", rung.count_only)


def _open_days(calendar: Calendar, on: date, n: int) -> date:
    """n school days after, or before if n is negative; working days where the calendar has no school days."""
    if not (calendar.covers(on - MARGIN) and calendar.covers(on + MARGIN)):
        return calendar.nth_working_day_after(on, n) if n > 0 else calendar.nth_working_day_before(on, -n)
    return calendar.nth_school_day_after(on, n) if n > 0 else calendar.nth_school_day_before(on, -n)
