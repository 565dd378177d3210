"""Built-in functions on numbers and truth values (DMN 10.3.4.2, 10.3.4.5). Decimal only, 34 digits."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from app.feel.builtins.registry import builtin
from app.feel.values import NUMBERS, Months, Value

_ONE = Decimal(1)
_MAX_SCALE = 100


def _rounded(n: Decimal, scale: Decimal | None, how: str) -> Value:
    places = Decimal(0) if scale is None else scale
    if places != places.to_integral_value() or abs(places) > _MAX_SCALE:
        return None
    if places >= -n.as_tuple().exponent:  # type: ignore[operator]  # a finite number has a whole exponent
        return n
    try:
        return n.quantize(_ONE.scaleb(-int(places)), rounding=how, context=NUMBERS)
    except DecimalException:
        return None


@builtin("decimal(n: number, scale: number)")
def _decimal(n: Decimal, scale: Decimal) -> Value:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def _floor(n: Decimal, scale: Decimal | None = None) -> Value:
    return _rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def _ceiling(n: Decimal, scale: Decimal | None = None) -> Value:
    return _rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def _round_up(n: Decimal, scale: Decimal) -> Value:
    return _rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def _round_down(n: Decimal, scale: Decimal) -> Value:
    return _rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def _round_half_up(n: Decimal, scale: Decimal) -> Value:
    return _rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def _round_half_down(n: Decimal, scale: Decimal) -> Value:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number)")
def _abs(n: Decimal) -> Value:
    return abs(n)


@builtin("abs(n: duration)")
def _abs_duration(n: timedelta | Months) -> Value:
    return Months(abs(n.count)) if isinstance(n, Months) else abs(n)


@builtin("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """`dividend - divisor * floor(dividend / divisor)`, so it has the divisor's sign."""
    if divisor == 0:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt(number: number)")
def _sqrt(number: Decimal) -> Value:
    return NUMBERS.sqrt(number) if number >= 0 else None


@builtin("log(number: number)")
def _log(number: Decimal) -> Value:
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp(number: number)")
def _exp(number: Decimal) -> Value:
    return NUMBERS.exp(number)


@builtin("odd(number: number)")
def _odd(number: Decimal) -> Value:
    return number % 2 != 0 if number == number.to_integral_value() else None


@builtin("even(number: number)")
def _even(number: Decimal) -> Value:
    return number % 2 == 0 if number == number.to_integral_value() else None


@builtin("not(negand: any)")
def _not(negand: Value) -> Value:
    return not negand if isinstance(negand, bool) else None


@builtin("is(value1: any, value2: any)")
def _is(value1: Value, value2: Value) -> Value:
    return type(value1) is type(value2) and value1 == value2
