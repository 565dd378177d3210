"""Owns counting days, weeks and months forwards and backwards, with a phrase that says what was counted.

It does not own the six-weekly rules (`six_weekly`), windows (`windows`) or the deadline as a whole (`deadlines`).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendars.calendar import Calendar
from app.calendars.no_school import ONE_DAY, NoSchool
from app.calendars.phrases import counted, dated, named, ordinal
from app.calendars.rule import Rule
from app.calendars.skipping import bank_holidays_passed, by_calendar, school_gaps, skipping


@dataclass(frozen=True)
class Reached:
    """A date a rule leads to."""

    #: The date.
    on: date
    #: The sentence up to the colon before the date.
    how: str
    #: What was passed over.
    gaps: tuple[NoSchool, ...] = ()
    #: Days that had to be looked up in the school's calendar.
    consulted: tuple[date, ...] = ()
    #: "long_gap".
    flags: tuple[str, ...] = ()


def months_on(basis: date, months: int) -> date:
    """The same day number some months later (or earlier), or the last day of a shorter month."""
    year, month = divmod(basis.year * 12 + basis.month - 1 + months, 12)
    return date(year, month + 1, min(basis.day, monthrange(year, month + 1)[1]))


def school_days(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The nth school day after, before or of the basis."""
    if rule.direction == "before":
        on = (
            calendar.nth_school_day_before(basis, rule.count) if rule.count else calendar.school_day_on_or_before(basis)
        )
        gaps = school_gaps(calendar, on + ONE_DAY, basis - ONE_DAY)
        start = (
            f"{counted(rule.count, 'school day')} before {dated(basis)}"
            if rule.count
            else f"last school day to {dated(basis)}"
        )
    elif rule.direction == "of" or rule.inclusive:
        on = calendar.nth_school_day_after(basis - ONE_DAY, rule.count)
        gaps = school_gaps(calendar, basis, on)
        start = f"{ordinal(rule.count)} school day from {dated(basis)}"
    else:
        on = calendar.nth_school_day_after(basis, rule.count) if rule.count else calendar.school_day_on_or_after(basis)
        gaps = school_gaps(calendar, basis + ONE_DAY, on)
        start = (
            f"{counted(rule.count, 'school day')} after {dated(basis)}"
            if rule.count
            else f"first school day from {dated(basis)}"
        )
    return Reached(on, start + by_calendar(calendar) + skipping(gaps), gaps, (basis, on))


def working_days(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The nth working day after or before the basis."""
    if rule.direction == "before":
        on = (
            calendar.nth_working_day_before(basis, rule.count)
            if rule.count
            else calendar.working_day_on_or_before(basis)
        )
        gaps = bank_holidays_passed(calendar, on + ONE_DAY, basis - ONE_DAY)
    else:
        start = basis - ONE_DAY if rule.inclusive else basis
        on = (
            calendar.nth_working_day_after(start, rule.count) if rule.count else calendar.working_day_on_or_after(basis)
        )
        gaps = bank_holidays_passed(calendar, start + ONE_DAY, on)
    return Reached(on, _phrase(rule, "working day", basis) + skipping(gaps), gaps)


def calendar_days(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """Days or weeks of seven days, which weekends and holidays do not extend."""
    days = rule.count * (7 if rule.unit == "week" else 1) - rule.inclusive
    on = basis - timedelta(days=days) if rule.direction == "before" else basis + timedelta(days=days)
    return _rolled(rule, on, _phrase(rule, "week" if rule.unit == "week" else "day", basis), calendar)


def months(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """Months; "beginning with" ends the day before."""
    if rule.direction == "before":
        on = months_on(basis, -rule.count) + timedelta(days=rule.inclusive)
    else:
        on = months_on(basis, rule.count) - timedelta(days=rule.inclusive)
    return _rolled(rule, on, _phrase(rule, "month", basis), calendar)


def yearly_day(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The last such day of a year before the basis, or the first after it."""
    month, day = rule.month_day
    this_year = date(basis.year, month, day)
    if rule.direction == "before":
        on = this_year if this_year < basis else date(basis.year - 1, month, day)
    else:
        on = this_year if this_year > basis else date(basis.year + 1, month, day)
    side = "last" if rule.direction == "before" else "first"
    return _rolled(rule, on, f"the {side} {dated(on)[:-5]} {rule.direction} {dated(basis)}", calendar)


def _rolled(rule: Rule, on: date, how: str, calendar: Calendar) -> Reached:
    if not rule.rolls_to_working_day or calendar.is_working_day(on):
        return Reached(on, how)
    return Reached(calendar.working_day_on_or_after(on), f"{how} is {named(on)}, so the next working day")


def _phrase(rule: Rule, unit: str, basis: date) -> str:
    if rule.count == 0:
        return f"the day itself, {dated(basis)}"
    how = "beginning with" if rule.inclusive and rule.direction != "before" else rule.direction
    return f"{counted(rule.count, unit)} {how} {dated(basis)}"
