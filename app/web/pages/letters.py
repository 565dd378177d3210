"""The letter of one task: reading it, making it again, sending it. What a letter is: `casework.letters`."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.access.decisions import decide
from app.cases.command import Command
from app.casework import letters
from app.errors import InvalidAnswers, NotFound
from app.store.queries import work
from app.web.pages.documents import SANDBOX
from app.web.reader import command, reader

pages = Blueprint("letters", __name__, url_prefix="/tasks/<task_id>/letter")

_TYPES = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
#: what the page says after something was done
SAID = {
    "made": "The letter was written. Read it before you send it.",
    "email": "The letter is being sent. If it cannot be delivered, you are told.",
    "post": "It was recorded that the letter was posted.",
    "hand": "It was recorded that the letter was handed over.",
}


@pages.get("")
def show(task_id: str) -> str | Response:
    """The letter as it reads now, what became of it, and what can be done with it."""
    return _page({}) if letters.letter_line(g.task, g.case.bundle) else _to_task()


@pages.post("")
def make(task_id: str) -> Response | tuple[str, int]:
    """Write it, or write it again for a reason."""
    try:
        letters.make(g.case.id, task_id, request.form.get("reason", ""), _command())
    except InvalidAnswers as wrong:
        return _page(wrong.problems), 422
    return redirect(url_for("letters.show", task_id=task_id, said="made"), 303)


@pages.post("/<letter_id>/sent")
def dispatch(task_id: str, letter_id: str) -> Response | tuple[str, int]:
    """Send it by mail, or say that it was posted or handed over."""
    if letters.letter_line(g.task, g.case.bundle) is None:
        return _to_task()
    page = letters.letter_page(g.task, g.case)
    if letter_id not in {one.row.id for one in page.versions}:
        raise NotFound
    try:
        letters.dispatch(g.case.id, g.case.pupil_id, letter_id, request.form, _command())
    except InvalidAnswers as wrong:
        return _page(wrong.problems), 422
    return redirect(url_for("letters.show", task_id=task_id, said=request.form["how"]), 303)


@pages.get("/<int:version>.<any(pdf, txt):kind>")
def download(task_id: str, version: int, kind: str) -> Response:
    """One version as a file."""
    if letters.letter_line(g.task, g.case.bundle) is None:
        return _to_task()
    _, content = letters.content_of(g.task, version, kind)
    response = Response(content, content_type=_TYPES[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"letter-{g.case.reference}-{version}.{kind}")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _to_task() -> Response:
    """A task that writes no letter has only its own page."""
    return redirect(url_for("tasks.show", task_id=g.task.task_id), 303)


def _page(problems: dict[str, str]) -> str:
    may_send = decide(reader(), Action.DO_TASK, work.facts(g.task, g.facts)).allowed
    return render_template(
        "tasks/letter.html",
        active="inbox",
        task=g.task,
        case=g.case,
        page=letters.letter_page(g.task, g.case),
        may_send=may_send,
        may_see_case=decide(reader(), Action.SEE_CASE, g.facts).allowed,
        said=SAID.get(request.args.get("said", "")),
        problems=problems,
        typed=request.form,
    )


def _command() -> Command:
    return command(frozenset((g.task.role or "").split()), g.task.holder)
