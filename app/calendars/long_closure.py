"""Owns whether a long school closure excuses late advice (SI 2014/1530 reg 8). It stops no clock."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from app.calendars.calendar import Calendar

ONE_WEEK = timedelta(weeks=1)
FOUR_WEEKS = timedelta(weeks=4)


def may_claim_closure(asked: date, shut_first: date, shut_last: date) -> bool:
    """Whether advice asked for then may be late because the school was shut from `shut_first` to `shut_last`.

    The school must be shut for at least four weeks without a break, and the advice asked for between a week before it
    shuts and a week before it opens again.
    """
    reopens = shut_last + timedelta(days=1)
    is_long = reopens - shut_first >= FOUR_WEEKS
    return is_long and shut_first - ONE_WEEK <= asked <= reopens - ONE_WEEK


def closure_around(asked: date, calendar: Calendar) -> tuple[date, date] | None:
    """First and last day of the holiday that could excuse advice asked for on this day, or None."""
    for before, after in pairwise(calendar.terms):
        first, last = before.last + timedelta(days=1), after.first - timedelta(days=1)
        if may_claim_closure(asked, first, last):
            return first, last
    return None
