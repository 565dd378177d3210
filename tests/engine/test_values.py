"""Deltas, marks, purity, and that nothing of the library's own scripting can be reached."""

import ast
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from engine.playing import Case
from hypothesis import given
from hypothesis import strategies as st

from app import engine
from app.engine.instance import NoScripts
from app.model.json import JsonObject, canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-1, 1) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text("abc", max_size=2), JSON, max_size=4)


@given(OBJECTS, OBJECTS)
def test_a_delta_turns_the_state_before_into_the_state_after(before: JsonObject, after: JsonObject) -> None:
    kept = canonical(before)
    delta = engine.diff(before, after)
    assert canonical(engine.apply(before, json.loads(json.dumps(delta)))) == canonical(after)
    assert canonical(before) == kept


@given(st.lists(OBJECTS, min_size=1, max_size=5))
def test_all_deltas_folded_are_the_last_state(states: list[JsonObject]) -> None:
    befores = [None, *states[:-1]]
    deltas = [engine.diff(before, after) for before, after in zip(befores, states, strict=True)]
    assert canonical(engine.fold(deltas)) == canonical(states[-1])


@given(OBJECTS)
def test_nothing_changed_is_an_empty_delta(state: JsonObject) -> None:
    assert engine.diff(state, json.loads(json.dumps(state))) == {}


def test_a_delta_says_true_where_one_was() -> None:
    assert engine.diff({"a": 1}, {"a": True}) == {"set": [[["a"], True]]}


def test_marks_say_what_is_active_done_and_cancelled() -> None:
    lines = (
        "start go\nparallel split\nuser a\non late at=a duration=P1D\n"
        "user b\nend stopped\ngo -> split -> a\nsplit -> b\nlate -> stopped"
    )
    case = Case(lines)
    assert engine.marks(case.all_moves) == {
        **dict.fromkeys(["go", "go-split", "split", "split-a", "split-b"], "done"),
        **dict.fromkeys(["a", "b"], "active"),
    }
    case.fire("late")
    case.complete("b")
    marks = engine.marks(case.all_moves)
    assert (marks["a"], marks["late"], marks["b"], marks["stopped"]) == ("cancelled", "done", "done", "done")


def test_a_mark_of_trouble_goes_when_it_is_resolved() -> None:
    case = Case("start go\nexclusive x\nuser a\nuser b\ngo -> x\nx -> a : t = 1\nx -> b : t = 2", {"t": 3})
    assert engine.marks(case.all_moves)["x"] == "failed"
    case.amend("x", {"t": 1})
    assert engine.marks(case.all_moves)["x"] == "done"


def test_a_join_is_active_until_all_have_come() -> None:
    case = Case("start go\nparallel s\nuser a\nuser b\nparallel j\nuser c\ngo -> s -> a -> j -> c\ns -> b -> j")
    case.complete("a")
    assert engine.marks(case.all_moves)["j"] == "active"
    case.complete("b")
    assert engine.marks(case.all_moves)["j"] == "done"


@pytest.mark.parametrize("name", ["evaluate", "execute", "environment", "call_service"])
def test_the_script_engine_of_the_library_cannot_be_reached(name: str) -> None:
    with pytest.raises(AttributeError):
        getattr(NoScripts(), name)


def test_only_the_engine_knows_the_library() -> None:
    app = Path(engine.__file__).parents[1]
    found = {
        path.relative_to(app).parts[0]
        for path in app.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            "SpiffWorkflow" in name for name in [getattr(node, "module", None) or "", *(a.name for a in node.names)]
        )
    }
    assert found == {"engine"}


def test_a_definition_is_not_written_while_a_case_runs() -> None:
    case = Case("start go\nuser a\nsub s by-event\n    start m message=m beside\n    user b\n    m -> b\ngo -> a")
    before = shape(case)
    case.deliver("m")
    case.complete("b")
    case.complete("a")
    assert shape(case) == before


def shape(case: Case) -> str:
    """Everything in the specs that is no object of theirs."""
    return repr([
        (name, each, sorted(vars(element)), element._inputs, element._outputs, getattr(element, "ways", ()))
        for name, spec in case.definition.specs.items()
        for each, element in spec.task_specs.items()
    ])  # fmt: skip


def test_cases_of_one_definition_can_be_stepped_in_many_threads() -> None:
    lines = """
        start go
        parallel split
        user a
        user b each="[1, 2]" item=one
        parallel join
        script sum feel="{ total: x + y }"
        user after
        go -> split -> a -> join -> sum -> after
        split -> b -> join
    """
    definition = Case(lines).definition

    def play(number: int) -> JsonObject:
        case = Case(definition, {"x": number, "y": 0})
        case.complete("b")
        case.complete("a", {"y": number})
        case.complete("b")
        return case.variables

    with ThreadPoolExecutor(8) as threads:
        totals = [each["total"] for each in threads.map(play, range(40))]
    assert totals == [2 * number for number in range(40)]
