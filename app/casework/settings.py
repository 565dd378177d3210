"""What an administrator sets for their authority without touching a diagram: what there is, and setting one.

Which settings there are is `app.model.setting`; what they are for a case on a day is `app.cases.settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import OrganisationFacts
from app.access.people import Reader
from app.calendars import full
from app.cases.command import Command
from app.cases.settings import Settings, settings_of
from app.casework.recording import record_once
from app.errors import InvalidAnswers, NotAllowed, NotFound
from app.forms.dates import UnreadableDate, read_date
from app.model.entry import StreamId
from app.model.json import Json, JsonObject
from app.model.setting import SETTINGS, Setting, named
from app.store.db import reading
from app.store.queries import people, settings
from app.store.queries.settings import SetValue

Typed = Mapping[str, str]
LONGEST_TEXT, LONGEST_NAME = 60, 80
SHORTEST_REASON, LONGEST_REASON = 10, 300


@dataclass(frozen=True)
class SettingLine:
    """One setting as it is."""

    #: which
    setting: Setting
    #: what counts today, in words; a name on each line
    words: str
    #: the day it began, or None: the default
    since: date | None
    #: a value that is to come begins on this day, or None
    changes_on: date | None


@dataclass(frozen=True)
class Kept:
    """One value of the history."""

    #: first day
    valid_from: date
    #: in words
    words: str
    #: name of who set it
    by: str
    #: by the case clock
    at: datetime
    #: why
    reason: str


@dataclass(frozen=True)
class SettingPage:
    """One setting."""

    #: as it is
    line: SettingLine
    #: what the form starts with
    typed: Mapping[str, str]
    #: newest first
    history: tuple[Kept, ...]
    #: entries in its stream: what a change must name
    seq: int


def authority_of(reader: Reader) -> str:
    """The authority whose settings the reader administers. Raises NotAllowed where there is none."""
    found = (reader.tree.authority_of(one.organisation) for one in reader.memberships)
    for authority in dict.fromkeys(one for one in found if one is not None):
        if decide(reader, Action.ADMINISTER_SETTINGS, OrganisationFacts(authority)).allowed:
            return authority
    raise NotAllowed("Expected an administrator of the authority, but you are not one.")


def own_settings(reader: Reader) -> Settings:
    """Every setting as the authority of the reader's first role has it today, for pages that say its names."""
    place = next((one.organisation for one in reader.memberships), "")
    return settings_of(reading(), place, reader.on)


def listed(reader: Reader) -> tuple[SettingLine, ...]:
    """Every setting of the reader's authority, in the order of the groups."""
    return tuple(_line(one, authority_of(reader), reader.on) for one in SETTINGS.values())


def page_of(key: str, reader: Reader) -> SettingPage:
    """One setting of the reader's authority. Raises NotFound."""
    setting, authority = _setting(key), authority_of(reader)
    kept = _values(key, authority)
    names = {**people.names(reading(), {one.by for one in kept}), "operator": "Operator"}
    line = _line(setting, authority, reader.on)
    return SettingPage(
        line=line,
        typed={"value": _typed(setting, settings_of(reading(), authority, date.max)[key])},
        history=tuple(
            Kept(one.valid_from, words_of(setting, one.value), names.get(one.by, "Somebody"), one.at, one.reason)
            for one in sorted(kept, key=lambda one: one.seq, reverse=True)
        ),
        seq=max((one.seq for one in kept), default=0),
    )


def change(key: str, typed: Typed, seq: int, command: Command, reader: Reader) -> str:
    """Set it from a day on; a sentence about it. Raises InvalidAnswers by field, NotAllowed, NotFound, Stale."""
    setting, authority = _setting(key), authority_of(reader)
    problems: dict[str, str] = {}
    value = _read(setting, typed.get("value", ""), problems)
    valid_from = _day(typed.get("valid_from", ""), reader.on, problems)
    reason = " ".join(typed.get("reason", "").split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        problems["reason"] = f"Enter why, in {SHORTEST_REASON} to {LONGEST_REASON} characters"
    is_so = value == settings_of(reading(), authority, valid_from)[key] and not _later(key, authority, valid_from)
    if not problems and is_so:
        problems["value"] = "Change something: it is set so already"
    if problems:
        raise InvalidAnswers(problems)
    content: JsonObject = {
        "authority": authority,
        "key": key,
        "value": value,
        "valid_from": valid_from.isoformat(),
        "reason": reason,
    }
    record_once(StreamId("setting", f"{authority}:{key}"), "setting-recorded", content, command, seq)
    return f"{setting.title}: changed from {full(valid_from)} on."


def words_of(setting: Setting, value: Json) -> str:
    """A value in words; a name on each line."""
    match setting.kind:
        case "names":
            return "\n".join(_labels(value))
        case "yes or no":
            return "Yes" if value is True else "No"
        case "choice":
            return dict(setting.choices).get(str(value), str(value))
        case "number":
            return f"{value} {setting.unit}".strip()
    return str(value)


def _line(setting: Setting, authority: str, today: date) -> SettingLine:
    kept = _values(setting.key, authority)
    begun = [one for one in kept if one.valid_from <= today]
    value = begun[-1].value if begun else setting.default
    return SettingLine(
        setting=setting,
        words=words_of(setting, value),
        since=begun[-1].valid_from if begun else None,
        changes_on=next((one.valid_from for one in kept if one.valid_from > today), None),
    )


def _values(key: str, authority: str) -> list[SetValue]:
    return [one for one in settings.values_of(reading(), authority) if one.key == key]


def _later(key: str, authority: str, on: date) -> bool:
    return any(one.valid_from > on for one in _values(key, authority))


def _setting(key: str) -> Setting:
    if key not in SETTINGS:
        raise NotFound
    return SETTINGS[key]


def _labels(value: Json) -> list[str]:
    return [str(one["label"]) for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _typed(setting: Setting, value: Json) -> str:
    if setting.kind == "yes or no":
        return "yes" if value is True else "no"
    return "\n".join(_labels(value)) if setting.kind == "names" else str(value)


def _read(setting: Setting, text: str, problems: dict[str, str]) -> Json:
    one_line = " ".join(text.split())
    match setting.kind:
        case "names":
            return _names(setting, text, problems)
        case "number":
            return _number(setting, one_line, problems)
        case "yes or no":
            if one_line not in ("yes", "no"):
                problems["value"] = "Choose yes or no"
            return one_line == "yes"
        case "choice":
            if one_line not in dict(setting.choices):
                problems["value"] = "Choose one of them"
            return one_line
    if not one_line or len(one_line) > LONGEST_TEXT:
        problems["value"] = f"Enter a name of up to {LONGEST_TEXT} characters"
    return one_line


def _names(setting: Setting, text: str, problems: dict[str, str]) -> Json:
    fewest, most = setting.bounds
    found = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not fewest <= len(found) <= most:
        problems["value"] = f"Enter {fewest} to {most} names, one on each line: there are {len(found)}"
    elif len(set(found)) < len(found):
        problems["value"] = "Enter every name once"
    elif any(len(one) > LONGEST_NAME for one in found):
        problems["value"] = f"Enter each name in {LONGEST_NAME} characters or fewer"
    return named(*found)


def _number(setting: Setting, text: str, problems: dict[str, str]) -> Json:
    least, most = setting.bounds
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        problems["value"] = f"Enter a whole number from {least} to {most}"
        return 0
    return int(text)


def _day(text: str, today: date, problems: dict[str, str]) -> date:
    try:
        on = read_date({"day": text.strip()})
    except UnreadableDate:
        problems["valid_from"] = "Enter the first day it counts from, for example 1 1 2027"
        return today
    if on < today:
        problems["valid_from"] = "Enter today or a later day: what was done before stays as it was"
    elif on.year > today.year + 2:
        problems["valid_from"] = f"Enter a day no later than {today.year + 2}"
    return on
