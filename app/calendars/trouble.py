"""Owns the troubles this package raises. It does not own what a caller makes of them."""

from __future__ import annotations


class CalendarError(ValueError):
    """A date could not be worked out."""


class UnknownRule(CalendarError, LookupError):
    """No deadline rule has this key on this day."""


class UnreadableRule(CalendarError):
    """A deadline rule is written in a way we cannot read."""


class UnreadableCalendar(CalendarError):
    """A calendar contradicts itself or lacks something."""


class DateOutOfRange(CalendarError):
    """A date lies years away from the calendar's published terms."""
