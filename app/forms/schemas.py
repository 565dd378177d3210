"""The marshmallow schema made from questions, and loading typed values by it. Not what holds between questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from marshmallow import EXCLUDE, Schema, ValidationError

from app.forms.context import FormContext
from app.forms.fields import FIELDS, TickField
from app.forms.form import Form, Question
from app.forms.scope import offered
from app.forms.typed import is_empty, is_empty_row
from app.forms.words import about, counted, missing, plural
from app.model.json import Json, JsonObject


@dataclass
class Loaded:
    """Every answer that could be read, and what is wrong with the others, whether they are shown or not."""

    #: clean JSON by key; rows as objects, unanswered left out
    answers: JsonObject = field(default_factory=dict)
    #: path → sentence
    problems: dict[str, str] = field(default_factory=dict)


def schema_for(questions: Iterable[Question], context: FormContext) -> Schema:
    """The schema of some questions, rows excepted. Unknown names are ignored."""
    made = {question.key: FIELDS[question.kind](question, context) for question in questions if question.kind in FIELDS}
    return Schema.from_dict(made, name="Answers")(unknown=EXCLUDE)  # type: ignore[arg-type]


def load(form: Form, typed: Mapping[str, Json], context: FormContext) -> Loaded:
    """Clean answers and problems of every question."""
    loaded = Loaded()
    schema = schema_for(form.questions, context)
    _load_into(loaded, schema, typed, "", loaded.answers)
    for question in form.questions:
        if question.kind == "dynamiclist":
            _load_rows(loaded, question, typed.get(question.key), context)
        if question.is_readonly:
            _put_offer(loaded, question, offered(question, context))
    return loaded


def _load_into(loaded: Loaded, schema: Schema, typed: Mapping[str, Json], prefix: str, answers: JsonObject) -> None:
    ticks = {key for key, each in schema.fields.items() if isinstance(each, TickField)}
    given = {key: each for key, each in typed.items() if key in ticks or not is_empty(each)}  # an empty box is missing
    try:
        answers.update(schema.load(given))
    except ValidationError as invalid:
        answers.update(invalid.valid_data or {})
        messages = invalid.messages if isinstance(invalid.messages, dict) else {}
        for key, sentences in messages.items():
            loaded.problems[f"{prefix}{key}"] = str(sentences[0])
            answers.pop(key, None)


def _load_rows(loaded: Loaded, question: Question, value: Json, context: FormContext) -> None:
    typed_rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    fixed = _fixed_rows(question, context)
    schema = schema_for(question.row_questions, context)
    rows: list[Json] = []
    for n, typed_row in enumerate(typed_rows if fixed is None else [*typed_rows, *[{}] * len(fixed)][: len(fixed)]):
        if fixed is None and is_empty_row(typed_row) and len(typed_rows) > question.limits.fewest:
            rows.append(None)  # a row left empty is no answer
            continue
        row: JsonObject = {}
        _load_into(loaded, schema, typed_row, f"{question.key}:{n}:", row)
        for cell in question.row_questions:
            if cell.is_readonly:
                _put_cell(loaded, question, n, cell, row, fixed)
        rows.append(row)
    loaded.answers[question.key] = rows
    count = len([row for row in rows if row is not None])
    if sentence := _wrong_count(question, count, len(typed_rows), context):
        loaded.problems[question.key] = sentence


def _fixed_rows(question: Question, context: FormContext) -> list[Json] | None:
    """The offered rows, where people may not add or remove any."""
    if question.may_add:
        return None
    rows = offered(question, context)
    return list(rows) if isinstance(rows, list) and rows else None


def _put_cell(
    loaded: Loaded, question: Question, n: int, cell: Question, row: JsonObject, fixed: list[Json] | None
) -> None:
    given = fixed[n] if fixed else None
    loaded.problems.pop(f"{question.key}:{n}:{cell.key}", None)
    row.pop(cell.key, None)
    if isinstance(given, Mapping) and given.get(cell.key) is not None:
        row[cell.key] = given[cell.key]


def _put_offer(loaded: Loaded, question: Question, value: Json) -> None:
    for path in [path for path in loaded.problems if path.split(":")[0] == question.key]:
        del loaded.problems[path]
    loaded.answers.pop(question.key, None)
    if value is not None:
        loaded.answers[question.key] = value


def _wrong_count(question: Question, count: int, typed_count: int, context: FormContext) -> str | None:
    limits, noun = question.limits, question.row_name
    if count < limits.fewest:
        own = missing(question, context.today) if "required" in question.sentences else None
        return own or f"Add at least {counted(limits.fewest, noun)}"
    if typed_count > limits.most:
        return f"Remove {plural(noun)} from {about(question)} until there are at most {limits.most}"
    return None
