"""What a decision needs to know about its object, as plain values that the caller reads from rows. Decides nothing.

`status` is here for the page. A closed case or an ended task is a rejection of the use case with a page of its own
(`CaseClosed`, `AlreadyDone`, `TaskEnded`), never a question of who.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True)
class CaseFacts:
    """One case, or a case about to be started."""

    #: case id
    case_id: str
    #: home organisation of the case: the school that carries it
    school: str
    #: process definition key
    process: str
    #: "open", "closed", "erased"
    status: str = "open"
    #: ids of people the case names: the class teacher, whoever started it, whoever has one of its open tasks
    named_people: frozenset[str] = frozenset()
    #: where the pupil is now, where that is not the home organisation any more
    pupil_school: str | None = None
    #: organisations that a sharing entry lets see the information pack today
    shared_with: frozenset[str] = frozenset()
    #: ids of people invited to it today: a request for advice
    invited: frozenset[str] = frozenset()
    #: (person id, kind of meeting, organisation id) of members to whom a pack opens it today
    packs: frozenset[tuple[str, str, str]] = frozenset()
    #: (kind of meeting, organisation id) of meetings on whose list it is, until their pack closes
    listed: frozenset[tuple[str, str]] = frozenset()
    #: (role, organisation id) of its open tasks, restricted ones left out
    open_lanes: frozenset[tuple[str, str]] = frozenset()
    #: a deadline of it is overdue today
    is_overdue: bool = False
    #: it was escalated by an entry (not merely late: lateness is a count)
    is_escalated: bool = False
    #: its restricted compartment holds something, or a restricted task is open
    has_restricted: bool = False
    #: consent it needs was withdrawn or has ended: whoever is invited, a member or shared with sees nothing of it
    is_sharing_stopped: bool = False
    #: ids of people who revealed its names, with a recorded reason that still holds
    revealed_to: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TaskFacts:
    """One task of a case."""

    #: the case it belongs to
    case: CaseFacts
    #: role codes of its lane
    roles: frozenset[str]
    #: organisation whose role holders may do it, or None: the lane names one that the school does not have
    organisation: str | None
    #: it belongs to the restricted compartment
    is_restricted: bool = False
    #: id of the person who has taken it, or None
    assignee: str | None = None
    #: "open", "completed", "cancelled"
    status: str = "open"


@dataclass(frozen=True)
class DocumentFacts:
    """One document of a case."""

    #: the case it belongs to
    case: CaseFacts
    #: it belongs to the restricted compartment
    is_restricted: bool = False


@dataclass(frozen=True)
class StartFacts:
    """A case that somebody wants to start."""

    #: process definition key
    process: str
    #: the school that would carry it
    school: str
    #: roles that may start it, as its diagram says
    starters: frozenset[str]
    #: where the pupil is on roll, or None: not known yet
    pupil_school: str | None = None


@dataclass(frozen=True)
class StartableFacts:
    """Whatever could be started now: every process that new cases can start on."""

    #: roles that any of them names as its starters
    starters: frozenset[str]


@dataclass(frozen=True)
class ErasureFacts:
    """The erasure of a case, asked for by one person and confirmed by another."""

    #: the case
    case: CaseFacts
    #: id of who asked
    requested_by: str


@dataclass(frozen=True)
class DefinitionFacts:
    """One process definition, or one draft of it."""

    #: process definition key
    key: str
    #: organisation that owns it
    owner: str
    #: id of who wrote the draft, or None: it came with the installation
    drafted_by: str | None = None
    #: id of the second owner who approved it, or None
    approved_by: str | None = None
    #: it is or was deployed: no longer a draft
    is_deployed: bool = False


@dataclass(frozen=True)
class RuleFacts:
    """A deadline rule as an authority has it, or a change of it that waits for a second owner."""

    #: organisation id of the authority
    authority: str
    #: it stands in an act, a regulation or statutory guidance
    is_law: bool = False
    #: id of who proposed the change, or None: there is none
    proposed_by: str | None = None


@dataclass(frozen=True)
class OrganisationFacts:
    """One organisation, with its figures, its term dates, its staff list."""

    #: organisation id
    organisation: str


@dataclass(frozen=True)
class PersonFacts:
    """One person whose roles are to be changed."""

    #: person id
    person: str
    #: the organisation of the role in question
    organisation: str


@dataclass(frozen=True)
class MeetingFacts:
    """One meeting of a series, or the series itself."""

    #: code of the kind of meeting
    kind: str
    #: the organisation that holds it
    organisation: str
    #: ids of the members who are sent the pack
    members: frozenset[str] = frozenset()
    #: first day on which members may open the pack, or None: never
    pack_from: date | None = None
    #: last day on which anybody may, or None: never
    access_until: date | None = None


@dataclass(frozen=True)
class PlacesFacts:
    """The centres of a partnership, with their places, costs and registers."""

    #: organisation id of the partnership
    partnership: str


@dataclass(frozen=True)
class InstallationFacts:
    """The installation as a whole."""

    #: it holds invented people only, and its clock may be moved
    is_demo: bool


Subject: TypeAlias = (
    CaseFacts
    | TaskFacts
    | DocumentFacts
    | StartFacts
    | StartableFacts
    | ErasureFacts
    | DefinitionFacts
    | RuleFacts
    | OrganisationFacts
    | PersonFacts
    | MeetingFacts
    | PlacesFacts
    | InstallationFacts
)
