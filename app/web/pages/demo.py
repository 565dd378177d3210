"""What only a demonstration offers: sign-in as any demo person, and a clock that can be moved forward."""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.access.organisations import OrganisationTree
from app.access.people import Membership
from app.casework.demo import clock
from app.casework.demo.clock import Moved
from app.errors import NotFound
from app.store.db import reading
from app.store.queries import organisations, people
from app.web.formatting import role_name
from app.web.pages.sign_in import begin, home, safe_next
from app.web.reader import actor, case_clock, reader_or_none

pages = Blueprint("demo", __name__, url_prefix="/demo")

#: argument of an address: when the clock stood before it was moved
MOVED = "moved"
SHOWN_FIRST = ("SENCO", "HT", "TEACH", "DSL", "AUD", "POWN", "SYS")


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
    who = reader_or_none()
    before = clock.move(request.form.get("step", ""), who, actor() if who else None)
    target = safe_next(request.form.get("next"))
    return redirect(f"{target}{'&' if '?' in target else '?'}{urlencode({MOVED: before.isoformat()})}", 303)


@pages.app_template_global()
def clock_moved() -> Moved | None:
    """What the move of the clock brought that led to this page, or None."""
    try:
        since = datetime.fromisoformat(request.args.get(MOVED, ""))
    except ValueError:
        return None
    return clock.moved(reader_or_none(), since, case_clock().now()) if since.tzinfo else None


@pages.app_template_global()
def this_address() -> str:
    """Where to come back to, without what was said about the clock."""
    if request.method != "GET":
        return ""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != MOVED]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def people_to_be() -> list[dict[str, str]]:
    """Everybody a newcomer may be: id, name and the role they hold first; the roles most people ask for first."""
    tree = organisations.tree(reading())
    everybody = [one for one in people.everybody(reading()) if one.is_active and one.memberships]
    everybody.sort(key=lambda one: (_rank(one.memberships[0].role), one.name))
    return [
        {
            "id": one.id,
            "name": one.name,
            "about": _about(one.memberships[0], tree),
        }
        for one in everybody
    ]


def _about(held: Membership, tree: OrganisationTree) -> str:
    role = role_name(held.role)
    return f"{role[:1].upper()}{role[1:]}, {tree.get(held.organisation).name}"


def _rank(role: str) -> int:
    return SHOWN_FIRST.index(role) if role in SHOWN_FIRST else len(SHOWN_FIRST)
