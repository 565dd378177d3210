"""What a schema may hold: everything else is refused with the component named; the documents agree with the tables."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from form_building import NOW, choice, context, form, on, schema, text

from app.forms import UnusableForm, examine, fill, read
from app.forms.pattern import why_unsafe
from app.forms.properties import PROPERTIES, RULES

DOCUMENT = (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")


def problems(*components: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.component, each.sentence) for each in examine(schema(*components))[1]]


def _names_in_table(heading: str) -> list[str]:
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [name.replace("<id>", "") for name in re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)]


def test_the_tables_of_the_documents_are_the_tables_of_the_code() -> None:
    assert sorted(_names_in_table("Properties")) == sorted(each.name for each in PROPERTIES)
    assert _names_in_table("Rules") == list(RULES)


def test_the_properties_stand_on_the_components_the_documents_say() -> None:
    section = DOCUMENT.split("## Properties\n")[1].split("\n## ")[0]
    said = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", section, re.MULTILINE))
    for each in PROPERTIES:
        where = said[each.name if not each.name.endswith(".") else f"{each.name}<id>"]
        if not where.startswith("every question"):
            assert {name for name in re.findall(r"`(\w+)`", where) if name != "time"} == set(each.on), each.name


def test_the_example_of_the_documents_is_a_usable_form() -> None:
    example = re.search(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert example
    found = read(example[1].encode())
    assert found.title == "Plan support"
    assert found.variables == {"tier": "tier", "review_date": "review_date"}
    assert found.types == {"tier": "string", "review_date": "date"}
    assert found.problems(frozenset({"old_tier"})) == []
    assert [each.component for each in found.problems(frozenset())] == ["tier_q"]


@pytest.mark.parametrize(
    "kind", ["expression", "html", "iframe", "image", "script", "table", "taglist", "documentPreview", "nonsense", ""]
)
def test_types_we_do_not_draw_are_refused_by_name(kind: str) -> None:
    with pytest.raises(UnusableForm, match="Expected a type of question that works here") as refusal:
        form({"type": kind, "id": "odd_one", "key": "x", "label": "X"})
    assert refusal.value.sentence.startswith("odd_one: ")


@pytest.mark.parametrize(
    "key", ["typename", "csrf_token", "_add", "if", "null", "a-b", "1a", "a b", "", "k" * 65, "а", None, 3]
)
def test_keys_that_would_mean_something_else_are_refused(key: object) -> None:
    found = problems({"type": "textfield", "id": "c", "key": key, "label": "Name"})
    assert any("Expected a key" in sentence for _, sentence in found)


@pytest.mark.parametrize(
    ("component", "part"),
    [
        (text("a", valuesKey="x"), "valuesKey"),
        (text("a", disabled=True), "disabled"),
        (text("a", validate={"max": 3}), "max"),
        (text("a", conditional={"show": "=x"}), "show"),
        (text("a", properties={"varaible": "x"}), "varaible"),
        (text("a", properties={"minRows": "1"}), "minRows"),
        (text("a", properties={"rule": "future"}), "future"),
        (on("a", properties={"rule": "upn"}), "upn"),
        (on("a", subtype="week"), "week"),
        (text("a", properties={"check.x": "a = 1"}), "check.x"),
        (text("a", properties={"check.x": "a = ", "message.x": "Do"}), "cannot be read"),
        (text("a", properties={"check.x": "open(a)", "message.x": "Do"}), "cannot be read"),
        (text("a", conditional={"hide": "=a.__class__"}), "cannot be read"),
        (text("a", validate={"pattern": "(a+)+$"}), "repeats a repeat"),
        (text("a", validate={"minLength": "long"}), "minLength"),
        (text("a", validate={"maxLength": 30_000}), "maxLength"),
        (text("a", validate="required"), "Expected an object"),
        (text("a", label=""), "label"),
        (text("a", label={"x": 1}), "label"),
        (text("a", properties={"notEqualTo": "b"}), "notEqualTo"),
        (text("a", properties={"autocomplete": "cc-number"}), "autocomplete"),
        (text("a", properties={"variable": "a b"}), "variable"),
        (choice("a", "A"), "options"),
        (choice("a", "A", "x", "x"), "options"),
        ({"type": "group", "path": "g", "components": []}, "path"),
        ({"type": "filepicker", "key": "f", "label": "F", "accept": ".exe"}, "accept"),
        ({"type": "number", "key": "n", "label": "N", "increment": 0}, "increment"),
        ({"type": "dynamiclist", "path": "r", "label": "R", "components": [
            {"type": "dynamiclist", "path": "s", "label": "S", "id": "s", "components": []}]}, "list in a list"),
        ({"type": "dynamiclist", "path": "r", "label": "R", "components": [
            text("v", id="v", properties={"variable": "v"})]}, "variable"),
        ({"type": "dynamiclist", "path": "r", "label": "R", "components": [
            text("v", id="v", properties={"offer": "1"})]}, "no first value"),
        ({"type": "dynamiclist", "path": "r", "label": "R", "components": [
            text("v", id="v", readonly=True)]}, "read-only"),
    ],
)  # fmt: skip
def test_what_would_not_be_honoured_is_a_problem(component: dict[str, Any], part: str) -> None:
    assert any(part in sentence for _, sentence in problems(component)), problems(component)


def test_a_key_or_a_variable_used_twice_is_a_problem() -> None:
    variable = {"variable": "v"}
    found = problems(
        text("a", id="one"), text("a", id="two"), text("b", properties=variable), text("c", properties=variable)
    )
    assert [place for place, sentence in found if "used twice" in sentence] == ["two", "c"]


NO_SCHEMAS = (
    *(b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b" " * 300_000),
    *(b'{"id": NaN}', b'{"id": "x", "components": {}}', b'{"id": "x", "components": [7]}'),
)


@pytest.mark.parametrize("broken", NO_SCHEMAS, ids=range(len(NO_SCHEMAS)))
def test_what_is_no_schema_is_refused_with_a_sentence(broken: bytes) -> None:
    with pytest.raises(UnusableForm, match="Expected"):
        read(broken)


@pytest.mark.parametrize(
    ("pattern", "is_safe"),
    [
        (r"^[A-Z]\d{11}[0-9A-Z]$", True),
        (r"^(?:[A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}$", True),
        (r"^\d{3}$", True),
        (r"^[0-9]+(\.[0-9]+)?$", True),
        (r"(a+)+$", False),
        (r"(a|aa)+$", False),
        (r"(a|aa){20}", False),
        (r"a*a*a*a*b", False),
        (r"a?" * 30 + "a" * 30, False),
        (r"(a)\1", False),
        (r"(?=a)", False),
        (r"(?P<x>a)", False),
        (r"(?i:a)", False),
        (r"[a-", False),
        (r"((((a{1,9}){1,9}){1,9}){1,9})", False),
    ],
)
def test_patterns_that_could_take_long_are_refused(pattern: str, is_safe: bool) -> None:
    assert (why_unsafe(pattern) is None) is is_safe


def test_groups_are_flattened_and_remembered_as_headings() -> None:
    inner = {"type": "group", "id": "g2", "label": "Home", "components": [text("town", id="town")]}
    found = form({"type": "group", "label": "Pupil", "components": [text("name", id="name"), inner]})
    assert [question.key for question in found.questions] == ["name", "town"]
    filled = fill(found, context())
    assert [block.kind for block in filled.blocks] == ["heading", "textfield", "heading", "textfield"]


def test_the_digest_follows_the_content_and_not_the_spacing() -> None:
    one = schema(text("a"))
    spaced = json.dumps(json.loads(one), indent=2).encode()
    assert read(one).digest == read(spaced).digest != read(schema(text("b"))).digest


def test_without_a_heading_the_title_is_the_key_in_words() -> None:
    assert read(schema(text("a"))).title == "Test form"
    assert fill(read(schema(text("a"))), context(now=NOW)).values == {"a": ""}
