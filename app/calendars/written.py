"""Owns reading a deadline written out in words, such as "15 school days". It does not know the rules that have keys."""

from __future__ import annotations

import re

from app.calendars.phrases import NUMBERS
from app.calendars.rule import Direction, Rule, Unit
from app.calendars.trouble import UnreadableRule

UNITS: dict[str, Unit] = {
    "school day": "school_day",
    "working day": "working_day",
    "calendar day": "calendar_day",
    "day": "calendar_day",
    "week": "week",
    "school week": "school_week",
    "month": "month",
    "hour": "hour",
}
#: What people write without a number.
PHRASES: dict[str, tuple[Unit, int, Direction]] = {
    "same day": ("calendar_day", 0, "after"),
    "next school day": ("school_day", 1, "after"),
    "next working day": ("working_day", 1, "after"),
    "last school day before": ("school_day", 1, "before"),
    "last school day of the half-term": ("half_term", 0, "after"),
    "last school day of the term": ("term", 0, "after"),
}
WRITTEN = re.compile(rf"(?P<count>\d{{1,3}}|[a-z]+) (?P<unit>{'|'.join(UNITS)})s?(?: (?P<direction>after|before))?")


def written_rule(text: str) -> Rule:
    """The rule a text such as "15 school days", "six weeks" or "3 school days before" writes out.

    Raises: UnreadableRule with the forms we read.
    """
    plain = " ".join(text.lower().split())
    unit, count, direction = PHRASES.get(plain) or _counted(plain) or _refuse(text)
    return Rule(key=plain, title=f"within {plain}", unit=unit, count=count, direction=direction, source="written out")


def _counted(plain: str) -> tuple[Unit, int, Direction] | None:
    match = WRITTEN.fullmatch(plain)
    if not match:
        return None
    count = int(match["count"]) if match["count"].isdigit() else _number(match["count"])
    direction: Direction = "before" if match["direction"] == "before" else "after"
    return (UNITS[match["unit"]], count, direction) if count else None


def _number(word: str) -> int:
    return NUMBERS.index(word) if word in NUMBERS[1:] else 0


def _refuse(text: str) -> tuple[Unit, int, Direction]:
    raise UnreadableRule(
        'Expected a deadline such as "15 school days", "6 weeks", "10 working days", "2 months", '
        f'"3 school days before" or "next school day", but "{text}" is not one'
    )
