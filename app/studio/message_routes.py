"""The table of routes as process owners read it: each message, who sends it, where it goes, what does not run here."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.cases.definitions import definition_of
from app.cases.routes import ANY, Route, deployed, routes
from app.store.db import reading
from app.store.queries import definitions

_SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})


@dataclass(frozen=True)
class RouteLine:
    """One message."""

    #: its name in diagrams
    message: str
    #: what it is
    says: str
    #: processes that send it, by name where they run here
    sent_by: tuple[str, ...]
    #: where it goes, a sentence each
    to: tuple[str, ...]
    #: a process it needs does not run here
    is_waiting: bool = False


def route_lines() -> list[RouteLine]:
    """Every route, in the order of the table."""
    return [_line(one) for one in routes().values()]


def unrouted() -> list[tuple[str, str]]:
    """(message, name of the process) of what deployed processes send and no route knows."""
    found = set()
    for version in definitions.current_versions(reading()):
        for element in definition_of(version.digest).elements.values():
            if element.kind in _SENDING and element.message and element.message not in routes():
                found.add((element.message, version.name))
    return sorted(found)


def _line(route: Route) -> RouteLine:
    needed = [*route.wakens, *([route.starts] if route.starts else [])]
    missing = [one for one in needed if one != ANY and deployed(reading(), one) is None]
    return RouteLine(
        message=route.message,
        says=route.says,
        sent_by=("any process",) if ANY in route.sent_by else tuple(map(_name, route.sent_by)),
        to=tuple(_sentences(route)),
        is_waiting=bool(missing),
    )


def _sentences(route: Route) -> Iterator[str]:
    if route.answers:
        yield "Answers the case that asked"
    if route.wakens:
        where = "any process" if ANY in route.wakens else ", ".join(map(_name, route.wakens))
        which = (
            "The open case of the pupil that waits longest" if route.is_for_one else "Open cases of the pupil that wait"
        )
        yield f"{which}: {where}"
    if route.starts:
        yield f"Starts a case: {_name(route.starts)}"
    if route.carries is not None:
        yield f"Carries only: {', '.join(route.carries)}"
    if route.spreads:
        yield "Told to one case by a person, it is passed on in the same way"
    if route.expects:
        yield f"A case that waits for {route.expects} has a problem where nobody receives this"
    if route.outside:
        yield route.outside


def _name(process: str) -> str:
    version = deployed(reading(), process)
    return version.name if version is not None else f"{process} (does not run here)"
