"""Texts made from the grammar or broken out of real ones: each gives a plain value, or a sentence with its place.

Decision tables and forms likewise: read, or refused with a sentence. Never another exception, never without bounds.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.installation import ROOT

from app import diagrams, forms
from app.feel import FeelClock, FeelError, compile_context, compile_expression, compile_unary_tests, to_json
from app.feel.bounds import MAX_WEIGHT, weigh
from app.feel.dmn import DecisionError, parse_decision

CLOCK = FeelClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
SCOPE = {"tier": "SEN support", "round": 3, "areas": ["semh", "vi"], "plan": {"agreed": True, "on": None}, "n": None}
FUNCTIONS = frozenset({"due"})
LONGEST = 2_000
SHORT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(SHORT, max_examples=10_000)

# texts the grammar allows

NAMES = st.sampled_from(["tier", "round", "areas", "plan", "n", "plan.agreed", "plan.on", "unknown", "partial", "item"])
LITERALS = st.sampled_from(
    ["1", "0.5", "-3", "1e9", "true", "null", '"semh"', '""', '@"2026-11-02"', '@"P6W"', '@"P1M"', "[1..3]", "[]", "{}"]
)
SIGNS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"])
TYPES = st.sampled_from(["number", "string", "boolean", "date", "list<string>", "context<a: number>", "Any"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts with smaller ones inside."""
    return st.one_of(
        st.builds("({} {} {})".format, inner, SIGNS, inner),
        st.builds("if {} then {} else {}".format, inner, inner, inner),
        st.builds("for item in {} return {}".format, inner, inner),
        st.builds("for a in 1..{}, b in {} return {}".format, st.integers(-2, 10**6), inner, inner),
        st.builds("some item in {} satisfies {}".format, inner, inner),
        st.builds("every item in {} satisfies {}".format, inner, inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("({} instance of {})".format, inner, TYPES),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds("{{a: {}, b: a, c: {}}}".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("(function(x) {})({})".format, inner, inner),
        st.builds("not({})".format, inner),
        st.builds("{}.{}".format, inner, st.sampled_from(["year", "on", "length", "weekday", "start", "__class__"])),
        st.builds("count({})".format, inner),
        st.builds('due("apdr.first_plan", {})'.format, inner),
    )


GRAMMAR = st.recursive(NAMES | LITERALS, larger, max_leaves=12)


@cache
def real() -> tuple[str, ...]:
    """Every condition, script, payload and basis that the shipped processes have."""
    found: set[str] = set()
    for path in sorted((ROOT / "processes").glob("*/*.bpmn")):
        diagram = diagrams.read(path.read_bytes())
        found |= {one.condition for one in diagram.flows.values() if one.condition}
        found |= {text for one in diagram.nodes.values() for text in (one.script, one.due_basis, one.due_date) if text}
    return tuple(sorted(found))


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A real text, or two, cut, doubled, mixed up."""
    text = draw(st.sampled_from(real()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 12)))
        put = draw(st.one_of(st.just(""), st.text(max_size=3), st.sampled_from(real()), GRAMMAR))
        text = text[:at] + put + text[to:]
    return text


def outcome(evaluate: Callable[[], Any]) -> Any:
    """The value; a refusal must name its place."""
    try:
        return evaluate()
    except FeelError as error:
        refused = error
    assert refused.line >= 1
    assert refused.column >= 1
    assert refused.sentence.endswith(f" at line {refused.line}, column {refused.column}")
    assert "\n" not in refused.sentence
    return None


def try_every_way(text: str) -> None:
    functions = {"due": lambda rule, basis=None: basis}
    for compiled in (compile_expression, compile_context):
        found = outcome(lambda compiled=compiled: compiled(text, extra_functions=FUNCTIONS))
        if found is not None:
            assert len(text) <= LONGEST
            value = outcome(lambda found=found: found.evaluate(dict(SCOPE), CLOCK, functions))
            assert weigh(value) <= MAX_WEIGHT
            json.dumps(to_json(value))
    found = outcome(lambda: compile_unary_tests(text))
    if found is not None:
        assert outcome(lambda: found.matches("semh", dict(SCOPE), CLOCK)) in (True, False, None)


@SHORT
@given(GRAMMAR)
def test_any_text_of_the_grammar_gives_a_plain_value_or_a_sentence(text: str) -> None:
    try_every_way(text)


@SHORT
@given(broken())
def test_any_broken_text_of_a_process_gives_a_plain_value_or_a_sentence(text: str) -> None:
    try_every_way(text)


@pytest.mark.long
@LONG
@given(st.one_of(GRAMMAR, broken(), st.text(max_size=LONGEST + 5)))
def test_very_many_texts_give_a_plain_value_or_a_sentence(text: str) -> None:
    try_every_way(text)


# decision tables


@st.composite
def spoilt(draw: st.DrawFn, files: tuple[bytes, ...]) -> bytes:
    """A real file with some of its bytes or lines changed, doubled or gone."""
    content = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        to = draw(st.integers(at, min(len(content), at + 200)))
        put = draw(st.one_of(st.binary(max_size=4), st.just(b""), st.just(content[at:to] * 3), GRAMMAR.map(str.encode)))
        content = content[:at] + put + content[to:]
    return content


def decision_files() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "processes").glob("*/*.dmn")))


def try_decision(content: bytes) -> None:
    try:
        decision = parse_decision(content, extra_functions=FUNCTIONS)
        for problem in decision.problems():
            assert problem.sentence
            assert problem.fix
        decision.evaluate(dict(SCOPE), CLOCK)
    except DecisionError as error:
        refused = error
    else:
        return
    assert refused.sentence


@SHORT
@given(spoilt(decision_files()))
def test_any_spoilt_decision_table_is_read_or_refused(content: bytes) -> None:
    try_decision(content)


# forms


def form_files() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((ROOT / "forms").glob("*.json")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A real form with some of its values exchanged for anything."""
    schema = json.loads(draw(st.sampled_from(form_files())))
    for _ in range(draw(st.integers(1, 5))):
        at: Any = schema
        while isinstance(at, dict | list) and at:
            key = draw(st.sampled_from(sorted(at))) if isinstance(at, dict) else draw(st.integers(0, len(at) - 1))
            if draw(st.booleans()) or not isinstance(at[key], dict | list):
                at[key] = draw(JSON)
                break
            at = at[key]
    return json.dumps(schema).encode()


def try_form(content: bytes) -> None:
    try:
        _, problems = forms.examine(content)
    except forms.UnusableForm as unusable:
        problems = unusable.problems
    assert all(one.sentence for one in problems)


@SHORT
@given(spoilt(form_files()))
def test_any_spoilt_form_is_read_or_refused(content: bytes) -> None:
    try_form(content)


@SHORT
@given(changed())
def test_any_form_with_other_values_is_read_or_refused(content: bytes) -> None:
    try_form(content)


@pytest.mark.long
@LONG
@given(st.one_of(spoilt(form_files()), changed()), spoilt(decision_files()))
def test_very_many_forms_and_tables_are_read_or_refused(form: bytes, table: bytes) -> None:
    try_form(form)
    try_decision(table)


@pytest.mark.parametrize("nesting", ["[", '{"a":', '{"components":['])
def test_a_form_nested_very_deeply_is_refused(nesting: str) -> None:
    try_form((nesting * 100_000).encode())
    try_form((nesting * 2_000 + "1" + {"[": "]", '{"a":': "}", '{"components":[': "]}"}[nesting] * 2_000).encode())
