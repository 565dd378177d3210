"""Verdicts about everything that is not a case yet or never will be: starting, schools, people, figures, processes."""

from app.access.actions import Action
from app.access.facts import (
    DefinitionFacts,
    InstallationFacts,
    OrganisationFacts,
    PersonFacts,
    RuleFacts,
    StartableFacts,
    StartFacts,
)
from app.access.grants import ADMINISTRATOR, FIGURES, OWNER, PUPIL_FINDERS, STARTERS
from app.access.people import Membership, Reader
from app.access.verdicts import NOTHING_HERE, Verdict, allowed, refused


def start(reader: Reader, action: Action, start: StartFacts) -> Verdict:
    """A case is started where the pupil is on roll; who is on another roll is not told."""
    is_elsewhere = start.pupil_school not in (None, start.school)
    if is_elsewhere or start.school not in reader.tree or not reader.is_within(start.school):
        return NOTHING_HERE
    roles = start.starters & STARTERS
    held = next((one for one in reader.memberships if one.organisation == start.school and one.role in roles), None)
    return allowed(reader, held) if held else refused(reader, action)


def start_any(reader: Reader, action: Action, startable: StartableFacts) -> Verdict:
    """Whether there is anything the reader could start: the diagrams say who may."""
    roles = startable.starters & STARTERS
    held = next((one for one in reader.memberships if one.role in roles), None)
    return allowed(reader, held) if held else refused(reader, action)


def find_pupil(reader: Reader, action: Action, school: OrganisationFacts) -> Verdict:
    """Pupils are looked up in one's own school only."""
    here = [one for one in reader.memberships if one.organisation == school.organisation]
    held = next((one for one in here if one.role in PUPIL_FINDERS), None)
    return allowed(reader, held) if held else refused(reader, action, hides=not here)


def raise_safeguarding(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    """Anybody who works in the organisation, or in one above it, may raise a concern about one of its children."""
    held = _covering(reader, organisation.organisation, frozenset(one.role for one in reader.memberships))
    return allowed(reader, held) if held else NOTHING_HERE


def see_figures(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    """Counts of the organisation and of everything below it, for those the domain lets count."""
    return _over(reader, action, organisation.organisation, FIGURES)


def administer(reader: Reader, action: Action, organisation: OrganisationFacts) -> Verdict:
    """People, schools and term dates, in the administrator's own part of the tree."""
    return _over(reader, action, organisation.organisation, frozenset({ADMINISTRATOR}))


def administer_person(reader: Reader, action: Action, person: PersonFacts) -> Verdict:
    """The roles of somebody else: nobody gives themselves a role."""
    verdict = _over(reader, action, person.organisation, frozenset({ADMINISTRATOR}))
    if verdict.allowed and person.person == reader.id:
        return Verdict(
            allowed=False, reason="Expected another administrator to change your roles, but you asked for it yourself."
        )
    return verdict


def see_rules(reader: Reader, action: Action, rule: RuleFacts) -> Verdict:
    """Process owners and administrators of the whole authority, never of a school in it."""
    return _over(reader, action, rule.authority, frozenset({OWNER, ADMINISTRATOR}))


def change_rule(reader: Reader, action: Action, rule: RuleFacts) -> Verdict:
    """A local rule: owners and administrators. One of law: owners propose, and a second one approves."""
    return _over(reader, action, rule.authority, frozenset({OWNER} if rule.is_law else {OWNER, ADMINISTRATOR}))


def approve_rule(reader: Reader, action: Action, rule: RuleFacts) -> Verdict:
    """A second owner: never whoever proposed it."""
    verdict = _over(reader, action, rule.authority, frozenset({OWNER}))
    if verdict.allowed and rule.proposed_by == reader.id:
        return Verdict(allowed=False, reason="Expected a second process owner to approve this, but you proposed it.")
    return verdict


def _over(reader: Reader, action: Action, organisation: str, roles: frozenset[str]) -> Verdict:
    held = _covering(reader, organisation, roles)
    if held is not None:
        return allowed(reader, held)
    is_near = organisation in reader.tree and any(
        reader.tree.covers(one.organisation, organisation) or reader.tree.covers(organisation, one.organisation)
        for one in reader.memberships
    )
    return refused(reader, action, hides=not is_near)


def _covering(reader: Reader, organisation: str, roles: frozenset[str]) -> Membership | None:
    held = (one for one in reader.memberships if one.role in roles)
    return next((one for one in held if reader.tree.covers(one.organisation, organisation)), None)


def see_definition(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    """What is deployed is open to everybody who works under its owner; a draft to its owners."""
    held = _covering(reader, definition.owner, frozenset({OWNER}))
    if held is None and definition.is_deployed:
        held = next((one for one in reader.memberships if reader.tree.covers(definition.owner, one.organisation)), None)
    return allowed(reader, held) if held else NOTHING_HERE


def edit_definition(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    """Only process owners at the owner of the process, or above it."""
    held = _covering(reader, definition.owner, frozenset({OWNER}))
    if held is None:
        return refused(reader, action, hides=see_definition(reader, Action.SEE_DEFINITION, definition).hides)
    return allowed(reader, held)


def approve(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    """A second owner: never whoever wrote the draft."""
    verdict = edit_definition(reader, action, definition)
    if verdict.allowed and definition.drafted_by == reader.id:
        return Verdict(allowed=False, reason="Expected a second process owner to approve this, but you drafted it.")
    return verdict


def deploy(reader: Reader, action: Action, definition: DefinitionFacts) -> Verdict:
    """Only what a second owner approved, or what was deployed before."""
    verdict = edit_definition(reader, action, definition)
    is_approved = definition.approved_by is not None and definition.approved_by != definition.drafted_by
    if verdict.allowed and not (is_approved or definition.is_deployed):
        return Verdict(
            allowed=False, reason="Expected the approval of a second process owner before deploying, but there is none."
        )
    return verdict


def operate(reader: Reader, action: Action, _installation: InstallationFacts) -> Verdict:
    """Administrators of an authority; those of a school or a forum do not run the machine."""
    held = next(
        (
            one
            for one in reader.memberships
            if one.role == ADMINISTRATOR and reader.tree.get(one.organisation).kind == "authority"
        ),
        None,
    )
    return allowed(reader, held) if held else refused(reader, action)


def move_clock(reader: Reader, action: Action, installation: InstallationFacts) -> Verdict:
    """Only where every person is invented."""
    if not installation.is_demo:
        return NOTHING_HERE
    if not reader.memberships:
        return refused(reader, action)
    return Verdict(allowed=True, reason="This is a demonstration: everybody who is signed in may move its clock.")
