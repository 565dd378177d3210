"""Signing in and out with a name and a password."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.access.decisions import decide
from app.store import sessions
from app.store.db import reading
from app.store.queries import people
from app.web.reader import reader_or_none, sign_in_as

pages = Blueprint("sign_in", __name__)

#: what a role is for → where its day begins
HOMES = (
    (Action.DO_TASK, "inbox.show"),
    (Action.REPLAY_CASE, "cases.index"),
    (Action.EDIT_DEFINITION, "processes.index"),
    (Action.ADMINISTER_CALENDARS, "calendars.index"),
)


@pages.get("/sign-in")
def show() -> str | Response:
    """The sign-in page; whoever is signed in goes to their inbox."""
    if reader_or_none() is not None:
        return redirect(home(), 303)
    return render_template("sign_in.html", next=request.args.get("next", ""), user_name="", problem=None)


@pages.post("/sign-in")
def submit() -> tuple[str, int] | Response:
    """Begin a session, or say that name and password do not fit."""
    user_name, password = request.form.get("user_name", ""), request.form.get("password", "")
    person = people.by_user_name(reading(), user_name)
    is_right = sessions.check_password(person.id if person else None, password)
    if person is None or not is_right or not person.is_active:
        problem = "Enter the user name and password you were given. After several wrong tries, wait before the next."
        page = render_template("sign_in.html", next=request.form.get("next", ""), user_name=user_name, problem=problem)
        return page, 422
    begin(person.id)
    return redirect(safe_next(request.form.get("next")), 303)


@pages.post("/sign-out")
def end() -> Response:
    """End the session."""
    if token := request.cookies.get(current_app.extensions["waymark_session_cookie"]):
        sessions.end(token)
    g.session_ended = True
    return redirect(url_for("sign_in.show"), 303)


def begin(person_id: str) -> None:
    """Begin a session with a new token; an old one ends."""
    if token := request.cookies.get(current_app.extensions["waymark_session_cookie"]):
        sessions.end(token)
    g.new_session = sessions.begin(person_id)
    sign_in_as(person_id)


def safe_next(target: str | None) -> str:
    """A page of ours to go on to: never another site."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and not urlsplit(target).netloc:
        return target
    return home()


def home() -> str:
    """The page a person's day begins on: the first of `HOMES` that one of their roles is for."""
    who = reader_or_none()
    found = (endpoint for action, endpoint in HOMES if who is not None and decide(who, action).allowed)
    return url_for(next(found, "inbox.show"))
