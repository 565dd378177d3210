"""Submitting a form: all is clean and accepted, or refused with a sentence per question. It stores nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.forms.context import FormContext, Submitted, UploadedFile
from app.forms.form import Form, Question
from app.forms.judging import date_of_birth, places, problem_at, warnings_at
from app.forms.options import with_options
from app.forms.schemas import load
from app.forms.scope import hidden_paths, is_hidden
from app.forms.text import storable
from app.forms.typed import WARNINGS, read_typed
from app.forms.warned import Warned, warned
from app.forms.words import about, row_title
from app.model.json import Json, JsonObject

MAX_FILES = 25


@dataclass(frozen=True)
class Accepted:
    """Clean answers."""

    #: JSON by question key; what is hidden or unanswered is absent
    answers: JsonObject
    #: JSON by process variable; null where the question is hidden or unanswered ([] for a list)
    variables: JsonObject
    #: the files that belong to the answers
    files: list[UploadedFile]
    #: warnings gone past, each with its reason
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True)
class Refused:
    """What to change; nothing was completed."""

    #: question path → sentence, in the order of the form
    problems: dict[str, str]
    #: every warning that holds, accepted or not
    warnings: tuple[Warned, ...]
    #: exactly what was typed, by question key
    values: JsonObject = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, str]:
        """For the error summary: the problems, then what is to do about warnings under `warning:<key>`."""
        left = {f"warning:{each.key}": each.problem for each in self.warnings if each.problem}
        return {**self.problems, **left}


def submit(form: Form, submitted: Submitted, context: FormContext) -> Accepted | Refused:
    """The clean answers, or what to change."""
    form = with_options(form, context)
    typed = read_typed(form, submitted, context.uploads)
    loaded = load(form, typed, context)
    hidden = hidden_paths(form, loaded.answers, context)
    problems = {path: each for path, each in loaded.problems.items() if not is_hidden(path, hidden)}
    born = date_of_birth(form, {key: each for key, each in loaded.answers.items() if key not in hidden}, context)
    warnings: list[Warned] = []
    ordered: dict[str, str] = {}
    for place in places(form, loaded.answers, hidden, context):
        sentence = problems.get(place.path) or problem_at(place, born)
        if sentence:
            ordered[place.path] = _in_row(form, place.path, sentence)
        else:
            warnings.extend(
                warned(f"{place.path}:{check.id}", place.path, check.sentence, submitted)
                for check in warnings_at(place)
            )
    if not ordered and (too_many := _too_many_files(form, loaded.answers, hidden)):
        ordered.update(too_many)
    if ordered or not all(each.is_accepted for each in warnings):
        return Refused(ordered, tuple(warnings), typed)
    return _accepted(form, loaded.answers, hidden, context, tuple(warnings))


def _accepted(
    form: Form,
    answers: JsonObject,
    hidden: frozenset[str],
    context: FormContext,
    warnings: tuple[Warned, ...],
) -> Accepted:
    kept = {
        question.key: _visible(question, answers[question.key], hidden)
        for question in form.questions
        if question.key in answers and question.key not in hidden
    }
    files = [context.files[each] for each in dict.fromkeys(_file_ids(form, kept)) if each in context.files]
    variables: JsonObject = {
        question.variable: kept.get(question.key, _unanswered(question, hidden))
        for question in form.questions
        if question.variable
    }
    return Accepted(kept, variables, files, warnings)


def _in_row(form: Form, path: str, sentence: str) -> str:
    """The sentence, with the row it is about: “Outcome 2: Enter a target”."""
    key, _, rest = path.partition(":")
    rows = form.question(key) if rest else None
    return f"{row_title(rows.row_name, int(rest.partition(':')[0]) + 1)}: {sentence}" if rows else sentence


def _unanswered(question: Question, hidden: frozenset[str]) -> Json:
    """An empty list where a list was asked for and none given, so that conditions can look into it; else null."""
    return [] if question.feel_type == "list" and question.key not in hidden else None


def _visible(question: Question, answer: Json, hidden: frozenset[str]) -> Json:
    """A list's rows without empty ones and without hidden cells; any other answer as it is."""
    if question.kind != "dynamiclist" or not isinstance(answer, list):
        return answer
    return [
        {key: value for key, value in row.items() if f"{question.key}:{n}:{key}" not in hidden}
        for n, row in enumerate(answer)
        if isinstance(row, Mapping)
    ]


def _file_ids(form: Form, answers: Mapping[str, Json]) -> list[str]:
    return [id_ for question in form.questions for id_ in _ids_in(question, answers.get(question.key))]


def _ids_in(question: Question, answer: Json) -> list[str]:
    if not isinstance(answer, list):
        return []
    if question.kind == "filepicker":
        return [str(each["id"]) for each in answer if isinstance(each, Mapping)]
    rows = [row for row in answer if isinstance(row, Mapping)]
    return [id_ for cell in question.row_questions for row in rows for id_ in _ids_in(cell, row.get(cell.key))]


def _too_many_files(form: Form, answers: JsonObject, hidden: frozenset[str]) -> dict[str, str]:
    shown = {key: value for key, value in answers.items() if key not in hidden}
    count = len(_file_ids(form, shown))
    if count <= MAX_FILES:
        return {}
    last = [question for question in form.questions if _ids_in(question, shown.get(question.key))][-1]
    return {last.key: f"Remove files from {about(last)}: a form takes {MAX_FILES}, and there are {count}"}


def draft(form: Form, submitted: Submitted, uploads: Mapping[str, list[str]] | None = None) -> JsonObject:
    """Everything as typed, ticks and reasons too, as JSON. It is never judged; `fill` takes it back."""
    typed = read_typed(form, submitted, uploads)
    keys = [
        f"{path}:{check.id}"
        for question in form.questions
        for path, asked in _paths(question, typed.get(question.key))
        for check in asked.checks
        if check.is_warning
    ]
    kept: JsonObject = {
        key: {
            "tick": bool(storable(submitted.get(f"_tick.{key}"))),
            "reason": storable(submitted.get(f"_reason.{key}")),
        }
        for key in keys
        if storable(submitted.get(f"_tick.{key}")) or storable(submitted.get(f"_reason.{key}"))
    }
    return {**typed, **({WARNINGS: kept} if kept else {})}


def _paths(question: Question, typed: Json) -> list[tuple[str, Question]]:
    count = len(typed) if question.kind == "dynamiclist" and isinstance(typed, list) else 0
    cells = [(f"{question.key}:{n}:{cell.key}", cell) for n in range(count) for cell in question.row_questions]
    return [(question.key, question), *cells]
