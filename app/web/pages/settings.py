"""The administrator's pages about settings: what the authority calls things and what it decided, from which day on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import settings
from app.errors import InvalidAnswers, Stale
from app.web.pages.typed import folded, seq
from app.web.reader import command, reader

pages = Blueprint("settings", __name__, url_prefix="/settings")

SYS = frozenset({"SYS"})
LONGEST_FIELD = 2_000


@pages.get("")
def index() -> str:
    """Every setting of the reader's authority."""
    return render_template("settings/index.html", lines=settings.listed(reader()))


@pages.get("/<key>")
def show(key: str) -> str:
    """One setting with its history, and the form that changes it."""
    return _page(key, {}, {})


@pages.post("/<key>")
def change(key: str) -> tuple[str, int] | Response:
    """Set it from a day on."""
    typed = {name: text[:LONGEST_FIELD].replace("\0", "") for name, text in folded(request.form).items()}
    try:
        told = settings.change(key, typed, seq(), command(SYS), reader())
    except InvalidAnswers as invalid:
        return _page(key, typed, invalid.problems), 422
    except Stale:
        return _page(key, typed, {}, is_newer=True), 409
    flash(told, "done")
    return redirect(url_for("settings.index"), 303)


def _page(key: str, typed: dict[str, str], problems: dict[str, str], *, is_newer: bool = False) -> str:
    page = settings.page_of(key, reader())
    return render_template(
        "settings/show.html",
        page=page,
        setting=page.line.setting,
        typed={**page.typed, **typed},
        problems=problems,
        is_newer=is_newer,
    )
