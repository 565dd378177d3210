"""Owns which days are bank holidays in England and when Easter is. It does not own extra holidays a calendar adds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays

#: The years every shipped calendar covers.
SHIPPED_YEARS = range(2014, 2036)


def england_bank_holidays(years: Iterable[int] = SHIPPED_YEARS) -> frozenset[date]:
    """Every bank holiday in England in those years, substitute days included."""
    return _bank_holidays(tuple(sorted(set(years))))


@cache
def _bank_holidays(years: tuple[int, ...]) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the computus printed in Nature, 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def easter_monday(year: int) -> date:
    """The Monday after Easter Sunday."""
    return easter_sunday(year) + timedelta(days=1)
