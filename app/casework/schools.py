"""Schools as administrators keep them: where they stand in the tree, their numbers, their calendar."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from app.access.actions import Action
from app.access.organisations import Organisation, OrganisationKind
from app.access.people import Reader
from app.calendars import Calendar, reference_calendar
from app.cases.command import Command
from app.casework import calendars as calendar_cases
from app.casework.people import reach
from app.casework.recording import is_repeat, record_once
from app.errors import InvalidAnswers, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import calendars, organisations

PHASES = ("nursery", "infant", "junior", "primary", "secondary", "all-through", "special", "post-16",
          "alternative provision")  # fmt: skip
#: code → what people call it
GOVERNANCE = {
    "maintained": "Maintained school",
    "academy": "Academy",
    "pru": "Pupil referral unit",
    "ap_academy": "Alternative provision academy",
    "independent": "Independent school",
    "college": "College",
    "ey_provider": "Early-years provider",
}
#: what a school can belong to
PARENTS: frozenset[OrganisationKind] = frozenset({"district", "authority", "partnership"})
REFERENCES = {"REF-A": "Three terms, as most schools", "REF-B": "Early half-term and summer", "REF-K": "Six terms"}


@dataclass(frozen=True)
class Branch:
    """One organisation in the tree, with its depth below the top."""

    #: the organisation
    organisation: Organisation
    #: 0 at the top
    depth: int
    #: name of its calendar, or None: it goes by the one above
    calendar: str | None


@dataclass(frozen=True)
class SchoolForm:
    """A school as it was typed."""

    #: what people call it
    name: str
    #: 6 digits
    urn: str
    #: 7 digits
    laestab: str
    #: one of PHASES
    phase: str
    #: a key of GOVERNANCE
    governance: str
    #: organisation it belongs to
    parent: str
    #: first day it exists, or None
    active_from: date | None = None
    #: last day it exists, or None
    active_to: date | None = None


def branches(reader: Reader) -> tuple[Branch, ...]:
    """The reader's part of the tree, each organisation after the one it belongs to."""
    mine = reach(reader, Action.ADMINISTER_SCHOOLS)
    found = [reader.tree.get(one) for one in mine]
    names = {one.id: one.name for one in calendars.kept(reading(), {one.calendar for one in found if one.calendar})}
    tops = [one for one in found if one.parent not in mine]
    return tuple(_below(tops, found, 0, names))


def parents(reader: Reader) -> tuple[Organisation, ...]:
    """What a school of the reader's can belong to."""
    return tuple(one.organisation for one in branches(reader) if one.organisation.kind in PARENTS)


def school_of(school_id: str, reader: Reader) -> tuple[Organisation, int]:
    """A school of the reader's part of the tree, with the last entry of its stream. Raises NotFound."""
    if school_id not in reach(reader, Action.ADMINISTER_SCHOOLS) or reader.tree.get(school_id).kind != "school":
        raise NotFound
    return reader.tree.get(school_id), organisations.seq_of(reading(), school_id)


def calendar_choices(reader: Reader) -> dict[str, str]:
    """Calendars a new school's can be copied from: id or name of a reference → words."""
    kept = calendars.kept(reading(), calendar_cases.visible(reader))
    own = {one.id: one.name for one in kept if one.days.kind == "school"}
    return own | {f"ref:{key}": f"{words} ({key})" for key, words in REFERENCES.items()}


def add(form: SchoolForm, calendar: str, command: Command, reader: Reader) -> str:
    """Add a school with a calendar of its own; its id. Raises InvalidAnswers by field."""
    form = _tidy(form)
    school_id = "-".join(part for part in (slug(form.name), form.urn or form.laestab) if part)
    stream = StreamId("organisation", school_id)
    if is_repeat(stream, command, 0):
        return school_id
    problems, choices = _problems(form, None, reader), calendar_choices(reader)
    if calendar not in choices:
        problems["calendar"] = "Choose which calendar to copy."
    if not problems and school_id in reader.tree:
        problems["name"] = "Choose another name: there is a school of this name and number already."
    if problems:
        raise InvalidAnswers(problems)
    days = replace(copied(calendar, reader), owner=form.name, name=form.name, closures=())
    kept = calendars.one(reading(), school_id)
    said = f"Copied from {choices[calendar]}"
    calendar_cases.replace_days(school_id, form.name, days, said, kept.seq if kept else 0, command)
    record_once(stream, "organisation-recorded", {"organisation": _record(form, {}, school_id)}, command, 0)
    return school_id


def change(school_id: str, form: SchoolForm, seq: int, command: Command, reader: Reader) -> None:
    """Change a school. Raises InvalidAnswers by field, Stale, NotFound."""
    school, _ = school_of(school_id, reader)
    form = _tidy(form)
    if problems := _problems(form, school_id, reader):
        raise InvalidAnswers(problems)
    record = _record(form, organisations.record_of(reading(), school_id), school.calendar)
    record_once(StreamId("organisation", school_id), "organisation-recorded", {"organisation": record}, command, seq)


def _below(
    level: list[Organisation], found: list[Organisation], depth: int, names: Mapping[str, str]
) -> Iterator[Branch]:
    for one in sorted(level, key=lambda each: (each.kind == "school", each.name)):
        yield Branch(one, depth, names.get(one.calendar) if one.calendar else None)
        yield from _below([each for each in found if each.parent == one.id], found, depth + 1, names)


def copied(calendar: str, reader: Reader) -> Calendar:
    """The calendar that was chosen, one of `calendar_choices`."""
    if calendar.startswith("ref:"):
        return reference_calendar(calendar.removeprefix("ref:"))
    return calendar_cases.calendar_of(calendar, reader).days


def _tidy(form: SchoolForm) -> SchoolForm:
    digits = str.maketrans("", "", " /")
    return replace(
        form,
        name=" ".join(form.name.split()),
        urn=form.urn.translate(digits),
        laestab=form.laestab.translate(digits),
    )


def _problems(form: SchoolForm, own_id: str | None, reader: Reader) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.name or len(form.name) > 120 or not form.name.isprintable():
        problems["name"] = "Enter the name of the school, up to 120 letters."
    if form.phase not in PHASES:
        problems["phase"] = "Choose the phase."
    if form.governance not in GOVERNANCE:
        problems["governance"] = "Choose how the school is governed."
    if form.parent not in {one.id for one in parents(reader)}:
        problems["parent"] = "Choose what the school belongs to."
    if form.active_from and form.active_to and form.active_to < form.active_from:
        problems["active_to"] = "Enter a last day on or after the first day."
    return problems | _number_problems(form, own_id, reader)


def _number_problems(form: SchoolForm, own_id: str | None, reader: Reader) -> dict[str, str]:
    """Early-years providers have no number in the school register; everybody else has both."""
    problems, is_needed = dict[str, str](), form.governance != "ey_provider"
    others = [one for one in reader.tree.organisations if one.id != own_id]
    for field, digits, words in (("urn", 6, "URN"), ("laestab", 7, "LAESTAB number")):
        typed = getattr(form, field)
        if not typed and not is_needed:
            continue
        if not re.fullmatch(rf"[0-9]{{{digits}}}", typed):
            problems[field] = f"Enter the {words}: {digits} digits."
        elif any(getattr(one, field) == typed for one in others):
            problems[field] = f"Check the {words}: another school has {typed}."
    return problems


def _record(form: SchoolForm, before: Mapping[str, object], calendar: str | None) -> JsonObject:
    record = {
        **before,
        "name": form.name,
        "kind": "school",
        "parent": form.parent,
        "calendar": calendar,
        "phase": form.phase,
        "governance": form.governance,
        "urn": form.urn or None,
        "laestab": form.laestab or None,
        "active_from": form.active_from.isoformat() if form.active_from else None,
        "active_to": form.active_to.isoformat() if form.active_to else None,
    }
    return cast(JsonObject, record)


def slug(name: str) -> str:
    """A name as part of an id."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("’", "")))[:60]
