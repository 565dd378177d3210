"""Owns the step between London calendar dates and UTC instants. It never reads the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.calendars.trouble import CalendarError

LONDON = ZoneInfo("Europe/London")
LAST_SECOND = time(23, 59, 59)


def instant(on: date, at: time) -> datetime:
    """The UTC instant of a London wall time.

    A time that happens twice is its first; one that the spring change skips is an hour later by the clock (domain 3.1).
    """
    return datetime.combine(on, at.replace(fold=0), tzinfo=LONDON).astimezone(UTC)


def start_of_day(on: date) -> datetime:
    """00:00 in London as UTC."""
    return instant(on, time(0))


def end_of_day(on: date) -> datetime:
    """23:59:59 in London as UTC: the last second in which something due that day is on time."""
    return instant(on, LAST_SECOND)


def local(at: datetime) -> datetime:
    """The London wall time of an aware instant.

    Raises: CalendarError for a time without an offset.
    """
    if at.tzinfo is None:
        raise CalendarError(f"Expected a time with its offset from UTC, but {at.isoformat()} has none")
    return at.astimezone(LONDON)


def local_date(at: date | datetime) -> date:
    """The London calendar date of an instant; a date is returned as it is."""
    return local(at).date() if isinstance(at, datetime) else at


def clock_time(text: str) -> time:
    """Reads "08:00".

    Raises: CalendarError for anything else.
    """
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise CalendarError(f'Expected a time such as "08:00", but "{text}" is not one') from None
