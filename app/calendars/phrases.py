"""Owns how dates, ranges and numbers read in a sentence. It does not know any rule or calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def short(on: date) -> str:
    """ "26 Oct"."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def dated(on: date) -> str:
    """ "26 Oct 2026"."""
    return f"{short(on)} {on.year}"


def named(on: date) -> str:
    """ "Mon 26 Oct"."""
    return f"{WEEKDAYS[on.weekday()][:3]} {short(on)}"


def full(on: date) -> str:
    """ "Mon 26 October 2026": how every sentence gives its answer, and how every page writes a day."""
    return f"{WEEKDAYS[on.weekday()][:3]} {on.day} {on:%B} {on.year}"


def span(first: date, last: date) -> str:
    """ "23 Oct", "26–30 Oct" or "21 Dec–1 Jan"."""
    if first == last:
        return short(first)
    if (first.month, first.year) == (last.month, last.year):
        return f"{first.day}–{short(last)}"
    return f"{short(first)}–{short(last)}"


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b" or "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def possessive(owner: str) -> str:
    """ "Beacon School's", "St Mary's", "Three Rivers'"."""
    if owner.endswith(("'s", "’s")):
        return owner
    return f"{owner}'" if owner.endswith("s") else f"{owner}'s"


def in_words(number: int) -> str:
    """ "six", and digits above twelve."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def ordinal(number: int) -> str:
    """ "6th", "21st"."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def counted(number: int, unit: str) -> str:
    """ "1 school day", "15 school days"."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def school_year(on: date) -> str:
    """ "2027/28": the school year a date belongs to, which turns on 1 August."""
    first = on.year if on.month >= 8 else on.year - 1
    return f"{first}/{(first + 1) % 100:02d}"
