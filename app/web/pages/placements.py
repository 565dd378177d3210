"""Pages of those who run a partnership's places: the coordinator's page, the cases behind a number, the register."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.access.grants import MARKERS
from app.access.organisations import Organisation
from app.casework.placements import board, centres, register
from app.errors import InvalidAnswers
from app.model.placing import KEY_STAGES, MARKS, PARTS
from app.store import reads
from app.web.pages.typed import folded, read_day, text
from app.web.reader import command, reader

pages = Blueprint("placements", __name__, url_prefix="/places")


@pages.get("")
def index() -> str | Response:
    """The partnerships whose places or registers the reader has; the page of the only one."""
    seen = {one.id for one in centres.partnerships(reader(), Action.SEE_PLACES)}
    marked = centres.partnerships(reader(), Action.MARK_ATTENDANCE)
    if len(marked) == 1:
        page = "placements.show" if marked[0].id in seen else "placements.ask_marks"
        return redirect(url_for(page, partnership=marked[0].id), 303)
    return render_template("placements/index.html", found=marked, seen=seen)


@pages.get("/<partnership>")
def show(partnership: str) -> str:
    """Places, quotas, costs, attendance today, the waiting list."""
    found = centres.partnership_of(partnership, reader(), Action.SEE_PLACES)
    return render_template("placements/board.html", board=board.board(found, reader()), stages=KEY_STAGES)


@pages.get("/<partnership>/cases")
def cases(partnership: str) -> str:
    """The cases behind a number: those the reader may see by name, the others as a line without one."""
    found = centres.partnership_of(partnership, reader(), Action.SEE_PLACES)
    of = request.args.get("of", "")[:300]
    lines = board.cases_of(found, of, reader())
    _record(found, f"cases of {of.partition(':')[0]}")
    return render_template("placements/cases.html", partnership=found, of=of, lines=lines, stages=KEY_STAGES)


@pages.get("/<partnership>/register")
def ask_marks(partnership: str) -> tuple[str, int] | str:
    """The register of a day, today's to begin with."""
    found = centres.partnership_of(partnership, reader(), Action.MARK_ATTENDANCE)
    problems: dict[str, str] = {}
    day = _day(folded(request.args).get("day", ""), problems)
    return (_register(found, day, problems), 422) if problems else _register(found, day, {})


@pages.post("/<partnership>/register")
def mark(partnership: str) -> tuple[str, int] | Response:
    """Keep the marks."""
    found = centres.partnership_of(partnership, reader(), Action.MARK_ATTENDANCE)
    problems: dict[str, str] = {}
    day = _day(text("day", 40), problems)
    typed = {}
    for name in request.form:
        case_id, _, part = name.removeprefix("mark-").rpartition("-")
        if name.startswith("mark-") and part in PARTS:
            typed[case_id, part] = text(name, 20)
    try:
        if problems:
            raise InvalidAnswers(problems)
        marked = register.mark(found, day, typed, command(MARKERS, found.id), reader())
    except InvalidAnswers as invalid:
        return _register(found, day, invalid.problems), 422
    flash(f"Marks of {marked} {'pupil' if marked == 1 else 'pupils'} were kept.", "done")
    return redirect(url_for("placements.ask_marks", partnership=found.id, day=day.isoformat()), 303)


def _day(typed: str, problems: dict[str, str]) -> date:
    cleaned = typed.replace("\0", "").strip()[:40]
    found = read_day(cleaned, "day", problems) if cleaned else None
    if found is not None and found > reader().on:
        problems["day"] = "Enter today, or a day before: nothing is marked ahead."
    return found if found is not None and not problems else reader().on


def _register(found: Organisation, day: date, problems: dict[str, str]) -> str:
    _record(found, f"register of {day.isoformat()}")
    return render_template(
        "placements/register.html",
        partnership=found,
        day=day,
        lines=register.register(found, day, reader()),
        typed=request.form if problems else {},
        problems=problems,
        marks=MARKS,
        parts=PARTS,
        sees_board=found.id in {one.id for one in centres.partnerships(reader(), Action.SEE_PLACES)},
    )


def _record(found: Organisation, what: str) -> None:
    """Somebody read names of pupils who hold places."""
    reads.record(reader().id, Action.SEE_PLACES, f"organisation/{found.id}", "allowed", what)
