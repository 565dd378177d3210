"""How a link between a membership and a case is recognised, one function each. What a link is worth: `grants`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.access.actions import Action
from app.access.facts import CaseFacts
from app.access.grants import AFTER_REVEAL, GRANTS, OFFICES, Link
from app.access.meetings import MEETING_ROLES
from app.access.people import Membership, Reader


@dataclass(frozen=True)
class Ground:
    """Why an action on a case is allowed."""

    #: the membership it rests on
    membership: Membership
    #: how that membership and the case belong together
    link: Link
    #: people are shown under masks
    is_masked: bool = False


def _is_home(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return case.school == held.organisation


def _is_named(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return reader.id in case.named_people and _is_within(reader, held, case)


def _is_named_here(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    is_still_there = case.pupil_school in (None, case.school)
    return reader.id in case.named_people and is_still_there and _is_home(reader, held, case)


def _is_invited(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return not case.is_sharing_stopped and reader.id in case.invited


def _is_at_meeting(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    """A member from the first day of the pack to the last; whoever runs the meeting from the day it was listed."""
    at = held.organisation
    packs = frozenset() if case.is_sharing_stopped else case.packs
    joined = (kind for person, kind, where in packs if person == reader.id and where == at)
    run = (kind for kind, where in case.listed if where == at)
    return any(held.role in MEETING_ROLES[kind].members for kind in joined) or any(
        held.role in MEETING_ROLES[kind].arrange for kind in run
    )


def _is_shared(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return not case.is_sharing_stopped and held.organisation in case.shared_with


def _has_task(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return (held.role, held.organisation) in case.open_lanes


def _is_within(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return reader.tree.covers(held.organisation, case.school)


def _is_of_office(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    is_authority = reader.tree.get(held.organisation).kind == "authority"
    return is_authority and case.process in OFFICES.get(held.role, ()) and _is_within(reader, held, case)


def _is_overdue(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return (case.is_overdue or case.is_escalated) and _is_within(reader, held, case)


def _is_escalated(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return case.is_escalated and _is_within(reader, held, case)


def _is_restricted(reader: Reader, held: Membership, case: CaseFacts) -> bool:
    return case.has_restricted and _is_home(reader, held, case)


_TESTS: Mapping[Link, Callable[[Reader, Membership, CaseFacts], bool]] = MappingProxyType(
    {
        Link.HOME: _is_home,
        Link.NAMED_HERE: _is_named_here,
        Link.NAMED: _is_named,
        Link.INVITED: _is_invited,
        Link.MEETING: _is_at_meeting,
        Link.SHARED: _is_shared,
        Link.TASK: _has_task,
        Link.OFFICE: _is_of_office,
        Link.OVERDUE: _is_overdue,
        Link.ESCALATED: _is_escalated,
        Link.RESTRICTED: _is_restricted,
        Link.MASKED: _is_within,
        Link.BLIND: _is_within,
    }
)


def grounds(reader: Reader, action: Action, case: CaseFacts) -> Iterator[Ground]:
    """Every reason for which the reader may do that to the case."""
    for held in reader.memberships:
        for link, actions in GRANTS.get(held.role, {}).items():
            is_revealed = link is Link.MASKED and reader.id in case.revealed_to
            worth = actions | AFTER_REVEAL if is_revealed else actions
            if action in worth and _TESTS[link](reader, held, case):
                yield Ground(held, link, is_masked=link is Link.MASKED and not is_revealed)


def best_ground(reader: Reader, action: Action, case: CaseFacts) -> Ground | None:
    """The reason that shows most, or None: one without masks wins."""
    return min(grounds(reader, action, case), key=lambda ground: ground.is_masked, default=None)
