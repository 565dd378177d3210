"""What the bounded child answers about files nobody vouches for: can they be read, what is wrong with them.

JSON in and out. Runs in the child only (`bounded`); the program asks through `untrusted`.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from app import checks, diagrams
from app.cases.runnable import read
from app.checks import CheckContext, Problem
from app.diagrams import UnreadableDiagram
from app.errors import NotDeployable
from app.feel import compile_context, compile_expression, compile_unary_tests
from app.feel.dmn import DecisionError, parse_decision
from app.forms import UnusableForm
from app.model.json import Json, JsonObject
from app.studio import blank
from app.studio.bundles import ProcessFiles, bundle_of
from app.studio.untrusted import FUNCTIONS, pack

#: more cannot be drawn, still less deployed: such a file is not worth the memory of the program that asks
MOST_ELEMENTS = 1_000
_SETS = (
    "rule_keys", "role_codes", "starter_codes", "messages", "decision_keys", "process_keys", "form_keys", "variables",
)  # fmt: skip


def problems(files: ProcessFiles, context: CheckContext) -> list[Problem]:
    """Errors first, then warnings: what the rules find, and what the engine could not run."""
    found = checks.check(files.bpmn, files.dmn, files.forms, context, files.letters)
    told = {one.element for one in found if one.severity == "error"}
    unread = any(one.severity == "error" and not one.element for one in found)
    more = [] if unread else [one for one in _cannot_run(files) if one.element not in told]
    return sorted([*found, *more], key=lambda one: one.severity != "error")


def _cannot_run(files: ProcessFiles) -> list[Problem]:
    try:
        read(bundle_of(files))
    except NotDeployable as refused:
        told = refused.facts.get("problems")
        if isinstance(told, list):
            return [Problem(p.element, p.rule, p.sentence, p.fix, "error", "") for p in told]
        return [Problem("", "unreadable", refused.sentence, "Put it right in the editor.", "error", "")]
    except UnusableForm as unusable:
        return [Problem(p.component, "form", p.sentence, p.fix, "error", "") for p in unusable.problems]
    return []


# as it travels


def packed(files: ProcessFiles, context: CheckContext) -> JsonObject:
    """Files and context as JSON."""
    sets = {name: getattr(context, name) for name in _SETS}
    return {
        "key": files.key,
        "bpmn": _packed(files.bpmn),
        "dmn": _packed(files.dmn),
        "library": _packed(files.library),
        "letters": _packed(files.letters),
        "context": {name: None if value is None else sorted(value) for name, value in sets.items()},
    }


def _packed(files: Mapping[str, bytes]) -> dict[str, Json]:
    return {name: pack(content) for name, content in files.items()}


def _unpacked(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in files.items()}


def _diagram(content: str) -> Json:
    """The sentence why it cannot be read, or None."""
    try:
        count = len(diagrams.read(base64.b64decode(content)).nodes)
    except UnreadableDiagram as refused:
        return refused.sentence
    if count > MOST_ELEMENTS:
        return f"Expected at most {MOST_ELEMENTS:,} tasks, events and gateways, but there are {count:,}"
    return None


def _decision(content: str) -> Json:
    """The sentence why it cannot be read, or None."""
    try:
        parse_decision(base64.b64decode(content), extra_functions=FUNCTIONS).problems()
    except DecisionError as error:
        return error.sentence
    return None


def _process(content: Mapping[str, Any]) -> list[dict[str, str]]:
    files = ProcessFiles(
        content["key"],
        _unpacked(content["bpmn"]),
        _unpacked(content["dmn"]),
        _unpacked(content["library"]),
        letters=_unpacked(content["letters"]),
    )
    sets: dict[str, Any] = {
        name: None if value is None else frozenset(value) for name, value in content["context"].items()
    }
    return [asdict(one) for one in problems(files, CheckContext(**sets))]


def warm() -> None:
    """Have the grammar of FEEL and whatever else is made once ready before the forks, which could not keep it."""
    files = ProcessFiles("warm", {"warm.bpmn": blank.diagram("warm", "Warm").encode()})
    problems(files, CheckContext())
    for compile_one, text in ((compile_expression, "1 + a"), (compile_context, "{a: 1}"), (compile_unary_tests, "1")):
        compile_one(text)


#: question → its answer
QUESTIONS: Mapping[str, Callable[[Any], Any]] = {"diagram": _diagram, "decision": _decision, "process": _process}
