"""What a reader may see, as plain sets that `store` turns into SQL. Agrees with `decisions` case by case, task by task.

`includes` says in Python what the SQL must say; a property test holds both to `decide`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from app.access.actions import Action
from app.access.facts import CaseFacts, TaskFacts
from app.access.grants import DOERS, GRANTS, NAMED_DOERS, OFFICES, RESTRICTED_DOERS, Link
from app.access.meetings import MEETING_ROLES, WITH_CASES, MeetingRoles
from app.access.organisations import OrganisationTree
from app.access.people import Membership, Reader

Lane = tuple[str, str]


@dataclass(frozen=True)
class CaseScope:
    """The cases a reader may do one thing with (to see them, unless said otherwise): the union of its parts."""

    #: the reader: `named` and `invited` parts compare with it
    person: str
    #: every case whose home is one of these, people by name
    schools: frozenset[str] = frozenset()
    #: cases of these schools that name the person, while the pupil is still there (`pupil_school` null or the home)
    named_only_schools: frozenset[str] = frozenset()
    #: cases of these homes that name the person, wherever the pupil is
    named_within: frozenset[str] = frozenset()
    #: cases that invite the person today
    is_invited: bool = False
    #: cases that a pack opens today to the person, as a member of meetings of these (kind, organisation)
    packs: frozenset[Lane] = frozenset()
    #: cases on the lists of meetings of these (kind, organisation), until their pack closes
    listed: frozenset[Lane] = frozenset()
    #: cases that a sharing entry opens today to one of these organisations
    shared_with: frozenset[str] = frozenset()
    #: cases with an open, unrestricted task for one of these (role, organisation)
    lanes: frozenset[Lane] = frozenset()
    #: cases of these (process, whole authority)
    offices: frozenset[Lane] = frozenset()
    #: overdue or escalated cases of these whole authorities
    overdue_only_authorities: frozenset[str] = frozenset()
    #: escalated cases of these homes
    escalated_schools: frozenset[str] = frozenset()
    #: cases of these homes that hold restricted notes
    restricted_schools: frozenset[str] = frozenset()
    #: every case of these whole authorities, people under masks unless another part has the case
    authorities_all: frozenset[str] = frozenset()
    #: every case of these homes, people under masks unless another part has the case
    masked_schools: frozenset[str] = frozenset()

    @property
    def masked(self) -> bool:
        """Whether any part shows people under masks: then ask `masks` for each case."""
        return bool(self.authorities_all or self.masked_schools)

    @property
    def by_name(self) -> "CaseScope":
        """The parts that show people by name: what a list without masks may hold."""
        return replace(self, authorities_all=frozenset(), masked_schools=frozenset())

    @property
    def is_empty(self) -> bool:
        """Whether no case can be in it."""
        return self == CaseScope(self.person)

    def includes(self, case: CaseFacts, tree: OrganisationTree) -> bool:
        """Whether the case is in the scope."""
        return self.names(case, tree) or self._has_masked(case, tree)

    def masks(self, case: CaseFacts, tree: OrganisationTree) -> bool:
        """Whether the case is in the scope, but its people only under masks."""
        is_masked = self._has_masked(case, tree) and self.person not in case.revealed_to
        return is_masked and not self.names(case, tree)

    def names(self, case: CaseFacts, tree: OrganisationTree) -> bool:
        """Whether the case is in a part of the scope that shows people by name."""
        authority = tree.authority_of(case.school)
        is_named = self.person in case.named_people
        is_shared = not case.is_sharing_stopped
        return (
            case.school in self.schools
            or (is_named and case.school in self.named_only_schools and case.pupil_school in (None, case.school))
            or (is_named and case.school in self.named_within)
            or (is_shared and self.is_invited and self.person in case.invited)
            or (
                is_shared
                and not self.packs.isdisjoint((kind, at) for who, kind, at in case.packs if who == self.person)
            )
            or not self.listed.isdisjoint(case.listed)
            or (is_shared and not self.shared_with.isdisjoint(case.shared_with))
            or not self.lanes.isdisjoint(case.open_lanes)
            or (authority is not None and (case.process, authority) in self.offices)
            or ((case.is_overdue or case.is_escalated) and authority in self.overdue_only_authorities)
            or (case.is_escalated and case.school in self.escalated_schools)
            or (case.has_restricted and case.school in self.restricted_schools)
        )

    def _has_masked(self, case: CaseFacts, tree: OrganisationTree) -> bool:
        return case.school in self.masked_schools or tree.authority_of(case.school) in self.authorities_all


def case_scope(reader: Reader, action: Action = Action.SEE_CASE) -> CaseScope:
    """The cases with which the reader may do that. For SEE_DOCUMENT, cases opened by a reveal come one by one."""
    links = [
        (link, held)
        for held in reader.memberships
        for link, actions in GRANTS.get(held.role, {}).items()
        if action in actions
    ]

    def having(link: Link, reach: Callable[[Membership], Iterable[str]]) -> frozenset[str]:
        return frozenset(one for found, held in links if found is link for one in reach(held))

    def here(held: Membership) -> Iterator[str]:
        yield held.organisation

    def within(held: Membership) -> frozenset[str]:
        return reader.tree.within(held.organisation)

    def whole(held: Membership) -> Iterator[str]:
        return (held.organisation for _ in range(_is_authority(reader, held)))

    def part(held: Membership) -> frozenset[str]:
        return frozenset() if _is_authority(reader, held) else reader.tree.within(held.organisation)

    return CaseScope(
        person=reader.id,
        schools=having(Link.HOME, here),
        named_only_schools=having(Link.NAMED_HERE, here),
        named_within=having(Link.NAMED, within),
        is_invited=any(link is Link.INVITED for link, _ in links),
        packs=_meetings((held for link, held in links if link is Link.MEETING), lambda roles: roles.members),
        listed=_meetings((held for link, held in links if link is Link.MEETING), lambda roles: roles.arrange),
        shared_with=having(Link.SHARED, here),
        lanes=frozenset((held.role, held.organisation) for link, held in links if link is Link.TASK),
        offices=frozenset(
            (process, held.organisation)
            for link, held in links
            if link is Link.OFFICE and _is_authority(reader, held)
            for process in OFFICES.get(held.role, ())
        ),
        overdue_only_authorities=having(Link.OVERDUE, here),
        escalated_schools=having(Link.ESCALATED, within),
        restricted_schools=having(Link.RESTRICTED, here),
        authorities_all=having(Link.MASKED, whole) | having(Link.BLIND, whole),
        masked_schools=having(Link.MASKED, part) | having(Link.BLIND, part),
    )


def _meetings(held: Iterable[Membership], counting: Callable[[MeetingRoles], frozenset[str]]) -> frozenset[Lane]:
    """(kind, organisation) of the meetings for which these memberships count."""
    return frozenset(
        (kind, one.organisation) for one in held for kind in WITH_CASES if one.role in counting(MEETING_ROLES[kind])
    )


def _is_authority(reader: Reader, held: Membership) -> bool:
    return reader.tree.get(held.organisation).kind == "authority"


@dataclass(frozen=True)
class TaskScope:
    """The tasks a reader may do, and those they may hand to somebody else."""

    #: the reader
    person: str
    #: unrestricted tasks of these (role, organisation)
    pairs: frozenset[Lane] = frozenset()
    #: unrestricted tasks of these, where the case names the person or the task is already theirs
    named_only_pairs: frozenset[Lane] = frozenset()
    #: restricted tasks of these
    restricted_pairs: frozenset[Lane] = frozenset()
    #: cases whose unrestricted tasks the person may reassign, as line lead
    leads: CaseScope = CaseScope("")
    #: cases the person sees by name: tasks of others, once done, are not shown even to whoever did them
    seen: CaseScope = CaseScope("")

    def includes(self, task: TaskFacts) -> bool:
        """Whether the person may do the task, whoever has taken it."""
        lanes = {(role, task.organisation) for role in task.roles if task.organisation is not None}
        if task.is_restricted:
            return not self.restricted_pairs.isdisjoint(lanes)
        is_named = self.person == task.assignee or self.person in task.case.named_people
        return not self.pairs.isdisjoint(lanes) or (is_named and not self.named_only_pairs.isdisjoint(lanes))

    def is_led(self, task: TaskFacts, tree: OrganisationTree) -> bool:
        """Whether the person may give the task to somebody else as line lead."""
        return not task.is_restricted and self.leads.includes(task.case, tree)


def task_scope(reader: Reader) -> TaskScope:
    """The tasks the reader may do or reassign."""
    lanes = frozenset((held.role, held.organisation) for held in reader.memberships if held.role in DOERS)
    return TaskScope(
        person=reader.id,
        pairs=frozenset(lane for lane in lanes if lane[0] not in NAMED_DOERS),
        named_only_pairs=frozenset(lane for lane in lanes if lane[0] in NAMED_DOERS),
        restricted_pairs=frozenset(lane for lane in lanes if lane[0] in RESTRICTED_DOERS),
        leads=case_scope(reader, Action.REASSIGN_TASK),
        seen=case_scope(reader).by_name,
    )
