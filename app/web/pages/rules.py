"""Deadline rules for owners and administrators: one table, one rule, changing one, a second owner's decision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.calendars import MARKS, UNITS
from app.calendars.phrases import WEEKDAYS
from app.casework import rule_pages, rule_trial, rules
from app.casework.calendars import Recalculated
from app.casework.rule_changes import changeable, is_law, mark_words, typed_from
from app.casework.rule_pages import Filters
from app.errors import InvalidAnswers, NotAllowed, Stale
from app.studio import rule_users
from app.web.formatting import counted
from app.web.pages.typed import folded, seq, text
from app.web.reader import KEY_FIELD, case_clock, command, reader

pages = Blueprint("rules", __name__, url_prefix="/rules")

CHANGERS = frozenset({"POWN", "SYS"})
OWNERS = frozenset({"POWN"})
#: what a form carries besides what was typed
CARRIED = frozenset({KEY_FIELD, "csrf_token", "seq", "confirm", "edit"})
LONGEST_FIELD = 500


@pages.get("")
def index() -> str:
    """Every rule of the reader's authority."""
    asked = {name: request.args.get(name, "").replace("\0", "").strip()[:80] for name in ("q", "area", "mark", "only")}
    used = rule_users.users()
    filters = Filters(asked["q"], asked["area"], asked["mark"], asked["only"])
    lines = rule_pages.listed(reader(), used, filters)
    return render_template("rules/index.html", lines=lines, asked=asked, areas=rule_pages.areas(), marks=MARKS)


@pages.get("/<key>")
def show(key: str) -> tuple[str, int] | str:
    """One rule: what it says, its history, a trial, and a change that waits."""
    given = folded(request.args)
    asked = {name: given.get(name, "").replace("\0", "").strip()[:100] for name in ("from", "calendar")}
    found, problems = None, dict[str, str]()
    if any(asked.values()):
        try:
            found = rule_trial.tried(key, asked["from"], asked["calendar"], reader())
        except InvalidAnswers as invalid:
            problems = invalid.problems
    page = _page(key, problems, asked=asked, found=found)
    return (page, 422) if problems else page


@pages.get("/<key>/change")
def ask(key: str) -> str:
    """The form of a change."""
    return _form(key, request.args.to_dict(), {})


@pages.post("/<key>/change")
def change(key: str) -> tuple[str, int] | str | Response:
    """Show what the change would move, or make it where that was confirmed."""
    typed = {name: value[:LONGEST_FIELD] for name, value in folded(request.form).items() if name not in CARRIED}
    if "edit" in request.form:
        return _form(key, typed, {})
    try:
        if "confirm" not in request.form:
            return _preview(key, typed)
        done = rules.apply(key, typed, seq(), command(CHANGERS), reader())
    except InvalidAnswers as invalid:
        return _form(key, typed, invalid.problems), 422
    except Stale:
        return _form(key, typed, {}, is_newer=True), 409
    if done is None:
        flash("The change waits for a second process owner. Nothing counts differently until then.", "done")
    else:
        _tell(done, "The rule was changed. ")
    return redirect(url_for("rules.show", key=key), 303)


@pages.post("/<key>/approve")
def approve(key: str) -> Response:
    """A second owner lets the change count."""
    _tell(rules.approve(key, seq(), command(OWNERS), reader()), "The rule was changed. ")
    return redirect(url_for("rules.show", key=key), 303)


@pages.post("/<key>/refuse")
def refuse(key: str) -> tuple[str, int] | Response:
    """The rule stays as it is."""
    try:
        rules.refuse(key, seq(), text("refusal", 5_000), command(OWNERS), reader())
    except InvalidAnswers as invalid:
        return _page(key, invalid.problems), 422
    flash("The rule stays as it is. What was proposed, and why it came to nothing, is kept.", "done")
    return redirect(url_for("rules.show", key=key), 303)


def _page(key: str, problems: dict[str, str], **more: object) -> str:
    return render_template(
        "rules/show.html",
        page=rule_pages.page_of(key, reader(), rule_users.users()),
        calendars=rule_trial.choices(reader()),
        problems=problems,
        typed=request.form,
        **{"asked": {}, "found": None, **more},
    )


def _form(key: str, typed: dict[str, str], problems: dict[str, str], *, is_newer: bool = False) -> str:
    newest = rules.newest(rules.rules_for(reader()), key)
    verdict = rules.may_change(reader(), newest)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    if rules.proposal_of(key, reader()) is not None:
        raise rules.ProposalOpen
    return render_template(
        "rules/change.html",
        rule=newest,
        can=changeable(newest),
        mark=mark_words(newest),
        needs_second=is_law(newest),
        units=UNITS,
        weekdays=WEEKDAYS[:5],
        typed={**typed_from(newest), **typed},
        problems=problems,
        is_newer=is_newer,
    )


def _preview(key: str, typed: dict[str, str]) -> str:
    found = rules.preview(key, typed, case_clock().today(), reader())
    return render_template("rules/preview.html", preview=found, typed=typed)


def _tell(done: Recalculated, changed: str) -> None:
    if done.moved:
        count = counted(done.moved, "case")
        flash(f"{changed}The dates of {count} moved. Old dates are kept in their history.", "done")
    else:
        flash(f"{changed}No running date had to move.", "done")
    if done.failed:
        flash(f"The dates of {counted(len(done.failed), 'case')} could not be worked out and stay.", "failed")
