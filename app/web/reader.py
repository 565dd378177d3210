"""Who is asking, for the length of one request: the reader that access decides on, and the commands they give."""

from typing import cast

from flask import g, request

from app.access.people import Reader
from app.access.second_steps import must_take_second_step
from app.cases.case_clock import clock
from app.cases.command import Command
from app.clock import Clock
from app.errors import NotAllowed
from app.model.actor import Actor
from app.store.db import reading
from app.store.queries import organisations, people

#: name of the form field and header that carry the idempotency key
KEY_FIELD, KEY_HEADER = "_key", "Idempotency-Key"


def case_clock() -> Clock:
    """The case clock, read once per request."""
    if "clock" not in g:
        g.clock = clock()
    return cast(Clock, g.clock)


def sign_in_as(person_id: str | None) -> None:
    """Set who this request is from; None for nobody. What an earlier request in the same context found is forgotten."""
    g.person_id = person_id
    for name in ("reader", "clock"):
        g.pop(name, None)


def reader() -> Reader:
    """The signed-in person with the roles they hold today. Raises NotAllowed where nobody is signed in."""
    found = reader_or_none()
    if found is None:
        raise NotAllowed("Sign in to see this page.")
    return found


def reader_or_none() -> Reader | None:
    """The signed-in person, or None."""
    if "reader" not in g:
        person_id = g.get("person_id")
        person = people.known(reading(), person_id) if person_id else None
        g.reader = None
        if person is not None and person.is_active:
            found = Reader(person, organisations.tree(reading()), case_clock().today())
            g.reader = None if g.get("lacks_second_step") and must_take_second_step(found) else found
    return cast(Reader | None, g.reader)


def actor(roles: frozenset[str] = frozenset(), organisation: str | None = None) -> Actor:
    """The signed-in person as an actor, quoting the role at that organisation that a task was done in."""
    who = reader()
    held = next(
        (one for one in who.memberships if one.role in roles and organisation in (None, one.organisation)),
        next(iter(who.memberships), None),
    )
    return Actor(who.id, who.person.name, held.role if held else None, held.organisation if held else None)


def command(roles: frozenset[str] = frozenset(), organisation: str | None = None) -> Command:
    """A command of the signed-in person, now, with the key the page sent."""
    key = request.form.get(KEY_FIELD) or request.headers.get(KEY_HEADER)
    who = actor(roles, organisation)
    return Command(who, case_clock().now(), f"{who.id}:{key[:64]}" if key else None)
