"""Verdicts about cases and what they hold: documents, tasks, erasure. What each role is worth is in `grants`."""

from app.access.actions import Action
from app.access.facts import CaseFacts, DocumentFacts, ErasureFacts, TaskFacts
from app.access.grants import Link
from app.access.links import best_ground, grounds
from app.access.people import Reader
from app.access.tasks import doing_membership
from app.access.verdicts import NOTHING_HERE, Verdict, allowed, refused

_WHY = {
    Link.HOME: "",
    Link.NAMED_HERE: ", and this case names you",
    Link.NAMED: ", and this case names you",
    Link.INVITED: ", and you were invited to this case",
    Link.MEETING: ", and this case is on the list of your meeting",
    Link.SHARED: ", and this case was shared with it",
    Link.TASK: ", and this case has a task for that role",
    Link.OFFICE: ", and your office sees such cases of every school",
    Link.OVERDUE: ", and this case is overdue or was escalated",
    Link.ESCALATED: ", and this case was escalated",
    Link.RESTRICTED: ", and this case holds restricted notes",
    Link.MASKED: "",
    Link.BLIND: "",
}


def sees(reader: Reader, case: CaseFacts) -> bool:
    """Whether the case exists for the reader: they may see it, or what was shared of it."""
    return any(best_ground(reader, action, case) for action in (Action.SEE_CASE, Action.SEE_PACK))


def about_case(reader: Reader, action: Action, case: CaseFacts) -> Verdict:
    """The best reason there is; without one the case is hidden, unless it may be seen."""
    ground = best_ground(reader, action, case)
    if ground is None:
        return refused(reader, action, hides=not sees(reader, case))
    return allowed(reader, ground.membership, _WHY[ground.link], is_masked=ground.is_masked)


def about_family(reader: Reader, action: Action, case: CaseFacts) -> Verdict:
    """As the case; but a school reads no more of the family once the pupil has left it: where they live now, say."""
    has_left = case.pupil_school not in (None, case.school)
    grounded = (one for one in grounds(reader, action, case) if not (has_left and one.link in _OF_THE_SCHOOL))
    ground = min(grounded, key=lambda one: one.is_masked, default=None)
    if ground is None:
        return refused(reader, action, hides=not sees(reader, case))
    return allowed(reader, ground.membership, _WHY[ground.link], is_masked=ground.is_masked)


#: links that rest on the school of the case alone
_OF_THE_SCHOOL = frozenset({Link.HOME, Link.RESTRICTED})


def about_document(reader: Reader, action: Action, document: DocumentFacts) -> Verdict:
    """As the case; a restricted document as the restricted compartment, or there is none."""
    if not document.is_restricted:
        return about_case(reader, action, document.case)
    verdict = about_case(reader, Action.SEE_RESTRICTED, document.case)
    return verdict if verdict.allowed else NOTHING_HERE


def see_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    """Whoever may do it, and whoever sees the case by name; a restricted task only the former."""
    held = doing_membership(reader, task)
    if held is not None:
        return allowed(reader, held, ", and this task is for that role")
    if task.is_restricted:
        return NOTHING_HERE
    verdict = about_case(reader, Action.SEE_CASE, task.case)
    return refused(reader, action) if verdict.is_masked else verdict


def do_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    """Holders of the lane's role at its organisation."""
    held = doing_membership(reader, task)
    if held is not None:
        return allowed(reader, held, ", and this task is for that role")
    return refused(reader, action, hides=see_task(reader, Action.SEE_TASK, task).hides)


def reassign_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    """The line lead of the case."""
    ground = None if task.is_restricted else best_ground(reader, Action.REASSIGN_TASK, task.case)
    if ground is not None:
        return allowed(reader, ground.membership, _WHY[ground.link])
    return refused(reader, action, hides=see_task(reader, Action.SEE_TASK, task).hides)


def release_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    """Whoever has it, or the line lead."""
    held = doing_membership(reader, task)
    if held is not None and task.assignee == reader.id:
        return allowed(reader, held, ", and this task is yours")
    return reassign_task(reader, action, task)


def erase(reader: Reader, action: Action, erasure: ErasureFacts) -> Verdict:
    """A second person: never whoever asked for it."""
    verdict = about_case(reader, action, erasure.case)
    if verdict.allowed and erasure.requested_by == reader.id:
        return Verdict(allowed=False, reason="Expected a second person to confirm this, but you asked for it.")
    return verdict
