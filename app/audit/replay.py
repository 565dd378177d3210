"""A case as it was after any of its entries: the same fold, stopped there. Nothing is run again, nothing is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from app import engine
from app.access.organisations import OrganisationTree
from app.access.roles import ROLES
from app.audit.restricted import restricted_ids
from app.cases.answered import AnswerLine, answer_lines, changed_lines
from app.cases.definitions import form_of
from app.cases.drawing import marks_of
from app.cases.history import (
    Happening,
    bundle_at,
    entries_of,
    history,
    is_restricted,
    moves_of,
    names_in,
    restricted_tasks,
)
from app.cases.known import known, waiting_in
from app.cases.sight import Sight
from app.engine import Waiting
from app.errors import CaseErased, NotFound
from app.model.entry import Entry
from app.model.json import JsonObject
from app.model.step import Move, OpenTask
from app.store.queries.cases import CaseLine


@dataclass(frozen=True)
class FormThen:
    """A form as it was deployed with the version the case was on."""

    #: form key, or "" for a task that is only marked as done
    key: str
    #: digest of its content, 64 hex characters, or ""
    digest: str
    #: version of the process it came with
    version: int
    #: what the diagram calls the task
    task: str
    #: who answered it, or "" where it is not answered yet
    who: str = ""
    #: the entry it was answered in, or 0
    entry: int = 0
    #: the answers
    lines: tuple[AnswerLine, ...] = ()


@dataclass(frozen=True)
class TaskThen:
    """One task that was open."""

    #: what the diagram calls it
    name: str
    #: role codes of its lane
    role: str | None
    #: name of whoever had it, or None
    who: str | None
    #: when it was due, as it stood then
    due_on: date | None
    #: why then
    why: str
    #: the form that was asked
    form: FormThen


@dataclass(frozen=True)
class TimerThen:
    """One date that the case waited for."""

    #: what the diagram calls it
    name: str
    #: when, as it stood then
    on: date
    #: why then
    why: str


@dataclass(frozen=True)
class Moment:
    """A case after one of its entries."""

    #: the entry
    happening: Happening
    #: role and organisation that were quoted, in words
    authority: str
    #: number of the process version it was on
    version: int
    #: digest of the bundle it was on
    bundle: str
    #: what the process knew, with what this entry changed
    facts: tuple[AnswerLine, ...]
    #: open tasks, soonest due first
    tasks: tuple[TaskThen, ...]
    #: dates it waited for
    timers: tuple[TimerThen, ...]
    #: the form that was answered in this entry, or None
    form: FormThen | None
    #: forms answered before, newest first
    earlier: tuple[FormThen, ...]
    #: element → mark on the diagram
    marks: dict[str, str]


@dataclass(frozen=True)
class Replay:
    """A case with one moment of it."""

    #: every entry, oldest first
    happenings: tuple[Happening, ...]
    #: the moment shown
    moment: Moment

    @property
    def n(self) -> int:
        """The entry shown."""
        return self.moment.happening.entry.seq

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.happenings)


def replay(case: CaseLine, n: int | None, sight: Sight, tree: OrganisationTree) -> Replay:
    """The case after entry `n`, or after its last. Raises NotFound, CaseErased."""
    entries = _readable(case)
    upto = len(entries) if n is None else n
    if not 1 <= upto <= len(entries):
        raise NotFound
    told = history(entries, sight)
    return Replay(tuple(told), _moment(entries[:upto], told[upto - 1], sight, tree))


def moment(case: CaseLine, n: int, sight: Sight, tree: OrganisationTree) -> Moment:
    """Only the moment after entry `n`. Raises NotFound, CaseErased."""
    entries = _readable(case, n)
    if len(entries) != n or n < 1:
        raise NotFound
    return _moment(entries, history(entries, sight)[-1], sight, tree)


def bundle_then(case: CaseLine, n: int) -> str:
    """Digest of the bundle the case was on after entry `n`."""
    return bundle_at(entries_of(case.id, max(n, 1)))


def events(case: CaseLine, sight: Sight) -> list[dict[str, Any]]:
    """Every entry for the script that plays them: n, at, title, marks. The order of the marks matters."""
    entries = _readable(case)
    told = history(entries, sight)
    failed: set[str] = set()
    secret = frozenset() if sight.may_see_restricted else restricted_ids(entries)
    return [
        {
            "n": entry.seq,
            "at": entry.at.isoformat(),
            "title": one.sentence,
            "marks": _grouped([move for move in moves if move.element not in secret], failed),
        }
        for one, (entry, moves) in zip(told, moves_of(entries, sight), strict=True)
    ]


def _readable(case: CaseLine, upto: int | None = None) -> list[Entry]:
    entries = entries_of(case.id, upto)
    if case.status == "erased" or any(entry.content is None for entry in entries):
        raise CaseErased(None, case_id=case.id, reference=case.reference)
    return entries


def _moment(entries: list[Entry], happening: Happening, sight: Sight, tree: OrganisationTree) -> Moment:
    last, bundle = entries[-1], bundle_at(entries)
    after = _known(entries, bundle)
    before = _known(entries[:-1], bundle) if len(entries) > 1 else after
    answered = list(_answered(entries, sight))[::-1]
    form = answered[0] if answered and answered[0].entry == last.seq else None
    tasks, timers = _open(entries, bundle, sight)
    return Moment(
        happening=happening,
        authority=in_words(happening.authority, tree),
        version=_version(entries),
        bundle=bundle,
        facts=tuple(changed_lines(bundle, before, after, sight)),
        tasks=tasks,
        timers=timers,
        form=form,
        earlier=tuple(one for one in answered if one is not form),
        marks=marks_of(entries, sight),
    )


def in_words(authority: str, tree: OrganisationTree) -> str:
    """“SENCO at Beacon School” for the authority an entry quotes."""
    role, _, where = authority.partition(" at ")
    name = ROLES[role].name if role in ROLES else role
    return f"{name} at {tree.get(where).name}" if where in tree else name


def _known(entries: list[Entry], bundle: str) -> JsonObject:
    """What the process knew after the entries: each entry that changed a variable of the case keeps all of those."""
    kept = (entry.content["variables"] for entry in reversed(entries) if entry.content and "variables" in entry.content)
    return known(cast(JsonObject, next(kept, {})), _waiting(entries, bundle), bundle)


def _waiting(entries: list[Entry], bundle: str) -> Waiting:
    """What the folded state waits for."""
    deltas = [entry.content["delta"] for entry in entries if entry.content and "delta" in entry.content]
    return waiting_in(bundle, engine.fold(cast(list[JsonObject], deltas)))


def _version(entries: list[Entry]) -> int:
    return int(str(next(entry.meta["version"] for entry in reversed(entries) if "version" in entry.meta)))


def _answered(entries: list[Entry], sight: Sight) -> Iterator[FormThen]:
    """Every form that was answered, oldest first, each by the version the case was on then."""
    names, bundle, version = names_in(entries), "", 0
    for entry in entries:
        bundle, version = str(entry.meta.get("bundle", bundle)), int(str(entry.meta.get("version", version)))
        task = cast(dict[str, Any], entry.content or {}).get("task")
        if task is None or (task["restricted"] and not sight.may_see_restricted):
            continue
        form = form_of(bundle, task["form_key"]) if task["form_key"] else None
        yield replace(
            _form(bundle, task["form_key"], task["name"], version),
            who=names.get(entry.actor, "Somebody"),
            entry=entry.seq,
            lines=tuple(answer_lines(form, task["answers"], sight)),
        )


def _form(bundle: str, key: str | None, task: str, version: int) -> FormThen:
    return FormThen(key or "", form_of(bundle, key).digest if key else "", version, task)


def _open(entries: list[Entry], bundle: str, sight: Sight) -> tuple[tuple[TaskThen, ...], tuple[TimerThen, ...]]:
    """What the folded state waits for, with the dates as entries had moved them by then."""
    found = _waiting(entries, bundle)
    dues, holders, hidden = _dues(entries), _holders(entries), restricted_tasks(entries)
    names, version = names_in(entries), _version(entries)
    tasks = [
        _task(one, dues.get(one.task_id), names.get(holders.get(one.task_id) or ""), bundle, version)
        for one in found.tasks
        if sight.may_see_restricted or one.task_id not in hidden
    ]
    timers = [
        TimerThen(one.name, date.fromisoformat(dues[one.timer_id]["on"]), dues[one.timer_id]["sentence"])
        for one in found.timers
    ]
    soonest = sorted(tasks, key=lambda one: (one.due_on or date.max, one.name))
    return tuple(soonest), tuple(sorted(timers, key=lambda one: (one.on, one.name)))


def _task(task: OpenTask, due: dict[str, Any] | None, who: str | None, bundle: str, version: int) -> TaskThen:
    return TaskThen(
        name=task.name,
        role=task.role,
        who=who,
        due_on=date.fromisoformat(due["on"]) if due else None,
        why=due["sentence"] if due else "",
        form=_form(bundle, task.form_key, task.name, version),
    )


def _dues(entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """Due date by task or timer, as it stood after the entries."""
    dues: dict[str, dict[str, Any]] = {}
    for entry in entries:
        content: dict[str, Any] = entry.content or {}
        dues.update({one["task_id"]: one["due"] for one in content.get("opened", ()) if one["due"]})
        dues.update({one["timer_id"]: one["due"] for one in content.get("armed", ())})
        dues.update({one["id"]: one["due"] for one in content.get("moved", ())})
    return dues


def _holders(entries: list[Entry]) -> Mapping[str, str | None]:
    """Person by task, for tasks that somebody took or was given."""
    held: dict[str, str | None] = {}
    for entry in entries:
        content: dict[str, Any] = entry.content or {}
        if "assignee" in content:
            held[content["task_id"]] = content["assignee"]
    return held


def _grouped(moves: list[Move], failed: set[str]) -> dict[str, list[str]]:
    """Moves by kind, entered first: the script counts. A failed element stays entered until it is left."""
    found: dict[str, list[str]] = {"entered": [], "left": [], "cancelled": [], "taken": []}
    for move in moves:
        if move.kind == "failed":
            failed.add(move.element)
        elif move.kind == "entered" and move.element in failed:
            failed.discard(move.element)
        else:
            failed.discard(move.element)
            found[move.kind].append(move.element)
    return {kind: elements for kind, elements in found.items() if elements}


def withheld(entries: list[Entry], sight: Sight) -> frozenset[int]:
    """Numbers of the entries that belong to the restricted compartment and are kept from this reader."""
    if sight.may_see_restricted:
        return frozenset()
    hidden = restricted_tasks(entries)
    return frozenset(entry.seq for entry in entries if is_restricted(entry, hidden))
