"""What stops cases, for an operator who may see none of them: problems grouped by cause, and acting on many at once.

The sentence of a problem may quote the case, so only its kind and the step of the diagram are told (ADR 0042).
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.access.grants import ADMINISTRATOR
from app.access.people import Reader
from app.cases import damage, incidents, letters
from app.cases.command import Command
from app.cases.definitions import definition_of
from app.errors import InvalidAnswers, Rejected
from app.store.db import reading
from app.store.due_tries import NOTICE, TIMER
from app.store.queries import incidents as incident_queries
from app.store.queries import operations as queries
from app.store.queries.operations import Cause, IncidentGroup, OpenIncident

log = logging.getLogger(__name__)

#: problems acted on by one press: each is a transaction, and somebody waits for the page
MOST_AT_ONCE = 200
SHORTEST_REASON = 5
#: how → what it does, as a page offers it
HOW: Mapping[str, str] = {
    "retry": "Try again",
    "resolve": "It is dealt with",
    "give-up": "Give it to the people of the case",
}
_KINDS: Mapping[str, str] = {
    "expression": "A condition or a value could not be worked out",
    "no-branch": "None of the branches was right",
    "decision": "A decision table gave no answer that can be used",
    "deadline": "A date could not be worked out",
    "bounds": "A step would never have ended",
    "message": "A message could not be sent",
    incidents.UNDELIVERED: "A message reached nobody, and the case waits for what follows",
    letters.UNDELIVERED: "A letter could not be delivered by e-mail",
    "engine": "A step failed by a fault of the program or of its diagram",
    damage.KIND: "The stored state cannot be read",
    TIMER: "A timer failed again and again",
    NOTICE: "A notice could not be given, again and again",
}


@dataclass(frozen=True)
class Group:
    """Open problems with one cause, as a page shows them."""

    #: what they have in common
    cause: Cause
    #: the cause in words
    words: str
    #: the step of the diagram in words, or ""
    step: str
    #: what the process is called
    process: str
    #: how many
    number: int
    #: how many of them are with the people of their cases
    handed_over: int
    #: when the first was raised, UTC
    first_at: datetime
    #: when the last was raised, UTC
    last_at: datetime

    @property
    def is_ours(self) -> bool:
        """Some of them wait for the operator."""
        return self.handed_over < self.number


@dataclass(frozen=True)
class Outcome:
    """What came of acting on several problems."""

    #: acted on
    done: int
    #: of them, cases that stand at the same place again
    still_stuck: int
    #: could not be acted on: somebody was faster, or it is not possible
    refused: int
    #: with the same cause, and not yet acted on
    left: int

    @property
    def sentence(self) -> str:
        """For the person who pressed the button."""
        parts = [f"Done for {_cases(self.done)}."]
        if self.still_stuck:
            parts.append(f"{_cases(self.still_stuck).capitalize()} cannot go on, as before.")
        if self.refused:
            parts.append(f"Not possible for {_cases(self.refused)}: look at them again.")
        if self.left:
            parts.append(f"{self.left} more with this cause: press the button again.")
        return " ".join(parts)


def authorities_of(reader: Reader) -> frozenset[str]:
    """Where the reader is the administrator of a whole authority: its cases' problems are theirs to see as numbers."""
    held = (one.organisation for one in reader.memberships if one.role == ADMINISTRATOR)
    return frozenset(one for one in held if reader.tree.get(one).kind == "authority")


def groups(authorities: Collection[str]) -> list[Group]:
    """Open problems by cause, those that wait for the operator first."""
    return [_group(one) for one in queries.incident_groups(reading(), authorities)]


def group(cause: Cause, authorities: Collection[str]) -> Group | None:
    """One of them, or None where nothing stands at that cause any more."""
    return next((one for one in groups(authorities) if one.cause == cause), None)


def act(several: Collection[OpenIncident], how: str, reason: str, command: Command) -> Outcome:
    """Do the same to each, an entry in each case; one that fails stops no other. Raises InvalidAnswers."""
    problems = {}
    if how not in HOW:
        problems["how"] = "Choose what to do"
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = "Enter why, so that whoever reads the history of these cases understands"
    if problems:
        raise InvalidAnswers(problems)
    now = list(several)[:MOST_AT_ONCE]
    done = [one for one in now if _act(one, how, reason.strip(), command)]
    stuck = sum(_stands_there(one) for one in done) if how == "retry" else 0
    return Outcome(len(done), stuck, len(now) - len(done), len(several) - len(now))


def chosen(cause: Cause, ids: Collection[str] | None, authorities: Collection[str]) -> list[OpenIncident]:
    """The problems of a cause that still wait for the operator, or those of them that were named."""
    found = queries.incidents_of(reading(), cause, authorities, limit=10_000)
    return [one for one in found if (one.id in ids if ids is not None else not one.is_handed_over)]


def in_words(kind: str) -> str:
    """What kind of cause it is."""
    return _KINDS.get(kind, kind.replace("-", " ").capitalize())


def _act(one: OpenIncident, how: str, reason: str, command: Command) -> bool:
    keyed = replace(command, key=f"{command.key}:{one.id}" if command.key else None)
    try:
        if one.cause.kind == damage.KIND:
            return how == "retry" and damage.rebuild_case(one.case_id, keyed, reason) > 0
        if how == "retry":
            incidents.retry(one.case_id, one.id, reason, keyed)
        elif how == "resolve":
            incidents.settle(one.case_id, one.id, reason, keyed)
        else:
            incidents.hand_over(one.case_id, one.id, reason, keyed)
    except Rejected as refused:
        log.warning("a problem of case %s was not acted on: %s", one.case_id, refused)
        return False
    except Exception:
        log.exception("a problem of case %s was not acted on", one.case_id)
        return False
    return True


def _stands_there(one: OpenIncident) -> bool:
    open_now = (found for found in incident_queries.of_case(reading(), one.case_id) if found.state == "open")
    return any((found.kind, found.element) == (one.cause.kind, one.cause.element) for found in open_now)


def _group(one: IncidentGroup) -> Group:
    return Group(
        one.cause, in_words(one.cause.kind), _step(one), one.process_name, one.number, one.handed_over,
        one.first_at, one.last_at,
    )  # fmt: skip


def _step(one: IncidentGroup) -> str:
    """What the diagram calls it: words of the process, not of a case."""
    element = definition_of(one.bundle).elements.get(one.cause.element) if one.cause.element else None
    return element.name if element is not None else one.cause.element


def _cases(number: int) -> str:
    return f"{number} {'case' if number == 1 else 'cases'}"
