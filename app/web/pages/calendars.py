"""The administrator's pages about calendars: what is missing, a year of one school, and changes with what they move."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import calendar_pages, calendars
from app.casework.calendar_changes import CHANGES
from app.casework.calendars import Recalculated
from app.casework.term_dates import names, next_year, year_of
from app.errors import InvalidAnswers, NotFound, Stale
from app.web.formatting import counted
from app.web.pages.typed import folded, seq
from app.web.reader import KEY_FIELD, case_clock, command, reader

pages = Blueprint("calendars", __name__, url_prefix="/calendars")

SYS = frozenset({"SYS"})
#: what a form carries besides what was typed
CARRIED = frozenset({KEY_FIELD, "csrf_token", "seq", "confirm", "edit"})
LONGEST_FIELD = 2_000
YEAR = re.compile("20[0-9]{2}")


@pages.get("")
def index() -> tuple[str, int] | str:
    """Every calendar, what is missing first, and the calculator."""
    given = folded(request.args)
    asked = {name: given.get(name, "").replace("\0", "").strip()[:100] for name in ("rule", "from", "calendar")}
    lines = calendar_pages.listed(reader())
    found, problems = None, dict[str, str]()
    if lines and any(asked.values()):
        asked["calendar"] = asked["calendar"] or lines[0].kept.id
        try:
            found = calendar_pages.worked_out(asked["rule"], asked["from"], asked["calendar"], reader())
        except InvalidAnswers as invalid:
            problems = invalid.problems
    page = render_template(
        "calendars/index.html",
        lines=lines,
        asked=asked,
        found=found,
        problems=problems,
        rule_keys=calendar_pages.rule_keys(),
    )
    return (page, 422) if problems else page


@pages.get("/<calendar_id>")
def show(calendar_id: str) -> str:
    """One school year."""
    page = calendar_pages.page_of(calendar_id, request.args.get("year", type=int), reader())
    return render_template("calendars/show.html", page=page, days=page.line.kept.days)


@pages.post("/<calendar_id>/work-out-again")
def work_out_again(calendar_id: str) -> Response:
    """Work out every date by the calendar once more, after something went wrong."""
    kept = calendars.calendar_of(calendar_id, reader())
    _tell(calendars.work_out([kept.id], "Worked out again", command(SYS), reader()))
    return redirect(url_for("calendars.show", calendar_id=calendar_id), 303)


@pages.get("/<calendar_id>/<what>")
def ask(calendar_id: str, what: str) -> str:
    """The form of one change."""
    return _form(calendar_id, what, request.args.to_dict(), {})


@pages.post("/<calendar_id>/<what>")
def change(calendar_id: str, what: str) -> tuple[str, int] | str | Response:
    """Show what the change would move, or make it where that was confirmed."""
    typed = {name: text[:LONGEST_FIELD] for name, text in folded(request.form).items() if name not in CARRIED}
    if "edit" in request.form:
        return _form(calendar_id, what, typed, {})
    is_confirmed = "confirm" in request.form
    try:
        if not is_confirmed:
            return _preview(calendar_id, what, typed, {})
        done = calendars.apply(calendar_id, what, typed, seq(), command(SYS), reader())
    except InvalidAnswers as invalid:
        if "accepted" in invalid.problems:
            return _preview(calendar_id, what, typed, invalid.problems), 422
        return _form(calendar_id, what, typed, invalid.problems), 422
    except Stale:
        return _form(calendar_id, what, typed, {}, is_newer=True), 409
    _tell(done, "The calendar was changed. ")
    return redirect(url_for("calendars.show", calendar_id=calendar_id, year=typed.get("year") or None), 303)


def _preview(calendar_id: str, what: str, typed: dict[str, str], problems: dict[str, str]) -> str:
    found = calendars.preview(calendar_id, what, typed, case_clock().today(), reader())
    drawn_from = seq() if problems else found.kept.seq
    return render_template(
        "calendars/preview.html",
        preview=found,
        what=what,
        change=CHANGES[what],
        typed=typed,
        problems=problems,
        drawn_from=drawn_from,
    )


def _form(
    calendar_id: str, what: str, typed: dict[str, str], problems: dict[str, str], *, is_newer: bool = False
) -> str:
    kept = calendars.calendar_of(calendar_id, reader())
    if what not in CHANGES or (kept.days.kind == "working" and not CHANGES[what].for_offices):
        raise NotFound
    more = {}
    if what == "terms":
        year = typed.get("year", "")
        school = year_of(kept.days, int(year) if YEAR.fullmatch(year) else next_year(kept.days))
        more = {"school": school, "names": names(kept.days)}
    return render_template(
        "calendars/change.html",
        kept=kept,
        what=what,
        change=CHANGES[what],
        typed=typed,
        problems=problems,
        is_newer=is_newer,
        **more,
    )


def _tell(done: Recalculated, changed: str = "") -> None:
    if done.moved:
        flash(
            f"{changed}The dates of {counted(done.moved, 'case')} moved. Old dates are kept in their history.", "done"
        )
    else:
        flash(f"{changed}No running date had to move.", "done")
    if done.failed:
        count = counted(len(done.failed), "case")
        flash(f"The dates of {count} could not be worked out: {', '.join(done.failed)}. Try again below.", "failed")
