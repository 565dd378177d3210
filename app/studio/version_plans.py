"""Plans that take open cases to another version: what one would do, planning it, approving it by a second owner.

Owners see counts and steps of the diagram, never a case. The work is done by `cases.changing_version`.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

from app import engine
from app.access.people import Reader
from app.cases.command import Command
from app.cases.definitions import definition_of
from app.cases.records import write_record
from app.errors import InvalidAnswers, NotAllowed, NotFound, Rejected
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import definitions, version_plans
from app.store.queries.definitions import Version
from app.store.queries.version_plans import Plan
from app.studio.deploying import one_version
from app.studio.ownership import counted_by

SHORTEST_NOTE = 5


class PlanOpen(Rejected):
    """Another plan for this process is not finished."""


class PlanDecided(Rejected):
    """Somebody decided about this plan already."""


@dataclass(frozen=True)
class Stays:
    """Why some cases would stay where they are."""

    #: the step they stand at, in words
    step: str
    #: what stands in the way, in words that end the sentence about that step
    words: str
    #: how many cases
    cases: int


@dataclass(frozen=True)
class Forecast:
    """What a plan would do now."""

    #: the version the cases are on
    old: Version
    #: the version they would be on
    new: Version
    #: open cases that would go on there as they stand
    can: int
    #: open cases that would stay
    cannot: int
    #: why those stay, the most frequent first; a case may stand at several steps
    why: tuple[Stays, ...]


def forecast(key: str, old: int, new: int, reader: Reader) -> Forecast:
    """What it would do to the cases the reader counts. Raises InvalidAnswers."""
    before, after = _pair(key, old, new)
    source, target = definition_of(before.digest), definition_of(after.digest)
    why, can, cannot = Counter[tuple[str, str]](), 0, 0
    for _, state in version_plans.states_on(reading(), before.digest, sorted(counted_by(reader))):
        found = engine.obstacles(source, target, state)
        can, cannot = can + (not found), cannot + bool(found)
        why.update({(one.element, one.words) for one in found})
    stays = [Stays(_step(source, element), words, number) for (element, words), number in why.most_common()]
    return Forecast(before, after, can, cannot, tuple(stays))


def plans(key: str) -> list[Plan]:
    """The plans for a process, newest first."""
    return version_plans.of_process(reading(), key)


def one(key: str, plan_id: str) -> Plan:
    """One of them. Raises NotFound."""
    found = version_plans.one(reading(), plan_id)
    if found is None or found.key != key:
        raise NotFound
    return found


def left(plan: Plan) -> tuple[int, int]:
    """(cases taken to the other version, open cases still on the old one), while a plan is being done."""
    old = one_version(plan.key, plan.from_version)
    return version_plans.taken_by(reading(), plan.id), len(version_plans.cases_on(reading(), old.digest))


def propose(key: str, old: int, new: int, note: str, command: Command) -> str:
    """Plan it; the id of the plan. Raises InvalidAnswers, PlanOpen, Stale."""
    connection = reading()
    seq = definitions.entries_written(connection, key)
    problems: dict[str, str] = {}
    try:
        _pair(key, old, new)
    except InvalidAnswers as wrong:
        problems = wrong.problems
    if len(note.strip()) < SHORTEST_NOTE:
        problems["note"] = "Enter why, so that a second owner and the people of these cases understand"
    if problems:
        raise InvalidAnswers(problems)
    if any(each.status in ("planned", "approved") for each in plans(key)):
        raise PlanOpen("Expected no other plan for this process, but one is not finished. Decide about it first.")
    plan_id = str(uuid4())
    content: JsonObject = {"plan": plan_id, "from": old, "to": new, "note": note.strip()}
    write_record(StreamId("definition", key), "cases-planned", content, command, expected_seq=seq)
    return plan_id


def approve(key: str, plan_id: str, command: Command) -> None:
    """A second owner lets it be done. Raises NotAllowed for whoever planned it, NotFound, Stale."""
    seq = definitions.entries_written(reading(), key)
    plan = _waiting(key, plan_id)
    if plan.by == command.actor.id:
        raise NotAllowed("Expected a second process owner to approve this, but you planned it.")
    write_record(StreamId("definition", key), "cases-approved", {"plan": plan_id}, command, expected_seq=seq)


def refuse(key: str, plan_id: str, command: Command) -> None:
    """The cases stay: a second owner says so, or whoever planned it takes it back. Raises NotFound, Stale."""
    seq = definitions.entries_written(reading(), key)
    _waiting(key, plan_id)
    write_record(StreamId("definition", key), "cases-kept", {"plan": plan_id}, command, expected_seq=seq)


def _pair(key: str, old: int, new: int) -> tuple[Version, Version]:
    """The two versions. Raises InvalidAnswers where one is none, or both are the same."""
    known = {each.number: each for each in definitions.versions(reading(), key)}
    if old not in known:
        raise InvalidAnswers({"from": "Choose the version the cases are on"})
    if new not in known or known[new].digest == known[old].digest:
        raise InvalidAnswers({"to": "Choose another version than the one the cases are on"})
    return known[old], known[new]


def _waiting(key: str, plan_id: str) -> Plan:
    found = one(key, plan_id)
    if found.status != "planned":
        raise PlanDecided(f"This plan was {'refused' if found.status == 'refused' else 'approved'} already.")
    return found


def _step(definition: engine.Definition, element: str) -> str:
    found = definition.elements.get(element)
    if found is None or found.restricted:
        return "a step that only its own roles see" if found is not None else "the case as a whole"
    return f"“{found.name}”" if found.name != element else "a place where branches meet or part"
