"""What people typed, as JSON kept exactly so: from a request or draft, back to field names. It judges nothing.

Shape by question: text, number, radio, select: text · checkbox: true or false · checklist, filepicker: list of text ·
datetime: object of day, month, year, time · dynamiclist: list of objects.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.context import Submitted
from app.forms.dates import PARTS
from app.forms.form import Form, Question
from app.forms.text import clean, storable
from app.model.json import Json, JsonObject

#: rows kept of a request, whatever it says
MAX_ROWS_READ = 60
WARNINGS = "_warnings"
#: last part of the name of a hidden field that says a row is there
ROW_MARK = "_row"
_Uploads = Mapping[str, Sequence[str]]


class Fields(dict[str, list[str]]):
    """Field names and their values, as a browser would send them."""

    def get(self, key: str, default: Any = None, /) -> Any:
        """The first value under a name, or None."""
        values = super().get(key)
        return values[0] if values else default

    def getlist(self, key: str, /) -> list[str]:
        """All values under a name."""
        return super().get(key) or []


def read_typed(form: Form, submitted: Submitted, uploads: _Uploads | None = None) -> JsonObject:
    """Everything typed into the form's questions, by key. Names that are no question are ignored."""
    return {question.key: _typed(question, question.key, submitted, uploads or {}) for question in form.questions}


def _typed(question: Question, name: str, submitted: Submitted, uploads: _Uploads) -> Json:
    if question.kind == "dynamiclist":
        return [_row_at(question, n, submitted, uploads) for n in _row_numbers(question, submitted, uploads)]
    if question.kind == "datetime":
        return _typed_date(question, name, submitted)
    if question.kind == "checkbox":
        return storable(submitted.get(name)) not in ("", "false", "0") or submitted.get(name) is True
    if question.kind in ("checklist", "filepicker"):
        listed = [storable(each) for each in [*submitted.getlist(name), *uploads.get(name, ())]]
        return list(dict.fromkeys(each for each in listed if each))[:200]
    return storable(submitted.get(name))


def _typed_date(question: Question, name: str, submitted: Submitted) -> dict[str, str]:
    names = {"time": ("time",), "date": PARTS, "datetime": (*PARTS, "time")}[question.subtype]
    parts = {part: storable(submitted.get(f"{name}-{part}")) for part in names}
    whole = storable(submitted.get(name))
    if whole and not any(parts.values()):
        on, _, at = whole.replace("T", " ").partition(" ") if question.subtype == "datetime" else (whole, "", "")
        parts |= {names[0]: on, **({"time": at} if at else {})}
    return parts


def _row_numbers(question: Question, submitted: Submitted, uploads: _Uploads) -> list[int]:
    """The numbers of the rows sent, in order: a script that removes a row leaves a gap."""
    key = question.key
    marked = [n for n in range(MAX_ROWS_READ) if submitted.get(f"{key}-{n}-{ROW_MARK}") is not None]
    filled = [n for n in range(MAX_ROWS_READ) if not is_empty_row(_row_at(question, n, submitted, uploads))]
    if marked:
        return sorted({*marked, *filled})
    said = storable(submitted.get(f"_rows.{key}"))
    count = min(int(said), MAX_ROWS_READ) if said.isascii() and said.isdigit() and len(said) < 6 else 0
    return list(range(max([count, *(n + 1 for n in filled)])))


def _row_at(question: Question, n: int, submitted: Submitted, uploads: _Uploads) -> JsonObject:
    return {
        cell.key: _typed(cell, f"{question.key}-{n}-{cell.key}", submitted, uploads) for cell in question.row_questions
    }


def is_empty(value: Json) -> bool:
    """Nothing was typed or ticked."""
    if isinstance(value, Mapping):
        return all(is_empty(each) for each in value.values())
    return value in (None, False, [], "") or (isinstance(value, str) and not clean(value))


def is_empty_row(row: Mapping[str, Json]) -> bool:
    """Nothing was typed in any box of a row."""
    return all(is_empty(value) for value in row.values())


def fields_of(form: Form, typed: Mapping[str, Json]) -> Fields:
    """The fields a browser would send for values of the shape above; other shapes are left out."""
    fields = Fields()
    for question in form.questions:
        _write(question, question.key, typed.get(question.key), fields)
    warnings = typed.get(WARNINGS)
    for key, kept in (warnings if isinstance(warnings, Mapping) else {}).items():
        if isinstance(kept, Mapping):
            fields[f"_tick.{key}"] = ["yes"] if kept.get("tick") is True else []
            fields[f"_reason.{key}"] = [storable(kept.get("reason"))]
    return fields


def _write(question: Question, name: str, value: Json, fields: Fields) -> None:
    if question.kind == "dynamiclist":
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
        fields[f"_rows.{name}"] = [str(len(rows))]
        for n, row in enumerate(rows[:MAX_ROWS_READ]):
            for cell in question.row_questions:
                _write(cell, f"{name}-{n}-{cell.key}", row.get(cell.key), fields)
    elif question.kind == "datetime" and isinstance(value, Mapping):
        fields.update({f"{name}-{part}": [storable(value.get(part))] for part in (*PARTS, "time")})
    elif question.kind in ("checklist", "filepicker") and isinstance(value, list | tuple):
        fields[name] = [storable(each) for each in value]
    elif value is not None and value is not False:
        fields[name] = ["true"] if value is True else [storable(value)]


def typed_answers(form: Form, answers: Mapping[str, Json]) -> JsonObject:
    """Clean answers as they would have been typed: to change them, to offer them, or to submit a scenario's."""
    return {q.key: typed_answer(q, answers[q.key]) for q in form.questions if q.key in answers}


def typed_answer(question: Question, answer: Json) -> Json:
    """One clean answer as it would have been typed; an answer of another shape is left as empty as can be."""
    if question.kind == "dynamiclist":
        rows = answer if isinstance(answer, list | tuple) else []
        return [
            {cell.key: typed_answer(cell, row[cell.key]) for cell in question.row_questions if cell.key in row}
            for row in rows
            if isinstance(row, Mapping)
        ]
    if question.kind == "datetime":
        return _typed_moment(question, storable(answer))
    if question.kind == "checkbox":
        return answer is True
    if question.kind == "checklist":
        return [storable(each) for each in answer] if isinstance(answer, list | tuple) else []
    if question.kind == "filepicker":
        files = answer if isinstance(answer, list | tuple) else []
        return [
            storable(file["id"]) if isinstance(file, Mapping) and "id" in file else storable(file) for file in files
        ]
    return storable(answer)


def _typed_moment(question: Question, iso: str) -> dict[str, str]:
    if question.subtype == "time":
        return {"time": iso[:5]}
    year, month, day = ([*iso[:10].split("-"), "", ""])[:3]
    parts = {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
    return {**parts, "time": iso[11:16]} if question.subtype == "datetime" else parts


def as_submitted(form: Form, answers: Mapping[str, Json]) -> Fields:
    """Clean answers as the fields of a request: what a scenario, a demonstration or an import submits."""
    return fields_of(form, typed_answers(form, answers))
