"""Owns what a count of days passes over, and how that reads in a sentence. It does not count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.calendars.calendar import Calendar
from app.calendars.due_date import Skipped
from app.calendars.no_school import ONE_DAY, NoSchool
from app.calendars.phrases import listed, possessive, school_year


def school_gaps(calendar: Calendar, first: date, last: date) -> tuple[NoSchool, ...]:
    """Each stretch without school from `first` to `last`, whole, in order; plain weekends are left out."""
    found: list[NoSchool] = []
    day = first
    while day <= last:
        reason = calendar.no_school(day)
        if reason and reason.kind != "weekend":
            found.append(reason)
            day = reason.last
        day += ONE_DAY
    return tuple(found)


def bank_holidays_passed(calendar: Calendar, first: date, last: date) -> tuple[NoSchool, ...]:
    """Each bank holiday on a weekday from `first` to `last`, in order."""
    days = sorted(day for day in calendar.bank_holidays if first <= day <= last and day.weekday() < 5)
    return tuple(NoSchool("bank holiday", "bank holiday", day, day) for day in days)


def skipped(gaps: tuple[NoSchool, ...]) -> tuple[Skipped, ...]:
    """The gaps as a deadline keeps them."""
    return tuple(Skipped(gap.first, gap.last, gap.name) for gap in gaps)


def skipping(gaps: tuple[NoSchool, ...]) -> str:
    """ ", skipping the training day 23 Oct and half-term 26–30 Oct", or nothing."""
    return f", skipping {listed([gap.skipped() for gap in gaps])}" if gaps else ""


def by_calendar(calendar: Calendar) -> str:
    """ ", by Beacon School's calendar"."""
    return f", by {possessive(calendar.owner)} calendar"


def provisional_note(calendar: Calendar, days: Iterable[date]) -> str:
    """ ", provisional: no term dates for 2027/28" if any of the days is not published, else nothing."""
    unknown = sorted(day for day in days if calendar.is_provisional(day))
    return f", provisional: no term dates for {school_year(unknown[0])}" if unknown else ""
