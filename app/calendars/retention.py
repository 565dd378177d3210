"""Owns until which birthday a record is kept. It owns no schedule of classes and erases nothing."""

from __future__ import annotations

from datetime import date


def birthday(born: date, age: int) -> date:
    """The day a person reaches an age; born on 29 February, that is 1 March in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def school_years_on(ended: date, years: int) -> date:
    """The last day of the nth school year after the one a record ended in."""
    first_year = ended.year if ended.month >= 9 else ended.year - 1
    return date(first_year + years + 1, 8, 31)
