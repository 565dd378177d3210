"""Owns the days of a commissioned placement and what they cost (P04). It keeps no agreement and no attendance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.calendars.calendar import Calendar

#: Pupil days of a school year.
DAYS_IN_YEAR = 190
PENNY = Decimal("0.01")

#: Weekday (0 is Monday) → 1 for a whole day, 0.5 for a half.
Pattern = Mapping[int, Decimal]
FULL_TIME: Pattern = {weekday: Decimal(1) for weekday in range(5)}


def placement_days(first: date, last: date, centre: Calendar, pattern: Pattern = FULL_TIME) -> Decimal:
    """School days of the centre from `first` to `last` that the weekly pattern names."""
    return sum((pattern.get(day.weekday(), Decimal(0)) for day in centre.school_days_between(first, last)), Decimal(0))


def additional_place_cost(days: Decimal, daily_rate: Decimal) -> Decimal:
    """Pounds for a place beyond the school's quota."""
    return _to_pence(days * daily_rate)


def quota_place_lines(planned_days: Decimal, yearly: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Pounds for each yearly line (average cost, premium, top-up) in proportion to the days, each rounded half up."""
    return tuple(_to_pence(amount * planned_days / DAYS_IN_YEAR) for amount in yearly)


def _to_pence(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, ROUND_HALF_UP)
