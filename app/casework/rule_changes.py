"""What can be changed of a deadline rule: from what was typed to its next version. Pure; keeps nothing, decides no who.

Who is told when it is late, and rules that find their date in another way than by counting, stay as they were shipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from app.calendars import MARKS, UNITS, Rule, full, remind_words, value_words
from app.calendars.phrases import WEEKDAYS
from app.calendars.rule import Unit
from app.errors import InvalidAnswers
from app.forms.dates import UnreadableDate, read_date

Typed = Mapping[str, str]

#: units that a rule which simply counts may have
PLAIN_UNITS: tuple[Unit, ...] = ("school_day", "working_day", "calendar_day", "week", "month")
#: a rule of whole weeks: the date itself moved to a school day, or only weeks that have school
WEEKLY_UNITS: tuple[Unit, ...] = ("week", "school_week")
MOST = 400
SHORTEST_REASON, LONGEST_REASON = 10, 300
LONGEST_SOURCE = 200
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Changeable:
    """Which parts of a rule the form asks for."""

    #: how many
    count: bool
    #: what may be counted; one unit or none: it is not asked
    units: tuple[Unit, ...]
    #: the longest and the shortest time around a school day
    caps: bool
    #: the day of the week before
    weekday: bool


def is_law(rule: Rule) -> bool:
    """Whether it stands in an act, a regulation or statutory guidance: two owners change it."""
    return rule.legal in ("S", "G")


def changeable(rule: Rule) -> Changeable:
    """What can be changed of it."""
    is_capped = rule.form == "next_capped"
    if rule.form in ("next_capped", "school_weeks") and rule.cap_days:
        return Changeable(count=True, units=WEEKLY_UNITS, caps=is_capped, weekday=False)
    is_counted = rule.form in ("plain", "school_weeks") and rule.unit not in ("none", "half_term", "term")
    units = PLAIN_UNITS if is_counted and rule.unit in PLAIN_UNITS and rule.direction != "of" else ()
    return Changeable(count=is_counted, units=units, caps=False, weekday=rule.form == "weekday_before")


def typed_from(rule: Rule) -> dict[str, str]:
    """The fields of the form as they stand in a rule."""
    return {
        "count": str(rule.count),
        "unit": rule.unit,
        "cap_days": str(rule.cap_days),
        "floor_days": str(rule.floor_days),
        "weekday": str(rule.weekday),
        "remind": ", ".join(str(one) for one in rule.remind),
        "source": rule.source,
    }


def changed(old: Rule, version: int, typed: Typed, today: date) -> tuple[Rule, str]:
    """The next version of a rule, and why it was made. Raises InvalidAnswers by field."""
    problems: dict[str, str] = {}
    can = changeable(old)
    new = replace(
        old,
        count=_number(typed, "count", problems, "Enter how many, as a whole number") if can.count else old.count,
        remind=_reminders(typed, problems),
        source=_source(old, typed, problems),
        valid_from=_valid_from(old, typed, today, problems),
        valid_to=None,
        version=version,
    )
    if can.units:
        new = _with_unit(new, typed, can, problems)
    if can.caps and new.form == "next_capped":
        new = _with_caps(new, typed, problems)
    if can.weekday:
        new = replace(new, weekday=_weekday(typed, problems))
    reason = " ".join(typed.get("reason", "").split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        problems["reason"] = f"Enter why, in {SHORTEST_REASON} to {LONGEST_REASON} characters"
    if not problems and not _differences(old, new):
        problems["count" if can.count else "remind"] = "Change something: the rule says exactly this already"
    if problems:
        raise InvalidAnswers(problems)
    return new, reason


def sentence(old: Rule, new: Rule) -> str:
    """What changes, as the history and every moved case say it."""
    parts = []
    if value_words(old) != value_words(new):
        parts.append(f"{value_words(old)} → {value_words(new)}")
    if old.remind != new.remind:
        parts.append(f"reminders: {remind_words(old)} → {remind_words(new)}")
    if old.source != new.source:
        parts.append(f"source: {new.source}")
    return f"{new.title}: {'; '.join(parts)}, from {full(new.valid_from)} on"


def mark_words(rule: Rule) -> str:
    """Where it stands: "statutory: SI 2012/1033 reg 6"."""
    return f"{MARKS[rule.legal]}: {rule.source}" if rule.source else MARKS[rule.legal]


def _differences(old: Rule, new: Rule) -> list[str]:
    given = ("valid_from", "valid_to", "version")
    return [
        one.name for one in fields(Rule) if one.name not in given and getattr(old, one.name) != getattr(new, one.name)
    ]


def _number(typed: Typed, name: str, problems: dict[str, str], missing: str) -> int:
    text = typed.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        problems[name] = f"{missing}, for example 15"
        return 0
    if int(text) > MOST:
        problems[name] = f"Enter a number from 0 to {MOST}"
    return int(text)


def _with_unit(new: Rule, typed: Typed, can: Changeable, problems: dict[str, str]) -> Rule:
    unit = next((one for one in can.units if one == typed.get("unit")), None)
    if unit is None:
        problems["unit"] = f"Choose what is counted: {', '.join(UNITS[one] + 's' for one in can.units)}"
        return new
    if can.units == WEEKLY_UNITS:
        return replace(new, unit=unit, form="next_capped" if unit == "week" else "school_weeks")
    return replace(new, unit=unit)


def _with_caps(new: Rule, typed: Typed, problems: dict[str, str]) -> Rule:
    most = _number(typed, "cap_days", problems, "Enter the longest time in days")
    least = _number(typed, "floor_days", problems, "Enter the shortest time in days")
    if not problems and not least <= new.count * 7 <= most:
        problems["cap_days"] = f"Enter times around {new.count * 7} days: the shortest below, the longest above"
    return replace(new, cap_days=most, floor_days=least)


def _weekday(typed: Typed, problems: dict[str, str]) -> int:
    found = typed.get("weekday", "")
    if found not in ("0", "1", "2", "3", "4"):
        problems["weekday"] = f"Choose a day from {WEEKDAYS[0]} to {WEEKDAYS[4]}"
        return 0
    return int(found)


def _reminders(typed: Typed, problems: dict[str, str]) -> tuple[int, ...]:
    parts = [one for one in typed.get("remind", "").replace(",", " ").split() if one]
    if not all(one.isascii() and one.isdigit() and 0 < int(one) <= 100 for one in parts) or len(parts) > 5:
        problems["remind"] = "Enter school days before, for example 5, 1; leave it empty where nobody is reminded"
        return ()
    return tuple(sorted({int(one) for one in parts}, reverse=True))


def _source(old: Rule, typed: Typed, problems: dict[str, str]) -> str:
    source = " ".join(typed.get("source", "").split())
    if len(source) > LONGEST_SOURCE:
        problems["source"] = f"Enter the source in {LONGEST_SOURCE} characters or fewer"
    elif not source and is_law(old):
        problems["source"] = "Enter where the law says so, for example SI 2012/1033 reg 6"
    return source


def _valid_from(old: Rule, typed: Typed, today: date, problems: dict[str, str]) -> date:
    text = typed.get("valid_from", "").strip()
    try:
        on = read_date({"day": text}) if text else None
    except UnreadableDate:
        on = None
    if on is None:
        problems["valid_from"] = "Enter the first day it applies to, for example 1 1 2027"
        return today
    if on < old.valid_from:
        problems["valid_from"] = f"Enter {full(old.valid_from)} or a later day: the version before it begins then"
    elif on.year > today.year + YEARS_AHEAD:
        problems["valid_from"] = f"Enter a day no later than {today.year + YEARS_AHEAD}"
    return on
