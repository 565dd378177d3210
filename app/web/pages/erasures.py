"""Erasing a case: asking for it, the list of what was asked, and the second person's decision."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.audit import erasures
from app.errors import InvalidAnswers
from app.web.pages.cases import pages as case_pages
from app.web.pages.typed import text
from app.web.reader import command, reader

pages = Blueprint("erasures", __name__, url_prefix="/erasures")

DECIDERS = frozenset({"DPO"})


@case_pages.get("/cases/<reference>/erase")
def ask_erasure(reference: str) -> str:
    """Where somebody asks for a case to be erased."""
    return _ask({})


@case_pages.post("/cases/<reference>/erase")
def request_erasure(reference: str) -> Response | tuple[str, int]:
    """Keep what was asked; nothing is erased yet."""
    try:
        erasures.ask(g.case, text("basis", 20), text("reason", 5_000), command())
    except InvalidAnswers as wrong:
        return _ask(wrong.problems), 422
    return redirect(url_for("cases.ask_erasure", reference=g.case.reference), 303)


@pages.get("")
def index() -> str:
    """What was asked in the reader's part of the tree."""
    return render_template("erasures/index.html", active="erasures", several=erasures.listed(reader()))


@pages.get("/find")
def find() -> Response:
    """From a reference that was typed to the page where erasing that case is asked for."""
    reference = request.args.get("reference", "").strip()[:60].replace("/", "")
    if not reference:
        return redirect(url_for("erasures.index"), 303)
    return redirect(url_for("cases.ask_erasure", reference=reference), 303)


@pages.get("/<reference>")
def show(reference: str) -> str:
    """One request, and what a decision means."""
    return _show(reference, {})


@pages.post("/<reference>/confirm")
def confirm(reference: str) -> Response | tuple[str, int]:
    """Erase the case for good."""
    erasure, _ = erasures.one(reference, reader())
    try:
        erasures.confirm(erasure, text("typed", 100), command(DECIDERS), reader())
    except InvalidAnswers as wrong:
        return _show(reference, wrong.problems), 422
    flash(f"{erasure.case.reference} is erased for good.", "done")
    return redirect(url_for("erasures.index"), 303)


@pages.post("/<reference>/refuse")
def refuse(reference: str) -> Response | tuple[str, int]:
    """Keep the case."""
    erasure, _ = erasures.one(reference, reader())
    try:
        erasures.refuse(erasure, text("refusal", 5_000), command(DECIDERS), reader())
    except InvalidAnswers as wrong:
        return _show(reference, wrong.problems), 422
    flash(f"{erasure.case.reference} stays as it is. What was asked, and why you refused it, is kept.", "done")
    return redirect(url_for("erasures.index"), 303)


def _ask(problems: dict[str, str]) -> str:
    return render_template(
        "erasures/ask.html",
        active="cases",
        case=g.case,
        problems=problems,
        typed=request.form,
        bases=erasures.BASES,
        erasure=erasures.of_case(g.case),
        goes=erasures.GOES,
        stays=erasures.STAYS,
    )


def _show(reference: str, problems: dict[str, str]) -> str:
    erasure, verdict = erasures.one(reference, reader())
    return render_template(
        "erasures/show.html",
        active="erasures",
        erasure=erasure,
        verdict=verdict,
        problems=problems,
        typed=request.form,
        goes=erasures.GOES,
        stays=erasures.STAYS,
    )
