"""Signing in and out with name and password, and back to what was typed before. Further steps: `second_step`."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Person
from app.casework.signing_in import own_account, passwords
from app.casework.signing_in.tries import TooManyTries
from app.store import kept_forms, sessions
from app.web import visits
from app.web.provider import provider
from app.web.reader import reader, reader_or_none

pages = Blueprint("sign_in", __name__)

#: what a role is for → where its day begins
HOMES = (
    (Action.DO_TASK, "inbox.show"),
    (Action.ERASE_CASE, "erasures.index"),
    (Action.REPLAY_CASE, "cases.index"),
    (Action.EDIT_DEFINITION, "processes.index"),
    (Action.ADMINISTER_CALENDARS, "calendars.index"),
)
#: forms of these are sent to be drafts again, never to be handed in: their person looks at them first
DRAFTED = {"tasks.submit": ("tasks.submit", "_save"), "tasks.save_draft": ("tasks.submit", "_save"),
           "start.submit": ("start.submit", "_save"), "start.save_draft": ("start.submit", "_save")}  # fmt: skip
#: key of the form's cookie: since when its person was not here
SINCE = "away_since"


@pages.get("/sign-in")
def show() -> str | Response:
    """The sign-in page; whoever is signed in goes to their inbox."""
    if reader_or_none() is not None:
        return redirect(home(), 303)
    return _page(request.args.get("next", ""), "")


@pages.post("/sign-in")
def submit() -> tuple[str, int] | Response:
    """Take the first step, or say that name and password do not fit."""
    user_name, password = request.form.get("user_name", ""), request.form.get("password", "")
    target = request.form.get("next", "")
    try:
        person = passwords.sign_in(user_name, password, visits.address(), visits.real_time())
    except TooManyTries as refused:
        return _page(target, user_name, refused.sentence), 429
    if person is None:
        return _page(target, user_name, passwords.WRONG), 422
    return go_on(person, target)


@pages.post("/sign-out")
def end() -> Response:
    """End the session; whoever came from the identity provider is told that they are still signed in there."""
    found = visits.visit()
    visits.end()
    is_from_elsewhere = found is not None and found.way == "single sign-on" and provider() is not None
    return redirect(url_for("sign_in.ended" if is_from_elsewhere else "sign_in.show"), 303)


@pages.get("/signed-out")
def ended() -> str:
    """Signed out here, and how to sign out of the identity provider as well."""
    there = provider()
    way_out = there.way_out(url_for("sign_in.show")) if there else ""
    return render_template("account/signed_out.html", label=there.label if there else "", way_out=way_out)


@pages.get("/sign-in/again")
def again() -> str | Response:
    """What was typed after the session had run out, to be gone on with."""
    kept = kept_forms.one(reader().id, visits.real_time())
    if kept is None:
        return redirect(home(), 303)
    address, marker = _back_to(kept.path)
    names = {name for name, _ in kept.fields}
    more = [(marker, "1")] if marker and marker not in names else []
    return render_template("account/again.html", address=address, fields=[*kept.fields, *more], is_draft=bool(marker))


@pages.post("/sign-in/again")
def leave() -> Response:
    """Go on without it."""
    kept_forms.drop(reader().id)
    return redirect(home(), 303)


def begin(person_id: str) -> None:
    """Sign in as an invented person of a demonstration."""
    visits.begin(person_id, "whole", way="demonstration")


def go_on(person: Person, target: str, *, way: str = "password", has_second_step: bool = False) -> Response:
    """After the first step: to the second where there is one, else in."""
    stage = visits.next_stage(person, has_second_step=has_second_step)
    before = sessions.last_begun(person.id)
    session[SINCE] = before.isoformat() if before else None
    visits.begin(person.id, stage, way=way, has_second_step=has_second_step)
    if stage == "whole":
        return redirect(arrival(target), 303)
    endpoint = "second_step.ask" if stage == "code" else "second_step.ask_set_up"
    return redirect(url_for(endpoint, next=target or None), 303)


def arrival(target: str | None) -> str:
    """Where somebody goes who is in: to what they typed too late, to what others did to the account, to `target`."""
    who, since = reader().id, session.pop(SINCE, None)
    if kept_forms.one(who, visits.real_time()) is not None:
        return url_for("sign_in.again")
    if since and own_account.told(who, datetime.fromisoformat(since)):
        return url_for("account.show", next=target or None)
    return safe_next(target)


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


def _back_to(path: str) -> tuple[str, str]:
    """Where a kept form goes, and the field that makes it a draft."""
    endpoint, values = visits.route_of(path)
    to, marker = DRAFTED.get(endpoint, ("", ""))
    return (url_for(to, **values), marker) if to else (path, "")


def _page(target: str, user_name: str, problem: str = "") -> str:
    return render_template(
        "sign_in.html",
        next=target,
        user_name=user_name[:200],
        problem=problem,
        provider=provider(),
        is_kept="kept" in request.args,
        is_over=(found := visits.visit()) is not None and found.stage == "timed out",
    )
