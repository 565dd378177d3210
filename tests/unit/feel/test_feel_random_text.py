"""Whatever is typed, FEEL gives a sentence or a plain value, never anything else."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.feel import FeelClock, FeelError, compile_context, compile_expression, compile_unary_tests, to_json
from app.feel.bounds import MAX_WEIGHT, weigh
from app.feel.builtins import BUILTINS

CLOCK = FeelClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
SCOPE = {"a": None, "b": True, "case": {"age": None}, "list": ["x", "y"]}
WORDS = [
    *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function", "and", "or", "between"),
    *("instance of", "true", "false", "null", "not", "?", "@", "-", "+", "*", "/", "**", "=", "!=", "<", "<=", ">"),
    *(">=", "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", '"a"', '"P1D"', '"2026-11-02"', "1", "0.5", "1e30"),
    *("a", "b", "case", "list", "item", "partial", "x", "number", "list<string>", "start", "time offset", "\n"),
    *(name + "(" for name in BUILTINS),
]
VALUES = st.sampled_from(
    [
        *(
            "1",
            "-2.5",
            "1e30",
            "null",
            "true",
            '"abc"',
            "[]",
            "[1, 2, 3]",
            '["a", "b"]',
            "{k: 1}",
            "[1..5]",
            "a",
            "list",
        ),
        *('@"2026-11-02"', '@"P1D"', '@"P3M"', '@"09:00:00"', '@"2026-11-02T09:00:00Z"', '@"2026-11-02T09:00:00"'),
    ]
)
CALLS = st.builds(
    lambda name, values: f"{name}({', '.join(values)})",
    st.sampled_from(sorted(BUILTINS)),
    st.lists(VALUES, max_size=4),
)
OPERATIONS = st.recursive(
    VALUES | CALLS,
    lambda inner: st.builds(
        lambda left, sign, right: f"({left} {sign} {right})",
        inner,
        st.sampled_from(["+", "-", "*", "/", "**", "=", "<", ">=", "and", "or", "in", "instance of list or"]),
        inner,
    ),
    max_leaves=8,
)


def try_everything(source: str) -> None:
    """Compile and evaluate in every way; whatever is no FeelError comes up as a failure."""
    for compiler in (compile_expression, compile_context):
        with suppress(FeelError):
            value = compiler(source).evaluate(SCOPE, CLOCK)
            assert weigh(value) <= MAX_WEIGHT
            to_json(value)
    with suppress(FeelError):
        assert isinstance(compile_unary_tests(source).matches("a", SCOPE, CLOCK), bool)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
@example("\ud800")
@example("١ + 1")
@example('"\\')
@example("/*")
@example("not(A:0)")
def test_random_text_gives_a_sentence_or_a_plain_value(source: str) -> None:
    try_everything(source)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_random_words_give_a_sentence_or_a_plain_value(source: str) -> None:
    try_everything(source)


@settings(max_examples=500, deadline=None)
@given(OPERATIONS)
def test_any_function_and_operator_takes_any_value(source: str) -> None:
    try_everything(source)
