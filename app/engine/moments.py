"""Dates, moments and durations as ISO 8601 writes them, and adding them in English local time. No deadline rules."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.clock import LONDON

LONGEST_YEARS = 25
_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True)
class Duration:
    """How long, in the units a calendar counts and the units a clock counts."""

    #: months, years included
    months: int = 0
    #: days, weeks included
    days: int = 0
    #: time by the clock
    clock: timedelta = timedelta(0)

    @property
    def is_bounded(self) -> bool:
        """At least a minute and at most 25 years."""
        rough = timedelta(days=self.months * 30 + self.days) + self.clock
        return timedelta(minutes=1) <= rough <= timedelta(days=LONGEST_YEARS * 366)


def later(moment: datetime, duration: Duration) -> datetime:
    """The moment after a duration: months and days keep the time of day in England, hours are real hours. UTC.

    31 January and one month is the last of February; a local time the clock skips is taken as the one an hour later.
    """
    local = moment.astimezone(LONDON)
    day = _plus_months(local.date(), duration.months) + timedelta(days=duration.days)
    if day != local.date():
        local = datetime.combine(day, local.time(), LONDON)
    return (local.astimezone(UTC) + duration.clock).astimezone(UTC)


def literal(text: str) -> date | datetime | Duration | None:
    """What an ISO 8601 text says, or None where it is something else. Moments without an offset are in England.

    Raises: ValueError where it looks like ISO 8601 and says nothing that exists.
    """
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if _MOMENT.fullmatch(text):
        return aware(datetime.fromisoformat(text))
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith("T"):
        return None
    parts = {unit: int(number) for unit, number in found.groupdict().items() if number is not None}
    return _duration(parts) if parts else None


def aware(moment: datetime) -> datetime:
    """In UTC; one without an offset is taken as English local time."""
    return (moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment).astimezone(UTC)


def _duration(parts: dict[str, int]) -> Duration:
    clock = timedelta(hours=parts.get("hours", 0), minutes=parts.get("minutes", 0), seconds=parts.get("seconds", 0))
    return Duration(
        months=parts.get("years", 0) * 12 + parts.get("months", 0),
        days=parts.get("weeks", 0) * 7 + parts.get("days", 0),
        clock=clock,
    )


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
