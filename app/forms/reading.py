"""From form-js JSON to a `Form`, refusing what we would not honour. One question: `question_reading`."""

import hashlib
import json

from app.errors import Rejected
from app.forms.component import Component
from app.forms.form import Form, FormProblem, Item, Question, Words
from app.forms.formula import Formula
from app.forms.properties import QUESTIONS
from app.forms.question_reading import hides, read_question, unknown_settings
from app.model.json import canonical

MAX_SCHEMA_BYTES = 256_000
MAX_QUESTIONS = 200
MAX_GROUPS_DEEP = 4
_WORDS = frozenset({"text", "separator", "spacer"})


class UnusableForm(Rejected):
    """This form cannot be used."""

    def __init__(self, problems: list[FormProblem]) -> None:
        """Keep every problem; the sentence is of the first."""
        first = problems[0]
        super().__init__(f"{first.component}: {first.sentence}", problems=problems)
        self.problems = problems


def read(schema_json: bytes) -> Form:
    """The form. Raises: UnusableForm with every problem."""
    form, problems = examine(schema_json)
    if problems:
        raise UnusableForm(problems)
    return form


def examine(schema_json: bytes) -> tuple[Form, list[FormProblem]]:
    """The form as far as it can be read, and its problems: for the editor and the checks."""
    problems: list[FormProblem] = []
    schema = Component(_parsed(schema_json, problems), problems)
    key = schema.key("id")
    items = tuple(_items(schema, (), 0, True))
    _refuse_twice(items, problems)
    _refuse_dangling(items, problems)
    _refuse_idle(items, problems)
    titles = [item.text[2:].splitlines()[0] for item in items if isinstance(item, Words) and item.text.startswith("# ")]
    title = titles[0] if titles else key.replace("_", " ").capitalize()
    digest = hashlib.sha256(canonical(schema.content)).hexdigest()
    return Form(key, title, items, digest), problems


def _parsed(schema_json: bytes, problems: list[FormProblem]) -> object:
    if len(schema_json) > MAX_SCHEMA_BYTES:
        problems.append(FormProblem("?", f"Expected at most {MAX_SCHEMA_BYTES:,} bytes, but it is larger", "Split it."))
        return {}
    try:
        return json.loads(schema_json, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        problems.append(FormProblem("?", "Expected JSON, but the file cannot be read as JSON", "Export it again."))
        return {}


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _items(parent: Component, outer: tuple[Formula, ...], depth: int, may_repeat: bool) -> list[Item]:
    found: list[Item] = []
    for component in parent.parts("components"):
        kind = component.text("type")
        conditions = (*outer, *hides(component))
        if kind == "group" and depth < MAX_GROUPS_DEEP:
            found.extend(_group(component, conditions, depth, may_repeat))
        elif kind == "dynamiclist" and not may_repeat:
            component.report("Expected questions in a row, but there is a list in a list", "Move the list out.")
        elif kind in QUESTIONS:
            cells = tuple(_items(component, (), depth, False)) if kind == "dynamiclist" else ()
            found.append(read_question(component, kind, conditions, cells, in_row=not may_repeat))
        elif kind in _WORDS:
            unknown_settings(component, kind)
            found.append(Words(component.id, component.text("text"), kind, conditions))  # type: ignore[arg-type]
        elif kind != "button":
            component.report(
                f"Expected a type of question that works here, but {component.id} is of type {kind or 'nothing'}",
                "Use one of the types in docs/forms.md.",
            )
    return found


def _group(component: Component, conditions: tuple[Formula, ...], depth: int, may_repeat: bool) -> list[Item]:
    unknown_settings(component, "group")
    label = component.text("label")
    heading = [Words(component.id, label, "heading", conditions)] if label else []
    return [*heading, *_items(component, conditions, depth + 1, may_repeat)]


def _refuse_twice(items: tuple[Item, ...], problems: list[FormProblem]) -> None:
    questions = [item for item in items if isinstance(item, Question)]
    everything = [*questions, *(cell for question in questions for cell in question.row_questions)]
    if len(everything) > MAX_QUESTIONS:
        problems.append(FormProblem("?", f"Expected at most {MAX_QUESTIONS} questions, but there are more", "Split."))
    _each_once([(q.id, q.key) for q in questions], "key", problems)
    _each_once([(q.id, q.variable or "") for q in questions], "variable", problems)
    for question in questions:
        _each_once([(cell.id, cell.key) for cell in question.row_questions], "key", problems)


def _each_once(named: list[tuple[str, str]], what: str, problems: list[FormProblem]) -> None:
    seen: set[str] = set()
    for place, name in named:
        if name and name in seen:
            problems.append(FormProblem(place, f"Expected each {what} once, but {name} is used twice", "Rename one."))
        seen.add(name)


def _refuse_idle(items: tuple[Item, ...], problems: list[FormProblem]) -> None:
    """First values of a row come with the list's offer, and read-only cells need rows that stay where they are."""
    lists = [item for item in items if isinstance(item, Question) and item.kind == "dynamiclist"]
    for rows, cell in [(each, cell) for each in lists for cell in each.row_questions]:
        if cell.offer or cell.default is not None:
            sentence = "Expected no first value on a question in a row, but there is one"
            problems.append(FormProblem(cell.id, sentence, f"Put an offer on {rows.id}: a list of contexts."))
        if cell.is_readonly and rows.may_add:
            sentence = f"Expected rows that stay, because {cell.id} is read-only, but they can be removed"
            problems.append(FormProblem(cell.id, sentence, f"Set allowAddRemove of {rows.id} to false."))


def _refuse_dangling(items: tuple[Item, ...], problems: list[FormProblem]) -> None:
    """Other questions named by `notEqualTo` must exist beside the one that names them."""
    questions = [item for item in items if isinstance(item, Question)]
    for group in [questions, *(list(question.row_questions) for question in questions)]:
        keys = {question.key for question in group}
        for question in group:
            other = question.limits.not_equal_to
            if other and other not in keys:
                problems.append(
                    FormProblem(
                        question.id, f"Expected notEqualTo to name a question, but {other} is none", "Correct it."
                    )
                )
