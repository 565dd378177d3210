"""What only a demonstration offers: sign-in as any demo person, and a clock that can be moved forward."""

from datetime import datetime, timedelta

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.cases.case_clock import clock, move_clock
from app.cases.command import Command
from app.cases.sweep import sweep
from app.clock import LONDON
from app.errors import NotFound, Rejected
from app.model.actor import OPERATOR
from app.store.db import reading
from app.store.queries import dues, organisations, people
from app.web.formatting import role_name
from app.web.pages.sign_in import begin, home, safe_next
from app.web.reader import actor, reader_or_none

pages = Blueprint("demo", __name__, url_prefix="/demo")

STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "six-weeks": timedelta(weeks=6)}
#: a moved clock shows the start of the working day
MORNING_HOUR = 9
SHOWN_FIRST = ("SENCO", "HT", "TEACH", "DSL", "AUD", "POWN", "SYS")


class NothingDue(Rejected):
    """Nothing is due in any case: there is no next moment to move to."""


@pages.post("/sign-in")
def sign_in() -> Response:
    """Become a demo person."""
    person = people.one(reading(), request.form.get("person", ""))
    if person is None or not person.is_active:
        raise NotFound
    begin(person.id)
    return redirect(home(), 303)


@pages.post("/clock")
def move() -> Response:
    """Move the clock forward, playing what falls due on the way at its own moment."""
    target = _target(request.form.get("step", ""))
    who = actor() if reader_or_none() else OPERATOR
    sweep(target, as_they_were_due=True)
    move_clock(target, Command(who, clock().now()))
    sweep(target)
    return redirect(safe_next(request.form.get("next")), 303)


def people_to_be() -> list[dict[str, str]]:
    """Everybody a newcomer may be: id, name and the role they hold first; the roles most people ask for first."""
    tree = organisations.tree(reading())
    everybody = [one for one in people.everybody(reading()) if one.is_active and one.memberships]
    everybody.sort(key=lambda one: (_rank(one.memberships[0].role), one.name))
    return [
        {
            "id": one.id,
            "name": one.name,
            "about": f"{role_name(one.memberships[0].role)}, {tree.get(one.memberships[0].organisation).name}",
        }
        for one in everybody
    ]


def _rank(role: str) -> int:
    return SHOWN_FIRST.index(role) if role in SHOWN_FIRST else len(SHOWN_FIRST)


def _target(step: str) -> datetime:
    now = clock().now()
    if step in STEPS:
        then = (now + STEPS[step]).astimezone(LONDON)
        return then.replace(hour=max(MORNING_HOUR, then.hour if step == "day" else MORNING_HOUR), minute=0, second=0)
    if step != "next":
        raise NotFound
    if (due := dues.next_timer(reading())) is None:
        raise NothingDue
    morning = due.astimezone(LONDON).replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    return max(due, morning, now)
