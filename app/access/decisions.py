"""The one function that says who may do what to what, and why. Deny by default; every sentence is for a person.

It reads no rows: the caller brings the reader and the facts. What each role is worth is the table in `grants`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.access import case_rules, meeting_rules, other_rules, place_rules
from app.access.actions import Action
from app.access.facts import (
    CaseFacts,
    DefinitionFacts,
    DocumentFacts,
    ErasureFacts,
    InstallationFacts,
    MeetingFacts,
    OrganisationFacts,
    PersonFacts,
    PlacesFacts,
    RuleFacts,
    StartableFacts,
    StartFacts,
    Subject,
    TaskFacts,
)
from app.access.grants import (
    ADMINISTRATOR,
    DOERS,
    FAMILY_ACTIONS,
    FIGURES,
    GRANTS,
    MARKERS,
    OWNER,
    PLACE_KEEPERS,
    PLACE_READERS,
    PUPIL_FINDERS,
)
from app.access.meetings import ARRANGERS, CHAIRS, MEMBERS
from app.access.people import Reader
from app.access.verdicts import Verdict, allowed, refused


def decide(reader: Reader, action: Action, subject: Subject | None = None) -> Verdict:
    """Whether the reader may do that to the subject; without a subject, whether they may to anything at all.

    A subject of the wrong kind for the action is a fault of the caller: TypeError.
    """
    if subject is None:
        return _anywhere(reader, action)
    rule = _RULES.get((type(subject), action))
    if rule is None:
        raise TypeError(f"Expected a subject that {action.value} can be done to, but it is {type(subject).__name__}")
    return rule(reader, action, subject)


def _anywhere(reader: Reader, action: Action) -> Verdict:
    held = next((one for one in reader.memberships if action in _worth(one.role)), None)
    return allowed(reader, held) if held else refused(reader, action)


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
    (
        {OWNER},
        {Action.SEE_DEFINITION, Action.EDIT_DEFINITION, Action.APPROVE_DEFINITION, Action.DEPLOY_DEFINITION},
    ),
    ({OWNER, ADMINISTRATOR}, {Action.SEE_RULES, Action.CHANGE_RULE}),
    ({OWNER}, {Action.APPROVE_RULE}),
    (ARRANGERS | {ADMINISTRATOR}, {Action.ARRANGE_MEETINGS}),
    (ARRANGERS, {Action.RUN_MEETING}),
    (CHAIRS, {Action.CHAIR_MEETING}),
    (ARRANGERS | MEMBERS, {Action.OPEN_PACK}),
    (PLACE_KEEPERS | {ADMINISTRATOR}, {Action.ADMINISTER_PLACES}),
    (PLACE_READERS, {Action.SEE_PLACES}),
    (MARKERS, {Action.MARK_ATTENDANCE}),
    ({ADMINISTRATOR}, {Action.ADMINISTER_PEOPLE, Action.ADMINISTER_SCHOOLS, Action.ADMINISTER_CALENDARS}),
    ({ADMINISTRATOR}, {Action.ADMINISTER_SETTINGS}),
)


_CASE_ACTIONS = frozenset(action for links in GRANTS.values() for actions in links.values() for action in actions)
_RULES: Mapping[tuple[type, Action], Callable[..., Verdict]] = MappingProxyType(
    {
        **{
            (CaseFacts, action): case_rules.about_case
            for action in _CASE_ACTIONS - {Action.ERASE_CASE, Action.RELEASE_TASK}
        },
        **{(CaseFacts, action): case_rules.about_family for action in FAMILY_ACTIONS},
        (DocumentFacts, Action.SEE_DOCUMENT): case_rules.about_document,
        (TaskFacts, Action.SEE_TASK): case_rules.see_task,
        (TaskFacts, Action.DO_TASK): case_rules.do_task,
        (TaskFacts, Action.CLAIM_TASK): case_rules.do_task,
        (TaskFacts, Action.RELEASE_TASK): case_rules.release_task,
        (TaskFacts, Action.REASSIGN_TASK): case_rules.reassign_task,
        (StartFacts, Action.START_CASE): other_rules.start,
        (StartableFacts, Action.START_CASE): other_rules.start_any,
        (ErasureFacts, Action.ERASE_CASE): case_rules.erase,
        (OrganisationFacts, Action.FIND_PUPIL): other_rules.find_pupil,
        (OrganisationFacts, Action.RAISE_SAFEGUARDING): other_rules.raise_safeguarding,
        (OrganisationFacts, Action.SEE_FIGURES): other_rules.see_figures,
        (OrganisationFacts, Action.ADMINISTER_PEOPLE): other_rules.administer,
        (OrganisationFacts, Action.ADMINISTER_SCHOOLS): other_rules.administer,
        (OrganisationFacts, Action.ADMINISTER_CALENDARS): other_rules.administer,
        (RuleFacts, Action.SEE_RULES): other_rules.see_rules,
        (RuleFacts, Action.CHANGE_RULE): other_rules.change_rule,
        (RuleFacts, Action.APPROVE_RULE): other_rules.approve_rule,
        (OrganisationFacts, Action.ADMINISTER_SETTINGS): other_rules.administer,
        (MeetingFacts, Action.ARRANGE_MEETINGS): meeting_rules.arrange,
        (MeetingFacts, Action.RUN_MEETING): meeting_rules.run,
        (MeetingFacts, Action.CHAIR_MEETING): meeting_rules.run,
        (MeetingFacts, Action.OPEN_PACK): meeting_rules.open_pack,
        (PlacesFacts, Action.ADMINISTER_PLACES): place_rules.administer,
        (PlacesFacts, Action.SEE_PLACES): place_rules.see,
        (PlacesFacts, Action.MARK_ATTENDANCE): place_rules.mark,
        (PersonFacts, Action.ADMINISTER_PEOPLE): other_rules.administer_person,
        (DefinitionFacts, Action.SEE_DEFINITION): other_rules.see_definition,
        (DefinitionFacts, Action.EDIT_DEFINITION): other_rules.edit_definition,
        (DefinitionFacts, Action.APPROVE_DEFINITION): other_rules.approve,
        (DefinitionFacts, Action.DEPLOY_DEFINITION): other_rules.deploy,
        (InstallationFacts, Action.OPERATE): other_rules.operate,
        (InstallationFacts, Action.MOVE_CLOCK): other_rules.move_clock,
    }
)
