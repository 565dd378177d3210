"""Owns the days of a commissioned placement and what they cost (P04). It keeps no agreement and no attendance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.calendars.calendar import Calendar

#: Pupil days of a school year.
DAYS_IN_YEAR = 190
PENNY = Decimal("0.01")

#: Weekday (0 is Monday) → 1 for a whole day, 0.5 for a half.
Pattern = Mapping[int, Decimal]
FULL_TIME: Pattern = {weekday: Decimal(1) for weekday in range(5)}


@dataclass(frozen=True)
class Rate:
    """What places cost from a day on, until a later rate begins."""

    #: first day it holds
    since: date
    #: pounds for a day beyond the quota
    daily: Decimal
    #: average cost of a pupil in pounds a year: what a quota place shares
    average: Decimal


@dataclass(frozen=True)
class Charge:
    """One line of a cost statement."""

    #: first and last day it is for
    first: date
    last: date
    #: placement days between them, halves too
    days: Decimal
    #: pounds a day, or a year where it is a share
    rate: Decimal
    #: pounds, to the penny
    cost: Decimal


def placement_days(first: date, last: date, centre: Calendar, pattern: Pattern = FULL_TIME) -> Decimal:
    """School days of the centre from `first` to `last` that the weekly pattern names."""
    return sum((pattern.get(day.weekday(), Decimal(0)) for day in centre.school_days_between(first, last)), Decimal(0))


def additional_place_cost(days: Decimal, daily_rate: Decimal) -> Decimal:
    """Pounds for a place beyond the school's quota."""
    return _to_pence(days * daily_rate)


def rate_on(day: date, rates: Sequence[Rate]) -> Rate:
    """The rate that holds on a day; before the first one, the first. Raises ValueError where there is none."""
    known = sorted(rates, key=lambda one: one.since)
    if not known:
        raise ValueError("Expected at least one rate, but there is none")
    return max((one for one in known if one.since <= day), key=lambda one: one.since, default=known[0])


def additional_place_charges(
    first: date, last: date, centre: Calendar, pattern: Pattern, rates: Sequence[Rate]
) -> tuple[Charge, ...]:
    """What an additional place costs from `first` to `last`: a line for each rate, since no rate reaches back."""
    return tuple(_by_rate(first, last, centre, pattern, rates))


def quota_place_charges(
    first: date, last: date, centre: Calendar, pattern: Pattern, yearly: Iterable[Decimal]
) -> tuple[Charge, ...]:
    """What a place within the quota costs: a line for each yearly sum, in proportion to its days."""
    days, sums = placement_days(first, last, centre, pattern), tuple(yearly)
    shares = quota_place_lines(days, sums)
    return tuple(Charge(first, last, days, one, cost) for one, cost in zip(sums, shares, strict=True))


def total(charges: Iterable[Charge]) -> Decimal:
    """Pounds of all lines together."""
    return sum((one.cost for one in charges), Decimal("0.00"))


def _by_rate(first: date, last: date, centre: Calendar, pattern: Pattern, rates: Sequence[Rate]) -> Iterator[Charge]:
    begins = [first, *sorted(one.since for one in rates if first < one.since <= last)]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), last]
    for begin, end in zip(begins, ends, strict=True):
        days, rate = placement_days(begin, end, centre, pattern), rate_on(begin, rates).daily
        yield Charge(begin, end, days, rate, additional_place_cost(days, rate))


def quota_place_lines(planned_days: Decimal, yearly: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Pounds for each yearly line (average cost, premium, top-up) in proportion to the days, each rounded half up."""
    return tuple(_to_pence(amount * planned_days / DAYS_IN_YEAR) for amount in yearly)


def _to_pence(amount: Decimal) -> Decimal:
    return amount.quantize(PENNY, ROUND_HALF_UP)
