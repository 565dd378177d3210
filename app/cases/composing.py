"""What a letter says: its template filled with what the case knows now. Nothing is kept and nobody gets anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from app import letters
from app.cases.dates import SchoolDates, dates_for
from app.cases.definitions import definition_of, form_of
from app.cases.known import waiting_in
from app.cases.parties import writings
from app.cases.wording import questions_of
from app.clock import local_date
from app.errors import Rejected
from app.feel import Value, from_json, scope_from_json
from app.forms import Form
from app.letters import Filled, Template
from app.model.json import JsonObject
from app.store.db import Connection
from app.store.queries import cases, definitions, organisations, pupils
from app.store.rows import CaseRow, TaskRow


class NoLetter(Rejected):
    """This task writes no letter."""


@dataclass(frozen=True)
class Composed:
    """A letter in words, before it is kept."""

    #: name of the template
    template: str
    #: whom it is to: a key of RECIPIENTS
    to: str
    #: what it says
    filled: Filled
    #: name of the school it comes from
    school: str
    #: what the foot of every page says
    footer: str
    #: the task was of the restricted compartment
    is_restricted: bool


@lru_cache(maxsize=256)
def template_of(bundle: str, name: str) -> Template:
    """A letter template as it was deployed. Raises KeyError where the bundle does not hold it."""
    return letters.read(definitions.bundle(bundle).letters[name])


def letter_of(bundle: str, element: str) -> str | None:
    """Name of the letter that a task of that element writes, or None."""
    found = definition_of(bundle).elements.get(element)
    name = found.letter if found else None
    return name if name in definitions.bundle(bundle).letters else None


def compose(connection: Connection, case: CaseRow, task: TaskRow, now: datetime) -> Composed:
    """The letter of a task as it reads with what the case knows now. Raises NoLetter."""
    name = letter_of(case.bundle, task.element)
    if name is None:
        raise NoLetter(None, task_id=task.task_id)
    template = template_of(case.bundle, name)
    dates = dates_for(connection, case.school, local_date(now))
    school = organisations.tree(connection).get(case.school).name
    scope = _variables(case, task) | _facts(connection, case, school, now)
    answers, labels = _answers(connection, case, task, template)
    filled = letters.fill(template, scope | {"answers": answers}, now, _functions(dates), labels)
    return Composed(name, template.to, filled, school, f"{school}, {case.reference}", task.is_restricted)


def _variables(case: CaseRow, task: TaskRow) -> dict[str, Value]:
    """The variables that the task sees; those of the case where it is done."""
    open_tasks = waiting_in(case.bundle, case.state).tasks
    seen = next((one.variables for one in open_tasks if one.task_id == task.task_id), case.variables)
    return scope_from_json(dict(seen), definition_of(case.bundle).types)


def _facts(connection: Connection, case: CaseRow, school: str, now: datetime) -> dict[str, Value]:
    """What every letter may name: `app.letters.FACTS`."""
    known = pupils.one(connection, case.pupil_id)
    record = known.record if known else {}
    first = str(record.get("preferred_name") or record.get("legal_forename") or case.pupil_name.split(" ")[0])
    process = definition_of(case.bundle).name
    return {
        "pupil": {
            "name": known.name if known else case.pupil_name,
            "first_name": first,
            "parents": _parents(connection, case.pupil_id),
            "born_on": known.born_on if known else None,
            "year_group": _year(known.year_group) if known else None,
        },
        "school": {"name": school},
        "case": {"reference": case.reference, "process": process},
        "today": local_date(now),
    }


def _parents(connection: Connection, pupil_id: str) -> str:
    """How a letter begins: every parent who may be written to, by name; nobody who may not learns of it here."""
    names = [one.name for one, writing in writings(connection, pupil_id) if one.kind == "parent" and writing.may]
    return " and ".join(names) or "parent or carer"


def _year(group: str) -> str:
    if group.isdigit():
        return f"Year {group}"
    return "Reception" if group == "R" else "Nursery"


def _answers(
    connection: Connection, case: CaseRow, task: TaskRow, template: Template
) -> tuple[dict[str, Value], dict[str, Mapping[str, str]]]:
    """The newest answers to each form the letter quotes, and what people call their codes; nothing restricted."""
    labels = {name: asked.options for name, asked in questions_of(case.bundle).items() if asked.options}
    found: dict[str, Value] = {}
    rows = cases.answers_of(connection, case.id) if template.forms else []
    for key in sorted(template.forms):
        row = next((one for one in rows if one.form_key == key and (task.is_restricted or not one.is_restricted)), None)
        form = _form(case.bundle, key)
        if row is not None and form is not None:
            found[key] = _typed(form, row.answers)
        for question in form.questions if form else ():
            if question.options:
                labels[f"answers.{key}.{question.key}"] = {one.value: one.label for one in question.options}
    return found, labels


def _form(bundle: str, key: str) -> Form | None:
    try:
        return form_of(bundle, key)
    except KeyError:
        return None


def _typed(form: Form, answers: JsonObject) -> dict[str, Value]:
    """Answers as FEEL values; a list of rows with the dates and codes of each in words that people read."""
    types = {question.key: question.feel_type for question in form.questions}
    rows = {question.key: question for question in form.questions if question.kind == "dynamiclist"}
    typed: dict[str, Value] = {}
    for key, value in answers.items():
        if key in rows and isinstance(value, list):
            cells = {one.key: one.feel_type for one in rows[key].row_questions}
            options = {one.key: {each.value: each.label for each in one.options} for one in rows[key].row_questions}
            typed[key] = [_row(row, cells, options) for row in value if isinstance(row, dict)]
        else:
            typed[key] = from_json(value, types.get(key))
    return typed


def _row(row: Mapping[str, Any], types: Mapping[str, str], options: Mapping[str, Mapping[str, str]]) -> Value:
    cells: dict[str, Value] = {}
    for key, value in row.items():
        said = options.get(key, {}).get(value, value) if isinstance(value, str) else value
        cells[key] = from_json(said, types.get(key))
    return cells


def _functions(dates: SchoolDates) -> dict[str, Any]:
    """`due("rule key", date)` by the calendar of the case."""

    def due(rule: Any = None, basis: Any = None, *_: Any) -> Any:
        if not isinstance(rule, str) or basis is None:
            return None
        return dates.due(rule, local_date(basis) if isinstance(basis, datetime) else basis).on

    return {"due": due}
