"""Files in the answers of a step that was sent back, so that they need not be chosen again. Draws no form."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.forms import Form, UploadedFile
from app.model.json import JsonObject


def files_in(form: Form, answers: JsonObject) -> dict[str, UploadedFile]:
    """The files of clean answers, by id."""
    return {one["id"]: UploadedFile(**one) for one in _files(form, answers)}


def _files(form: Form, answers: JsonObject) -> Iterator[dict[str, Any]]:
    for question in form.questions:
        given = answers.get(question.key)
        if not isinstance(given, list):
            continue
        rows = [row for row in given if isinstance(row, Mapping)]
        if question.kind == "filepicker":
            yield from (dict(one) for one in rows)
        for cell in question.row_questions:
            if cell.kind == "filepicker":
                yield from (dict(one) for row in rows for one in row.get(cell.key) or [])
