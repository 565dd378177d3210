"""People, the roles they hold on which days, and a reader: one person on one day. Not what they may do: `decisions`."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.access.organisations import OrganisationTree
from app.access.roles import ROLES


@dataclass(frozen=True)
class Membership:
    """One role held at one organisation for some time."""

    #: role code
    role: str
    #: organisation id
    organisation: str
    #: first day, or None: always
    since: date | None = None
    #: last day, included, or None: until further notice
    until: date | None = None

    def is_running(self, on: date) -> bool:
        """Whether the day lies in it, first and last day included."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    #: stable identifier
    id: str
    #: what people call them
    name: str
    #: every role they hold, held or will hold
    memberships: tuple[Membership, ...] = ()
    #: False once the account was closed: nothing is theirs any more
    is_active: bool = True


@dataclass(frozen=True)
class Reader:
    """A person as they are on one day: what every decision and every scope starts from."""

    #: who
    person: Person
    #: the organisations of that day
    tree: OrganisationTree
    #: the date in England, by the clock of the cases
    on: date

    @property
    def id(self) -> str:
        """The person's id."""
        return self.person.id

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """The memberships that count today.

        One that names an unknown role, an organisation that does not exist today, or a role that cannot be held there
        gives nothing: deny by default.
        """
        return tuple(one for one in self.person.memberships if self._counts(one)) if self.person.is_active else ()

    def _counts(self, membership: Membership) -> bool:
        role = ROLES.get(membership.role)
        if role is None or membership.organisation not in self.tree or not membership.is_running(self.on):
            return False
        organisation = self.tree.get(membership.organisation)
        return organisation.kind in role.acts_at and organisation.is_active(self.on)

    def roles_at(self, organisation_id: str) -> frozenset[str]:
        """Role codes held today at exactly this organisation."""
        return frozenset(one.role for one in self.memberships if one.organisation == organisation_id)

    def is_within(self, organisation_id: str) -> bool:
        """Whether any membership of today is at this organisation or at one below it."""
        return any(self.tree.covers(organisation_id, one.organisation) for one in self.memberships)

    def describe(self, membership: Membership) -> str:
        """The role and where, as a page says it: "SENCO at Beacon School"."""
        return f"{ROLES[membership.role].name} at {self.tree.get(membership.organisation).name}"
