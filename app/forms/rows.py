"""The buttons that add or remove a row or a file, without JavaScript. They judge nothing and keep what was typed."""

from collections.abc import Mapping, Sequence

from app.forms.context import Submitted
from app.forms.form import Form, Question
from app.forms.text import storable
from app.forms.typed import read_typed
from app.model.json import Json, JsonObject


def rows_changed(
    form: Form, submitted: Submitted, uploads: Mapping[str, Sequence[str]] | None = None
) -> JsonObject | None:
    """What was typed with the row added or removed that a button asked for, or None when none was pressed."""
    add, remove, drop = (storable(submitted.get(name)) for name in ("_add", "_remove", "_drop"))
    if not (add or remove or drop):
        return None
    typed = read_typed(form, submitted, uploads)
    if (question := _list_named(form, add)) is not None:
        _add_row(question, typed)
    if remove:
        key, _, index = remove.partition(":")
        if (question := _list_named(form, key)) is not None:
            _remove_row(question, typed, index)
    if drop:
        _drop_file(typed, *drop.partition(":")[::2])
    return typed


def _list_named(form: Form, key: str) -> Question | None:
    question = form.question(key)
    return question if question and question.kind == "dynamiclist" and question.may_add else None


def _rows(typed: JsonObject, key: str) -> list[Json]:
    rows = typed.get(key)
    return rows if isinstance(rows, list) else []


def _add_row(question: Question, typed: JsonObject) -> None:
    rows = _rows(typed, question.key)
    fewest = max(len(rows), question.limits.fewest, question.first_rows if not rows else 0)
    if len(rows) < question.limits.most:
        typed[question.key] = [*rows, *({} for _ in range(fewest + 1 - len(rows)))][: question.limits.most]


def _remove_row(question: Question, typed: JsonObject, index: str) -> None:
    rows = _rows(typed, question.key)
    if index.isascii() and index.isdigit() and len(index) < 4:
        typed[question.key] = [row for n, row in enumerate(rows) if n != int(index)]


def _drop_file(typed: JsonObject, name: str, file_id: str) -> None:
    """Take one file id out of the question with this field name."""
    key, dash, rest = name.partition("-")
    if not dash:
        _drop_from(typed, key, file_id)
        return
    index, _, cell = rest.partition("-")
    rows = _rows(typed, key)
    if index.isascii() and index.isdigit() and len(index) < 4 and int(index) < len(rows):
        row = rows[int(index)]
        if isinstance(row, dict):
            _drop_from(row, cell, file_id)


def _drop_from(values: JsonObject, key: str, file_id: str) -> None:
    kept = values.get(key)
    if isinstance(kept, list):
        values[key] = [each for each in kept if each != file_id]
