"""Resolving an incident: retry, correct the data, end the case, or say that it is dealt with; handing one over.

Each entry says before, after, who and why.
"""

from dataclasses import replace
from typing import Any

from app import engine
from app.cases import giving_up, sending
from app.cases import letters as case_letters
from app.cases.command import Command, Receipt
from app.cases.unit import Decision, Work, write
from app.errors import NotFound, Rejected
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.step import Step
from app.store import journal
from app.store.due_tries import KINDS, Tried
from app.store.queries import incidents, people

#: who can resolve a problem of a case, at its school
_SOLVERS = ("SENCO", "INCL", "EYSET", "P16", "SPEC", "HT")


#: how a case ends that a person ended because it could not go on
ENDED = "Ended after a problem"
#: kind of the problem of a case whose message reached nobody although it waits for what follows
UNDELIVERED = "undelivered"


class StillStuck(Rejected):
    """This case still cannot go on: saying that its problem is dealt with would hide it."""


def retry(case_id: str, incident_id: str, reason: str, command: Command) -> Receipt | None:
    """Try the element that failed once more."""
    return _resolve(case_id, incident_id, f"Tried again: {reason}", command, None)


def correct(case_id: str, incident_id: str, variables: JsonObject, reason: str, command: Command) -> Receipt | None:
    """Correct process variables, then try again."""
    return _resolve(case_id, incident_id, f"Data corrected: {reason}", command, variables)


def end_case(case_id: str, incident_id: str, reason: str, command: Command) -> Receipt | None:
    """End the case because it cannot go on."""

    def decide(work: Work) -> Decision:
        _open(work, incident_id)
        step = engine.cancel(work.definition, work.state, work.dates, command.now, ENDED)
        return Decision(
            "incident-resolved", {"incident": incident_id}, _said(incident_id, f"Case ended: {reason}"), step
        )

    return write(case_id, command, "end-case", [incident_id, reason], decide)


def settle(case_id: str, incident_id: str, reason: str, command: Command) -> Receipt | None:
    """Say that a problem is dealt with. Raises StillStuck where the case still stands at it."""

    def decide(work: Work) -> Decision:
        found = _open(work, incident_id)
        if work.case.status == "open" and _stands_at(work, found):
            raise StillStuck(None, case_id=case_id)
        content = _said(incident_id, f"Dealt with: {reason}") | _from_to("open", "dealt with")
        return Decision("incident-resolved", {"incident": incident_id}, content)

    return write(case_id, command, "settle", [incident_id, reason], decide)


def hand_over(case_id: str, incident_id: str, reason: str, command: Command) -> Receipt | None:
    """The operator gives up: the problem stays open, with the people of its case, who are told (ADR 0042)."""

    def decide(work: Work) -> Decision:
        found = _open(work, incident_id)
        if found.resolution is not None:
            raise NotFound("This problem was handed over already.", incident_id=incident_id)
        holders = people.holding(work.connection, list(_SOLVERS), [work.case.school], work.today)
        sentence = f"The operator cannot put a problem of this case right. Decide what to do about it. {reason}"
        told = {"task_id": incident_id, "sentence": sentence, "people": [one.id for one in holders]}
        content = _said(incident_id, f"Handed over: {reason}") | _from_to("operator", "people of the case")
        return Decision("incident-handed-over", {"incident": incident_id}, content | {"warned": [told]})

    return write(case_id, command, "hand-over", [incident_id, reason], decide)


def _from_to(before: str, after: str) -> dict[str, Any]:
    return {"before": {"problem": before}, "after": {"problem": after}}


def _stands_at(work: Work, found: incidents.Incident) -> bool:
    if (due := _due_thing(found)) is not None:
        return giving_up.is_waiting(work.connection, due)
    troubles = engine.waiting(work.definition, work.state).troubles
    return any((one.task_id, one.element) == (found.task_id, found.element) for one in troubles)


def _due_thing(found: incidents.Incident) -> Tried | None:
    """The timer or notice that failed too often, where it is such a problem."""
    return Tried(found.kind, found.task_id, found.case_id) if found.kind in KINDS and found.task_id else None


def _resolve(
    case_id: str, incident_id: str, resolution: str, command: Command, variables: JsonObject | None
) -> Receipt | None:
    def decide(work: Work) -> Decision:
        found = _open(work, incident_id)
        content = _said(incident_id, resolution)
        if found.kind == UNDELIVERED:
            _send_again(work, incident_id)
        if found.kind == case_letters.UNDELIVERED:
            case_letters.mail_again(work, incident_id)
            return Decision("incident-resolved", {"incident": incident_id}, content)
        if variables is not None:
            content |= {"before": {name: work.case.variables.get(name) for name in variables}, "after": variables}
        if (due := _due_thing(found)) is not None:
            giving_up.once_more(work.connection, due, command)
            step = None if variables is None else _step(work, found.task_id, variables, command)
            return Decision("incident-resolved", {"incident": incident_id}, content, step)
        step = _told_again(work, found, _step(work, found.task_id, variables, command))
        return Decision("incident-resolved", {"incident": incident_id}, content, step)

    return write(case_id, command, "resolve", [incident_id, resolution, variables], decide)


def _send_again(work: Work, incident_id: str) -> None:
    """Have what reached nobody passed on once more."""
    for said in journal.entries(work.connection, StreamId("case", work.case.id)):
        content: dict[str, Any] = said.content or {}
        for trouble in content.get("troubles", ()) if said.kind == "message-passed-on" else ():
            if trouble["id"] == incident_id:
                sending.again(work.connection, work.case, int(str(said.meta["seq"])), trouble["nth"], incident_id)


def _step(work: Work, task_id: str | None, variables: JsonObject | None, command: Command) -> Step:
    if variables is None:
        return engine.retry(work.definition, work.state, task_id, work.dates, command.now)
    return engine.amend(work.definition, work.state, variables, task_id, work.dates, command.now)


def _told_again(work: Work, found: incidents.Incident, step: Step) -> Step:
    """The step, with the trouble in it where it is still there: what was tried in vain must stay somebody's work."""
    left = engine.waiting(work.definition, step.state).troubles
    same = [one for one in left if (one.task_id, one.element) == (found.task_id, found.element)]
    return replace(step, troubles=(*step.troubles, *(one for one in same if one not in step.troubles)))


def _open(work: Work, incident_id: str) -> incidents.Incident:
    found = incidents.one(work.connection, incident_id)
    if found is None or found.case_id != work.case.id or found.state != "open":
        raise NotFound("This problem was resolved already.", incident_id=incident_id)
    return found


def _said(incident_id: str, resolution: str) -> dict[str, Any]:
    return {"incident_id": incident_id, "resolution": resolution}
