"""The pages of whoever runs the installation: what needs somebody, late timers, what stops cases. No case content."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.grants import ADMINISTRATOR
from app.casework import operations, stuck_cases
from app.config import Settings
from app.errors import InvalidAnswers
from app.store import outbox
from app.store.db import reading
from app.store.queries import effects
from app.store.queries import operations as queries
from app.store.queries.operations import Cause
from app.web.pages.typed import text
from app.web.reader import case_clock, command, reader
from app.web.visits import real_time

pages = Blueprint("operations", __name__, url_prefix="/operations")

#: rows of a page
LISTED = 50


@pages.get("")
def show() -> str:
    """How the installation is."""
    settings: Settings = current_app.extensions["waymark_settings"]
    found = operations.overview(settings, stuck_cases.authorities_of(reader()))
    return render_template("operations/show.html", active="operations", found=found, length=operations.length)


@pages.get("/late-timers")
def timers() -> str:
    """Timers that should have fired."""
    now = case_clock().now()
    after = request.args.get("after", "")[:200]
    found = queries.late_timers(reading(), now - operations.GRACE, LISTED + 1, after)
    following = found[LISTED - 1].timer_id if len(found) > LISTED else ""
    return render_template(
        "operations/timers.html",
        active="operations",
        found=found[:LISTED],
        following=following,
        at=now,
        length=operations.length,
    )


@pages.get("/queue")
def queue() -> str:
    """What waits to be sent, and what was given up."""
    counts, given_up = effects.counts(reading()), effects.given_up(reading(), LISTED)
    return render_template("operations/queue.html", active="operations", counts=counts, given_up=given_up)


@pages.post("/queue")
def send_again() -> Response:
    """Let something that was given up have its tries anew."""
    is_there = outbox.try_again(request.form.get("reference", "")[:200], real_time())
    flash("It is tried again." if is_there else "It is not in the list any more.", "done" if is_there else "look")
    return redirect(url_for("operations.queue"), 303)


@pages.get("/problems")
def problems() -> str:
    """Problems with one cause."""
    return _problems(_cause(), {})


@pages.post("/problems")
def act() -> Response | tuple[str, int]:
    """Do the same to all of them, or to those that were ticked."""
    cause, authorities = _cause(), stuck_cases.authorities_of(reader())
    ids = request.form.getlist("incident") if request.form.get("which") == "some" else None
    several = stuck_cases.chosen(cause, ids, authorities)
    try:
        if not several:
            raise InvalidAnswers({"which": "Choose at least one problem that waits for you"})
        outcome = stuck_cases.act(several, text("how", 20), text("reason", 2_000), command(frozenset({ADMINISTRATOR})))
    except InvalidAnswers as wrong:
        return _problems(cause, wrong.problems), 422
    flash(outcome.sentence, "done" if not (outcome.still_stuck or outcome.refused) else "look")
    return redirect(url_for("operations.show", _anchor="problems"), 303)


def _problems(cause: Cause, wrong: dict[str, str]) -> str:
    authorities = stuck_cases.authorities_of(reader())
    group = stuck_cases.group(cause, authorities)
    if group is None:
        return render_template("operations/no_problems.html", active="operations")
    after = request.args.get("after", "")[:200]
    found = queries.incidents_of(reading(), cause, authorities, LISTED + 1, after)
    return render_template(
        "operations/problems.html",
        active="operations",
        group=group,
        found=found[:LISTED],
        following=found[LISTED - 1].id if len(found) > LISTED else "",
        how=stuck_cases.HOW,
        problems=wrong,
        typed=request.form,
        ticked=request.form.getlist("incident"),
    )


def _cause() -> Cause:
    named = request.values
    return Cause(named.get("kind", "")[:200], named.get("process", "")[:200], named.get("element", "")[:200])
