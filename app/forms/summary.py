"""Answers as people read them: to check, in the history, in replay. The schema given decides the words."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from app.forms.context import FormContext
from app.forms.form import Form, Question
from app.forms.options import with_options
from app.forms.words import day, short_weekday
from app.model.json import Json

Readable: TypeAlias = str | list[list["Line"]]
NOTHING = "Not answered"


class Line(NamedTuple):
    """One answer."""

    #: what was asked
    label: str
    #: the answer in words; for a list of rows, the lines of each row
    value: Readable
    #: question key, to link back to it
    key: str = ""


def summary(form: Form, answers: Mapping[str, Json], context: FormContext | None = None) -> list[Line]:
    """A line for each answer, in the order of the form. Answers it does not know come last, by key.

    `context` is needed only where a formula gives the options; without it their values are shown.
    """
    form = with_options(form, context) if context else form
    known = [line_of(question, answers[question.key]) for question in form.questions if question.key in answers]
    keys = {question.key for question in form.questions}
    strangers = [Line(key, _plain(value), key) for key, value in answers.items() if key not in keys]
    return [*known, *strangers]


def line_of(question: Question, answer: Json) -> Line:
    """The line of one answer."""
    if question.kind == "dynamiclist" and isinstance(answer, list):
        found = [row for row in answer if isinstance(row, Mapping)]
        rows = [[line_of(cell, row[cell.key]) for cell in question.row_questions if cell.key in row] for row in found]
        return Line(question.label, rows if rows else NOTHING, question.key)
    return Line(question.label, readable(question, answer), question.key)


def readable(question: Question, answer: Json) -> str:
    """One answer in words; what does not fit the question is shown plainly."""
    if answer is None or answer == "" or answer == []:
        return NOTHING
    labels = {option.value: option.label for option in question.options}
    if isinstance(answer, str):
        return _moment(question, answer) if question.kind == "datetime" else labels.get(answer, answer)
    if isinstance(answer, list) and question.kind == "checklist":
        return ", ".join(labels.get(each, each) if isinstance(each, str) else _plain(each) for each in answer)
    if isinstance(answer, list) and question.kind == "filepicker":
        return ", ".join(str(each.get("name", "")) if isinstance(each, Mapping) else _plain(each) for each in answer)
    if question.kind == "number" and question.look.prefix == "£" and isinstance(answer, float):
        return f"£{answer:,.2f}"
    written = _plain(answer)
    if question.kind == "number":
        prefix, suffix = question.look.prefix, question.look.suffix
        return f"{prefix}{written}{' ' * (suffix[:1].isalpha())}{suffix}"
    return written


def _moment(question: Question, iso: str) -> str:
    try:
        if question.subtype == "time":
            return iso[:5]
        read = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    on = day(read) if "dob" in question.rules else short_weekday(read)
    return on if question.subtype == "date" else f"{on} at {read:%H:%M}"


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_plain(each) for each in value)
    return "" if value is None else str(value)
