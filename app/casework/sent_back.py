"""A step that the step after it sent back: the answers it was completed with, to be changed. Draws no form."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.forms import Form, UploadedFile
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import cases, work
from app.store.queries.work import TaskLine

NOTHING: JsonObject = {}


def answers_to_change(task: TaskLine) -> JsonObject:
    """What the same step was answered before, where the step it led to opened it again: "send the plan back"."""
    if task.status != "open":
        return NOTHING
    opened = work.opened_by_entry(reading(), task.case_id)
    rows = cases.answers_of(reading(), task.case_id)
    sender = next((one for one in rows if one.seq == opened.get(task.task_id)), None)
    if sender is None or sender.element == task.element:
        return NOTHING
    before = next((one for one in rows if one.seq == opened.get(sender.task_id)), None)
    is_mine = before is not None and before.element == task.element
    return dict(before.answers) if before is not None and is_mine else NOTHING


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
