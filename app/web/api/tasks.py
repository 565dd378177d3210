"""Tasks over the API: the inbox, one task with its form, taking, releasing and finishing it."""

import json
from datetime import date, datetime
from typing import Any

from flask import g

from app.cases.command import Command
from app.casework import inbox, tasks
from app.casework.inbox import Asked
from app.casework.tasks import Given
from app.casework.uploads import take
from app.errors import InvalidAnswers
from app.forms import Refused
from app.store.db import reading
from app.store.queries import definitions, work
from app.store.queries.work import Filter
from app.web.api import repeats, shapes, shown
from app.web.api.blueprint import Routes
from app.web.api.repeats import keyed
from app.web.api.typed import fields_for, files_of, refuse
from app.web.reader import case_clock, command, reader

api = Routes("api_tasks", __name__, description="Work items")


@api.reads("/tasks", shapes.TaskPage)
@api.takes(shapes.TaskQuery, location="query")
def find(asked: dict[str, Any]) -> dict[str, Any]:
    """List tasks, a page at a time, as the inbox of the token's person shows them."""
    narrowed = Filter(asked["process"], asked["school"], asked["due_by"], asked["search"])
    place = Asked(asked["view"], asked["sort"], narrowed, _place(asked["view"], asked["sort"], asked["after"]))
    found = inbox.inbox(reader(), place, case_clock().today())
    return {
        "items": [shown.task(card.task) for card in found.cards],
        "next": "~".join(found.next_after) if found.next_after else None,
    }


@api.reads("/tasks/<task_id>", shapes.TaskWithForm)
def show(task_id: str) -> dict[str, Any]:
    """One task with the form it asks, as it was deployed with the version the case is on."""
    form = definitions.bundle(g.case.bundle).forms.get(g.task.form_key) if g.task.form_key else None
    return shown.task(g.task) | {"form": json.loads(form) if form else None}


@api.writes("/tasks/<task_id>/claim", shapes.Task)
def claim(task_id: str) -> dict[str, Any]:
    """Take the task. Refused with 409 where somebody else has it."""
    tasks.take(_desk(), None, _command())
    return _again()


@api.writes("/tasks/<task_id>/release", shapes.Task)
def release(task_id: str) -> dict[str, Any]:
    """Give the task back to everybody who may do it."""
    tasks.release(_desk(), _command())
    return _again()


@api.writes("/tasks/<task_id>/completion", shapes.Receipt)
@api.takes(shapes.Completion)
def complete(completion: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Finish the task with answers, judged as the form on the page is. Send an Idempotency-Key to repeat safely."""
    asked = keyed(_command())
    if (before := repeats.answered(asked)) is not None:
        return shown.receipt(before)
    found = _desk()
    fields = fields_for(found.form, completion["answers"], completion["accepted"])
    taken = take(found.form, files_of(found.form, completion["files"]), found.case.id, asked)
    found = tasks.with_files(found, taken)
    revision = found.draft.revision if found.draft else 0
    given = Given(fields, seen_revision=revision, late=completion["late"], taken=taken)
    answered = tasks.hand_in(found, given, reader(), asked)
    if isinstance(answered, Refused):
        refuse(answered)
    return shown.receipt(answered)


def _desk() -> tasks.Desk:
    return tasks.desk(g.task, g.case, case_clock().now())


def _command() -> Command:
    return command(frozenset((g.task.role or "").split()), g.task.holder)


def _again() -> dict[str, Any]:
    task = work.one(reading(), g.task.task_id)
    assert task is not None
    return shown.task(task)


def _place(view: str, sort: str, after: str | None) -> tuple[str, str] | None:
    """Where the page begins. Raises InvalidAnswers for a place that no page gave."""
    if after is None:
        return None
    value, tilde, task_id = after.rpartition("~")
    try:
        if not tilde or not task_id:
            raise ValueError(after)
        if view == "done" or sort == "opened":
            is_readable = datetime.fromisoformat(value).tzinfo is not None
        else:
            is_readable = sort == "pupil" or bool(date.fromisoformat(value))
    except ValueError:
        is_readable = False
    if not is_readable:
        raise InvalidAnswers({"after": "Send what `next` of the page before said, with the same view and sort."})
    return value, task_id
