"""A second owner looks at a submitted draft and deploys it or sends it back. What the page shows is gathered here."""

from dataclasses import dataclass, replace

from app.access.people import Reader
from app.cases.command import Command
from app.checks import Problem
from app.diagrams import Difference
from app.errors import NotAllowed, NotDeployable, Rejected, Stale
from app.model.definition import Bundle
from app.store import definition_drafts as store
from app.store.db import reading
from app.store.definition_drafts import DefinitionDraft
from app.store.queries import definitions
from app.store.queries.definitions import Version
from app.studio import checking, comparing, deploying, drafts, reports
from app.studio.bundles import bundle_of
from app.studio.ownership import counted_by, may_approve
from app.studio.scenarios import ScenarioReport
from app.studio.touching import LiveStep, live_steps

CHANGED = "Its author took this draft back or changed it after this page was made. Look at it again before you decide."


class ReasonMissing(Rejected):
    """Say what should be changed before it can be approved."""


@dataclass(frozen=True)
class Review:
    """Everything a second owner decides by."""

    #: what was submitted
    draft: DefinitionDraft
    #: version that new cases start on now, or None
    current: Version | None
    #: against that version
    differences: tuple[Difference, ...]
    #: errors and warnings
    problems: tuple[Problem, ...]
    #: open cases that stay on the versions they started on
    live: int
    #: its files as they would be deployed, or None: they are no bundle
    bundle: Bundle | None
    #: it has scenarios and can run
    is_playable: bool
    #: how the scenarios in it went, or None: it has none, cannot run, or they were not played yet
    scenarios: ScenarioReport | None
    #: names of the roles that may start a case on it
    starters: tuple[str, ...]
    #: where open cases stand now, and whether the draft still has that step
    steps: tuple[LiveStep, ...]
    #: the reader may approve it
    may_approve: bool
    #: why not, or why
    reason: str

    @property
    def is_outdated(self) -> bool:
        """Another version was deployed after the draft was begun."""
        return self.current is not None and self.draft.based_on != self.current.number

    @property
    def digest(self) -> str:
        """Address of exactly what is shown, "" where it is no bundle: approving names it."""
        return self.bundle.digest if self.bundle else ""

    @property
    def scenario_count(self) -> int:
        """How many scenarios it carries."""
        return reports.how_many(self.bundle) if self.bundle else 0


def review(draft: DefinitionDraft, reader: Reader) -> Review:
    """The draft as a second owner should see it; it may have problems."""
    connection = reading()
    current = next((one for one in definitions.versions(connection, draft.key) if one.is_current), None)
    files = drafts.files_of(draft)
    found = checking.problems(files, checking.known_here(connection, draft.key))
    verdict = may_approve(reader, draft)
    try:
        bundle: Bundle | None = bundle_of(files)
    except NotDeployable:
        bundle = None
    old = definitions.bundle(current.digest) if current else None
    is_playable = bundle is not None and bool(bundle.scenarios) and not checking.errors(found)
    return Review(
        draft=draft,
        current=current,
        differences=tuple(comparing.differences(old, bundle)) if bundle else (),
        problems=tuple(found),
        live=sum(definitions.live_cases(connection, draft.key, counted_by(reader)).values()),
        bundle=bundle,
        is_playable=is_playable,
        scenarios=reports.known(bundle) if bundle and is_playable else None,
        starters=tuple(checking.starters(bundle)) if bundle else (),
        steps=live_steps(connection, draft.key, counted_by(reader), bundle) if bundle else (),
        may_approve=verdict.allowed,
        reason=verdict.reason,
    )


def approve(draft: DefinitionDraft, seen: int, digest: str, reader: Reader, command: Command) -> Version:
    """Deploy exactly what the page showed: `digest` names it.

    Raises NotAllowed, Stale where it changed since, NotDeployable, SameAsBefore.
    """
    _second_owner(draft, seen, reader)
    bundle = bundle_of(drafts.files_of(draft))
    if bundle.digest != digest:
        raise Stale(CHANGED)
    version = deploying.deploy(bundle, draft.by, reader.id, draft.note, command)
    store.discard(draft.id)
    return version


def send_back(draft: DefinitionDraft, seen: int, reason: str, reader: Reader) -> DefinitionDraft:
    """To its author, with what should change. Raises NotAllowed, Stale, ReasonMissing."""
    _second_owner(draft, seen, reader)
    if not reason.strip():
        raise ReasonMissing
    note = reason.strip()[: drafts.LONGEST_NOTE]
    return store.save(replace(draft, status="sent back", note=note, decided_by=reader.id), seen)


def _second_owner(draft: DefinitionDraft, seen: int, reader: Reader) -> None:
    verdict = may_approve(reader, draft)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    if draft.status != "submitted" or draft.revision != seen:
        raise Stale(CHANGED)
