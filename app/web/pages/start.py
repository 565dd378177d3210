"""The pages that start a case: which process, which pupil, the first form, and what happens next."""

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import forms
from app.casework import asking, new_pupils, starting, task_pages
from app.casework.case_page import sight_for
from app.casework.starting import Begun, Opening
from app.errors import NotFound
from app.forms import Refused
from app.forms.warned import Warned
from app.model.json import JsonObject
from app.store import drafts as stored_drafts
from app.web.pages.sent import sent_files, status_of
from app.web.reader import case_clock, command, reader

pages = Blueprint("start", __name__)


@pages.get("/start")
def choose() -> str | AnyResponse:
    """Which process; with only one there is nothing to choose."""
    found = starting.startable(reader())
    if len(found) == 1:
        return redirect(url_for("start.find", process=found[0].version.key), 303)
    return render_template("start/choose.html", processes=found)


@pages.get("/start/<process>")
def find(process: str) -> str:
    """Which pupil, by name or UPN."""
    begin, text = starting.one_startable(reader(), process), request.args.get("q", "").replace("\0", "")[:100]
    found = starting.find(reader(), begin, text)
    schools = {one.school: reader().tree.get(one.school).name for one in found}
    return render_template("start/find.html", begin=begin, text=text, pupils=found, schools=schools)


@pages.get("/start/<process>/new-pupil")
def new_pupil(process: str) -> str:
    """The form to put a pupil on record."""
    school = _school(process)
    filled = forms.fill(new_pupils.pupil_form(), new_pupils.context_at(school, case_clock().now()))
    return _pupil_page(process, school, filled)


@pages.post("/start/<process>/new-pupil")
def add_pupil(process: str) -> tuple[str, int] | AnyResponse:
    """Put the pupil on record and go on with the case."""
    school = _school(process)
    answered = new_pupils.add(school, request.form, reader(), command())
    if isinstance(answered, Refused):
        context = new_pupils.context_at(school, case_clock().now())
        filled = forms.fill(new_pupils.pupil_form(), context, answered.values)
        return _pupil_page(process, school, filled, answered), 422
    return redirect(url_for("start.ask", process=process, pupil_id=answered), 303)


@pages.get("/start/<process>/<pupil_id>")
def ask(process: str, pupil_id: str) -> str:
    """The first form of the case."""
    return _page(_opening(process, pupil_id))


@pages.post("/start/<process>/<pupil_id>")
def submit(process: str, pupil_id: str) -> tuple[str, int] | str | AnyResponse:
    """Start the case; or save the draft, or add or remove a row, where a button said so."""
    if reference := starting.earlier(command()):
        return redirect(url_for("start.done", reference=reference), 303)
    found, begun = _sent(_opening(process, pupil_id))
    changed = forms.rows_changed(found.form, request.form, dict(begun.taken.by_field))
    if changed is not None or "_save" in request.form:
        starting.keep(found, begun, reader())
        if changed is None:
            task = request.args.get("task")
            return redirect(url_for("start.ask", process=process, pupil_id=pupil_id, task=task, saved="1"), 303)
        return _page(found, values=changed, begun=begun)
    answered = starting.start(found, begun, reader(), command())
    if isinstance(answered, Refused):
        return _page(found, refused=answered, values=answered.values, begun=begun), status_of(begun.taken)
    return redirect(url_for("start.done", reference=answered.reference), 303)


@pages.post("/start/<process>/<pupil_id>/draft")
def save_draft(process: str, pupil_id: str) -> AnyResponse:
    """Save what was typed: scripts call this while somebody types."""
    found, begun = _sent(_opening(process, pupil_id))
    revision = starting.save_draft(found, begun, reader())
    return jsonify(saved_at=case_clock().now().isoformat(), revision=revision)


@pages.get("/started/<reference>")
def done(reference: str) -> str:
    """The case has started, and what happens next."""
    steps = task_pages.first_steps(g.case, reader(), case_clock().today())
    pupil = sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked).text(g.case.pupil_name)
    return render_template("start/done.html", case=g.case, pupil=pupil, steps=steps)


def _opening(process: str, pupil_id: str) -> Opening:
    task = request.args.get("task", "")[:200]
    asked_for = asking.asking(reader(), task, process, pupil_id) if task else None
    return starting.opening(reader(), process, pupil_id, case_clock().now(), asked_for)


def _sent(found: Opening) -> tuple[Opening, Begun]:
    found, taken = starting.take_files(found, sent_files(), command())
    seen = request.form.get("revision", "0")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0
    return found, Begun(request.form, taken, request.form.get("teacher", ""), revision)


def _page(
    found: Opening, *, refused: Refused | None = None, values: JsonObject | None = None, begun: Begun | None = None
) -> str:
    doubt = starting.warning(found, request.form)
    doubts = () if doubt is None else (doubt if request.form else _quiet(doubt),)
    draft = stored_drafts.one(found.draft_id) if begun else found.draft
    return render_template(
        "start/ask.html",
        found=found,
        school=reader().tree.get(found.pupil.school).name,
        filled=forms.fill(found.form, found.context, values),
        problems=refused.summary if refused else {},
        warnings=refused.warnings if refused else doubts,
        teacher=begun.teacher if begun else found.teacher,
        draft=draft,
        is_saved="saved" in request.args,
    )


def _quiet(doubt: Warned) -> Warned:
    """The warning before anybody could answer it: no red words yet."""
    return Warned(doubt.key, doubt.path, doubt.sentence, False, "", "")


def _school(process: str) -> str:
    """The school a new pupil is put on record at: the one asked for, else the only one."""
    schools = starting.one_startable(reader(), process).schools
    wanted = request.values.get("school") or min(schools)
    if wanted not in schools:
        raise NotFound
    return wanted


def _pupil_page(process: str, school: str, filled: forms.FilledForm, refused: Refused | None = None) -> str:
    begin = starting.one_startable(reader(), process)
    return render_template(
        "start/pupil.html",
        begin=begin,
        school=school,
        schools=[(one, reader().tree.get(one).name) for one in sorted(begin.schools)],
        filled=filled,
        problems=refused.summary if refused else {},
        warnings=refused.warnings if refused else (),
    )
