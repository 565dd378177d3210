"""Whose a process is: what is deployed belongs to the installation, a draft to the authority of who writes it."""

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import DefinitionFacts, OrganisationFacts
from app.access.grants import OWNER
from app.access.people import Reader
from app.access.verdicts import Verdict
from app.store.db import reading
from app.store.definition_drafts import DraftHead
from app.store.queries import people


def may_see(reader: Reader, key: str) -> Verdict:
    """Whether somebody may look at what is deployed."""
    return decide(reader, Action.SEE_DEFINITION, DefinitionFacts(key, _authority(reader), is_deployed=True))


def may_deploy_again(reader: Reader, key: str) -> Verdict:
    """Whether somebody may make an earlier version current again."""
    return decide(reader, Action.DEPLOY_DEFINITION, DefinitionFacts(key, _authority(reader), is_deployed=True))


def may_edit(reader: Reader, draft: DraftHead) -> bool:
    """Whether a draft is one of the reader's authority, and the reader an owner there."""
    return decide(reader, Action.EDIT_DEFINITION, _facts(reader, draft)).allowed


def may_approve(reader: Reader, draft: DraftHead) -> Verdict:
    """Whether somebody may approve a draft: a second owner, never its author."""
    return decide(reader, Action.APPROVE_DEFINITION, _facts(reader, draft))


def counted_by(reader: Reader) -> frozenset[str]:
    """Organisations whose cases the reader counts."""
    every = (one.id for one in reader.tree.organisations)
    return frozenset(one for one in every if decide(reader, Action.SEE_FIGURES, OrganisationFacts(one)).allowed)


def _facts(reader: Reader, draft: DraftHead) -> DefinitionFacts:
    author = people.one(reading(), draft.by)
    held = [one.organisation for one in author.memberships if one.role == OWNER] if author else []
    owner = next((reader.tree.authority_of(one) for one in held if one in reader.tree), None)
    return DefinitionFacts(draft.key, owner or "", drafted_by=draft.by)


def _authority(reader: Reader) -> str:
    held = sorted(reader.memberships, key=lambda one: one.role != OWNER)
    return next((found for one in held if (found := reader.tree.authority_of(one.organisation))), "")
