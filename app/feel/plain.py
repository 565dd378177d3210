"""FEEL values ↔ the JSON a case keeps. Types come from form schemas; nothing is guessed from the look of a text."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from app.feel import iso
from app.feel.bounds import MAX_NUMBER
from app.feel.builtins.conversion import text
from app.feel.errors import FeelError
from app.feel.values import NUMBERS, Months, Range, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

#: kinds that need no conversion when a name is read
PLAIN = frozenset({type(None), bool, Decimal, str, date, time, datetime, timedelta, Months, Range})

_MAX_WHOLE = int(MAX_NUMBER)
_READERS = {
    "date": iso.parse_date,
    "time": iso.parse_time,
    "date-time": iso.parse_date_and_time,
    "date and time": iso.parse_date_and_time,
    "dateTime": iso.parse_date_and_time,
    "duration": iso.parse_duration,
    "dayTimeDuration": iso.parse_duration,
    "yearMonthDuration": iso.parse_duration,
    "days and time duration": iso.parse_duration,
    "years and months duration": iso.parse_duration,
}


def from_json(value: Any, declared: str | None = None) -> Value:
    """The FEEL value of a JSON value; a declared type turns ISO text into a date, or null if it is none.

    Raises: FeelError for what is not JSON, for numbers beyond 1e30 and for text that is declared a number and is none.
    """
    if isinstance(value, str):
        return _typed(value, declared)
    if type(value) in PLAIN:
        return value  # type: ignore[no-any-return]
    if isinstance(value, int):
        return _number(Decimal(value) if abs(value) <= _MAX_WHOLE else MAX_NUMBER * 10)
    if isinstance(value, float):
        return _number(Decimal(repr(value)) if math.isfinite(value) else MAX_NUMBER * 10)
    if isinstance(value, (list, tuple)):
        return [from_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): from_json(item) for key, item in value.items()}
    raise FeelError("Expected text, a number, true, false, a list or a context, but there is another kind of value")


def _number(number: Decimal) -> Decimal:
    if abs(number) > MAX_NUMBER:
        raise FeelError("The number is larger than 1e30")
    return number


def _typed(value: str, declared: str | None) -> Value:
    if declared in _READERS:
        return _READERS[declared](value)
    if declared == "number":
        try:
            return _number(NUMBERS.create_decimal(value.strip())) if value.strip().isascii() else None
        except ArithmeticError:
            return None
    return value


def to_json(value: Value) -> Json:
    """JSON for a FEEL value: whole numbers as int, others as the nearest float, dates and durations as ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, Range):
        return text(value)
    if isinstance(value, (datetime, time)):
        return value.isoformat()
    if isinstance(value, (date, timedelta, Months)):
        return iso.text_of(value)
    return value


def scope_from_json(mapping: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Value]:
    """The variables of a case as FEEL values; `types` says which texts are dates, times or numbers."""
    return {name: from_json(value, types.get(name)) for name, value in mapping.items()}
