"""The page that moves a stuck case by hand: the steps to choose from in plain words, and what the choice would mean."""

from dataclasses import dataclass
from datetime import date

from app.access.roles import ROLES
from app.calendars import full
from app.cases import moving
from app.cases.command import Command, Receipt
from app.cases.definitions import definition_of
from app.cases.drawing import outline_of
from app.cases.moving import Meaning
from app.cases.sight import Sight
from app.casework.case_actions import REASON_NEEDED, SHORTEST_REASON
from app.errors import InvalidAnswers
from app.model.step import OpenTask
from app.store.queries.cases import CaseLine

NOT_CHOSEN = "Choose the step at which the case should go on"


@dataclass(frozen=True)
class Choice:
    """A step of the process, as people know it."""

    #: BPMN id
    element: str
    #: its line in the outline, or its name
    words: str
    #: why it cannot be chosen, or ""
    refusal: str


def choices(case: CaseLine, incident_id: str, sight: Sight, on: date) -> list[Choice]:
    """Steps in the order of the outline; of the restricted compartment only for whoever sees it."""
    elements = definition_of(case.bundle).elements
    found = {
        one.element: one.refusal
        for one in moving.places(case.id, incident_id)
        if sight.may_see_restricted or not elements[one.element].restricted
    }
    words = {
        line.element: f"{line.number}. {line.text.partition(' → ')[0]}"
        for line in outline_of(case.bundle, case.school, on)
        if line.number
    }
    ordered = [one for one in words if one in found] + [one for one in found if one not in words]
    return [Choice(one, words.get(one, elements[one].name), found[one]) for one in ordered]


def meaning(case: CaseLine, incident_id: str, target: str, known: list[Choice], command: Command) -> Meaning:
    """What the choice would mean. Raises InvalidAnswers where there is no such choice, or it cannot be."""
    chosen = next((one for one in known if one.element == target), None)
    if chosen is None or chosen.refusal:
        raise InvalidAnswers({"to": chosen.refusal if chosen else NOT_CHOSEN})
    return moving.meaning(case.id, incident_id, target, command)


def sentences(found: Meaning, case: CaseLine, sight: Sight) -> list[str]:
    """What it would mean, for whoever decides; a task of the restricted compartment is named only to its own roles."""
    elements = definition_of(case.bundle).elements
    hidden = frozenset() if sight.may_see_restricted else frozenset(e.id for e in elements.values() if e.restricted)
    told = [
        f"“{one.name}” ends undone{f', with its date {full(one.due.on)}' if one.due else ''}."
        for one in found.ended
        if one.element not in hidden
    ]
    told += [f"“{name}” is waited for no longer." for name in found.stopped]
    told += [f"The case no longer listens to “{name}”." for name in found.unheard]
    told += [_opens(one) for one in found.opened if one.element not in hidden]
    told += [f"The case waits for “{name}” on {full(on)}: {why}." for name, on, why in found.started]
    told += [f"The case listens to “{name}”." for name in found.heard]
    told += [f"The message “{name}” goes out." for name in found.sent]
    told += [f"The case still cannot go on: {sight.text(sentence)}" for sentence in found.troubles]
    if found.outcome is not None:
        told.append(f"The case closes: {found.outcome}.")
    return told or ["No task opens, and no date is waited for: other branches of the case go on as they are."]


def move(
    case: CaseLine, incident_id: str, target: str, reason: str, seen: str, sight: Sight, command: Command
) -> Receipt | None:
    """Move the case. Raises InvalidAnswers, CannotMove, Stale where it means something else by now, NotFound."""
    problems: dict[str, str] = {}
    element = definition_of(case.bundle).elements.get(target)
    if element is None or (element.restricted and not sight.may_see_restricted):
        problems["to"] = NOT_CHOSEN
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = REASON_NEEDED
    if problems:
        raise InvalidAnswers(problems)
    return moving.move(case.id, incident_id, target, reason.strip(), seen, command)


def _opens(task: OpenTask) -> str:
    roles = [ROLES[code].name for code in (task.role or "").split() if code in ROLES]
    who = f" for {' or '.join(roles)}" if roles else " for nobody: its lane names no role"
    due = f", due {full(task.due.on)}: {task.due.sentence}" if task.due else ", without a date"
    return f"“{task.name}” opens{who}{due}."
