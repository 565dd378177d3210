"""The only place that reads the wall clock, and the case clock that a demonstration can move forward.

Sessions, leases and one-time codes use `real_now`. Everything about a case uses the time a `Clock` gives, which is real
time plus an offset that is stored, journalled and only ever grows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def real_now() -> datetime:
    """Now, aware, UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The calendar date in England at an aware moment."""
    return moment.astimezone(LONDON).date()


def day_begins(on: date) -> datetime:
    """Midnight in England, where the day begins."""
    return datetime.combine(on, time(), LONDON).astimezone(UTC)


@dataclass
class Clock:
    """Case time: `base()` plus the offset somebody moved it by."""

    #: what "now" starts from; tests give a fixed function
    base: Callable[[], datetime] = real_now
    #: how far the case clock runs ahead of `base`
    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The case time, aware, UTC, to the microsecond."""
        return self.base() + self.offset

    def today(self) -> date:
        """The date in England by the case clock."""
        return local_date(self.now())
