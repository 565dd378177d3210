"""The second step of signing in: a code, or setting up the app that makes codes. Only half sessions get here."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.access.people import Person
from app.casework.signing_in import second_step
from app.casework.signing_in.tries import TooManyTries
from app.errors import InvalidAnswers
from app.store.db import reading
from app.store.queries import people
from app.store.sessions import Stage
from app.web import visits
from app.web.pages.sign_in import arrival

pages = Blueprint("second_step", __name__, url_prefix="/sign-in")

#: key of the form's cookie: the sealed key that waits for its first code, so that a page can be opened again
OFFERED = "second_step_offered"


@pages.get("/code")
def ask() -> str | Response:
    """Ask for the code of the app, or a recovery code."""
    if _half("code") is None:
        return redirect(url_for("sign_in.show"), 303)
    return _code_page(request.args.get("next", ""), {})


@pages.post("/code")
def take() -> tuple[str, int] | Response:
    """Let in whoever has the code."""
    person, target = _half("code"), request.form.get("next", "")
    if person is None:
        return redirect(url_for("sign_in.show", next=target or None), 303)
    try:
        second_step.take(person.id, request.form.get("code", ""), visits.real_time())
    except InvalidAnswers as invalid:
        return _code_page(target, invalid.problems), 422
    except TooManyTries as refused:
        return _code_page(target, {"code": refused.sentence}), 429
    _let_in(person)
    return redirect(arrival(target), 303)


@pages.get("/set-up")
def ask_set_up() -> str | Response:
    """How to set up the app."""
    person = _half("set up")
    if person is None:
        return redirect(url_for("sign_in.show"), 303)
    return _set_up_page(person, request.args.get("next", ""), {})


@pages.post("/set-up")
def set_up() -> tuple[str, int] | str | Response:
    """Keep the app that a code proves, and show the recovery codes this once."""
    person, target = _half("set up"), request.form.get("next", "")
    if person is None:
        return redirect(url_for("sign_in.show", next=target or None), 303)
    try:
        codes = confirmed(person.id)
    except InvalidAnswers as invalid:
        return _set_up_page(person, target, invalid.problems), 422
    except TooManyTries as refused:
        return _set_up_page(person, target, {"code": refused.sentence}), 429
    _let_in(person)
    return shown_once(codes, arrival(target))


def shown_once(codes: list[str], onward: str) -> str:
    """The page of new recovery codes."""
    return render_template("account/recovery_codes.html", codes=second_step.shown(codes), onward=onward)


def confirmed(person_id: str) -> list[str]:
    """The recovery codes of the app that the sent code proves. Raises InvalidAnswers under `code`, TooManyTries."""
    codes = second_step.confirm(person_id, session.get(OFFERED), request.form.get("code", ""), visits.real_time())
    session.pop(OFFERED)
    return codes


def to_set_up(person: Person) -> dict[str, str]:
    """What the page of a key shows: the drawing, the key as text in groups of four, the address for an app here."""
    offer = second_step.offer(person.id, session.get(OFFERED))
    session[OFFERED], key = offer.sealed, offer.secret
    account = people.account(reading(), person.id)
    address = second_step.address_of(key, person, account.user_name if account else "")
    grouped = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    return {"drawing": second_step.drawing_of(address), "key": grouped, "address": address}


def _half(stage: Stage) -> Person | None:
    person_id = visits.half(stage)
    person = people.one(reading(), person_id) if person_id else None
    return person if person is not None and person.is_active else None


def _let_in(person: Person) -> None:
    found = visits.visit()
    visits.begin(person.id, "whole", way=found.way if found else "password", has_second_step=True)


def _code_page(target: str, problems: dict[str, str]) -> str:
    return render_template("account/code.html", next=target, problems=problems)


def _set_up_page(person: Person, target: str, problems: dict[str, str]) -> str:
    return render_template("account/set_up.html", next=target, problems=problems, is_first=True, **to_set_up(person))
