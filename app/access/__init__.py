"""Who may do what to what, and why: pure, deny by default. Rows, pages and recording of reads are elsewhere."""

from app.access.actions import Action
from app.access.case_rules import sees
from app.access.decisions import decide
from app.access.facts import (
    CaseFacts,
    DefinitionFacts,
    DocumentFacts,
    ErasureFacts,
    InstallationFacts,
    MeetingFacts,
    OrganisationFacts,
    PersonFacts,
    StartableFacts,
    StartFacts,
    Subject,
    TaskFacts,
)
from app.access.grants import DOERS, STARTERS
from app.access.masking import Mask, MaskedText, Party, PartyKind
from app.access.organisations import HolderWord, Organisation, OrganisationKind, OrganisationTree
from app.access.people import Membership, Person, Reader
from app.access.roles import ROLES, Role
from app.access.scopes import CaseScope, TaskScope, case_scope, task_scope
from app.access.tasks import may_be_given
from app.access.verdicts import NOTHING_HERE, Verdict

__all__ = [
    "DOERS",
    "NOTHING_HERE",
    "ROLES",
    "STARTERS",
    "Action",
    "CaseFacts",
    "CaseScope",
    "DefinitionFacts",
    "DocumentFacts",
    "ErasureFacts",
    "HolderWord",
    "InstallationFacts",
    "Mask",
    "MaskedText",
    "MeetingFacts",
    "Membership",
    "Organisation",
    "OrganisationFacts",
    "OrganisationKind",
    "OrganisationTree",
    "Party",
    "PartyKind",
    "Person",
    "PersonFacts",
    "Reader",
    "Role",
    "StartFacts",
    "StartableFacts",
    "Subject",
    "TaskFacts",
    "TaskScope",
    "Verdict",
    "case_scope",
    "decide",
    "may_be_given",
    "sees",
    "task_scope",
]
