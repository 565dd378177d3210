"""Centres of a partnership and quotas of its schools: what is typed about them, what is wrong with it, recording it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import PlacesFacts
from app.access.organisations import Organisation
from app.access.people import Reader
from app.calendars.phrases import school_year
from app.cases.command import Command
from app.cases.placing import used_halves
from app.casework.recording import is_repeat, record_once
from app.errors import InvalidAnswers, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.placing import KEY_STAGES
from app.store.db import reading
from app.store.queries import placements
from app.store.queries.placements import CentreRow, QuotaRow, quota_id

#: how a centre is registered: code → what people call it
REGISTRATIONS: Mapping[str, str] = {
    "school": "Registered as a school",
    "pru": "Pupil referral unit or alternative provision academy",
    "unregistered": "Not a school: part-time provision",
}
#: what became of the last check of the centre
CHECKS: Mapping[str, str] = {"good": "Checked, nothing open", "actions": "Checked, actions are open", "none": "Not yet"}
#: places of each key stage that a new centre has
USUAL_PLACES = "25"
USUAL_RATE = "100.00"
MOST_PLACES = 500
MOST_POUNDS = Decimal(100_000)


@dataclass(frozen=True)
class CentreForm:
    """A centre as it was typed; numbers are text until they were checked."""

    #: what people call it
    name: str = ""
    #: organisation id of its partnership
    partnership: str = ""
    #: unique reference number, 6 digits, or ""
    urn: str = ""
    #: a key of REGISTRATIONS
    registration: str = ""
    #: a key of CHECKS
    check: str = "none"
    #: when it was checked last
    checked_on: date | None = None
    #: key stage → places
    places: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(KEY_STAGES, USUAL_PLACES))
    #: pounds for a day beyond the quota
    daily: str = USUAL_RATE
    #: average cost of a pupil in pounds a year
    average: str = ""
    #: from when these two hold
    since: date | None = None
    #: it takes pupils
    is_open: bool = True


@dataclass(frozen=True)
class SchoolQuota:
    """One school with its quota of a year."""

    #: the school
    school: Organisation
    #: its quota, or None: it has none
    quota: QuotaRow | None
    #: halves of places it uses
    used: int


def partnerships(reader: Reader, action: Action = Action.ADMINISTER_PLACES) -> tuple[Organisation, ...]:
    """The partnerships with whose places the reader may do that, by name."""
    found = (one for one in reader.tree.organisations if one.kind == "partnership")
    mine = (one for one in found if decide(reader, action, PlacesFacts(one.id)).allowed)
    return tuple(sorted(mine, key=lambda one: one.name))


def partnership_of(partnership: str, reader: Reader, action: Action = Action.ADMINISTER_PLACES) -> Organisation:
    """A partnership with whose places the reader may do that. Raises NotFound for any other."""
    found = next((one for one in partnerships(reader, action) if one.id == partnership), None)
    if found is None:
        raise NotFound
    return found


def centres(reader: Reader) -> tuple[CentreRow, ...]:
    """The centres the reader keeps, by name."""
    return tuple(placements.centres(reading(), [one.id for one in partnerships(reader)]))


def centre_of(centre_id: str, reader: Reader) -> CentreRow:
    """A centre the reader keeps. Raises NotFound for any other."""
    found = placements.one_centre(reading(), centre_id)
    if found is None or not decide(reader, Action.ADMINISTER_PLACES, PlacesFacts(found.partnership)).allowed:
        raise NotFound
    return found


def add(form: CentreForm, command: Command, reader: Reader) -> str:
    """Record a new centre; its id. Raises InvalidAnswers by field."""
    centre_id = _id_of(form)
    stream = StreamId("centre", centre_id)
    if is_repeat(stream, command, 0):
        return centre_id
    problems = check(form, reader)
    if not problems and placements.one_centre(reading(), centre_id) is not None:
        problems["name"] = "Choose another name: there is a centre of this name already."
    if problems:
        raise InvalidAnswers(problems)
    record_once(stream, "centre-recorded", {"centre": _record(form, {}, reader.on)}, command, 0)
    return centre_id


def change(centre_id: str, form: CentreForm, seq: int, command: Command, reader: Reader) -> None:
    """Change a centre; places that are held stay held. Raises InvalidAnswers by field, Stale, NotFound."""
    row = centre_of(centre_id, reader)
    problems = check(form, reader)
    if form.partnership != row.partnership:
        problems["partnership"] = "A centre stays with its partnership. Add another centre instead."
    if problems:
        raise InvalidAnswers(problems)
    record = _record(form, row.record, reader.on)
    record_once(StreamId("centre", centre_id), "centre-recorded", {"centre": record}, command, seq)


def typed_of(row: CentreRow, on: date) -> CentreForm:
    """A centre as its form shows it, with the rates that hold on a day."""
    record = row.record
    rate = _in_force(record["rates"], on)
    return CentreForm(
        name=row.name,
        partnership=row.partnership,
        urn=record["urn"],
        registration=record["registration"],
        check=record["check"],
        checked_on=date.fromisoformat(record["checked_on"]) if record["checked_on"] else None,
        places={stage: str(record["capacity"].get(stage, 0)) for stage in KEY_STAGES},
        daily=rate["daily"],
        average=rate["average"],
        is_open=row.is_open,
    )


def check(form: CentreForm, reader: Reader) -> dict[str, str]:
    """What is wrong with the answers, by field."""
    problems: dict[str, str] = {}
    if not form.name.strip() or len(form.name) > 80 or not form.name.isprintable():
        problems["name"] = "Enter what people call it, up to 80 letters."
    if form.partnership not in {one.id for one in partnerships(reader)}:
        problems["partnership"] = "Choose the partnership it belongs to."
    if form.urn and not re.fullmatch("[0-9]{6}", form.urn):
        problems["urn"] = "Enter the URN with 6 digits, or leave it empty."
    if form.registration not in REGISTRATIONS:
        problems["registration"] = "Choose how it is registered."
    if form.check not in CHECKS:
        problems["check"] = "Choose whether it was checked."
    elif form.check != "none" and (form.checked_on is None or form.checked_on > reader.on):
        problems["checked_on"] = "Enter when it was checked: today or before."
    for stage in KEY_STAGES:
        if _number(form.places.get(stage, ""), MOST_PLACES) is None:
            problems[f"places-{stage}"] = f"Enter how many places: 0 to {MOST_PLACES}."
    for name, example in (("daily", USUAL_RATE), ("average", "6210.00")):
        if _pounds(getattr(form, name)) is None:
            problems[name] = f"Enter pounds and pence, for example {example}."
    return problems


def year_of(typed: str, today: date) -> str:
    """A school year from an address: "2026-27" as "2026/27"; this year for anything else. Raises NotFound."""
    if not typed:
        return school_year(today)
    first, _, second = typed.partition("-")
    if not re.fullmatch("20[0-9]{2}-[0-9]{2}", typed) or (int(first) + 1) % 100 != int(second):
        raise NotFound
    return f"{first}/{second}"


def years_around(today: date) -> tuple[str, str]:
    """This school year and the next."""
    return school_year(today), school_year(today.replace(year=today.year + 1, day=1))


def quotas(partnership: str, year: str, reader: Reader) -> tuple[SchoolQuota, ...]:
    """Every school of a partnership with its quota of a year, by name. Raises NotFound."""
    partnership_of(partnership, reader)
    return quotas_of(partnership, year, reader)


def quotas_of(partnership: str, year: str, reader: Reader) -> tuple[SchoolQuota, ...]:
    """The same for whoever was found to see the partnership."""
    known = placements.quotas(reading(), partnership, year)
    schools = sorted((reader.tree.get(one) for one in reader.tree.schools(partnership)), key=lambda one: one.name)
    return tuple(
        SchoolQuota(one, known.get(one.id), used_halves(placements.used_by(reading(), partnership, one.id, year)))
        for one in schools
    )


def set_quotas(
    partnership: str, year: str, typed: Mapping[str, tuple[str, int]], command: Command, reader: Reader
) -> int:
    """Record the quotas that changed; how many. `typed`: school → (places as typed, entry it was drawn from).

    Raises InvalidAnswers by school, Stale where somebody changed one meanwhile, NotFound.
    """
    rows = {one.school.id: one for one in quotas(partnership, year, reader) if one.school.id in typed}
    problems = {
        f"places-{school}": f"Enter how many places for {rows[school].school.name}: 0 to {MOST_PLACES}."
        for school in rows
        if _number(typed[school][0] or "0", MOST_PLACES) is None
    }
    if problems:
        raise InvalidAnswers(problems)
    changed = 0
    for school, row in rows.items():
        places, drawn = int(typed[school][0] or "0"), typed[school][1]
        if places == (row.quota.places if row.quota else 0):
            continue
        record: JsonObject = {"partnership": partnership, "school": school, "year": year, "places": places}
        stream = StreamId("quota", quota_id(partnership, school, year))
        record_once(stream, "quota-recorded", {"quota": record}, command, drawn)
        changed += 1
    return changed


def _record(form: CentreForm, before: Mapping[str, Any], today: date) -> JsonObject:
    record = {
        "name": " ".join(form.name.split()),
        "partnership": form.partnership,
        "urn": form.urn,
        "registration": form.registration,
        "check": form.check,
        "checked_on": form.checked_on.isoformat() if form.checked_on else "",
        "capacity": {stage: int(form.places[stage]) for stage in KEY_STAGES},
        "rates": _rates(form, before.get("rates", ()), today),
        "is_open": form.is_open,
    }
    return cast(JsonObject, record)


def _rates(form: CentreForm, before: Sequence[Mapping[str, str]], today: date) -> list[Mapping[str, str]]:
    """The rates with what was typed: another rate begins on the day that was given, else today; none reaches back."""
    typed = {"daily": str(_pounds(form.daily)), "average": str(_pounds(form.average))}
    now = _in_force(before, today) if before else None
    if form.since is None and now is not None and {"daily": now["daily"], "average": now["average"]} == typed:
        return list(before)
    since = (form.since or today).isoformat()
    kept = [one for one in before if one["since"] != since]
    return sorted([*kept, {"since": since, **typed}], key=lambda one: one["since"])


def _in_force(rates: Sequence[Mapping[str, str]], on: date) -> Mapping[str, str]:
    begun = [one for one in rates if one["since"] <= on.isoformat()]
    return begun[-1] if begun else rates[0]


def _number(typed: str, most: int) -> int | None:
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 5
    return int(typed) if is_number and int(typed) <= most else None


def _pounds(typed: str) -> Decimal | None:
    try:
        found = Decimal(typed.replace(",", "").removeprefix("£"))
    except InvalidOperation:
        return None
    is_pounds = found.is_finite() and 0 <= found <= MOST_POUNDS and found == found.quantize(Decimal("0.01"))
    return found.quantize(Decimal("0.01")) if is_pounds else None


def _id_of(form: CentreForm) -> str:
    words = re.findall(r"[a-z0-9]+", f"{form.partnership} {form.name}".lower())
    return "-".join(words)[:100]
