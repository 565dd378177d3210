"""The administrator's pages about schools: the tree, adding one, changing one, adding a forum or locality."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import other_places, schools
from app.casework.other_places import PlaceForm
from app.casework.schools import SchoolForm
from app.errors import InvalidAnswers, Stale
from app.web.pages.typed import day, folded, seq, text
from app.web.reader import command, reader

pages = Blueprint("schools", __name__, url_prefix="/schools")

SYS = frozenset({"SYS"})


@pages.get("")
def index() -> str:
    """The administrator's part of the tree."""
    branches = schools.branches(reader())
    return render_template("schools/index.html", branches=branches, governance=schools.GOVERNANCE)


@pages.get("/add")
def ask_new() -> str:
    """The form for a new school."""
    return _page({}, {})


@pages.post("/add")
def add() -> tuple[str, int] | Response:
    """Add the school with a calendar of its own."""
    problems: dict[str, str] = {}
    form = _typed(problems)
    try:
        if problems:
            raise InvalidAnswers(problems)
        schools.add(form, text("calendar"), command(SYS), reader())
    except InvalidAnswers as invalid:
        return _page(invalid.problems, folded(request.form)), 422
    flash(f"{form.name} was added. Give people their roles there next.", "done")
    return redirect(url_for("schools.index"), 303)


@pages.get("/add-another")
def ask_place() -> str:
    """The form for a new forum, locality, partnership, panel or board."""
    return _place_page({}, {})


@pages.post("/add-another")
def add_place() -> tuple[str, int] | Response:
    """Add it."""
    form = PlaceForm(text("name"), text("kind", 20), text("parent"), text("calendar"))
    try:
        other_places.add(form, command(SYS), reader())
    except InvalidAnswers as invalid:
        return _place_page(invalid.problems, dict(request.form)), 422
    flash(f"{form.name} was added. Give people their roles there next.", "done")
    return redirect(url_for("schools.index"), 303)


@pages.get("/<school_id>")
def show(school_id: str) -> str:
    """The form of one school."""
    return _page({}, {}, school_id)


@pages.post("/<school_id>")
def change(school_id: str) -> tuple[str, int] | Response:
    """Change the school."""
    problems: dict[str, str] = {}
    form = _typed(problems)
    try:
        if problems:
            raise InvalidAnswers(problems)
        schools.change(school_id, form, seq(), command(SYS), reader())
    except InvalidAnswers as invalid:
        return _page(invalid.problems, folded(request.form), school_id), 422
    except Stale:
        return _page({}, folded(request.form), school_id, is_newer=True), 409
    flash(f"{form.name} was changed.", "done")
    return redirect(url_for("schools.index"), 303)


def _typed(problems: dict[str, str]) -> SchoolForm:
    return SchoolForm(
        name=text("name"),
        urn=text("urn", 20),
        laestab=text("laestab", 20),
        phase=text("phase"),
        governance=text("governance"),
        parent=text("parent"),
        active_from=day("active_from", problems),
        active_to=day("active_to", problems),
    )


def _place_page(problems: dict[str, str], typed: dict[str, str]) -> str:
    return render_template(
        "schools/place.html",
        problems=problems,
        typed=typed,
        kinds={kind: words for kind, (words, _) in other_places.KINDS.items()},
        parents=other_places.parents(reader()),
        calendars=other_places.calendars_for(reader()),
    )


def _page(
    problems: dict[str, str], typed: dict[str, str], school_id: str | None = None, *, is_newer: bool = False
) -> str:
    school, newest = schools.school_of(school_id, reader()) if school_id else (None, 0)
    return render_template(
        "schools/form.html",
        problems=problems,
        typed=typed,
        school=school,
        is_newer=is_newer,
        drawn_from=newest if is_newer else typed.get("seq") or newest,
        parents=schools.parents(reader()),
        phases=schools.PHASES,
        governance=schools.GOVERNANCE,
        calendars=schools.calendar_choices(reader()),
    )
