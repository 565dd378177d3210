"""Tokens of the API: what a person lets their programs do in their name."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.tokens import LIFETIMES, SCOPES
from app.casework import tokens
from app.errors import InvalidAnswers
from app.store import tokens as stored
from app.web.reader import reader

pages = Blueprint("tokens", __name__, url_prefix="/tokens")


@pages.get("")
def show() -> str:
    """The tokens that work, and a form for another."""
    return _page({})


@pages.post("")
def make() -> str | tuple[str, int]:
    """Make a token and show it, this once."""
    asked = request.form
    try:
        made = tokens.make(reader(), asked.get("name", ""), asked.getlist("scopes"), asked.get("days", ""))
    except InvalidAnswers as wrong:
        return _page(wrong.problems), 422
    return render_template("tokens/made.html", token=made, name=asked["name"].strip())


@pages.post("/<token_id>/end")
def end(token_id: str) -> Response:
    """End a token: programs that use it are refused from now on."""
    tokens.end(reader(), token_id)
    return redirect(url_for("tokens.show"), 303)


def _page(problems: dict[str, str]) -> str:
    return render_template(
        "tokens/show.html",
        tokens=stored.of_person(reader().id),
        scopes=SCOPES,
        lifetimes=LIFETIMES,
        problems=problems,
        typed=request.form,
    )
