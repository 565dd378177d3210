"""The inbox of one person: what to do, for whom, by when and why. Which tasks those are, `app.access` decides."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import CaseFacts
from app.access.people import Reader
from app.access.scopes import case_scope, task_scope
from app.casework.links import OtherCase, other_case
from app.store.db import reading
from app.store.queries import definitions, people, waiting, work
from app.store.queries.waiting import Awaited, Led, WaitingCase
from app.store.queries.work import PAGE, Filter, TaskLine

#: view → what its tab says, in the order of the tabs; the first is where people start
VIEWS: dict[str, str] = {
    "todo": "To do",
    "overdue": "Overdue",
    "soon": "Due soon",
    "mine": "Mine",
    "team": "My teams",
    "waiting": "Waiting",
    "done": "Done",
}
SORTS: dict[str, str] = {"due": "Due date", "opened": "Newest first", "pupil": "Pupil"}
#: lines that a spreadsheet reads at a time
BATCH = 500
_TASK_VIEWS: tuple[work.View, ...] = ("todo", "overdue", "soon", "mine", "team", "done")


@dataclass(frozen=True)
class Asked:
    """Which part of the inbox somebody asked for."""

    #: one of VIEWS
    view: str = "todo"
    #: one of SORTS
    sort: str = "due"
    #: what it is narrowed to
    narrowed: Filter = field(default_factory=Filter)
    #: (sort value as text, id) of the last line of the page before
    after: tuple[str, str] | None = None


@dataclass(frozen=True)
class Card:
    """One task of the list."""

    #: the task
    task: TaskLine
    #: name of the school
    school: str
    #: what people call the process
    process: str
    #: why the date is what it is, or ""
    due_sentence: str
    #: name of whoever has it, or None
    holder: str | None
    #: the reader has it
    is_mine: bool
    #: why the reader sees it
    reason: str
    #: the case that was started to answer it, as the reader may know it, or None
    other: OtherCase | None = None


@dataclass(frozen=True)
class WaitingCard:
    """One case in which the reader has nothing to do now."""

    #: the case
    case: WaitingCase
    #: name of the school
    school: str
    #: what people call the process
    process: str
    #: what it waits for
    awaited: tuple[Awaited, ...]
    #: the cases among that, by id, as the reader may know them
    others: dict[str, OtherCase] = field(default_factory=dict)


@dataclass(frozen=True)
class Tab:
    """One view, with how much is in it."""

    #: view
    key: str
    #: what it is called
    text: str
    #: at most 1,001
    count: int


@dataclass(frozen=True)
class Inbox:
    """Everything the page shows."""

    #: what was asked for
    asked: Asked
    #: the views
    tabs: tuple[Tab, ...]
    #: tasks of this page of the list
    cards: tuple[Card, ...]
    #: waiting cases of this page of the list
    waiting: tuple[WaitingCard, ...]
    #: where the next page begins, or None
    next_after: tuple[str, str] | None
    #: (key, name) of the processes to narrow to
    processes: tuple[tuple[str, str], ...]
    #: (id, name) of the schools to narrow to
    schools: tuple[tuple[str, str], ...]

    @property
    def stamp(self) -> str:
        """Differs when anything shown in the list differs."""
        return hashlib.sha256(repr((self.asked, self.tabs, self.cards, self.waiting)).encode()).hexdigest()[:32]


def inbox(reader: Reader, asked: Asked, today: date) -> Inbox:
    """The inbox as the reader asked for it."""
    names = process_names()
    cards: tuple[Card, ...] = ()
    cases: tuple[WaitingCard, ...] = ()
    if asked.view == "waiting":
        cases, after = _waiting(reader, asked, today, names)
    else:
        cards, after = _tasks(reader, asked, today, names)
    return Inbox(
        asked=asked,
        tabs=_tabs(reader, today),
        cards=cards,
        waiting=cases,
        next_after=after,
        processes=tuple(sorted(names.items(), key=lambda one: one[1])),
        schools=_schools(reader),
    )


def every_line(reader: Reader, asked: Asked, today: date) -> Iterator[Card | WaitingCard]:
    """The whole list, page after page, for a spreadsheet."""
    names = process_names()
    while True:
        found: tuple[Card | WaitingCard, ...]
        if asked.view == "waiting":
            found, after = _waiting(reader, asked, today, names, BATCH)
        else:
            found, after = _tasks(reader, asked, today, names, BATCH)
        yield from found
        if after is None:
            return
        asked = replace(asked, after=after)


def next_task(reader: Reader, today: date) -> TaskLine | None:
    """The task the reader would do next: the one due first."""
    found = work.inbox(reading(), task_scope(reader), "todo", today, Filter(), limit=1)
    return found[0] if found else None


def process_names() -> dict[str, str]:
    """What people call each deployed process, by key."""
    return {one.key: one.name for one in definitions.versions(reading()) if one.is_current}


def _tabs(reader: Reader, today: date) -> tuple[Tab, ...]:
    counts = work.counts(reading(), task_scope(reader), today, _TASK_VIEWS)
    counts["waiting"] = waiting.count(reading(), _led(reader), today)
    return tuple(Tab(key, text, counts[key]) for key, text in VIEWS.items())


def _led(reader: Reader) -> Led:
    return Led(task_scope(reader), case_scope(reader, Action.SEND_MESSAGE), case_scope(reader).by_name)


def _tasks(
    reader: Reader, asked: Asked, today: date, names: dict[str, str], limit: int = PAGE
) -> tuple[tuple[Card, ...], tuple[str, str] | None]:
    view = next(one for one in _TASK_VIEWS if one == asked.view)
    sort: work.Sort = "opened" if asked.sort == "opened" else "pupil" if asked.sort == "pupil" else "due"
    found = work.inbox(reading(), task_scope(reader), view, today, asked.narrowed, sort, asked.after, limit + 1)
    lines = found[:limit]
    holders = people.names(reading(), (one.assignee for one in lines if one.assignee))
    cards = tuple(_card(reader, line, names, holders) for line in lines)
    return cards, _key(lines[-1], view, sort) if len(found) > limit else None


def _card(reader: Reader, line: TaskLine, names: dict[str, str], holders: dict[str, str]) -> Card:
    return Card(
        task=line,
        school=reader.tree.get(line.school).name,
        process=names.get(line.process_key, line.process_key),
        due_sentence=str(line.due["sentence"]) if line.due else "",
        holder=holders.get(line.assignee or ""),
        is_mine=line.assignee == reader.id,
        reason="You completed it." if line.status == "done" else _why(reader, line),
        other=other_case(line.waits_for, reader) if line.waits_for and line.status == "open" else None,
    )


def _why(reader: Reader, line: TaskLine) -> str:
    """The sentence of the verdict; the list's scope has already found that the case names whom it must."""
    case = CaseFacts(line.case_id, line.school, line.process_key, named_people=frozenset({reader.id}))
    return decide(reader, Action.DO_TASK, work.facts(line, case)).reason


def _key(line: TaskLine, view: str, sort: str) -> tuple[str, str]:
    if view == "done":
        return (line.closed_at or line.opened_at).isoformat(), line.task_id
    values = {"due": line.due_on or date.max, "opened": line.opened_at}
    return (values[sort].isoformat() if sort in values else line.pupil_name), line.task_id


def _waiting(
    reader: Reader, asked: Asked, today: date, names: dict[str, str], limit: int = PAGE
) -> tuple[tuple[WaitingCard, ...], tuple[str, str] | None]:
    found = waiting.page(reading(), _led(reader), today, replace(asked.narrowed, due_by=None), asked.after, limit + 1)
    cases = found[:limit]
    awaited = waiting.awaited(reading(), [one.id for one in cases])
    cards = tuple(
        WaitingCard(
            case=one,
            school=reader.tree.get(one.school).name,
            process=names.get(one.process_key, one.process_key),
            awaited=tuple(awaited[one.id]),
            others={each.case_id: other_case(each.case_id, reader) for each in awaited[one.id] if each.case_id},
        )
        for one in cases
    )
    return cards, (cases[-1].pupil_name, cases[-1].id) if len(found) > limit else None


def _schools(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Schools whose tasks can reach the reader: those within the organisations they hold a role at."""
    ids = {school for held in reader.memberships for school in reader.tree.schools(held.organisation)}
    return tuple(sorted(((one, reader.tree.get(one).name) for one in ids), key=lambda one: one[1]))
