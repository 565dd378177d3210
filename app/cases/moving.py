"""Moving a case by hand from where it is stuck to another step: where it may go, what that would mean, and doing it.

What a step would mean is the step itself, taken and thrown away; the entry says before, after, who and why.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from app import engine
from app.cases.command import Command, Receipt
from app.cases.dates import dates_for
from app.cases.definitions import definition_of
from app.cases.unit import Decision, Work, write
from app.clock import local_date
from app.engine import CannotMove, Place
from app.errors import CaseClosed, NotFound, Stale
from app.model.json import JsonObject, canonical
from app.model.step import OpenTask, Step
from app.store.db import reading
from app.store.queries import incidents
from app.store.rows import CaseRow, case_of

#: what has no step in the diagram to be moved from
_ELSEWHERE = "damaged-state"


@dataclass(frozen=True)
class Meaning:
    """What moving a case to a step would lead to, were it done now."""

    #: tasks that end undone
    ended: tuple[OpenTask, ...]
    #: tasks that open
    opened: tuple[OpenTask, ...]
    #: names of the dates that are waited for no longer
    stopped: tuple[str, ...]
    #: (name, day, why then) of the dates that are waited for
    started: tuple[tuple[str, date, str], ...]
    #: messages the case would listen to no longer, by what they are called
    unheard: tuple[str, ...]
    #: messages it would listen to
    heard: tuple[str, ...]
    #: names of the messages that go out
    sent: tuple[str, ...]
    #: where it would not go on either: sentences
    troubles: tuple[str, ...]
    #: how the case ends, or None: it goes on
    outcome: str | None
    #: the same for the same consequences, whoever asks and when
    seen: str


def places(case_id: str, incident_id: str) -> list[Place]:
    """Steps to which the case might be moved, each with why not. Raises NotFound, TaskEnded, CannotMove."""
    case, found = case_of(reading(), case_id), _incident(case_id, incident_id)
    return engine.places(definition_of(case.bundle), _state(case), found.task_id, found.element)


def meaning(case_id: str, incident_id: str, target: str, command: Command) -> Meaning:
    """What it would mean now. Raises NotFound, TaskEnded, CannotMove, CaseClosed."""
    case, found = case_of(reading(), case_id), _incident(case_id, incident_id)
    today, state = local_date(command.now), _state(case)
    dates = dates_for(reading(), case.school, today)
    definition = definition_of(case.bundle)
    step = engine.move(definition, state, found.task_id, found.element, target, dates, command.now)
    return _meaning(step, engine.waiting(definition, state))


def move(case_id: str, incident_id: str, target: str, reason: str, seen: str, command: Command) -> Receipt | None:
    """Move it, where that means what was `seen` (`Meaning.seen`).

    Raises Stale where it means something else by now, NotFound where the problem was resolved, TaskEnded, CannotMove.
    """

    def decide(work: Work) -> Decision:
        found = incidents.one(work.connection, incident_id)
        if found is None or found.case_id != case_id or found.state != "open" or found.kind == _ELSEWHERE:
            raise NotFound("This problem was resolved already.", incident_id=incident_id)
        step = engine.move(work.definition, work.state, found.task_id, found.element, target, work.dates, command.now)
        if _meaning(step, engine.waiting(work.definition, work.state)).seen != seen:
            raise Stale("Expected the move to mean what the page said, but the case went on since. Look again.")
        names = work.definition.elements
        before, after = names[found.element].name, names[target].name
        return Decision(
            "token-moved",
            meta={"incident": incident_id, "element": found.element, "to": target},
            content={
                "incident_id": incident_id,
                "resolution": f"Moved by hand to “{after}”: {reason}",
                "reason": reason,
                "before": {"step": before},
                "after": {"step": after},
            },
            step=step,
        )

    return write(case_id, command, "move", [incident_id, target, reason], decide)


def _incident(case_id: str, incident_id: str) -> incidents.Incident:
    found = incidents.one(reading(), incident_id)
    if found is None or found.case_id != case_id or found.state != "open":
        raise NotFound("This problem was resolved already.", incident_id=incident_id)
    if found.kind == _ELSEWHERE:
        raise CannotMove("Expected a state that can be read, but it cannot: make it again from the history first")
    return found


def _state(case: CaseRow) -> JsonObject:
    if case.status != "open" or case.state is None:
        raise CaseClosed(None, case_id=case.id)
    return case.state


def _meaning(step: Step, before: engine.Waiting) -> Meaning:
    closed = {one.task_id for one in step.closed}
    unheard = set(step.unsubscribed)
    timers = {one.timer_id: one.name for one in before.timers}
    ended = tuple(one for one in before.tasks if one.task_id in closed)
    started = tuple((one.name, one.due.on, one.due.sentence) for one in step.armed)
    stopped = tuple(timers[one] for one in step.disarmed if one in timers)
    silent = tuple(one.name for one in before.subscriptions if one.subscription_id in unheard)
    heard = tuple(one.name for one in step.subscribed)
    sent = tuple(one.message for one in step.thrown)
    troubles = tuple(one.sentence for one in step.troubles)
    outcome = step.outcome or "it came to its end" if step.is_completed else None
    told: JsonObject = {
        "ended": sorted(closed),
        "opened": [[one.element, one.due.on.isoformat() if one.due else None] for one in step.opened],
        "started": [[name, on.isoformat()] for name, on, _ in started],
        "stopped": sorted(step.disarmed),
        "heard": [*silent, "|", *heard, "|", *sent, "|", *troubles],
        "outcome": outcome,
    }
    seen = hashlib.sha256(canonical(told)).hexdigest()[:32]
    return Meaning(ended, step.opened, stopped, started, silent, heard, sent, troubles, outcome, seen)
