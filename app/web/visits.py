"""The session of this request: whose, how far in, and beginning and ending one. What a session is: `store.sessions`."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from app.access.people import Person, Reader
from app.access.second_steps import must_take_second_step
from app.clock import real_now
from app.config import Settings
from app.store import kept_forms, second_factors, sessions
from app.store.db import reading
from app.store.queries import organisations
from app.store.sessions import Stage, Visit
from app.web.reader import case_clock, sign_in_as

#: where tests put a clock of their own: sessions and codes go by real time, never by the case clock (ADR 0008)
CLOCK = "waymark_real_clock"
#: characters of a form that are kept, and pages whose forms hold secrets
MOST_KEPT = 500_000
NEVER_KEPT = {"sign_in", "second_step", "single_sign_on", "account", "tokens", "people_sign_in"}
#: the field that a kept form brings back beside its own
SENT_BACK = "_kept"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("CrOS", "a Chromebook"),
    ("Windows", "Windows"), ("Mac OS X", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


def real_time() -> datetime:
    """Now, by the clock of the wall."""
    return cast(datetime, current_app.extensions.get(CLOCK, real_now)())


def address() -> str:
    """Where the request comes from, as far as the proxies in front may be believed."""
    return request.remote_addr or "nowhere"


def idle() -> timedelta:
    """After how long without a request somebody is signed out."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return timedelta(minutes=settings.session_minutes)


def token() -> str:
    """The token of the request's cookie, or ""."""
    return request.cookies.get(current_app.extensions["waymark_session_cookie"], "")


def recognise() -> None:
    """Find out whose request it is: only a whole session signs anybody in."""
    is_somebody = request.headers.get("X-Requested-With") != "poll"  # a page left open is nobody at work
    sent = token()
    for name in ("new_session", "session_ended"):
        g.pop(name, None)  # what an earlier request in the same context left
    found = sessions.visit_of(sent, idle(), is_visit=is_somebody, now=real_time()) if sent else None
    g.visit = found
    sign_in_as(found.person_id if found and found.stage == "whole" else None)
    g.lacks_second_step = not is_demo() and found is not None and not found.has_second_step


def visit() -> Visit | None:
    """The session of this request, or None."""
    return cast(Visit | None, g.get("visit"))


def half(stage: Stage) -> str | None:
    """Who still has to take this step, or None."""
    found = visit()
    return found.person_id if found is not None and found.stage == stage else None


def next_stage(person: Person, *, has_second_step: bool = False) -> Stage:
    """What is still asked for after the first step: a code of whoever has an app, setting one up of whoever must."""
    if has_second_step:
        return "whole"
    if second_factors.is_set_up(person.id):
        return "code"
    reader = Reader(person, organisations.tree(reading()), case_clock().today())
    return "set up" if must_take_second_step(reader) and not is_demo() else "whole"


def begin(person_id: str, stage: Stage, *, way: str = "password", has_second_step: bool = False) -> None:
    """Begin a session with a new token; the one before ends."""
    if before := token():
        sessions.end(before)
    g.new_session = sessions.begin(
        person_id, stage=stage, way=way, has_second_step=has_second_step, browser=browser(), now=real_time()
    )
    g.visit = Visit(person_id, stage, has_second_step, way)
    sign_in_as(person_id if stage == "whole" else None)
    g.lacks_second_step = False


def end() -> None:
    """Sign out."""
    if sent := token():
        sessions.end(sent)
    g.session_ended = True
    g.visit = None
    sign_in_as(None)


def is_demo() -> bool:
    """Everybody is invented: no second step is asked for."""
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings.demo


def browser() -> str:
    """The browser in two words: what its person recognises, and no more of them than that."""
    sent = request.headers.get("User-Agent", "")[:500]
    name = next((words for sign, words in _BROWSERS if re.search(rf"{sign}\w*/", sent)), "")
    system = next((words for sign, words in _SYSTEMS if sign in sent), "")
    return f"{name} on {system}" if name and system else name or system


def route_of(path: str) -> tuple[str, dict[str, Any]]:
    """The endpoint that a form was sent to, and what its address named; "" where there is none."""
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return "", {}
    return str(endpoint), dict(values)


def keep_typed() -> bool:
    """Keep the form of this request for somebody whose session ran out, until they sign in again; whether it was."""
    found = visit()
    if found is None or found.stage != "timed out" or request.method != "POST":
        return False
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    size = sum(len(name) + len(value) for name, value in sent)
    has_secrets = request.blueprint in NEVER_KEPT or any("password" in name for name, _ in sent)
    if not sent or size > MOST_KEPT or has_secrets:
        return False
    form = kept_forms.KeptForm(path=request.path, fields=tuple(sent))
    kept_forms.keep(found.person_id, form, real_time())
    return True


def let_go_of_typed() -> None:
    """What was kept has come back with this request."""
    if request.method == "POST" and SENT_BACK in request.form:
        kept_forms.drop(g.person_id)
