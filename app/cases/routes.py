"""Where messages between cases go: the table of routes, as data. Who receives one now is found in `passing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from ruamel.yaml import YAML

from app.model.json import Json
from app.store.db import Connection
from app.store.queries import definitions
from app.store.queries.definitions import Version

#: any process
ANY: Literal["any"] = "any"
_MAY_SAY = frozenset(
    {"says", "from", "answer", "waken", "receivers", "start", "lead", "carries", "expects", "spreads", "outside"}
)


class UnreadableRoute(ValueError):
    """A line of the table that says nothing, or what a line cannot say."""


@dataclass(frozen=True)
class Route:
    """Where one message goes."""

    #: message name
    message: str
    #: what it is: "a request for advice to the forum"
    says: str
    #: processes that send it, or "any"; for people to read
    sent_by: tuple[str, ...] = ()
    #: it goes to the case that asked for the sender
    answers: bool = False
    #: open cases of the same pupil in these processes receive it, where they wait for it
    wakens: tuple[str, ...] = ()
    #: of those that wait, only the one that waits longest
    is_for_one: bool = False
    #: process of which a case is started, where nobody was answered or woken
    starts: str | None = None
    #: who leads a case that is started so: a word for the organisation and a role there; None: nobody
    lead: tuple[str, str] | None = None
    #: only these fields of the payload are passed on; None: all
    carries: tuple[str, ...] | None = None
    #: message that the sender waits for then
    expects: str | None = None
    #: told to a case by a person, it is passed on in the same way
    spreads: bool = False
    #: why it goes to nobody here, or ""
    outside: str = ""

    def carried(self, payload: Json) -> Json:
        """What of the payload is passed on."""
        if self.carries is None or not isinstance(payload, dict):
            return payload
        return {key: value for key, value in payload.items() if key in self.carries}


@lru_cache(maxsize=1)
def routes() -> Mapping[str, Route]:
    """Every route by message name."""
    return read_routes(files("app.cases").joinpath("routes.yaml").read_text(encoding="utf-8"))


def route_of(message: str) -> Route | None:
    """Where a message goes, or None where no line says so."""
    return routes().get(message)


def read_routes(text: str) -> Mapping[str, Route]:
    """The table of routes. Raises UnreadableRoute."""
    lines: dict[str, dict[str, Any]] = YAML(typ="safe").load(text) or {}
    return {message: _route(message, line) for message, line in lines.items()}


def deployed(connection: Connection, process: str) -> Version | None:
    """The version new cases start on of the process with that BPMN id or key, or None: it does not run here."""
    found = definitions.current_versions(connection)
    return next((one for one in found if process in (one.process_id, one.key)), None)


def keys_of(connection: Connection, processes: tuple[str, ...]) -> frozenset[str] | None:
    """Keys of deployed processes by BPMN id or key; None for any."""
    if ANY in processes:
        return None
    found = definitions.current_versions(connection)
    return frozenset(one.key for one in found if one.process_id in processes or one.key in processes)


def _route(message: str, line: Any) -> Route:
    if not isinstance(line, dict) or not line.get("says"):
        raise UnreadableRoute(f"Expected the route of {message} to say what it is, but it does not")
    if wrong := sorted(set(line) - _MAY_SAY):
        raise UnreadableRoute(f"Expected the route of {message} to say known things, but it says {wrong[0]!r}")
    if not any(line.get(one) for one in ("answer", "waken", "start", "outside")):
        raise UnreadableRoute(f"Expected the route of {message} to lead somewhere, but it leads nowhere")
    lead = tuple(str(line.get("lead", "")).split())
    if "lead" in line and (len(lead) != 2 or not line.get("start")):
        raise UnreadableRoute(f"Expected the route of {message} to name an organisation and a role, but it does not")
    return Route(
        message=message,
        says=line["says"],
        sent_by=_several(line.get("from")),
        answers=bool(line.get("answer")),
        wakens=_several(line.get("waken")),
        is_for_one=line.get("receivers") == "one",
        starts=line.get("start"),
        lead=(lead[0], lead[1]) if len(lead) == 2 else None,
        carries=_several(line["carries"]) if "carries" in line else None,
        expects=line.get("expects"),
        spreads=bool(line.get("spreads")),
        outside=line.get("outside", ""),
    )


def _several(said: Any) -> tuple[str, ...]:
    if said is None:
        return ()
    return (said,) if isinstance(said, str) else tuple(said)
