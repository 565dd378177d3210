"""Owns the three school census days of a year. It owns nothing that is counted on them."""

from __future__ import annotations

from datetime import date, timedelta

THURSDAY = 3


def census_days(first_year: int) -> tuple[date, date, date]:
    """The first Thursday in October, the third in January and the third in May of the school year that begins then."""
    return (
        _nth_thursday(first_year, 10, 1),
        _nth_thursday(first_year + 1, 1, 3),
        _nth_thursday(first_year + 1, 5, 3),
    )


def _nth_thursday(year: int, month: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 7 * (n - 1))
