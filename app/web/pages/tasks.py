"""The page of one task: its form, its draft, taking it and giving it on. What surrounds it: `casework.task_pages`."""

import re
from dataclasses import replace

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import forms
from app.cases.command import Command
from app.casework import drafts, task_pages, tasks
from app.casework.drafts import NewerDraft
from app.casework.tasks import Desk, Given
from app.casework.uploads import take
from app.errors import InvalidAnswers, Rejected
from app.forms import FilledForm, Refused
from app.forms.filling import WordsBlock
from app.model.json import JsonObject
from app.store import drafts as stored_drafts
from app.store.db import reading
from app.store.queries import work
from app.web.pages.sent import sent_files, status_of
from app.web.pages.sign_in import safe_next
from app.web.reader import case_clock, command, reader

pages = Blueprint("tasks", __name__)


@pages.get("/tasks/<task_id>")
def show(task_id: str) -> str:
    """The task to do; the answers where it is done."""
    found = _desk()
    if found.task.status == "done":
        mine = found.draft if found.draft and found.draft.by == reader().id else None
        left = drafts.typed_lines(found.form, mine.values, found.context.files) if mine else []
        return render_template("tasks/answered.html", desk=found, given=task_pages.given_to(found), left=left)
    if found.task.status != "open":
        _explain_end(found)
    return _page(found, forms.fill(found.form, found.context))


@pages.post("/tasks/<task_id>")
def submit(task_id: str) -> tuple[str, int] | str | AnyResponse:
    """Hand the answers in; or save the draft, or add or remove a row, where a button said so."""
    found, given = _sent(_desk())
    if found.task.status == "done" and work.answer_to(reading(), _command().key):
        return redirect(url_for("tasks.done", task_id=task_id), 303)
    if found.task.status == "open":
        changed = forms.rows_changed(found.form, given.fields, dict(given.taken.by_field))
        if changed is not None:
            return _redrawn(found, given, changed)
        if "_save" in request.form:
            return _saved(found, given)
    try:
        answered = tasks.hand_in(found, given, reader(), _command())
    except NewerDraft as newer:
        return _beside_newer(found, given, newer)
    if isinstance(answered, Refused):
        filled = forms.fill(found.form, found.context, answered.values)
        return _page(_again(found), filled, refused=answered, late=given.late), status_of(given.taken)
    return redirect(url_for("tasks.done", task_id=task_id), 303)


@pages.post("/tasks/<task_id>/draft")
def save_draft(task_id: str) -> AnyResponse:
    """Save what was typed: scripts call this while somebody types."""
    found, given = _sent(_desk())
    revision = tasks.save_draft(found, given, reader())
    return jsonify(saved_at=case_clock().now().isoformat(), revision=revision)


@pages.get("/tasks/<task_id>/done")
def done(task_id: str) -> str:
    """Done, and what happens next."""
    if g.task.status != "done":
        return show(task_id)
    steps = task_pages.next_steps(g.task, g.case, reader(), case_clock().today())
    return render_template("tasks/done.html", task=g.task, case=g.case, steps=steps)


@pages.get("/tasks/<task_id>/diagram.bpmn")
def diagram(task_id: str) -> AnyResponse:
    """The diagram the task stands in."""
    return Response(task_pages.diagram_of(g.case.bundle, g.task.element), mimetype="application/xml")


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> AnyResponse:
    """Take the task, or take it over from whoever the page said has it."""
    tasks.take(_desk(), request.form.get("holder") or None, _command())
    return _back(task_id)


@pages.post("/tasks/<task_id>/release")
def release(task_id: str) -> AnyResponse:
    """Give the task back to everybody who may do it."""
    tasks.release(_desk(), _command())
    return _back(task_id)


@pages.post("/tasks/<task_id>/reassign")
def reassign(task_id: str) -> AnyResponse | tuple[str, int]:
    """Hand the task to somebody else; its draft goes with it."""
    to_person, reason = request.form.get("to_person", ""), request.form.get("reason", "")
    found = _desk()
    try:
        tasks.give(found, g.facts, to_person, reason, reader(), _command())
    except InvalidAnswers as invalid:
        return _page(found, forms.fill(found.form, found.context), files=invalid.problems), 422
    return _back(task_id)


def _desk() -> Desk:
    return tasks.desk(g.task, g.case, case_clock().now())


def _command() -> Command:
    return command(frozenset((g.task.role or "").split()), g.task.holder)


def _back(task_id: str) -> AnyResponse:
    target = request.form.get("next")
    return redirect(safe_next(target) if target else url_for("tasks.show", task_id=task_id), 303)


def _sent(found: Desk) -> tuple[Desk, Given]:
    """The desk with the files of this request kept, and what was sent."""
    taken = take(found.form, sent_files(), found.case.id, _command())
    seen = request.form.get("revision", "0")
    given = Given(
        fields=request.form,
        taken=taken,
        seen_revision=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0,
        late=request.form.get("_late", ""),
    )
    return tasks.with_files(found, taken), given


def _again(found: Desk) -> Desk:
    """The desk with the draft as it was just kept."""
    return replace(found, draft=stored_drafts.one(found.task.task_id))


def _redrawn(found: Desk, given: Given, changed: JsonObject) -> tuple[str, int] | str:
    tasks.keep(found, given, reader())
    page = _page(
        _again(found), forms.fill(found.form, found.context, changed), files=given.taken.problems, late=given.late
    )
    return (page, status_of(given.taken)) if given.taken.problems else page


def _saved(found: Desk, given: Given) -> tuple[str, int] | AnyResponse:
    try:
        tasks.save_draft(found, given, reader())
    except NewerDraft as newer:
        return _beside_newer(found, given, newer)
    if given.taken.problems:
        kept = forms.draft(found.form, given.fields, dict(given.taken.by_field))
        return _page(_again(found), forms.fill(found.form, found.context, kept), files=given.taken.problems), status_of(
            given.taken
        )
    return redirect(url_for("tasks.show", task_id=found.task.task_id, saved="1"), 303)


def _beside_newer(found: Desk, given: Given, newer: NewerDraft) -> tuple[str, int]:
    """The same page with what was typed, the newer version beside it; the next save goes over it knowingly."""
    latest = _again(found)
    files = {**found.context.files, **drafts.files_in(latest.draft)}
    values = latest.draft.values if latest.draft else {}
    lines = drafts.typed_lines(found.form, values, files)
    kept = forms.draft(found.form, given.fields, dict(given.taken.by_field))
    filled = forms.fill(found.form, replace(found.context, files=files), kept)
    return _page(latest, filled, newer=newer.sentence, newer_lines=lines, late=given.late), 409


def _page(
    found: Desk,
    filled: FilledForm,
    *,
    refused: Refused | None = None,
    files: object = None,
    newer: str = "",
    newer_lines: object = (),
    late: str | None = None,
) -> str:
    shown = _untitled(filled, found.task.name)
    return render_template(
        "tasks/show.html",
        desk=found,
        around=task_pages.around(found, g.facts, reader()),
        filled=shown,
        has_words=bool(shown.blocks) and isinstance(shown.blocks[0], WordsBlock) and bool(shown.blocks[0].html.strip()),
        problems=refused.summary if refused else files or {},
        warnings=refused.warnings if refused else (),
        newer=newer,
        newer_lines=newer_lines,
        late=late if late is not None else drafts.beside_in(found.draft).get("late", ""),
        late_reasons=tasks.LATE,
        is_saved="saved" in request.args,
        shown_open=task_pages.SHOWN_OPEN,
    )


def _untitled(filled: FilledForm, title: str) -> FilledForm:
    """The form without its first heading where that only repeats the title of the page."""
    first = filled.blocks[0] if filled.blocks else None
    if not isinstance(first, WordsBlock) or filled.form.title.casefold() != title.casefold():
        return filled
    html = re.sub(r"\A\s*<h[1-6][^>]*>.*?</h[1-6]>", "", first.html, count=1, flags=re.DOTALL)
    return replace(filled, blocks=(replace(first, html=html), *filled.blocks[1:]))


def _explain_end(found: Desk) -> None:
    try:
        tasks.check_mine(found, reader())
    except Rejected as rejection:
        mine = found.draft if found.draft and found.draft.by == reader().id else None
        left = drafts.typed_lines(found.form, mine.values, found.context.files) if mine else []
        rejection.facts.update(reference=found.case.reference, typed=left)
        raise
