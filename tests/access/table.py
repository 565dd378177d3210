"""The table `expected.yaml` as questions: one request of one person, and what it must be answered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from access.world import KEY, World
from ruamel.yaml import YAML
from support import partnership
from werkzeug.routing import Map, Rule

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: these leave nothing for others to be asked about
LAST = ("modeler.discard", "sign_in.end")


@dataclass(frozen=True)
class Question:
    """One request."""

    #: route
    endpoint: str
    #: GET, POST or PUT
    method: str
    #: path
    address: str
    #: what of the table it is about, or ""
    thing: str
    #: form fields
    fields: tuple[tuple[str, str], ...]
    #: "yes", "sign in", "refused", "nothing here"
    expected: str

    @property
    def is_program(self) -> bool:
        """It is asked with a token of the API."""
        return self.endpoint.startswith("api_")

    @property
    def is_safe(self) -> bool:
        """It must change nothing."""
        return self.method in SAFE


@cache
def table() -> dict[str, Any]:
    """The whole table."""
    read: dict[str, Any] = YAML(typ="safe").load((Path(__file__).parent / "expected.yaml").read_text())
    return read


def people() -> list[str]:
    """Everybody who asks, and nobody."""
    return ["anonymous", *table()["people"]]


def questions(routes: Map, world: World, person: str) -> Iterator[Question]:
    """Everything one person can ask for."""
    adapter = routes.bind("localhost")
    for rule in sorted(routes.iter_rules(), key=lambda rule: (rule.endpoint in LAST, rule.endpoint, rule.rule)):
        heading, row = _row(rule.endpoint)
        for thing in _things(row):
            values = _values(world, row, thing, rule)
            fields = {name: str(value) for name, value in row.get("needs", {}).items() if name not in rule.arguments}
            address = adapter.build(rule.endpoint, values)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                expected = _ALWAYS.get(heading) or _expected(row, thing, person)
                yield Question(rule.endpoint, method, address, thing, tuple(fields.items()), expected)


#: answers that are the same for everybody
_ALWAYS = {"public": "yes", "demonstration": "nothing here"}


def _row(endpoint: str) -> tuple[str, dict[str, Any]]:
    headings = ("public", "demonstration", "routes")
    return next((one, table()[one][endpoint]) for one in headings if endpoint in table()[one])


def _things(row: dict[str, Any]) -> list[str]:
    if "over" not in row:
        return [""]
    return row.get("objects") or list(table()["sees"][row["over"]])


def _expected(row: dict[str, Any], thing: str, person: str) -> str:
    if person == "anonymous":
        return "sign in"
    if "door" in row and person not in _named(row["door"], thing):
        return "refused"
    if "over" in row and person not in _named(table()["sees"][row["over"]][thing], thing):
        return "nothing here"
    return "yes" if "may" not in row or person in _named(row["may"], thing) else "refused"


def _named(who: Any, thing: str) -> list[str]:
    """People of a list, of a group, or of the list for that object."""
    if isinstance(who, dict):
        return list(who.get(thing, []))
    if isinstance(who, str):
        return list(table()["people"] if who == "everybody" else table()["groups"][who])
    return list(who)


def _values(world: World, row: dict[str, Any], thing: str, rule: Rule) -> dict[str, Any]:
    """What stands in the address."""
    given = {name: value for name, value in row.get("needs", {}).items() if name in rule.arguments}
    match row.get("over"):
        case "case":
            return {**given, "reference": world.references.get(thing, "TES-P01-2026-99999")}
        case "task":
            return {**given, "task_id": world.tasks.get(thing, "no-such-task")}
        case "document":
            case = world.references["harbour" if thing == "harbour" else "beacon"]
            number = world.documents["open"] if thing == "harbour" else world.documents.get(thing, "no-such-document")
            return {**given, "reference": case, "document_id": number}
        case "party":
            case = world.references["harbour" if thing == "harbour" else "beacon"]
            return {**given, "reference": case, "party_id": "no-such-party" if thing == "missing" else "aunt"}
        case "consent":
            case = world.references["harbour" if thing == "harbour" else "beacon"]
            known = {"consent_id": "no-such-consent" if thing == "missing" else "mother", "change": "withdraw"}
            return {**given, **known, "reference": case}
        case "problem":
            incident = world.incident if thing == "stuck" else "no-such-problem"
            return {**given, "reference": world.references["stuck"], "incident_id": incident}
        case "pupil":
            return {**given, "process": KEY, "pupil_id": thing}
        case "process":
            key = KEY if thing == "known" else "no-such-process"
            return {**given, ("process" if "process" in rule.arguments else "key"): key}
        case "plan":
            return {**given, "key": KEY, "plan_id": "no-such-plan"}
        case "proposal":
            return {**given, "key": "chase"}
        case "draft":
            return {**given, "key": KEY, "draft_id": world.drafts.get(thing, "no-such-draft")}
        case "number":
            section, _, number = thing.partition("/")
            return {**given, "section": section, "number": number or "no-such-number"}
        case "meeting" | "dated":
            task = {"task_id": world.meeting_task} if "task_id" in rule.arguments else {}
            return {**given, **task, "meeting_id": world.meetings.get(thing, "no-such-meeting")}
        case "feed":
            return {**given, "token": world.feed}
        case "listed":
            known = {"meeting_id": world.meetings.get(thing, "no-such-meeting"), "reference": world.meeting_case}
            return {**given, **known}
        case "series":
            return {**given, "series_id": world.meetings.get(thing, "no-such-series-2026-11-11")[:-11]}
        case "centre":
            return {**given, "centre_id": partnership.CENTRE if thing == "ours" else "no-such-centre"}
        case "partnership":
            return {**given, "partnership": "partners" if thing == "ours" else "no-such-partnership"}
        case "person" | "calendar" | "school" | "webhook" as kind:
            return {**given, f"{kind}_id": thing}
    return given
