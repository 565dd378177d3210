"""Built-in functions on lists (DMN 10.3.4.4). Positions count from 1, or back from the end from -1."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from app.feel.arithmetic import calculate
from app.feel.builtins.registry import builtin
from app.feel.compare import ordered, same
from app.feel.values import NUMBERS, Value

Items = list[Value]


def _numbers(items: Items) -> list[Decimal] | None:
    """The items, if every one is a number and there is at least one."""
    if not items or any(type(item) is not Decimal for item in items):
        return None
    return [item for item in items if isinstance(item, Decimal)]


def _index(items: Items, position: Decimal, *, past_end: int = 0) -> int | None:
    """The place in Python's counting, or None when there is none."""
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items) + past_end:
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


def both_ways(name: str, function: Callable[[Items], Value]) -> None:
    """Register a function of one list that may also be called with the items themselves."""
    builtin(f"{name}(list: list)")(function)
    builtin(f"{name}(c...: any)")(function)


def unique(items: Items) -> Items:
    """The items without those that came before."""
    kept: Items = []
    seen: set[Any] = set()
    groups: Items = []
    for item in items:
        if isinstance(item, (list, dict)):
            if not any(same(item, one) for one in groups):
                groups.append(item)
                kept.append(item)
        elif (type(item), item) not in seen:
            seen.add((type(item), item))
            kept.append(item)
    return kept


@builtin("list contains(list: list, element: any)")
def _list_contains(items: Items, element: Value) -> Value:
    return any(same(item, element) for item in items)


@builtin("count(list: list)")
def _count(items: Items) -> Value:
    return Decimal(len(items))


def _extreme(sign: str) -> Callable[[Items], Value]:
    def extreme(items: Items) -> Value:
        if not items:
            return None
        best = items[0]
        for item in items:
            better = ordered(sign, item, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return extreme


def _sum(items: Items) -> Value:
    if not items:
        return None
    total = items[0]
    if type(total) is str:
        return None
    for item in items[1:]:
        total = calculate("+", total, item) if type(item) is type(total) else None
    return total


def _mean(items: Items) -> Value:
    numbers = _numbers(items)
    return NUMBERS.divide(_total(numbers), Decimal(len(numbers))) if numbers else None


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = NUMBERS.add(total, number)
    return total


def _all(items: Items) -> Value:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def _any(items: Items) -> Value:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def _product(items: Items) -> Value:
    numbers = _numbers(items)
    if not numbers:
        return None
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result


def _median(items: Items) -> Value:
    numbers = _numbers(items)
    if not numbers:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _stddev(items: Items) -> Value:
    """Of a sample: the sum of squares is divided by one less than the count."""
    numbers = _numbers(items)
    if not numbers or len(numbers) < 2:
        return None
    mean = NUMBERS.divide(_total(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(number, mean), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(numbers) - 1)))


def _mode(items: Items) -> Value:
    if not items:
        return []
    numbers = _numbers(items)
    if not numbers:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return [number for number in sorted(counts) if counts[number] == most]


for _name, _function in {
    "min": _extreme("<"),
    "max": _extreme(">"),
    "sum": _sum,
    "mean": _mean,
    "all": _all,
    "any": _any,
    "product": _product,
    "median": _median,
    "stddev": _stddev,
    "mode": _mode,
}.items():
    both_ways(_name, _function)


@builtin("sublist(list: list, start position: number, length?: number)")
def _sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Value:
    first = _index(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    last = first + int(length)
    return items[first:last] if length >= 0 and last <= len(items) else None


@builtin("append(list: list, item...: any)")
def _append(items: Items, more: Items) -> Value:
    return items + more


@builtin("concatenate(list...: list)")
def _concatenate(lists: list[Items]) -> Value:
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, new item: any)")
def _insert_before(items: Items, position: Decimal, new: Value) -> Value:
    at = _index(items, position)
    return None if at is None else [*items[:at], new, *items[at:]]


@builtin("remove(list: list, position: number)")
def _remove(items: Items, position: Decimal) -> Value:
    at = _index(items, position)
    return None if at is None else items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, new item: any)")
def _list_replace(items: Items, position: Decimal, new: Value) -> Value:
    at = _index(items, position)
    return None if at is None else [*items[:at], new, *items[at + 1 :]]


@builtin("reverse(list: list)")
def _reverse(items: Items) -> Value:
    return items[::-1]


@builtin("index of(list: list, match: any)")
def _index_of(items: Items, match: Value) -> Value:
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match)]


@builtin("union(list...: list)")
def _union(lists: list[Items]) -> Value:
    return list(unique([item for items in lists for item in items]))


@builtin("distinct values(list: list)")
def _distinct_values(items: Items) -> Value:
    return list(unique(items))


@builtin("flatten(list: list)")
def _flatten(items: Items) -> Value:
    flat: Items = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, list):
                stack.append(iter(item))
                break
            flat.append(item)
        else:
            stack.pop()
    return flat


class _Incomparable(Exception):
    """Two items have no order."""


def sort(items: Items, precedes: Callable[[Value, Value], bool | None]) -> Items | None:
    """The items in order, keeping the order of equals; null when two cannot be compared."""

    def compare(left: Value, right: Value) -> int:
        before, after = precedes(left, right), precedes(right, left)
        if before is None or after is None:
            raise _Incomparable
        return int(after) - int(before)

    try:
        return sorted(items, key=cmp_to_key(compare))
    except _Incomparable:
        return None
