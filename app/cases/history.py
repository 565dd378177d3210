"""The entries of a case as a history: what each says to one reader, what it led to, what is kept from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.calendars import full
from app.cases.answered import plain
from app.cases.definitions import definition_of
from app.cases.routes import route_of
from app.cases.sentences import RESTRICTED, Said, sentence
from app.cases.sight import Sight
from app.engine import Element
from app.model.entry import Entry, StreamId
from app.model.step import Move
from app.store import journal
from app.store.db import reading
from app.store.queries import people
from app.store.queries.cases import CaseLine
from app.store.rows import tasks_of

#: kinds of entry that say something in a person's own words
FREE_TEXT = frozenset(
    {
        "note-added", "message-received", "task-answered", "answer-late", "task-reassigned", "incident-resolved",
        "token-moved", "incident-handed-over", "document-added", "letter-made", "letter-dispatched",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One entry as one reader may read it."""

    #: the entry; ask `is_withheld` before showing its content
    entry: Entry
    #: what happened
    sentence: str
    #: who did it, or "" where that is withheld
    who: str
    #: role and organisation quoted
    authority: str
    #: what followed from it
    lines: tuple[str, ...] = ()
    #: it belongs to the restricted compartment, which this reader does not see
    is_withheld: bool = False
    #: something cannot go on since then
    is_problem: bool = False
    #: people wrote some of it in their own words, and it is read under masks
    may_name_people: bool = False
    #: references in the sentence, of linked cases that this reader may see
    others: tuple[str, ...] = ()


def entries_of(case_id: str, upto: int | None = None) -> list[Entry]:
    """Every entry of a case, oldest first, or those up to one of them."""
    return journal.entries(reading(), StreamId("case", case_id), upto)


def history(entries: list[Entry], sight: Sight) -> list[Happening]:
    """What happened, oldest first."""
    hidden, names, said_of = restricted_tasks(entries), names_in(entries), _words_of(entries)
    return [_happening(entry, names, hidden, sight, said_of) for entry in entries]


def history_page(case: CaseLine, sight: Sight, after: int, limit: int) -> tuple[list[Happening], int | None]:
    """What happened after one entry, and the entry after which it goes on, or None; costs what is on the page.

    What an entry must know of earlier ones, the names of tasks and which are restricted, the rows of tasks say.
    """
    found = journal.page(reading(), StreamId("case", case.id), after, limit + 1)
    shown = found[:limit]
    told = [task_id for entry in shown for task_id in _tasks_in(entry)]
    rows = tasks_of(reading(), sorted(set(told))) if told else []
    hidden = restricted_tasks(shown) | {row.task_id for row in rows if row.is_restricted}
    elements = definition_of(case.bundle).elements if case.bundle else {}
    tasks = {**{row.task_id: row.name for row in rows}, **_words_of(shown).tasks}
    words = _words_for(tasks, elements.values())
    names = names_in(shown)
    happenings = [_happening(entry, names, hidden, sight, words) for entry in shown]
    return happenings, shown[-1].seq if len(found) > limit else None


def _tasks_in(entry: Entry) -> Iterator[str]:
    """Tasks that an entry speaks of and that an earlier one may have opened."""
    content = _content(entry)
    about = (content.get("task_id"), content.get("deadline_id"), content.get("task", {}).get("task_id"))
    yield from (str(one) for one in about if one)
    yield from (str(one[0]) for one in content.get("closed", ()))
    yield from (str(one["id"]) for one in content.get("moved", ()))
    yield from (str(one["task_id"]) for one in content.get("troubles", ()) if one.get("task_id"))


def names_in(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Names of everybody that did something or is mentioned."""
    ids: set[str] = set()
    for entry in entries:
        content: dict[str, Any] = entry.content or {}
        ids |= {entry.actor, str(entry.meta.get("requested_by")), str(content.get("assignee"))}
        ids.add(str(entry.meta.get("on_behalf_of")))
        ids.update(person for one in content.get("given", ()) for person in one["people"])
        ids.update(content["by"] if entry.kind == "version-changed" else ())
    return people.names(reading(), ids)


def others_in(entry: Entry) -> Iterator[str]:
    """Ids of the linked cases that an entry names."""
    yield from (str(entry.meta[key]) for key in ("from", "to") if key in entry.meta)
    yield from (to["case"] for one in _content(entry).get("passed", ()) for to in one["to"])


def restricted_tasks(entries: Iterable[Entry]) -> frozenset[str]:
    """Ids of tasks of the restricted compartment."""
    return frozenset(
        task["task_id"]
        for entry in entries
        for task in (*_content(entry).get("opened", ()), *_content(entry).get("retold", ()))
        if task["restricted"]
    )


def is_restricted(entry: Entry, hidden: frozenset[str]) -> bool:
    """Whether an entry as a whole belongs to the restricted compartment; `hidden` are its tasks."""
    content = _content(entry)
    about = {content.get("task_id"), content.get("deadline_id"), content.get("task", {}).get("task_id")}
    opened, moved = content.get("opened", ()), content.get("moved", ())
    return bool(
        content.get("restricted")
        or content.get("document", {}).get("restricted")
        or content.get("task", {}).get("restricted")
        or about & hidden
        or (entry.kind == "message-received" and opened and all(task["restricted"] for task in opened))
        or (moved and all(one["id"] in hidden for one in moved))
    )


def moves_of(entries: Iterable[Entry], sight: Sight) -> Iterator[tuple[Entry, list[Move]]]:
    """What each entry moved on the diagram, without the restricted compartment where the reader does not see it."""
    known = list(entries)
    hidden = restricted_tasks(known)
    elements = _restricted_elements(known)
    for entry in known:
        moves = [Move(*move) for move in _content(entry).get("moves", ())]
        if not sight.may_see_restricted:
            is_withheld = is_restricted(entry, hidden)
            moves = [] if is_withheld else [move for move in moves if move.element not in elements]
        yield entry, moves


def bundle_at(entries: Iterable[Entry]) -> str:
    """Digest of the bundle the case was on after the last of the entries."""
    return str(next(entry.meta["bundle"] for entry in reversed(list(entries)) if "bundle" in entry.meta))


def _restricted_elements(entries: list[Entry]) -> frozenset[str]:
    found = (one for bundle in _bundles(entries) for one in definition_of(bundle).elements.values())
    return frozenset(one.id for one in found if one.restricted)


def _bundles(entries: Iterable[Entry]) -> list[str]:
    """Digests of the bundles the case was on, oldest first."""
    return list(dict.fromkeys(str(entry.meta["bundle"]) for entry in entries if "bundle" in entry.meta))


@dataclass(frozen=True)
class _Words:
    """What people call the tasks and the elements of a case."""

    #: task id → name
    tasks: Mapping[str, str]
    #: element id → name
    elements: Mapping[str, str]
    #: ids of the elements of the restricted compartment
    restricted: frozenset[str] = frozenset()

    def ended(self, task_id: str, because: str | None) -> str:
        """That a task ended before anybody did it, and by what."""
        task = self.tasks.get(task_id, "A task")
        by = self.elements.get(because or "", "")
        return f"“{task}” ended before anybody did it{f', because of “{by}”' if by else ''}."


def _words_of(entries: list[Entry]) -> _Words:
    tasks = {task["task_id"]: task["name"] for entry in entries for task in _content(entry).get("opened", ())}
    elements = [one for bundle in _bundles(entries) for one in definition_of(bundle).elements.values()]
    return _words_for(tasks, elements)


def _words_for(tasks: Mapping[str, str], elements: Iterable[Element]) -> _Words:
    known = list(elements)
    secret = frozenset(one.id for one in known if one.restricted)
    return _Words(tasks, {one.id: one.name for one in known if one.name}, secret)


def _happening(
    entry: Entry, names: Mapping[str, str], hidden: frozenset[str], sight: Sight, words: _Words
) -> Happening:
    if not sight.may_see_restricted and is_restricted(entry, hidden):
        return Happening(entry, RESTRICTED, "", "", is_withheld=True)
    said = Said(entry, names, sight)
    return Happening(
        entry=entry,
        sentence=sentence(said),
        who=said.who,
        authority=str(entry.meta.get("authority") or ""),
        lines=tuple(_lines(said, frozenset() if sight.may_see_restricted else hidden, words)),
        is_problem=bool(said.content.get("troubles")),
        may_name_people=sight.is_masked and entry.kind in FREE_TEXT,
        others=tuple(sight.cases[one] for one in others_in(entry) if one in sight.cases),
    )


def _lines(said: Said, hidden: frozenset[str], words: _Words) -> Iterator[str]:
    content = said.content
    yield from _accepted(content.get("accepted") or content.get("task", {}).get("accepted", {}), said.sight)
    if said.entry.kind == "note-added":
        yield said.text("text")
    if said.entry.meta.get("from") in said.sight.cases and (behind := said.entry.meta.get("on_behalf_of")):
        yield f"It follows from what {said.name(str(behind))} did there."
    if content.get("payload"):
        yield from _payload(content["payload"], said.sight)
    for message, element, _ in content.get("thrown", ()):
        if said.sight.may_see_restricted or element not in words.restricted:
            yield f"Sent: {route.says if (route := route_of(message)) else message}."
    for one in content.get("moved", ()):
        if one["id"] not in hidden:
            yield f"“{one['name']}” was due {_day(one['from'])} and is now due {_day(one['due']['on'])}."
    for task_id, how, because in content.get("closed", ()):
        if how == "cancelled" and task_id not in hidden:
            yield words.ended(task_id, because)
    for task in content.get("opened", ()):
        if task["task_id"] not in hidden:
            due = f", due {_day(task['due']['on'])}" if task["due"] else ""
            yield f"Next: “{task['name']}”{due}."
    for timer in content.get("armed", ()):
        yield f"Waiting until {_day(timer['due']['on'])}: {timer['name']}."
    for trouble in content.get("troubles", ()):
        if trouble.get("task_id") not in hidden:
            yield f"There is a problem: {said.sight.text(trouble['sentence'])}"
    if content.get("completed"):
        yield f"The case closed: {content.get('outcome') or 'it came to its end'}."


def _accepted(accepted: Mapping[str, Any], sight: Sight) -> Iterator[str]:
    """Warnings that somebody went on in spite of."""
    for one in accepted.values():
        if isinstance(one, Mapping):
            sentence = sight.text(str(one["sentence"])).rstrip(".")
            yield f"{sentence}. Reason given: {sight.text(str(one['reason'])).rstrip('.')}."


def _payload(payload: Any, sight: Sight) -> Iterator[str]:
    if isinstance(payload, dict):
        for key, value in payload.items():
            label = key.replace("_", " ")
            text = plain(sight.value(key, value))
            yield f"{label[:1].upper()}{label[1:]}: {text}"
    else:
        yield plain(sight.value("payload", payload))


def _day(iso: str) -> str:
    return full(date.fromisoformat(iso))


def _content(entry: Entry) -> dict[str, Any]:
    return entry.content or {}
