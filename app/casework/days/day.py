"""The day of one person: what to do next, and the sections of the roles they hold, each number with its list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.access.people import Reader
from app.access.scopes import case_scope, task_scope
from app.casework.days import forums, gateway, head, places, safeguarding, senco
from app.casework.days.dates import Dates, dates
from app.casework.days.lists import Row, rows
from app.casework.days.section import Group, Number, Section
from app.casework.days.suspensions import Suspensions, add_up
from app.casework.inbox import process_names
from app.errors import NotFound
from app.store.db import reading
from app.store.queries import excluded, matters, organisations, work
from app.store.queries.matters import Bounds, year_begins
from app.store.queries.work import Filter, TaskLine, View

#: in the order of the page
SECTIONS: tuple[Section, ...] = (
    safeguarding.SECTION,
    head.SECTION,
    senco.SECTION,
    places.SECTION,
    gateway.SECTION,
    forums.SECTION,
    forums.PANELS,
)
_VIEWS: tuple[View, ...] = ("todo", "overdue")


@dataclass(frozen=True)
class Counted:
    """One number with how much it is."""

    #: what it counts
    number: Number
    #: at most 1,001
    count: int


@dataclass(frozen=True)
class Shown:
    """One group of numbers."""

    #: its heading
    title: str
    #: drawn as bars too
    is_charted: bool
    #: its numbers
    numbers: tuple[Counted, ...]


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    #: what it is
    section: Section
    #: where the roles are held: "Beacon School"
    places: tuple[str, ...]
    #: its numbers
    groups: tuple[Shown, ...]
    #: lists that are shown at once, with the number they open
    lists: tuple[tuple[Counted, tuple[Row, ...]], ...]
    #: meetings to come, where it is about meetings
    dates: Dates | None
    #: days out of school, by name of the school, where it is about a school
    suspensions: tuple[tuple[str, Suspensions], ...]


@dataclass(frozen=True)
class Day:
    """Everything the page shows."""

    #: the task due first, or None
    next_task: TaskLine | None
    #: name of its school
    next_school: str
    #: tasks to do, and of all of them those overdue; at most 1,001 each
    todo: int
    overdue: int
    #: sections of the roles held
    parts: tuple[Part, ...]


def day(reader: Reader, today: date) -> Day:
    """The day of the reader."""
    found = work.inbox(reading(), task_scope(reader), "todo", today, Filter(), limit=1)
    counts = work.counts(reading(), task_scope(reader), today, _VIEWS)
    first = found[0] if found else None
    names = process_names()
    mine = [(section, narrowed(reader, section)) for section in SECTIONS]
    return Day(
        next_task=first,
        next_school=reader.tree.get(first.school).name if first else "",
        todo=counts["todo"],
        overdue=counts["overdue"],
        parts=tuple(_part(section, who, today, names) for section, who in mine if who.memberships),
    )


def narrowed(reader: Reader, section: Section) -> Reader:
    """The reader with the roles of a section only: its lists hold what these roles see and nothing else."""
    held = tuple(one for one in reader.memberships if one.role in section.roles)
    return Reader(replace(reader.person, memberships=held), reader.tree, reader.on)


def bounds(who: Reader) -> Bounds:
    """What somebody may see, as the queries of lists take it."""
    return Bounds(case_scope(who).by_name, task_scope(who))


def number_of(reader: Reader, section_key: str, number_key: str) -> tuple[Section, Number, Reader]:
    """A number of the reader's day, and the reader as its section sees them. Raises NotFound for any other."""
    section = next((one for one in SECTIONS if one.key == section_key), None)
    who = narrowed(reader, section) if section else None
    if section is None or who is None or not who.memberships:
        raise NotFound
    groups = (_numbers(group, process_names()) for group in section.groups)
    number = next((one for group in groups for one in group if one.key == number_key), None)
    if number is None:
        raise NotFound
    return section, number, who


def _numbers(group: Group, processes: Mapping[str, str]) -> tuple[Number, ...]:
    if (each := group.by_process) is None:
        return group.numbers
    return tuple(
        replace(each, key=f"{each.key}-{key}", text=name, wanted=replace(each.wanted, processes=(key,)))
        for key, name in sorted(processes.items(), key=lambda one: one[1])
    )


def _part(section: Section, who: Reader, today: date, processes: Mapping[str, str]) -> Part:
    within = bounds(who)
    groups = [(group, _numbers(group, processes)) for group in section.groups]
    asked = [(within, one.wanted) for _, numbers in groups for one in numbers]
    counted = iter(matters.counts(reading(), asked, today))
    shown = [
        Shown(group.title, group.is_charted, tuple(Counted(one, next(counted)) for one in numbers))
        for group, numbers in groups
    ]
    open_at_once = [
        (one, section.shown[one.number.key])
        for group in shown
        for one in group.numbers
        if one.number.key in section.shown and one.count
    ]
    return Part(
        section=section,
        places=tuple(dict.fromkeys(who.tree.get(one.organisation).name for one in who.memberships)),
        groups=tuple(_without_empty(group, one) for (group, _), one in zip(groups, shown, strict=True)),
        lists=tuple((one, rows(within, one.number, section, who, today, None, most)[0]) for one, most in open_at_once),
        dates=dates(who) if section.beside == "meetings" else None,
        suspensions=_suspensions(who, within, today) if section.beside == "suspensions" else (),
    )


def _without_empty(group: Group, shown: Shown) -> Shown:
    """Of processes, only those with a case: a school has nothing to do with most of them."""
    if group.by_process is None:
        return shown
    return replace(shown, numbers=tuple(one for one in shown.numbers if one.count))


def _suspensions(who: Reader, within: Bounds, today: date) -> tuple[tuple[str, Suspensions], ...]:
    lines = excluded.since(reading(), within.cases, year_begins(today), today)
    by_school: dict[str, list[excluded.ExclusionLine]] = {}
    for one in lines:
        by_school.setdefault(one.school, []).append(one)
    return tuple(
        (who.tree.get(school).name, add_up(found, organisations.calendar_of(reading(), school), today))
        for school, found in sorted(by_school.items())
    )
