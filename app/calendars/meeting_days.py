"""Owns the days on which a series of meetings falls: a weekday, how often, school days only, groups in turn.

It does not own paper deadlines (`paper_deadlines`), nor who meets about what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from app.calendars.calendar import Calendar
from app.calendars.no_school import ONE_DAY
from app.calendars.phrases import WEEKDAYS, full, ordinal
from app.calendars.trouble import CalendarError

Often = Literal["weekly", "fortnightly", "monthly", "half-termly", "termly"]
#: the nth weekday of a month, half-term or term where that means the last one
LAST = 5
#: nobody publishes more at once: a slip of the pen in a year must not make thousands
MOST_DAYS = 400
_FORTNIGHT = timedelta(days=14)
#: what an nth weekday is counted in
_OF = {"monthly": "the month", "half-termly": "the half-term", "termly": "the term"}


@dataclass(frozen=True)
class Cadence:
    """How often a series meets."""

    #: "weekly", "fortnightly", "monthly", "half-termly", "termly"
    often: Often
    #: 0 for Monday
    weekday: int
    #: which weekday of the month, half-term or term: 1 to 4, or LAST
    nth: int = 1

    def in_words(self) -> str:
        """ "every Wednesday", "every second Tuesday", "the 2nd Monday of the month"."""
        day = WEEKDAYS[self.weekday]
        if self.often == "weekly":
            return f"every {day}"
        if self.often == "fortnightly":
            return f"every second {day}"
        return f"the {'last' if self.nth == LAST else ordinal(self.nth)} {day} of {_OF[self.often]}"


@dataclass(frozen=True)
class MeetingDay:
    """One day of a series."""

    #: the day
    on: date
    #: "provisional", where no term dates are published for it
    is_provisional: bool = False
    #: what it stands in for, in a sentence, or "": a monthly day that fell in the holidays
    moved: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A day on which the series would meet, but does not."""

    #: the day, or the first of the month
    on: date
    #: "half-term 26–30 Oct", "bank holiday"
    why: str


@dataclass(frozen=True)
class Days:
    """What a series comes to between two days."""

    #: in order
    days: tuple[MeetingDay, ...]
    #: in order
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Sitting:
    """One meeting that somebody chairs, for finding clashes."""

    #: the day
    on: date
    #: when it begins, in England
    begins: time
    #: how long it takes
    minutes: int
    #: what people call it
    name: str


def meeting_days(cadence: Cadence, first: date, last: date, calendar: Calendar) -> Days:
    """Every day of the series from `first` to `last`, both included. Raises CalendarError for a span nobody plans."""
    if last < first or (last - first).days > MOST_DAYS:
        raise CalendarError(f"Expected at most {MOST_DAYS} days from the first to the last, but got {first} to {last}")
    if cadence.often == "weekly":
        return _every_week(cadence, first, last, calendar)
    if cadence.often == "fortnightly":
        return _every_fortnight(cadence, first, last, calendar)
    if cadence.often == "monthly":
        return _once_in_each(_months(first, last), cadence, first, last, calendar)
    if cadence.often == "half-termly":
        return _once_in_each([(one.first, one.last) for one in calendar.half_terms()], cadence, first, last, calendar)
    return _once_in_each([(one.first, one.last) for one in calendar.deemed_terms], cadence, first, last, calendar)


def rotation(letters: Sequence[str], after: str, count: int) -> tuple[str, ...]:
    """The groups of the next meetings in turn, beginning after the group that met last ("" where none did)."""
    if not letters:
        return ("",) * count
    begin = letters.index(after) + 1 if after in tuple(letters) else 0
    return tuple(letters[(begin + n) % len(letters)] for n in range(count))


def clashes(planned: Sequence[Sitting], others: Sequence[Sitting]) -> tuple[str, ...]:
    """A sentence for each planned meeting that overlaps another of the same chair."""
    return tuple(
        f"{full(one.on)} at {one.begins:%H:%M}: {other.name} meets then, with the same chair"
        for one in planned
        for other in others
        if one.on == other.on and _overlap(one, other)
    )


def _every_week(cadence: Cadence, first: date, last: date, calendar: Calendar) -> Days:
    held, left_out = list[MeetingDay](), list[LeftOut]()
    for on in _weekdays(cadence.weekday, first, last):
        why = calendar.why_not(on)
        if why is None:
            held.append(MeetingDay(on, calendar.is_provisional(on)))
        else:
            left_out.append(LeftOut(on, why))
    return Days(tuple(held), tuple(left_out))


def _every_fortnight(cadence: Cadence, first: date, last: date, calendar: Calendar) -> Days:
    """At least a fortnight after the one before; a holiday puts it off by weeks, and the fortnight begins anew."""
    held, left_out, not_before = list[MeetingDay](), list[LeftOut](), first
    for on in _weekdays(cadence.weekday, first, last):
        if on < not_before:
            continue
        why = calendar.why_not(on)
        if why is None:
            held.append(MeetingDay(on, calendar.is_provisional(on)))
            not_before = on + _FORTNIGHT
        else:
            left_out.append(LeftOut(on, why))
    return Days(tuple(held), tuple(left_out))


def _once_in_each(
    windows: Sequence[tuple[date, date]], cadence: Cadence, first: date, last: date, calendar: Calendar
) -> Days:
    """The nth weekday of each window; where that is no school day the next such weekday in it, else the one before."""
    held, left_out = list[MeetingDay](), list[LeftOut]()
    for begins, ends in windows:
        candidates = list(_weekdays(cadence.weekday, begins, ends))
        if not candidates:
            continue
        at = len(candidates) - 1 if cadence.nth == LAST else min(cadence.nth, len(candidates)) - 1
        aim, why = candidates[at], calendar.why_not(candidates[at])
        instead = [*candidates[at:], *reversed(candidates[:at])]
        on = next((one for one in instead if calendar.why_not(one) is None), None)
        if on is not None and first <= on <= last:
            moved = f"instead of {full(aim)} ({why})" if on != aim else ""
            held.append(MeetingDay(on, calendar.is_provisional(on), moved))
        elif on is None and first <= aim <= last:
            left_out.append(LeftOut(aim, why or ""))
    return Days(tuple(held), tuple(left_out))


def _weekdays(weekday: int, first: date, last: date) -> Iterator[date]:
    on = first + ((weekday - first.weekday()) % 7) * ONE_DAY
    while on <= last:
        yield on
        on += 7 * ONE_DAY


def _months(first: date, last: date) -> list[tuple[date, date]]:
    found, begins = [], first.replace(day=1)
    while begins <= last:
        following = (begins + 31 * ONE_DAY).replace(day=1)
        found.append((begins, following - ONE_DAY))
        begins = following
    return found


def _overlap(one: Sitting, other: Sitting) -> bool:
    begin, other_begin = _minute(one.begins), _minute(other.begins)
    return begin < other_begin + other.minutes and other_begin < begin + one.minutes


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
