"""Adding, taking away, multiplying, dividing, powers. What does not fit together gives null (DMN 10.3.2.13)."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from app.feel.values import NUMBERS, Months, Value

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_ANY_DAY = date(2000, 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of that month. Raises: ValueError, OverflowError."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _shift(moment: datetime, length: timedelta) -> datetime:
    if moment.tzinfo is None:
        return moment + length
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def _date_plus_days(day: date, length: timedelta) -> date:
    return (datetime.combine(day, time()) + length).date()


def _date_plus_months(day: date, months: Months) -> date:
    return add_months(day, months.count)


def _moment_plus_months(moment: datetime, months: Months) -> datetime:
    return datetime.combine(add_months(moment.date(), months.count), moment.timetz())


def _time_plus_days(at: time, length: timedelta) -> time:
    return (datetime.combine(_ANY_DAY, at) + timedelta(microseconds=(length % _DAY) // _MICROSECOND)).timetz()


def _times_apart(left: time, right: time) -> timedelta:
    return datetime.combine(_ANY_DAY, left) - datetime.combine(_ANY_DAY, right)


def _midnight(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(), UTC if like.tzinfo else None)


def _scaled(length: timedelta, by: Decimal) -> timedelta:
    microseconds = NUMBERS.multiply(Decimal(length // _MICROSECOND), by)
    return timedelta(microseconds=int(microseconds.to_integral_value()))


def _divided(length: timedelta, by: Decimal) -> timedelta:
    return _scaled(length, NUMBERS.divide(Decimal(1), by))


def _ratio(left: timedelta, right: timedelta) -> Decimal:
    return NUMBERS.divide(Decimal(left // _MICROSECOND), Decimal(right // _MICROSECOND))


Rule = Callable[[Any, Any], Value]

_ADD: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): NUMBERS.add,
    (str, str): lambda a, b: a + b,
    (timedelta, timedelta): lambda a, b: a + b,
    (Months, Months): lambda a, b: Months(a.count + b.count),
    (date, timedelta): _date_plus_days,
    (timedelta, date): lambda a, b: _date_plus_days(b, a),
    (date, Months): _date_plus_months,
    (Months, date): lambda a, b: _date_plus_months(b, a),
    (datetime, timedelta): _shift,
    (timedelta, datetime): lambda a, b: _shift(b, a),
    (datetime, Months): _moment_plus_months,
    (Months, datetime): lambda a, b: _moment_plus_months(b, a),
    (time, timedelta): _time_plus_days,
    (timedelta, time): lambda a, b: _time_plus_days(b, a),
}
_SUBTRACT: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): NUMBERS.subtract,
    (timedelta, timedelta): lambda a, b: a - b,
    (Months, Months): lambda a, b: Months(a.count - b.count),
    (date, timedelta): lambda a, b: _date_plus_days(a, -b),
    (date, Months): lambda a, b: add_months(a, -b.count),
    (datetime, timedelta): lambda a, b: _shift(a, -b),
    (datetime, Months): lambda a, b: _moment_plus_months(a, Months(-b.count)),
    (time, timedelta): lambda a, b: _time_plus_days(a, -b),
    (date, date): lambda a, b: a - b,
    (datetime, datetime): lambda a, b: a - b,
    (datetime, date): lambda a, b: a - _midnight(b, a),
    (date, datetime): lambda a, b: _midnight(a, b) - b,
    (time, time): _times_apart,
}
_MULTIPLY: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): NUMBERS.multiply,
    (timedelta, Decimal): _scaled,
    (Decimal, timedelta): lambda a, b: _scaled(b, a),
    (Months, Decimal): lambda a, b: Months(int(a.count * b)),
    (Decimal, Months): lambda a, b: Months(int(b.count * a)),
}
_DIVIDE: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): NUMBERS.divide,
    (timedelta, Decimal): _divided,
    (timedelta, timedelta): _ratio,
    (Months, Decimal): lambda a, b: Months(int(a.count / b)),
    (Months, Months): lambda a, b: NUMBERS.divide(Decimal(a.count), Decimal(b.count)),
}
_POWER: dict[tuple[type, type], Rule] = {(Decimal, Decimal): NUMBERS.power}

RULES = {"+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": _POWER}


def calculate(sign: str, left: Value, right: Value) -> Value:
    """`left sign right`, or null."""
    rule = RULES[sign].get((type(left), type(right)))
    if rule is None:
        return None
    try:
        return rule(left, right)
    except (DecimalException, ArithmeticError, ValueError, TypeError):
        return None


def negate(value: Value) -> Value:
    """`-value`, or null."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    return Months(-value.count) if isinstance(value, Months) else None
