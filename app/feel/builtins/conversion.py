"""Built-in functions that turn one kind of value into another (DMN 10.3.4.1)."""

import json
import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, DecimalException

from app.feel import iso
from app.feel.arithmetic import add_months
from app.feel.builtins.registry import builtin
from app.feel.values import NUMBERS, Months, Range, Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_GROUPS = (" ", ",", ".")
_POINTS = (",", ".")


def _whole(number: Decimal) -> int:
    """Raises: ValueError when the number is not whole or too large for a date."""
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise ValueError(number)
    return int(number)


@builtin("date(from: string)")
def _date_from_text(text: str) -> Value:
    return iso.parse_date(text)


@builtin("date(from: day)")
def _date_from_day(day: date | datetime) -> Value:
    return day.date() if isinstance(day, datetime) else day


@builtin("date(year: number, month: number, day: number)")
def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        return None


@builtin("time(from: string)")
def _time_from_text(text: str) -> Value:
    return iso.parse_time(text)


@builtin("time(from: time)")
def _time_from_time(value: time) -> Value:
    return value


@builtin("time(from: day)")
def _time_from_day(value: date | datetime) -> Value:
    return value.timetz() if isinstance(value, datetime) else time(tzinfo=iso.ZONES["UTC"])


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration)")
def _time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> Value:
    try:
        microseconds = int(second * 1_000_000 % 1_000_000)
        zone = None if offset is None else timezone(offset)
        return time(_whole(hour), _whole(minute), int(second), microseconds, zone)
    except (ValueError, OverflowError, DecimalException):
        return None


@builtin("date and time(from: string)")
def _moment_from_text(text: str) -> Value:
    return iso.parse_date_and_time(text)


@builtin("date and time(from: day)")
def _moment_from_day(day: date | datetime) -> Value:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


@builtin("date and time(date: day, time: time)")
def _moment_from_both(day: date | datetime, at: time) -> Value:
    return datetime.combine(day, at)


@builtin("duration(from: string)")
def _duration_from_text(text: str) -> Value:
    return iso.parse_duration(text)


@builtin("duration(from: duration)")
def _duration_from_duration(value: timedelta | Months) -> Value:
    return value


@builtin("years and months duration(from: day, to: day)")
def _months_between(start: date | datetime, end: date | datetime) -> Value:
    first, last = _as_date(start), _as_date(end)
    if last < first:
        return Months(-_whole_months(last, first))
    return Months(_whole_months(first, last))


def _as_date(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - 1 if add_months(first, months) > last or first.day > last.day else months


@builtin("number(from: string)")
@builtin("number(from: string, grouping separator?: string, decimal separator?: string)")
def _number_from_text(text: str, group: str | None = None, point: str | None = None) -> Value:
    if (
        (group is not None and group not in _GROUPS)
        or (point is not None and point not in _POINTS)
        or _clash(group, point)
    ):
        return None
    plain = text.replace(group, "") if group else text
    plain = plain.replace(point, ".") if point else plain
    return NUMBERS.create_decimal(plain) if _NUMBER.fullmatch(plain) else None


def _clash(group: str | None, point: str | None) -> bool:
    return group is not None and group == point


@builtin("number(from: number)")
def _number_from_number(value: Decimal) -> Value:
    return value


@builtin("string(from: any)")
def _string(value: Value) -> Value:
    return None if value is None else text(value)


def text(value: Value, *, nested: bool = False) -> str:
    """The text `string()` gives: like FEEL source, but text on its own is bare."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if nested else value
    if isinstance(value, Decimal):
        return iso.number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(text(item, nested=True) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text(item, nested=True)}" for key, item in value.items()) + "}"
    return _range_text(value) if isinstance(value, Range) else iso.text_of(value)


def _range_text(value: Range) -> str:
    low, high = ("" if end is None else text(end, nested=True) for end in (value.start, value.end))
    return ("[" if value.start_included else "(") + f"{low}..{high}" + ("]" if value.end_included else ")")
