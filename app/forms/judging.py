"""What answers must be to each other: date rules, `notEqualTo`, checks, warnings. One answer alone: `fields`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.forms.context import FormContext
from app.forms.date_rules import wrong_date
from app.forms.form import Check, Form, Question
from app.forms.formula import UnanswerableFormula
from app.forms.scope import Scope, is_hidden, scope_of
from app.forms.words import about
from app.model.json import Json


@dataclass(frozen=True)
class Place:
    """One question that is shown, where it stands, with its answer."""

    #: "tier", "outcomes:0:text"
    path: str
    #: the question
    question: Question
    #: clean answer, or None
    answer: Json
    #: what formulas see here
    scope: Scope
    #: the questions beside it
    neighbours: tuple[Question, ...]
    #: their answers
    beside: Mapping[str, Json]


def places(form: Form, answers: Mapping[str, Json], hidden: frozenset[str], context: FormContext) -> Iterator[Place]:
    """Every question that is shown, rows after their list, in the order of the form."""
    scope = scope_of(form, answers, hidden, context)
    for question in form.questions:
        if question.key in hidden:
            continue
        answer = answers.get(question.key)
        yield Place(question.key, question, answer, scope, form.questions, answers)
        for n, row in enumerate(answer if question.kind == "dynamiclist" and isinstance(answer, list) else []):
            if not isinstance(row, Mapping):
                continue
            at = f"{question.key}:{n}:"
            inner = scope.within(question.row_questions, row, hidden, at)
            for cell in question.row_questions:
                if not is_hidden(at + cell.key, hidden):
                    yield Place(at + cell.key, cell, row.get(cell.key), inner, question.row_questions, row)


def problem_at(place: Place, born: date | None) -> str | None:
    """What to do about an answer that can be read but does not fit, or None."""
    question, answer = place.question, place.answer
    if answer is None or question.is_readonly:
        return None
    if question.kind == "datetime" and question.subtype != "time" and isinstance(answer, str):
        wrong = wrong_date(question, answer, place.scope, born)
        if wrong:
            return wrong
    return _same_as_other(place) or next(
        (sentence for check in question.checks if not check.is_warning and (sentence := _refused(place, check))), None
    )


def _same_as_other(place: Place) -> str | None:
    other_key = place.question.limits.not_equal_to
    other = next((each for each in place.neighbours if each.key == other_key), None)
    if other is None or place.beside.get(other_key) != place.answer:
        return None
    return f"Choose another answer for {about(place.question)}: it must differ from {about(other)}"


def _refused(place: Place, check: Check) -> str | None:
    try:
        return check.sentence if place.scope.ask(check.formula) is False else None
    except UnanswerableFormula:
        return f"Make the answers shorter: {about(place.question)} could not be checked"


def warnings_at(place: Place) -> Iterator[Check]:
    """The warnings that hold for an answer."""
    if place.answer is not None:
        yield from (check for check in place.question.checks if check.is_warning and place.scope.is_true(check.formula))


def date_of_birth(form: Form, answers: Mapping[str, Json], context: FormContext) -> date | None:
    """The date of birth in the form or the case, where it is known."""
    key = next((question.key for question in form.questions if "dob" in question.rules), None)
    value = (answers.get(key) if key else None) or context.variables.get("dob")
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
