"""Owns dates that come from a window of the school year: ends of half-terms and terms, weeks before a meeting.

It does not own the windows themselves (`calendar`, `deemed_terms`).
"""

from __future__ import annotations

from datetime import date

from app.calendars.calendar import Calendar
from app.calendars.counting import Reached
from app.calendars.no_school import ONE_DAY
from app.calendars.phrases import WEEKDAYS, dated, ordinal
from app.calendars.rule import Rule
from app.calendars.skipping import by_calendar

#: 190 school days in six half-terms: assumed where no half-terms are published.
USUAL_HALF_TERM_DAYS = 32


def end_of_half_term(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The last school day of the half-term a day lies in (count 0), or of the nth one after it."""
    coming = [window for window in calendar.half_terms() if window.last >= basis]
    if rule.count and coming and basis >= coming[0].first:
        coming = coming[1:]
    nth = max(rule.count, 1)
    if calendar.is_provisional(basis) or nth > len(coming):
        return _assumed_half_term(rule, basis, calendar)
    window = coming[nth - 1]
    which = "the half-term of" if rule.count == 0 else f"the {ordinal(rule.count)} half-term after"
    how = f"last school day of {window.name}, {which} {dated(basis)}{by_calendar(calendar)}"
    return Reached(window.last, how, consulted=(window.last,))


def end_of_term(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The last school day of the deemed term a day lies in (count 0), or of the nth one after it."""
    window = calendar.deemed_term_of(basis)
    if rule.count and basis >= window.first:
        window = calendar.deemed_term_of(window.last + ONE_DAY)
    for _ in range(rule.count - 1):
        window = calendar.deemed_term_of(window.last + ONE_DAY)
    on = calendar.school_day_on_or_before(window.last)
    which = "holding" if rule.count == 0 else f"the {ordinal(rule.count)} after"
    how = f"last school day of the term {window.name}, {which} {dated(basis)}{by_calendar(calendar)}"
    return Reached(on, how, consulted=(on,))


def weekday_before(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """A weekday of the week before; if that is not a school day, the school day before it."""
    aim = basis - (basis.weekday() + 7 - rule.weekday) * ONE_DAY
    on = calendar.school_day_on_or_before(aim)
    how = f"the {WEEKDAYS[rule.weekday]} of the week before {dated(basis)}"
    reason = calendar.no_school(aim)
    if reason is None:
        return Reached(on, how + by_calendar(calendar), consulted=(on,))
    how = f"{how} is {reason.place(aim)}, so the school day before{by_calendar(calendar)}"
    return Reached(on, how, (reason,), (on, aim))


def _assumed_half_term(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    on = calendar.nth_school_day_after(basis, USUAL_HALF_TERM_DAYS * max(rule.count, 1))
    how = (
        f"end of the half-term after {dated(basis)}, taken as {USUAL_HALF_TERM_DAYS} school days{by_calendar(calendar)}"
    )
    unpublished = max(on, calendar.known_until + ONE_DAY)
    return Reached(on, how, consulted=(unpublished,))
