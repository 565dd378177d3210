"""Owns the two six-weekly rules, NEXT_CAPPED and SCHOOL_WEEKS (domain 3.4). It does not own other counting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.calendars.calendar import Calendar
from app.calendars.counting import Reached
from app.calendars.no_school import ONE_DAY
from app.calendars.phrases import counted, dated, full, in_words, named
from app.calendars.rule import Rule
from app.calendars.skipping import by_calendar, school_gaps, skipping
from app.calendars.trouble import DateOutOfRange

WEEK = timedelta(days=7)
#: A year of weeks without school means the calendar has ended.
MOST_EMPTY_WEEKS = 52


def next_capped(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """That many weeks on; if it is not a school day the next one within the cap, else the one before."""
    aim = basis + rule.count * WEEK
    start = f"{in_words(rule.count)} weeks after {full(basis)}"
    reason = calendar.no_school(aim)
    if reason is None:
        return Reached(aim, f"{start}, a school day", consulted=(aim,))
    gaps = () if reason.kind == "weekend" else (reason,)
    start = f"{start} is {reason.place(aim)}"
    later, earlier = calendar.next_school_day(aim), calendar.previous_school_day(aim)
    cap = f"{rule.cap_days // 7} weeks"
    if (later - basis).days <= rule.cap_days:
        return Reached(later, f"{start}; the next school day is within {cap}", gaps, (aim, later))
    looked = (aim, min(later, basis + timedelta(days=rule.cap_days)))
    if (earlier - basis).days >= rule.floor_days:
        how = f"{start}; the next school day, {named(later)}, is beyond {cap}, so the last one before"
        return Reached(earlier, how, gaps, looked)
    gap = f"a long gap of {(later - basis).days} days"
    how = f"{start}; no school day lies between {rule.floor_days // 7} and {cap}, so the next one, {gap}"
    return Reached(later, how, gaps, (aim, later), ("long_gap",))


def school_weeks(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The same weekday in the nth later week that has a school day; if that day is none, the next school day."""
    monday = _nth_week(calendar, basis - basis.weekday() * ONE_DAY, rule.count)
    aim = monday + basis.weekday() * ONE_DAY
    on = calendar.school_day_on_or_after(aim)
    gaps = school_gaps(calendar, basis + ONE_DAY, on)
    how = f"{counted(rule.count, 'school week')} after {dated(basis)}{by_calendar(calendar)}{skipping(gaps)}"
    return Reached(on, how, gaps, (basis, on))


def _nth_week(calendar: Calendar, monday: date, count: int) -> date:
    for week in _weeks(monday, count + MOST_EMPTY_WEEKS):
        count -= bool(calendar.school_days_between(week, week + 6 * ONE_DAY))
        if count == 0:
            return week
    raise DateOutOfRange(f"Expected {count} more school weeks by {calendar.owner}'s calendar, but it has ended")


def _weeks(monday: date, count: int) -> Iterator[date]:
    for number in range(1, count + 1):
        yield monday + number * WEEK
