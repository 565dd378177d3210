"""The one function that says who may do what to what, and why. Deny by default; every sentence is for a person.

It reads no rows: the caller brings the reader and the facts. What each role is worth is the table in `grants`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.access.actions import Action
from app.access.facts import (
    CaseFacts,
    DefinitionFacts,
    DocumentFacts,
    ErasureFacts,
    InstallationFacts,
    OrganisationFacts,
    PersonFacts,
    StartFacts,
    Subject,
    TaskFacts,
)
from app.access.grants import ADMINISTRATOR, DOERS, FIGURES, GRANTS, OWNER, PUPIL_FINDERS, STARTERS, Link
from app.access.links import best_ground
from app.access.people import Membership, Reader
from app.access.tasks import doing_membership


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may, and why."""

    #: the answer
    allowed: bool
    #: one sentence for a person
    reason: str
    #: refused without saying that the object exists: the page is 404, not 403
    hides: bool = False
    #: allowed, but people are shown under masks
    is_masked: bool = False


NOTHING_HERE = Verdict(allowed=False, reason="There is nothing here that you can see.", hides=True)

_WHY = {
    Link.HOME: "",
    Link.NAMED_HERE: ", and this case names you",
    Link.NAMED: ", and this case names you",
    Link.INVITED: ", and you were invited to this case",
    Link.SHARED: ", and this case was shared with it",
    Link.TASK: ", and this case has a task for that role",
    Link.OVERDUE: ", and this case is overdue or was escalated",
    Link.ESCALATED: ", and this case was escalated",
    Link.RESTRICTED: ", and this case holds restricted notes",
    Link.MASKED: "",
    Link.BLIND: "",
}


def decide(reader: Reader, action: Action, subject: Subject | None = None) -> Verdict:
    """Whether the reader may do that to the subject; without a subject, whether they may to anything at all.

    A subject of the wrong kind for the action is a fault of the caller: TypeError.
    """
    if subject is None:
        return _anywhere(reader, action)
    rule = _RULES.get((type(subject), action)) or _RULES.get((type(subject), None))
    if rule is None:
        raise TypeError(f"Expected a subject that {action.value} can be done to, but it is {type(subject).__name__}")
    return rule(reader, action, subject)


def sees(reader: Reader, case: CaseFacts) -> bool:
    """Whether the case exists for the reader: they may see it, or what was shared of it."""
    return any(best_ground(reader, action, case) for action in (Action.SEE_CASE, Action.SEE_PACK))


def _allowed(reader: Reader, held: Membership, why: str = "", *, is_masked: bool = False) -> Verdict:
    return Verdict(allowed=True, reason=f"You are {reader.describe(held)}{why}.", is_masked=is_masked)


def _refused(reader: Reader, action: Action, *, hides: bool = False) -> Verdict:
    if hides:
        return NOTHING_HERE
    held = ", ".join(reader.describe(one) for one in reader.memberships) or "nobody with a role today"
    return Verdict(allowed=False, reason=f"Expected somebody who may {action.phrase}, but you are {held}.")


def _anywhere(reader: Reader, action: Action) -> Verdict:
    held = next((one for one in reader.memberships if action in _worth(one.role)), None)
    return _allowed(reader, held) if held else _refused(reader, action)


def _worth(role: str) -> frozenset[Action]:
    """Everything a role could ever do."""
    worth = frozenset(action for actions in GRANTS.get(role, {}).values() for action in actions)
    for roles, actions in _BESIDE_CASES:
        worth |= actions if role in roles else frozenset()
    return worth


_BESIDE_CASES = (
    (DOERS, {Action.SEE_TASK, Action.DO_TASK, Action.CLAIM_TASK, Action.RELEASE_TASK}),
    (FIGURES, {Action.SEE_FIGURES}),
    (PUPIL_FINDERS, {Action.FIND_PUPIL}),
    (frozenset().union(*STARTERS.values()), {Action.START_CASE}),
    (
        {OWNER},
        {Action.SEE_DEFINITION, Action.EDIT_DEFINITION, Action.APPROVE_DEFINITION, Action.DEPLOY_DEFINITION},
    ),
    ({ADMINISTRATOR}, {Action.ADMINISTER_PEOPLE, Action.ADMINISTER_SCHOOLS, Action.ADMINISTER_CALENDARS}),
)


def _case(reader: Reader, action: Action, case: CaseFacts) -> Verdict:
    ground = best_ground(reader, action, case)
    if ground is None:
        return _refused(reader, action, hides=not sees(reader, case))
    return _allowed(reader, ground.membership, _WHY[ground.link], is_masked=ground.is_masked)


def _document(reader: Reader, action: Action, document: DocumentFacts) -> Verdict:
    if not document.is_restricted:
        return _case(reader, action, document.case)
    verdict = _case(reader, Action.SEE_RESTRICTED, document.case)
    return verdict if verdict.allowed else NOTHING_HERE


def _see_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    held = doing_membership(reader, task)
    if held is not None:
        return _allowed(reader, held, ", and this task is for that role")
    if task.is_restricted:
        return NOTHING_HERE
    verdict = _case(reader, Action.SEE_CASE, task.case)
    return _refused(reader, action) if verdict.is_masked else verdict


def _do_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    held = doing_membership(reader, task)
    if held is not None:
        return _allowed(reader, held, ", and this task is for that role")
    return _refused(reader, action, hides=_see_task(reader, Action.SEE_TASK, task).hides)


def _reassign_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    ground = None if task.is_restricted else best_ground(reader, Action.REASSIGN_TASK, task.case)
    if ground is not None:
        return _allowed(reader, ground.membership, _WHY[ground.link])
    return _refused(reader, action, hides=_see_task(reader, Action.SEE_TASK, task).hides)


def _release_task(reader: Reader, action: Action, task: TaskFacts) -> Verdict:
    held = doing_membership(reader, task)
    if held is not None and task.assignee == reader.id:
        return _allowed(reader, held, ", and this task is yours")
    return _reassign_task(reader, action, task)


def _start(reader: Reader, action: Action, start: StartFacts) -> Verdict:
    roles = start.starters or STARTERS.get(start.process, frozenset())
    held = next((one for one in reader.memberships if one.organisation == start.school and one.role in roles), None)
    if start.school not in reader.tree or not reader.is_within(start.school):
        return NOTHING_HERE
    if start.pupil_school not in (None, start.school):
        return Verdict(allowed=False, reason="Expected a pupil of your school, but this pupil is on another roll.")
    return _allowed(reader, held) if held else _refused(reader, action)


def _find_pupil(reader: Reader, action: Action, school: OrganisationFacts) -> Verdict:
    held = next((one for one in reader.memberships if one.organisation == school.organisation), None)
    finder = next((one for one in reader.memberships if _finds_at(one, school.organisation)), None)
    return _allowed(reader, finder) if finder else _refused(reader, action, hides=held is None)


def _finds_at(held: Membership, school: str) -> bool:
    return held.role in PUPIL_FINDERS and held.organisation == school


def _raise_safeguarding(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    """Anybody who works in the organisation, or in one above it, may raise a concern about one of its children."""
    held = _covering(reader, organisation.organisation, frozenset(one.role for one in reader.memberships))
    return _allowed(reader, held) if held else NOTHING_HERE


def _figures(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    return _over(reader, action, organisation.organisation, FIGURES)


def _administer(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    return _over(reader, action, organisation.organisation, frozenset({ADMINISTRATOR}))


def _administer_person(reader: Reader, action: Action, person: PersonFacts) -> Verdict:
    verdict = _over(reader, action, person.organisation, frozenset({ADMINISTRATOR}))
    if verdict.allowed and person.person == reader.id:
        return Verdict(
            allowed=False, reason="Expected another administrator to change your roles, but you asked for it yourself."
        )
    return verdict


def _over(reader: Reader, action: Action, organisation: str, roles: frozenset[str]) -> Verdict:
    held = _covering(reader, organisation, roles)
    if held is not None:
        return _allowed(reader, held)
    is_near = organisation in reader.tree and any(
        reader.tree.covers(one.organisation, organisation) or reader.tree.covers(organisation, one.organisation)
        for one in reader.memberships
    )
    return _refused(reader, action, hides=not is_near)


def _covering(reader: Reader, organisation: str, roles: frozenset[str]) -> Membership | None:
    held = (one for one in reader.memberships if one.role in roles)
    return next((one for one in held if reader.tree.covers(one.organisation, organisation)), None)


def _see_definition(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    """What is deployed is open to everybody who works under its owner; a draft to its owners."""
    if definition.is_deployed:
        held = next(
            (one for one in reader.memberships if reader.tree.covers(definition.owner, one.organisation)),
            _covering(reader, definition.owner, frozenset({OWNER})),
        )
        return _allowed(reader, held) if held else NOTHING_HERE
    held = _covering(reader, definition.owner, frozenset({OWNER}))
    return _allowed(reader, held) if held else NOTHING_HERE


def _own_definition(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    held = _covering(reader, definition.owner, frozenset({OWNER}))
    if held is None:
        return _refused(reader, action, hides=_see_definition(reader, Action.SEE_DEFINITION, definition).hides)
    return _allowed(reader, held)


def _approve(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    verdict = _own_definition(reader, action, definition)
    if verdict.allowed and definition.drafted_by == reader.id:
        return Verdict(allowed=False, reason="Expected a second process owner to approve this, but you drafted it.")
    return verdict


def _deploy(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    verdict = _own_definition(reader, action, definition)
    is_approved = definition.approved_by is not None and definition.approved_by != definition.drafted_by
    if verdict.allowed and not (is_approved or definition.is_deployed):
        return Verdict(
            allowed=False, reason="Expected the approval of a second process owner before deploying, but there is none."
        )
    return verdict


def _erase(reader: Reader, action: Action, erasure: ErasureFacts) -> Verdict:
    verdict = _case(reader, action, erasure.case)
    if verdict.allowed and erasure.requested_by == reader.id:
        return Verdict(allowed=False, reason="Expected a second person to confirm this, but you asked for it.")
    return verdict


def _move_clock(reader: Reader, action: Action, installation: InstallationFacts) -> Verdict:
    if not installation.is_demo:
        return NOTHING_HERE
    if not reader.memberships:
        return _refused(reader, action)
    return Verdict(allowed=True, reason="This is a demonstration: everybody who is signed in may move its clock.")


_CASE_ACTIONS = frozenset(action for links in GRANTS.values() for actions in links.values() for action in actions)
_RULES: Mapping[tuple[type, Action | None], Callable[..., Verdict]] = MappingProxyType(
    {
        **{(CaseFacts, action): _case for action in _CASE_ACTIONS - {Action.ERASE_CASE, Action.RELEASE_TASK}},
        (DocumentFacts, Action.SEE_DOCUMENT): _document,
        (TaskFacts, Action.SEE_TASK): _see_task,
        (TaskFacts, Action.DO_TASK): _do_task,
        (TaskFacts, Action.CLAIM_TASK): _do_task,
        (TaskFacts, Action.RELEASE_TASK): _release_task,
        (TaskFacts, Action.REASSIGN_TASK): _reassign_task,
        (StartFacts, Action.START_CASE): _start,
        (ErasureFacts, Action.ERASE_CASE): _erase,
        (OrganisationFacts, Action.FIND_PUPIL): _find_pupil,
        (OrganisationFacts, Action.RAISE_SAFEGUARDING): _raise_safeguarding,
        (OrganisationFacts, Action.SEE_FIGURES): _figures,
        (OrganisationFacts, Action.ADMINISTER_PEOPLE): _administer,
        (OrganisationFacts, Action.ADMINISTER_SCHOOLS): _administer,
        (OrganisationFacts, Action.ADMINISTER_CALENDARS): _administer,
        (PersonFacts, Action.ADMINISTER_PEOPLE): _administer_person,
        (DefinitionFacts, Action.SEE_DEFINITION): _see_definition,
        (DefinitionFacts, Action.EDIT_DEFINITION): _own_definition,
        (DefinitionFacts, Action.APPROVE_DEFINITION): _approve,
        (DefinitionFacts, Action.DEPLOY_DEFINITION): _deploy,
        (InstallationFacts, Action.MOVE_CLOCK): _move_clock,
    }
)
