"""What stands after a dot: entries of contexts, parts of dates, times, durations and ranges. Nothing of Python."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.feel.values import NUMBERS, Months, Range, Value

_SECOND = timedelta(seconds=1)


def _offset(value: time | datetime) -> timedelta | None:
    return value.utcoffset()


def _zone(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _seconds(value: time | datetime | timedelta, whole: int) -> Decimal:
    parts = value.microseconds if isinstance(value, timedelta) else value.microsecond
    return NUMBERS.add(Decimal(whole), Decimal(parts).scaleb(-6)) if parts else Decimal(whole)


def _length_part(divisor: int, modulus: int) -> Callable[[timedelta], Value]:
    """A part of a duration; every part of a negative duration is negative."""

    def part(length: timedelta) -> Value:
        size = abs(length)
        number = Decimal((size.days * 86_400 + size.seconds) // divisor % modulus)
        return -number if length < timedelta() and number else number

    return part


def _length_seconds(length: timedelta) -> Value:
    size = abs(length)
    number = _seconds(size, size.seconds % 60)
    return -number if length < timedelta() and number else number


def _months_part(count: int, *, years: bool) -> Decimal:
    parts = divmod(abs(count), 12)
    number = parts[0] if years else parts[1]
    return Decimal(-number if count < 0 else number)


_DAY: dict[str, Callable[[Any], Value]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.isoweekday()),
}
_CLOCK: dict[str, Callable[[Any], Value]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: _seconds(v, v.second),
    "time offset": _offset,
    "timezone": _zone,
}
PROPERTIES: dict[type, Mapping[str, Callable[[Any], Value]]] = {
    date: _DAY,
    time: _CLOCK,
    datetime: {**_DAY, **_CLOCK},
    timedelta: {
        "days": _length_part(86_400, 10**12),
        "hours": _length_part(3_600, 24),
        "minutes": _length_part(60, 60),
        "seconds": _length_seconds,
    },
    Months: {
        "years": lambda v: _months_part(v.count, years=True),
        "months": lambda v: _months_part(v.count, years=False),
    },
    Range: {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}


def part(value: Value, name: str) -> Value:
    """`value.name`: an entry, a property, for a list one of each item; else null."""
    if type(value) is dict:
        return value.get(name)
    if type(value) is list:
        return [part(item, name) for item in value]
    read = PROPERTIES.get(type(value), {}).get(name)
    return None if read is None else read(value)
