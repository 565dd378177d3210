"""Between the JSON a case keeps and FEEL: types come from the forms, and nothing is lost on the way."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import (
    FeelClock,
    FeelError,
    Months,
    Range,
    compile_context,
    compile_expression,
    from_json,
    scope_from_json,
    to_json,
)


@pytest.mark.parametrize(
    ("json", "declared", "value"),
    [
        (7, None, Decimal(7)),
        (0.1, None, Decimal("0.1")),
        ("7", "number", Decimal(7)),
        (" 7.5 ", "number", Decimal("7.5")),
        ("seven", "number", None),
        ("2026-11-02", "date", date(2026, 11, 2)),
        ("2026-11-02", None, "2026-11-02"),
        ("2026-11-02", "string", "2026-11-02"),
        ("02/11/2026", "date", None),
        ("", "date", None),
        ("09:00:00", "time", time(9)),
        ("2026-11-02T09:00:00Z", "date-time", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("P1D", "duration", timedelta(days=1)),
        ("P1M", "duration", Months(1)),
        (True, "boolean", True),
        (None, "date", None),
        ([1, "a"], "list", [Decimal(1), "a"]),
        ({"a": 1}, "context", {"a": Decimal(1)}),
    ],
)
def test_json_becomes_the_declared_kind(json: Any, declared: str | None, value: object) -> None:
    result = from_json(json, declared)

    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "json", [float("inf"), float("nan"), 10**31, -(10**200_000), object(), {1, 2}, b"a"], ids=range(7)
)
def test_what_is_no_json_or_too_large_is_refused(json: Any) -> None:
    with pytest.raises(FeelError):
        from_json(json)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Decimal("7"), 7),
        (Decimal("7.00"), 7),
        (Decimal("1e3"), 1000),
        (Decimal("0.1"), 0.1),
        (date(2026, 11, 2), "2026-11-02"),
        (time(9), "09:00:00"),
        (datetime(2026, 11, 2, 9, tzinfo=UTC), "2026-11-02T09:00:00+00:00"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(days=-1), "-P1D"),
        (Months(14), "P1Y2M"),
        (Range(Decimal(1), Decimal(5), True, False), "[1..5)"),
        ([Decimal(1), None, True], [1, None, True]),
        ({"a": Decimal(1)}, {"a": 1}),
    ],
)
def test_a_value_becomes_json(value: Any, json: object) -> None:
    result = to_json(value)

    assert result == json
    assert type(result) is type(json)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_json_comes_back_as_it_went_in(json: Any) -> None:
    assert to_json(from_json(json)) == json


def test_a_date_of_a_form_compares_with_a_date(clock: FeelClock) -> None:
    expression = compile_expression('decided_on <= today() and decided_on + duration("P1D") > today()')
    variables = {"decided_on": "2026-11-02"}

    assert expression.evaluate(scope_from_json(variables, {"decided_on": "date"}), clock) is True
    assert expression.evaluate(scope_from_json(variables, {}), clock) is None


def test_a_script_gives_its_entries_in_order(clock: FeelClock) -> None:
    script = compile_context('{weeks: 6, due_on: started_on + @"P1D" * (weeks * 7), is_late: due_on < today()}')

    values = script.evaluate(scope_from_json({"started_on": "2026-09-01"}, {"started_on": "date"}), clock)

    assert script.keys == ("weeks", "due_on", "is_late")
    assert script.names == {"started_on"}
    assert to_json(values) == {"weeks": 6, "due_on": "2026-10-13", "is_late": True}


def test_the_clock_gives_the_date_in_england() -> None:
    late_in_june = FeelClock(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    assert compile_expression("today()").evaluate({}, late_in_june) == date(2026, 7, 1)
    assert compile_expression("now().hour").evaluate({}, late_in_june) == 0


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected a moment with its zone"):
        FeelClock(datetime(2026, 11, 2, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("source", "names", "calls"),
    [
        ("a + b.c", {"a", "b"}, set()),
        ("for x in xs return x + y", {"xs", "y"}, set()),
        ("some x in xs satisfies x = y", {"xs", "y"}, set()),
        ("children[age > 5]", {"children"}, set()),
        ("{a: b, c: a}", {"b"}, set()),
        ("count(list) + string length(name)", {"list", "name"}, {"count", "string length"}),
        ("sort(xs, function(p, q) p < q)", {"xs"}, {"sort"}),
    ],
)
def test_an_expression_says_what_it_reads(source: str, names: set[str], calls: set[str]) -> None:
    expression = compile_expression(source)

    assert expression.source == source
    assert expression.names == names
    assert expression.calls == calls


def test_json_that_was_not_converted_works_too(clock: FeelClock) -> None:
    scope: Any = {"age": 17, "scores": [1, 2.5], "child": {"age": 9}}

    assert compile_expression("age > 16 and sum(scores) = 3.5 and child.age = 9").evaluate(scope, clock) is True
