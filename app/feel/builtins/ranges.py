"""Built-in functions that compare points and ranges in time or number (DMN 10.3.4.9)."""

from app.feel.builtins.registry import builtin
from app.feel.compare import both, denied, either, equal, in_range, ordered
from app.feel.values import Range, Value

Truth = bool | None


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


@builtin("before(a: point or range, b: point or range)")
def _before(a: Value, b: Value) -> Value:
    left, right = _as_range(a), _as_range(b)
    touching = both(equal(left.end, right.start), not (left.end_included and right.start_included))
    return either(ordered("<", left.end, right.start), touching)


@builtin("after(a: point or range, b: point or range)")
def _after(a: Value, b: Value) -> Value:
    return _before(b, a)


@builtin("meets(range1: range, range2: range)")
def _meets(range1: Range, range2: Range) -> Value:
    return both(range1.end_included and range2.start_included, equal(range1.end, range2.start))


@builtin("met by(range1: range, range2: range)")
def _met_by(range1: Range, range2: Range) -> Value:
    return _meets(range2, range1)


@builtin("overlaps(range1: range, range2: range)")
def _overlaps(range1: Range, range2: Range) -> Value:
    return both(denied(_truth(_before(range1, range2))), denied(_truth(_before(range2, range1))))


def _truth(value: Value) -> Truth:
    return value if isinstance(value, bool) else None


def _starts_earlier(a: Range, b: Range) -> Truth:
    """Whether a starts before b does."""
    at_once = both(equal(a.start, b.start), a.start_included and not b.start_included)
    return either(ordered("<", a.start, b.start), at_once)


def _ends_later(a: Range, b: Range) -> Truth:
    """Whether a ends after b does."""
    at_once = both(equal(a.end, b.end), a.end_included and not b.end_included)
    return either(ordered(">", a.end, b.end), at_once)


@builtin("overlaps before(range1: range, range2: range)")
def _overlaps_before(range1: Range, range2: Range) -> Value:
    within = both(_truth(_overlaps(range1, range2)), denied(_ends_later(range1, range2)))
    return both(within, _starts_earlier(range1, range2))


@builtin("overlaps after(range1: range, range2: range)")
def _overlaps_after(range1: Range, range2: Range) -> Value:
    return _overlaps_before(range2, range1)


@builtin("includes(range: range, value: point or range)")
def _includes(range_: Range, value: Value) -> Value:
    if isinstance(value, Range):
        return both(denied(_starts_earlier(value, range_)), denied(_ends_later(value, range_)))
    return in_range(value, range_)


@builtin("during(value: point or range, range: range)")
def _during(value: Value, range_: Range) -> Value:
    return _includes(range_, value)


@builtin("starts(value: point or range, range: range)")
def _starts(value: Value, range_: Range) -> Value:
    if isinstance(value, Range):
        begins = both(equal(value.start, range_.start), value.start_included == range_.start_included)
        return both(begins, denied(_ends_later(value, range_)))
    return both(equal(value, range_.start), range_.start_included)


@builtin("started by(range: range, value: point or range)")
def _started_by(range_: Range, value: Value) -> Value:
    return _starts(value, range_)


@builtin("finishes(value: point or range, range: range)")
def _finishes(value: Value, range_: Range) -> Value:
    if isinstance(value, Range):
        ends = both(equal(value.end, range_.end), value.end_included == range_.end_included)
        return both(ends, denied(_starts_earlier(value, range_)))
    return both(equal(value, range_.end), range_.end_included)


@builtin("finished by(range: range, value: point or range)")
def _finished_by(range_: Range, value: Value) -> Value:
    return _finishes(value, range_)


@builtin("coincides(a: point or range, b: point or range)")
def _coincides(a: Value, b: Value) -> Value:
    if isinstance(a, Range) != isinstance(b, Range):
        return None
    left, right = _as_range(a), _as_range(b)
    flags = (left.start_included, left.end_included) == (right.start_included, right.end_included)
    return both(flags, both(equal(left.start, right.start), equal(left.end, right.end)))
