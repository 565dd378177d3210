"""The kinds of value FEEL has, as plain Python values. No arithmetic, no text form."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TypeAlias

#: FEEL numbers have 34 digits (DMN 10.3.2.3.1); every calculation goes through this context
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])


@dataclass(frozen=True, order=True, slots=True)
class Months:
    """A duration of years and months. Durations of days and time are `timedelta`."""

    #: whole months, negative going back
    count: int


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end that is null is open for ever."""

    start: "Value"
    end: "Value"
    #: whether the ends themselves belong to it
    start_included: bool
    end_included: bool


Value: TypeAlias = (
    "bool | Decimal | str | date | time | datetime | timedelta | Months | Range | list[Value] | dict[str, Value] | None"
)

#: kind name → the Python types that are it, compared exactly: a `datetime` is not a `date` here
KINDS: dict[str, frozenset[type]] = {
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({date}),
    "time": frozenset({time}),
    "date and time": frozenset({datetime}),
    "days and time duration": frozenset({timedelta}),
    "years and months duration": frozenset({Months}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "range": frozenset({Range}),
    "duration": frozenset({timedelta, Months}),
    "day": frozenset({date, datetime}),
    "moment": frozenset({time, datetime}),
    "point": frozenset({Decimal, str, date, time, datetime, timedelta, Months}),
    "point or range": frozenset({Decimal, str, date, time, datetime, timedelta, Months, Range}),
}

_NAMES = {next(iter(types)): name for name, types in KINDS.items() if len(types) == 1}


def kind_of(value: Value) -> str:
    """The FEEL name of a value's type, `Null` for null."""
    return "Null" if value is None else _NAMES[type(value)]
