# ruff: noqa: E501 - XML in one piece reads better than XML in many
"""Every hostile payload in every place where a process has an expression: refused there, or it gives plain values."""

import json
from datetime import UTC, date, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

import pytest
from hostile_files import chain, file, nodes, process
from support.hostile_payloads import expressions

from app import engine, forms
from app.errors import NotDeployable
from app.model.definition import Bundle
from app.model.due import Due
from app.model.json import JsonObject
from app.studio import checking
from app.studio.bundles import ProcessFiles

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PAYLOADS = expressions()
RESPONSIBLE = {
    "script": "script-readable",
    "condition": "condition-readable",
    "timer": "timer-expression-readable",
    "due date": "due-readable",
    "due basis": "due-readable",
    "message": "message-readable",
    "list": "loop-readable",
}


class Days:
    """Deadlines that are always in three days."""

    def due(self, rule_key: str, basis: date | None) -> Due:
        return self.on_day((basis or NOW.date()) + timedelta(days=3))

    def on_day(self, day: date) -> Due:
        return Due(day, datetime(day.year, day.month, day.day, tzinfo=UTC), "as given")

    def at_moment(self, moment: datetime) -> Due:
        return Due(moment.date(), moment, "as given")


def extended(name: str, body: str) -> str:
    """A property of an element."""
    inside = f'<spiffworkflow:property name="{name}" value={quoteattr(body)}/>'
    return f"<bpmn:extensionElements><spiffworkflow:properties>{inside}</spiffworkflow:properties></bpmn:extensionElements>"


def placed(body: str) -> dict[str, str]:
    """The element x with the payload in it, by place."""
    text = escape(body)
    send = f"<bpmn:extensionElements><spiffworkflow:messagePayload>{text}</spiffworkflow:messagePayload></bpmn:extensionElements>"
    timer = f"<bpmn:timerEventDefinition><bpmn:timeDate>{text}</bpmn:timeDate></bpmn:timerEventDefinition>"
    many = f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>{text}</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"
    return {
        "script": f'<bpmn:scriptTask id="x" name="x" scriptFormat="feel"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>',
        "timer": f'<bpmn:intermediateCatchEvent id="x" name="x">{timer}</bpmn:intermediateCatchEvent>',
        "due date": f'<bpmn:manualTask id="x" name="x">{extended("dueDate", body)}</bpmn:manualTask>',
        "due rule": f'<bpmn:manualTask id="x" name="x">{extended("dueRule", body)}</bpmn:manualTask>',
        "message": f'<bpmn:sendTask id="x" name="x" messageRef="m">{send}</bpmn:sendTask>',
        "list": f'<bpmn:manualTask id="x" name="x">{many}</bpmn:manualTask>',
    }


def drawn(element: str) -> bytes:
    """A file with the element between start and end."""
    inside = nodes("startEvent go", "endEvent done") + element + chain("go", "x", "done")
    return file('<bpmn:message id="m" name="m"/>', process(inside))


def table(body: str, place: str) -> bytes:
    """A decision table with the payload in one kind of cell."""
    text = {"question": "n", "test": "1", "answer": "2"} | {place: escape(body)}
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n">'
        '<decision id="x" name="x"><decisionTable id="t"><input id="i"><inputExpression id="e">'
        f'<text>{text["question"]}</text></inputExpression></input><output id="o" name="y"/><rule id="r">'
        f'<inputEntry id="a"><text>{text["test"]}</text></inputEntry><outputEntry id="b"><text>{text["answer"]}</text>'
        "</outputEntry></rule></decisionTable></decision></definitions>"
    ).encode()


def is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(one) for key, one in value.items())
    return all(map(is_plain, value)) if isinstance(value, list) else isinstance(value, str | int | float | bool | None)


def variables_after(bundle: Bundle) -> JsonObject:
    """What a case of it has after its start; nothing where it cannot be run."""
    try:
        definition = engine.parse(bundle)
    except NotDeployable:
        return {}
    start: JsonObject = {"name": "Ada", "n": 3, "items": [1, 2, 3], "case_age": 9}
    step = engine.start(definition, start, Days(), NOW)
    assert {name: step.variables[name] for name in start} == start
    return step.variables


@pytest.mark.parametrize("body", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_payload_in_a_diagram_is_refused_there_or_gives_plain_values(body: str) -> None:
    for element in placed(body).values():
        bundle = Bundle("plan", "plan", "Plan", {"plan.bpmn": drawn(element)}, {}, {})
        assert is_plain(variables_after(bundle))


@pytest.mark.parametrize("body", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_payload_in_a_table_is_refused_there_or_gives_plain_values(body: str) -> None:
    inside = "<bpmn:extensionElements><spiffworkflow:calledDecisionId>x</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
    diagram = drawn(f'<bpmn:businessRuleTask id="x" name="x">{inside}</bpmn:businessRuleTask>')
    for place in ("question", "test", "answer"):
        bundle = Bundle("plan", "plan", "Plan", {"plan.bpmn": diagram}, {"x.dmn": table(body, place)}, {})
        assert is_plain(variables_after(bundle))


@pytest.mark.parametrize("body", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_payload_in_a_form_is_refused_or_only_shows_or_hides(body: str) -> None:
    field = {"type": "textfield", "id": "a", "key": "a", "label": "A", "conditional": {"hide": f"={body}"}}
    text = {"type": "text", "id": "t", "text": "Always here"}
    schema = {"type": "default", "id": "form", "schemaVersion": 19, "components": [field, text]}
    form, problems = forms.examine(json.dumps(schema).encode())
    assert form is not None
    assert all(one.sentence and "\n" not in one.sentence for one in problems)


@pytest.mark.parametrize("name", ["e01", "e04", "e21", "e72", "s01", "s25", "c03", "f02", "f06"])
def test_the_check_names_the_place(name: str) -> None:
    for place, element in placed(PAYLOADS[name]).items():
        found = checking.problems(ProcessFiles("plan", {"plan.bpmn": drawn(element)}), checking.known())
        rules = {one.rule for one in found if one.severity == "error" and one.element == "x"}
        assert rules & {RESPONSIBLE.get(place, "due-rule-known"), "timer-expression-readable"} or "readable" in {
            one.rule for one in found
        }
