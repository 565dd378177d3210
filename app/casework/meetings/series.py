"""A series of meetings: what is asked about it, what is wrong with the answers, and recording it. Not its dates."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import MeetingFacts
from app.access.meetings import MEETING_ROLES
from app.access.organisations import Organisation
from app.access.people import Person, Reader
from app.calendars import Cadence, PaperRule
from app.calendars.phrases import WEEKDAYS, counted
from app.cases.command import Command
from app.cases.settings import settings_of
from app.casework.recording import is_repeat, record_once
from app.errors import InvalidAnswers, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import meetings, people
from app.store.queries.meetings import SeriesRow

OFTEN = {
    "weekly": "Every week",
    "fortnightly": "Every second week",
    "monthly": "Once a month",
    "half-termly": "Once each half-term",
    "termly": "Once each term",
}
NTH = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "5": "Last"}
DEADLINES = {
    "weekday_before": "A weekday of the week before",
    "school_days": "School days before the meeting",
    "calendar_days": "Calendar days before the meeting",
}
LETTERS = "ABCDEF"
#: field → (smallest, greatest, what it is)
NUMBERS = {
    "deadline_count": (1, 60, "days before the meeting"),
    "slots": (1, 60, "cases at one meeting"),
    "minutes": (5, 240, "minutes for each case"),
    "per_school": (1, 60, "cases of one school"),
    "pack_before": (0, 20, "school days before"),
    "access_after": (0, 30, "school days after"),
}


@dataclass(frozen=True)
class SeriesForm:
    """A series as it was typed; numbers are text until they were checked."""

    #: what people call it
    name: str = ""
    #: a key of `app.model.meetings.KINDS`
    kind: str = ""
    #: organisation that holds it
    organisation: str = ""
    #: person id
    chair: str = ""
    #: person ids of those who are sent the pack
    members: tuple[str, ...] = ()
    #: a key of OFTEN
    often: str = ""
    #: "0" for Monday
    weekday: str = ""
    #: a key of NTH; for what is not weekly or fortnightly
    nth: str = "1"
    #: "14:00"
    begins: str = ""
    #: room or link
    place: str = ""
    #: letter → ids of schools; none: every school comes to every meeting
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: a key of DEADLINES
    deadline: str = "school_days"
    #: "0" for Monday
    deadline_weekday: str = "2"
    #: how many days before
    deadline_count: str = "5"
    #: early-years settings have seven calendar days instead
    is_early_years_apart: bool = False
    #: cases at one meeting
    slots: str = "6"
    #: minutes for each
    minutes: str = "20"
    #: cases of one school
    per_school: str = "3"
    #: members see the pack so many school days before
    pack_before: str = "3"
    #: and so many school days after
    access_after: str = "10"


#: what an early-years setting has instead of the deadline of the series
EARLY_YEARS = PaperRule("calendar_days", count=7)


def facts(row: SeriesRow) -> MeetingFacts:
    """What a decision about a series needs to know."""
    return MeetingFacts(row.kind, row.organisation)


def holders(reader: Reader) -> tuple[tuple[Organisation, tuple[str, ...]], ...]:
    """Organisations at which the reader may arrange meetings, each with the kinds it can hold."""
    found = []
    for one in reader.tree.organisations:
        able = (kind for kind, roles in MEETING_ROLES.items() if one.kind in roles.held_at)
        kinds = tuple(kind for kind in able if _may_arrange(reader, kind, one.id))
        if kinds:
            found.append((one, kinds))
    return tuple(found)


def arranged(reader: Reader) -> tuple[SeriesRow, ...]:
    """The series the reader may arrange, by name."""
    mine = meetings.series_of(reading(), {one.id for one, _ in holders(reader)})
    return tuple(one for one in mine if decide(reader, Action.ARRANGE_MEETINGS, facts(one)).allowed)


def series_of(series_id: str, reader: Reader) -> SeriesRow:
    """A series the reader may arrange. Raises NotFound for any other."""
    found = meetings.one_series(reading(), series_id)
    if found is None or not decide(reader, Action.ARRANGE_MEETINGS, facts(found)).allowed:
        raise NotFound
    return found


def schools_of(organisation: str, reader: Reader) -> tuple[Organisation, ...]:
    """The schools that a meeting of this organisation can look at: those below what it belongs to, by name."""
    if organisation not in reader.tree:
        return ()
    one = reader.tree.get(organisation)
    top = one.parent if one.kind in ("forum", "panel", "board") and one.parent else one.id
    return tuple(sorted((reader.tree.get(each) for each in reader.tree.schools(top)), key=lambda each: each.name))


def people_for(kind: str, organisation: str, what: str, on: date) -> tuple[Person, ...]:
    """Who can be its chair ("chair") or its members ("members") today."""
    roles = MEETING_ROLES.get(kind)
    if roles is None:
        return ()
    return tuple(people.holding(reading(), roles.chair if what == "chair" else roles.members, [organisation], on))


def add(form: SeriesForm, command: Command, reader: Reader) -> str:
    """Record a new series; its id. Raises InvalidAnswers by field."""
    series_id = _id_of(form)
    stream = StreamId("series", series_id)
    if is_repeat(stream, command, 0):
        return series_id
    problems = check(form, reader)
    if not problems and meetings.one_series(reading(), series_id) is not None:
        problems["name"] = "Choose another name: there is a series of this name already."
    if problems:
        raise InvalidAnswers(problems)
    record = {**_record(form), "is_paused": False, "feed": secrets.token_urlsafe(24)}
    record_once(stream, "series-recorded", {"series": cast(JsonObject, record)}, command, 0)
    return series_id


def change(series_id: str, form: SeriesForm, seq: int, command: Command, reader: Reader) -> None:
    """Change a series; dates that are published stay as they are. Raises InvalidAnswers by field, Stale, NotFound."""
    row = series_of(series_id, reader)
    form = replace(form, kind=row.kind, organisation=row.organisation)
    if problems := check(form, reader):
        raise InvalidAnswers(problems)
    record = cast(JsonObject, {**row.record, **_record(form)})
    record_once(StreamId("series", series_id), "series-recorded", {"series": record}, command, seq)


def pause(series_id: str, *, is_paused: bool, seq: int, command: Command, reader: Reader) -> None:
    """Put no case on its lists for now, or again. Raises Stale, NotFound."""
    row = series_of(series_id, reader)
    record = cast(JsonObject, {**row.record, "is_paused": is_paused})
    record_once(StreamId("series", series_id), "series-recorded", {"series": record}, command, seq)


def typed_of(row: SeriesRow) -> SeriesForm:
    """A series as its form shows it."""
    record = row.record
    words: dict[str, Any] = {
        name: record[name] for name in ("name", "kind", "organisation", "chair", "often", "begins")
    }
    words |= {name: record[name] for name in ("place", "deadline", "is_early_years_apart")}
    numbers: dict[str, Any] = {name: str(record[name]) for name in _TEXT}
    groups: Any = {letter: tuple(those) for letter, those in record["groups"].items()}
    return SeriesForm(**words, **numbers, members=tuple(record["members"]), groups=groups)


_TEXT = frozenset({*NUMBERS, "weekday", "nth", "deadline_weekday"})


def cadence_of(record: Mapping[str, Any]) -> Cadence:
    """How often a series meets."""
    return Cadence(record["often"], record["weekday"], record["nth"])


def paper_rule_of(record: Mapping[str, Any]) -> PaperRule:
    """By when papers for it must be in."""
    return PaperRule(record["deadline"], record["deadline_weekday"], record["deadline_count"])


def in_words(form: SeriesForm, reader: Reader) -> tuple[tuple[str, str], ...]:
    """What was answered, for checking it: (question, answer). The form was found to be right."""
    record = _record(form)
    called = str(settings_of(reading(), form.organisation, reader.on)[f"name.{form.kind}"])
    names = people.names(reading(), [form.chair, *form.members])
    early = "; early years 7 calendar days before" if form.is_early_years_apart else ""
    groups = [
        f"{letter}: {', '.join(reader.tree.get(one).name for one in those)}" for letter, those in form.groups.items()
    ]
    rule, cadence = paper_rule_of(record).in_words(), cadence_of(record).in_words()
    return (
        ("Name", form.name),
        ("Kind", called[:1].upper() + called[1:]),
        ("Held by", reader.tree.get(form.organisation).name),
        ("Chair", names.get(form.chair, "")),
        ("Members who see the pack", ", ".join(names.get(one, "") for one in form.members) or "Nobody"),
        ("When", f"{cadence[:1].upper()}{cadence[1:]}, at {form.begins}"),
        ("Where", form.place),
        ("Groups", "\n".join(groups) or "None: every school comes to every meeting"),
        ("Papers", f"{rule[:1].upper()}{rule[1:]}{early}"),
        ("Room for", f"{form.slots} cases of {form.minutes} minutes, at most {form.per_school} of one school"),
        ("Pack", f"From {counted(int(form.pack_before), 'school day')} before until {form.access_after} after"),
    )


def check(form: SeriesForm, reader: Reader) -> dict[str, str]:
    """What is wrong with the answers, by field."""
    problems: dict[str, str] = {}
    if not form.name.strip() or len(form.name) > 80 or not form.name.isprintable():
        problems["name"] = "Enter what people call it, up to 80 letters."
    if form.organisation not in reader.tree or not any(
        form.kind in kinds for one, kinds in holders(reader) if one.id == form.organisation
    ):
        problems["organisation"] = "Choose who holds it."
        return problems
    if form.chair not in {one.id for one in people_for(form.kind, form.organisation, "chair", reader.on)}:
        problems["chair"] = "Choose the chair. If nobody is listed, give somebody that role first."
    members = {one.id for one in people_for(form.kind, form.organisation, "members", reader.on)}
    if not set(form.members) <= members:
        problems["members"] = "Choose members from the list."
    return {**problems, **_time_problems(form), **_group_problems(form, reader), **_number_problems(form)}


def _time_problems(form: SeriesForm) -> dict[str, str]:
    problems = {}
    if form.often not in OFTEN:
        problems["often"] = "Choose how often it meets."
    if form.weekday not in {"0", "1", "2", "3", "4"}:
        problems["weekday"] = "Choose the weekday."
    if form.nth not in NTH:
        problems["nth"] = "Choose which one."
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", form.begins):
        problems["begins"] = "Enter when it begins, for example 14:00."
    if not form.place.strip() or len(form.place) > 200 or not form.place.isprintable():
        problems["place"] = "Enter the room, or the link of an online meeting."
    if form.deadline not in DEADLINES:
        problems["deadline"] = "Choose how the deadline for papers is counted."
    if form.deadline_weekday not in {str(number) for number in range(len(WEEKDAYS))}:
        problems["deadline_weekday"] = "Choose the weekday."
    return problems


def _group_problems(form: SeriesForm, reader: Reader) -> dict[str, str]:
    known = {one.id for one in schools_of(form.organisation, reader)}
    grouped = [one for those in form.groups.values() for one in those]
    if form.groups and (set(form.groups) - set(LETTERS) or not set(grouped) <= known):
        return {"groups": "Choose a group from A to F for each school."}
    missing = sorted(reader.tree.get(one).name for one in known - set(grouped))
    if form.groups and missing:
        return {"groups": f"Choose a group for every school, or for none: {', '.join(missing)} has none."}
    return {}


def _number_problems(form: SeriesForm) -> dict[str, str]:
    problems = {}
    for name, (fewest, most, what) in NUMBERS.items():
        typed = getattr(form, name)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and fewest <= int(typed) <= most):
            problems[name] = f"Enter how many {what}: {fewest} to {most}."
    return problems


def _record(form: SeriesForm) -> dict[str, Any]:
    numbers = {name: int(getattr(form, name)) for name in _TEXT}
    return {
        "name": " ".join(form.name.split()),
        "kind": form.kind,
        "organisation": form.organisation,
        "chair": form.chair,
        "members": sorted(form.members),
        "often": form.often,
        "begins": form.begins,
        "place": " ".join(form.place.split()),
        "groups": {letter: sorted(form.groups[letter]) for letter in sorted(form.groups)},
        "deadline": form.deadline,
        "is_early_years_apart": form.is_early_years_apart,
        **numbers,
    }


def _may_arrange(reader: Reader, kind: str, organisation: str) -> bool:
    return decide(reader, Action.ARRANGE_MEETINGS, MeetingFacts(kind, organisation)).allowed


def _id_of(form: SeriesForm) -> str:
    words = re.findall(r"[a-z0-9]+", f"{form.organisation} {form.name}".lower())
    return "-".join(words)[:100]
