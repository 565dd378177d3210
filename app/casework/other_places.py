"""Forums, localities, partnerships, panels and boards that an administrator adds. Schools have a page of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

from app.access.organisations import Organisation, OrganisationKind
from app.access.people import Reader
from app.cases.command import Command
from app.casework import calendars as calendar_cases
from app.casework.recording import is_repeat, record_once
from app.casework.schools import branches, calendar_choices, copied, slug
from app.errors import InvalidAnswers
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import calendars

#: kind → (what people call it, what it can belong to)
KINDS: Mapping[OrganisationKind, tuple[str, frozenset[OrganisationKind]]] = MappingProxyType(
    {
        "forum": ("Forum, hub or group that meets about cases", frozenset({"district", "partnership", "authority"})),
        "district": ("District or locality", frozenset({"authority"})),
        "partnership": ("Partnership of schools", frozenset({"district", "authority"})),
        "panel": ("Independent panel", frozenset({"authority"})),
        "board": ("Board", frozenset({"authority"})),
    }
)
#: it goes by the calendar of what it belongs to
AS_ABOVE = "above"


@dataclass(frozen=True)
class PlaceForm:
    """An organisation as it was typed."""

    #: what people call it
    name: str
    #: a key of KINDS
    kind: str
    #: organisation it belongs to
    parent: str
    #: AS_ABOVE, or the calendar that its own is copied from
    calendar: str = AS_ABOVE


def parents(reader: Reader) -> tuple[Organisation, ...]:
    """What it can belong to, in the reader's part of the tree."""
    possible = frozenset[OrganisationKind]().union(*(above for _, above in KINDS.values()))
    return tuple(one.organisation for one in branches(reader) if one.organisation.kind in possible)


def calendars_for(reader: Reader) -> dict[str, str]:
    """Calendars to copy, or none of its own."""
    return {AS_ABOVE: "None of its own: as what it belongs to", **calendar_choices(reader)}


def add(form: PlaceForm, command: Command, reader: Reader) -> str:
    """Add the organisation; its id. Raises InvalidAnswers by field."""
    form = replace(form, name=" ".join(form.name.split()))
    place_id = "-".join(part for part in (form.parent, slug(form.name)) if part)
    stream = StreamId("organisation", place_id)
    if is_repeat(stream, command, 0):
        return place_id
    if problems := _problems(form, place_id, reader):
        raise InvalidAnswers(problems)
    has_own = form.calendar != AS_ABOVE
    if has_own:
        days = replace(copied(form.calendar, reader), owner=form.name, name=form.name, closures=())
        kept = calendars.one(reading(), place_id)
        said = f"Copied from {calendar_choices(reader)[form.calendar]}"
        calendar_cases.replace_days(place_id, form.name, days, said, kept.seq if kept else 0, command)
    record = {"name": form.name, "kind": form.kind, "parent": form.parent, "calendar": place_id if has_own else None}
    record_once(stream, "organisation-recorded", {"organisation": cast(JsonObject, record)}, command, 0)
    return place_id


def _problems(form: PlaceForm, place_id: str, reader: Reader) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.name or len(form.name) > 120 or not form.name.isprintable():
        problems["name"] = "Enter the name, up to 120 letters."
    if place_id in reader.tree:
        problems["name"] = "Choose another name: there is an organisation of this name already."
    known = {kind: above for kind, (_, above) in KINDS.items() if kind == form.kind}
    if not known:
        problems["kind"] = "Choose what it is."
    parent = next((one for one in parents(reader) if one.id == form.parent), None)
    if parent is None:
        problems["parent"] = "Choose what it belongs to."
    elif known and parent.kind not in known[cast(OrganisationKind, form.kind)]:
        problems["parent"] = f"Choose something else: this cannot belong to a {parent.kind}."
    elif form.kind == "forum" and _has_forum(form.parent, reader):
        problems["parent"] = f"{parent.name} has a forum already. Requests of its schools go to one forum."
    if form.calendar not in calendars_for(reader):
        problems["calendar"] = "Choose which calendar to copy."
    return problems


def _has_forum(parent: str, reader: Reader) -> bool:
    """A second forum beside the first would change where requests of open cases go."""
    return any(one.kind == "forum" and one.parent == parent for one in reader.tree.organisations)
