"""Expressions written to break out or to burn the machine give plain values or are refused, within the bounds."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.hostile_payloads import bodies

from app.feel import FeelClock, FeelError, Months, Range, compile_context, compile_expression, compile_unary_tests
from app.feel.bounds import MAX_WEIGHT, weigh

# Bodies of kind D are case data, not expressions: the tests of forms take those.
KINDS = frozenset("ESCF")
PLAIN = (type(None), bool, Decimal, str, date, time, datetime, timedelta, Months, Range)


class Host:
    """A Python object that must never be looked into."""

    public = 1
    _secret = "S3CR3T"


PAYLOADS = [pytest.param(body, id=name) for name, kind, body in bodies() if kind in KINDS]


def outcome(evaluate: Callable[[], Any]) -> Any:
    """The value, or the sentence of the refusal."""
    try:
        return evaluate()
    except FeelError as error:
        return error.sentence


def is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(item) for key, item in value.items())
    return type(value) in PLAIN


def test_every_payload_of_the_file_is_read() -> None:
    kinds = [kind for _, kind, _ in bodies()]
    assert {kind: kinds.count(kind) for kind in "ESCFD"} == {"E": 99, "S": 40, "C": 8, "F": 7, "D": 10}


@pytest.mark.parametrize("body", PAYLOADS)
def test_a_hostile_expression_is_refused_or_gives_plain_values(body: str, clock: FeelClock) -> None:
    case = {"age": 9}
    items = [1, 2, 3]
    scope = {"case": case, "name": "Ada", "n": 3, "items": items, "obj": Host(), "CANARY": "/etc/hostname"}

    for compiler in (compile_expression, compile_context):
        value = outcome(lambda compiler=compiler: compiler(body).evaluate(scope, clock))
        assert is_plain(value)
        assert weigh(value) <= MAX_WEIGHT
        assert "S3CR3T" not in repr(value)

    assert case == {"age": 9}
    assert items == [1, 2, 3]


@pytest.mark.parametrize("body", PAYLOADS)
def test_a_hostile_cell_is_refused_or_gives_yes_or_no(body: str, clock: FeelClock) -> None:
    scope = {"case": {"age": 9}, "name": "Ada", "n": 3, "items": [1, 2, 3], "obj": Host()}
    answer = outcome(lambda: compile_unary_tests(body).matches("Ada", scope, clock))
    assert answer in (True, False) or " at line " in answer


@pytest.mark.parametrize(
    "body",
    [
        "{a: [1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d], f: [e]}",
        'for i in 1..20 return if i = 1 then "0123456789" else partial[-1] + partial[-1]',
        "for i in 1..4000 return 1..4000",
        "for i in 1..1000 return partial",
        "for i in 1..200 return count(flatten(for j in 1..200 return [i, j]))",
        "some a in 1..99, b in 1..99, c in 1..99 satisfies a + b + c > 1000",
        "for i in 1..40 return if i = 1 then [1, 1] else concatenate(partial[-1], partial[-1])",
        "for i in 1..100 return if i = 1 then 10 else partial[-1] * 10",
        "10 ** 99",
        "2 ** 101",
        "exp(exp(10))",
        "1e31",
        'duration("P999999999D") * 1e30',
        "(" * 41 + "1" + ")" * 41,
        "1+" * 600 + "1",
        " + ".join(["a.b.c.d.e.f.g"] * 80),
        "-" * 100 + "1",
        "x" * 2_001,
    ],
)
def test_asking_for_too_much_is_refused_or_gives_a_small_value(body: str, clock: FeelClock) -> None:
    value = outcome(lambda: compile_expression(body).evaluate({}, clock))
    assert is_plain(value)
    assert weigh(value) <= MAX_WEIGHT


@pytest.mark.parametrize(
    "body",
    [
        "for i in 1..1000000000 return i",
        "some x in 1..100000, y in 1..100000 satisfies x + y = 0",
        "(for i in 1..9999 return i)[1]",
        "sort(for i in 1..500 return i * 37 - 500 * floor(i * 37 / 500), function(x, y) x < y)",
        "distinct values(for i in 1..400 return [i])",
        "for i in 1..400 return count(for j in 1..400 return j)",
    ],
)
def test_what_takes_too_long_is_never_quietly_null(body: str, clock: FeelClock) -> None:
    with pytest.raises(
        FeelError, match="The expression took too long: it needs more than 5,000 steps at line 1, column "
    ):
        compile_expression(body).evaluate({}, clock)


@pytest.mark.parametrize(
    "body",
    ["a\u202eb", "\uff41ge", "a\x00", "\u2460 + 1", "name\u200b", "½"],
)
def test_hidden_and_look_alike_characters_are_refused(body: str) -> None:
    with pytest.raises(FeelError, match=" at line 1, column "):
        compile_expression(body)
