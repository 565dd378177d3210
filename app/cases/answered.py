"""Answers and process variables in the words of their forms, as one reader may read them. Draws nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias, Union

from app import forms
from app.calendars import full
from app.cases.definitions import form_of
from app.cases.sight import Sight
from app.forms import Form, Line, Question
from app.forms.summary import line_of
from app.model.json import Json
from app.store.queries import definitions

#: kinds of question whose answers can hide a name that nobody told us
FREE_TEXT = frozenset({"textfield", "textarea", "filepicker"})

Shown: TypeAlias = Union[str, "tuple[tuple[AnswerLine, ...], ...]"]


@dataclass(frozen=True)
class AnswerLine:
    """One answer or one fact."""

    #: what was asked
    label: str
    #: the answer in words; for a list, the lines of each row
    value: Shown
    #: question key or variable
    key: str = ""
    #: free text read under masks: it may name people all the same
    may_name_people: bool = False
    #: what it was before, where it changed
    before: Shown | None = None


def answer_lines(form: Form | None, answers: Mapping[str, Json], sight: Sight) -> list[AnswerLine]:
    """A line for each answer, in the order of the form; without a form, by key."""
    seen = sight.fields(dict(answers))
    if form is None:
        return [_stranger(key, value, sight) for key, value in seen.items()]
    form = forms.with_own_names(form, sight.settings)
    asked = {question.key: question for question in form.questions}
    return [_line(line, asked.get(line.key), sight) for line in forms.summary(form, seen)]


def fact_lines(bundle: str, variables: Mapping[str, Json], sight: Sight) -> list[AnswerLine]:
    """Process variables that have a value, by the label of the question they came from, else by name."""
    asked = questions_by_variable(bundle)
    found = []
    for name, value in variables.items():
        if value is None or value == []:
            continue
        seen, question = sight.value(name, value), asked.get(name)
        question = question and forms.with_names(question, sight.settings)
        found.append(_line(line_of(question, seen), question, sight) if question else _stranger(name, seen, sight))
    return found


def changed_lines(bundle: str, before: Mapping[str, Json], after: Mapping[str, Json], sight: Sight) -> list[AnswerLine]:
    """Facts as they are after, with what they were before where that differs; facts that went come last."""
    old = {line.key: line for line in _keyed(bundle, before, sight)}
    new = _keyed(bundle, after, sight)
    lines = [
        AnswerLine(line.label, line.value, line.key, line.may_name_people, _before(old.get(line.key), line, before))
        for line in new
    ]
    gone = [line for key, line in old.items() if key not in {each.key for each in new}]
    return lines + [AnswerLine(line.label, "", line.key, line.may_name_people, line.value) for line in gone]


@lru_cache(maxsize=128)
def questions_by_variable(bundle: str) -> Mapping[str, Question]:
    """Process variable → the question that has words for it, by the forms of that bundle.

    That is the question whose answer it is; for what scripts and tables set, one that only shows it.
    """
    read = [form_of(bundle, key) for key in definitions.bundle(bundle).forms]
    asked = [question for form in read for question in form.questions]
    showing = {one.offer.source.strip(): one for one in asked if one.is_readonly and one.offer}
    return {**showing, **{one.variable: one for one in asked if one.variable}}


def _keyed(bundle: str, variables: Mapping[str, Json], sight: Sight) -> list[AnswerLine]:
    found = []
    for name, value in variables.items():
        found += [
            AnswerLine(line.label, line.value, name, line.may_name_people)
            for line in fact_lines(bundle, {name: value}, sight)
        ]
    return found


def _before(old: AnswerLine | None, new: AnswerLine, before: Mapping[str, Json]) -> Shown | None:
    if old is None:
        return ""
    return None if old.value == new.value else old.value


def _line(line: Line, question: Question | None, sight: Sight) -> AnswerLine:
    may_name = sight.is_masked and (question is None or question.kind in FREE_TEXT)
    if isinstance(line.value, str):
        return AnswerLine(line.label, line.value, line.key, may_name)
    cells = {cell.key: cell for cell in question.row_questions} if question else {}
    rows = tuple(tuple(_line(cell, cells.get(cell.key), sight) for cell in row) for row in line.value)
    return AnswerLine(line.label, rows, line.key)


def _stranger(name: str, value: Json, sight: Sight) -> AnswerLine:
    label = name.replace("_", " ")
    words = plain(value)
    return AnswerLine(label[:1].upper() + label[1:], words, name, sight.is_masked and _is_prose(value, words))


def _is_prose(value: Json, words: str) -> bool:
    """Words somebody may have typed: not a date, not a code such as "same_tier"."""
    return isinstance(value, str | list | dict) and " " in words and not is_day(value)


def in_one_line(line: AnswerLine) -> str:
    """One answer as text; a list row by row."""
    if isinstance(line.value, str):
        return line.value
    return " / ".join("; ".join(f"{cell.label}: {in_one_line(cell)}" for cell in row) for row in line.value)


def is_day(value: object) -> bool:
    """Whether a value is a date as JSON has it."""
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def plain(value: Json) -> str:
    """A value without a question, in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return "; ".join(f"{key.replace('_', ' ')}: {plain(each)}" for key, each in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(plain(each) for each in value)
    if is_day(value):
        return full(date.fromisoformat(str(value)))
    return "" if value is None else str(value)
