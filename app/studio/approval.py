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
from app.studio import checking, comparing, deploying, drafts, shipped
from app.studio.bundles import bundle_of
from app.studio.ownership import counted_by, may_approve
from app.studio.scenarios import ScenarioReport, run


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
    #: how the scenarios of the process went on it, or None: it has none, or cannot run
    scenarios: ScenarioReport | None
    #: the reader may approve it
    may_approve: bool
    #: why not, or why
    reason: str

    @property
    def is_outdated(self) -> bool:
        """Another version was deployed after the draft was begun."""
        return self.current is not None and self.draft.based_on != self.current.number


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
    return Review(
        draft=draft,
        current=current,
        differences=tuple(comparing.differences(old, bundle)) if bundle else (),
        problems=tuple(found),
        live=sum(definitions.live_cases(connection, draft.key, counted_by(reader)).values()),
        scenarios=played(bundle) if bundle and not checking.errors(found) else None,
        may_approve=verdict.allowed,
        reason=verdict.reason,
    )


def approve(draft: DefinitionDraft, seen: int, reader: Reader, command: Command) -> Version:
    """Deploy it. Raises NotAllowed, Stale where it changed since, NotDeployable, SameAsBefore."""
    _second_owner(draft, seen, reader)
    bundle = bundle_of(drafts.files_of(draft))
    version = deploying.deploy(bundle, draft.by, reader.id, draft.note, command)
    store.discard(draft.id)
    return version


def send_back(draft: DefinitionDraft, seen: int, reason: str, reader: Reader) -> DefinitionDraft:
    """To its author, with what should change. Raises NotAllowed, Stale, ReasonMissing."""
    _second_owner(draft, seen, reader)
    if not reason.strip():
        raise ReasonMissing
    return store.save(replace(draft, status="sent back", note=reason.strip()[: drafts.LONGEST_NOTE]), seen)


#: reports by bundle digest: a bundle never changes, so its scenarios are played once
_reports: dict[str, ScenarioReport] = {}
_MOST_REPORTS = 32


def played(bundle: Bundle) -> ScenarioReport | None:
    """How the scenarios of its process go on a bundle; None where it has none. Takes seconds the first time."""
    scenarios = shipped.scenarios_of(bundle.key)
    if not scenarios:
        return None
    if bundle.digest not in _reports:
        for oldest in list(_reports)[: len(_reports) - _MOST_REPORTS + 1]:
            _reports.pop(oldest, None)
        _reports[bundle.digest] = run(bundle, scenarios)
    return _reports[bundle.digest]


def played_before(bundle: Bundle) -> ScenarioReport | None:
    """As `played`, where it is known already."""
    return _reports.get(bundle.digest)


def _second_owner(draft: DefinitionDraft, seen: int, reader: Reader) -> None:
    verdict = may_approve(reader, draft)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    if draft.status != "submitted" or draft.revision != seen:
        raise Stale("Its author took this draft back or changed it. Look at it again before you decide.")
