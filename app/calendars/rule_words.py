"""Owns how a deadline rule reads in a table: its value and unit, and its mark. It neither counts nor names a date."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.calendars.phrases import MONTHS, WEEKDAYS, counted, ordinal
from app.calendars.rule import Rule

#: units as people say them, in the singular
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "school_day": "school day",
        "working_day": "working day",
        "calendar_day": "calendar day",
        "week": "week",
        "month": "month",
        "school_week": "school week",
        "half_term": "half-term",
        "term": "term",
        "hour": "hour",
    }
)
#: where a rule stands in law
MARKS: Mapping[str, str] = MappingProxyType(
    {"S": "statutory", "G": "statutory guidance", "seed": "partnership papers", "local": "local default"}
)


def value_words(rule: Rule) -> str:
    """ "15 school days after"; the basis follows it where it fits."""
    by = f", by {rule.time_of_day}" if rule.time_of_day not in (None, "same") else ""
    return f"{_value(rule)}{by}"


def full_words(rule: Rule) -> str:
    """ "15 school days after: notice to the board"."""
    return f"{value_words(rule)}: {rule.basis}" if rule.basis else value_words(rule)


def remind_words(rule: Rule) -> str:
    """ "5 and 1 school days before", or that nobody is reminded."""
    if not rule.remind:
        return "nobody is reminded"
    days = " and ".join(str(one) for one in rule.remind)
    return f"{days} school day{'' if rule.remind == (1,) else 's'} before"


def _value(rule: Rule) -> str:
    match rule.form:
        case "next_capped":
            return (
                f"{_counted(rule)} {rule.direction}, on a school day: the next one up to {rule.cap_days} days, "
                f"else the one before from {rule.floor_days} days on"
            )
        case "weekday_before":
            return f"the {WEEKDAYS[rule.weekday]} of the week before"
        case "yearly_day":
            month, day = rule.month_day
            return f"by {day} {MONTHS[month - 1]} of that year"
    if rule.unit == "none":
        return "on the day itself"
    if rule.unit == "half_term":
        return "by the last school day of the half-term"
    if rule.unit == "term":
        return "by the last school day of the next term"
    if rule.direction == "of":
        return f"the {ordinal(rule.count)} {UNITS[rule.unit]} of"
    if rule.count == 0:
        return "on the same day"
    return f"{_counted(rule)} {'beginning with' if rule.inclusive else rule.direction}"


def _counted(rule: Rule) -> str:
    return counted(rule.count, UNITS[rule.unit])
