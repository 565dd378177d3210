"""Equality, order and membership with three truth values (DMN 10.3.2.4, 10.3.2.13). No arithmetic."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from app.feel.values import Months, Range, Value

Truth = bool | None

_ORDERED = frozenset({Decimal, str, date, time, datetime, timedelta, Months})
ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def equal(left: Value, right: Value) -> Truth:
    """Whether two values are the same; null when they are of different kinds."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is list:
        return _lists_equal(left, right)  # type: ignore[arg-type]
    if kind is dict:
        return _contexts_equal(left, right)  # type: ignore[arg-type]
    return left == right


def same(left: Value, right: Value) -> bool:
    """Equality for members of lists: values of different kinds are simply not the same."""
    return equal(left, right) is True


def ordered(sign: str, left: Value, right: Value) -> Truth:
    """`left < right` and its kin; null unless both are of one ordered kind."""
    if type(left) is not type(right) or type(left) not in _ORDERED:
        return None
    try:
        return ORDERS[sign](left, right)
    except TypeError:  # one moment knows its zone and the other does not
        return None


def in_range(value: Value, range_: Range) -> Truth:
    """Whether a value lies between the ends of a range."""
    low: Truth = True
    high: Truth = True
    if range_.start is not None:
        low = ordered(">=" if range_.start_included else ">", value, range_.start)
    if range_.end is not None:
        high = ordered("<=" if range_.end_included else "<", value, range_.end)
    return both(low, high)


def inside(value: Value, group: Value) -> Truth:
    """`value in group`, where the group is a list, a range or one value."""
    if type(group) is Range:
        return in_range(value, group)
    if type(group) is list:
        return any(same(value, item) or (type(item) is Range and in_range(value, item) is True) for item in group)
    return equal(value, group)


def both(left: Value, right: Value) -> Truth:
    """`left and right`: false wins over null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Value, right: Value) -> Truth:
    """`left or right`: true wins over null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def denied(truth: Truth) -> Truth:
    """`not(truth)`: null stays null."""
    return None if truth is None else not truth


def _lists_equal(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(same(one, other) for one, other in zip(left, right, strict=True))


def _contexts_equal(left: dict[str, Value], right: dict[str, Value]) -> bool:
    return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
