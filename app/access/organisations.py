"""The tree of organisations: who belongs to whom, and whose role holders a lane means. Not people, not cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from app.errors import UnknownKey

OrganisationKind = Literal["school", "partnership", "forum", "district", "authority", "board", "panel"]

#: the words a lane may use for the organisation whose role holders do its tasks
HolderWord = Literal["home", "authority", "partnership", "forum", "district"]


@dataclass(frozen=True)
class Organisation:
    """One school, setting, partnership, forum, district, authority, board or panel."""

    #: stable identifier, used everywhere else
    id: str
    #: what people call it
    name: str
    #: where it stands in the tree; a nursery or a college is a "school" too
    kind: OrganisationKind
    #: the organisation it belongs to, or None at the top
    parent: str | None = None
    #: "nursery", "infant", "primary", "secondary", "all-through", "special" for schools
    phase: str | None = None
    #: "maintained", "academy", "pru", "ap_academy", "independent", "college", "ey_provider" for schools
    governance: str | None = None
    #: unique reference number, 6 digits, for schools
    urn: str | None = None
    #: authority code and establishment number, 7 digits, for schools
    laestab: str | None = None
    #: key of its term calendar
    calendar: str | None = None
    #: first day it exists, or None: always has
    active_from: date | None = None
    #: last day it exists, or None: still does
    active_to: date | None = None

    def is_active(self, on: date) -> bool:
        """Whether it exists on that day, first and last day included."""
        return (self.active_from is None or self.active_from <= on) and (self.active_to is None or on <= self.active_to)


class OrganisationTree:
    """All organisations, each below at most one other."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        """Keep them by id. Raises ValueError: no such parent, a circle, or an authority in another."""
        self._by_id = {organisation.id: organisation for organisation in organisations}
        for organisation in self._by_id.values():
            self._check_way_up(organisation)

    def _check_way_up(self, organisation: Organisation) -> None:
        seen = {organisation.id}
        while organisation.parent is not None:
            if organisation.parent not in self._by_id:
                raise ValueError(
                    f"Expected a parent that exists for {organisation.id!r}, but there is no {organisation.parent!r}"
                )
            organisation = self._by_id[organisation.parent]
            if organisation.id in seen:
                raise ValueError(f"Expected parents that end, but {organisation.id!r} is above itself")
            seen.add(organisation.id)
        if sum(self._by_id[one].kind == "authority" for one in seen) > 1:
            raise ValueError(
                f"Expected one authority at most above and at each organisation, but not so: {sorted(seen)}"
            )

    def __contains__(self, organisation_id: object) -> bool:
        return organisation_id in self._by_id

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation, in the order given."""
        return tuple(self._by_id.values())

    def get(self, organisation_id: str) -> Organisation:
        """The organisation. Raises UnknownKey."""
        try:
            return self._by_id[organisation_id]
        except KeyError:
            raise UnknownKey(f"Expected an organisation, but there is none called {organisation_id!r}") from None

    def home_chain(self, organisation_id: str) -> tuple[str, ...]:
        """The organisation itself, then everything above it, nearest first."""
        organisation = self.get(organisation_id)
        return (organisation_id, *(self.home_chain(organisation.parent) if organisation.parent else ()))

    def ancestors(self, organisation_id: str) -> tuple[str, ...]:
        """Everything above it, nearest first."""
        return self.home_chain(organisation_id)[1:]

    def descendants(self, organisation_id: str) -> frozenset[str]:
        """Everything below it, at any depth, itself not included."""
        self.get(organisation_id)
        below: set[str] = set()
        frontier = [organisation_id]
        while frontier:
            children = self._children.get(frontier.pop(), ())
            below.update(children)
            frontier.extend(children)
        return frozenset(below)

    def within(self, organisation_id: str) -> frozenset[str]:
        """The organisation and everything below it."""
        return self.descendants(organisation_id) | {organisation_id}

    def covers(self, upper: str, lower: str) -> bool:
        """Whether `lower` is `upper` or lies below it. An unknown organisation is covered by none."""
        return lower in self._by_id and upper in self.home_chain(lower)

    def schools(self, organisation_id: str) -> frozenset[str]:
        """The schools in it, itself included where it is one."""
        return frozenset(one for one in self.within(organisation_id) if self._by_id[one].kind == "school")

    def authority_of(self, organisation_id: str) -> str | None:
        """The authority it lies in or is, or None above every authority."""
        return self._nearest("authority", organisation_id)

    def holder_of(self, word: str, school: str) -> str | None:
        """The organisation whose role holders a lane means, for a case at `school`.

        None where the school has no such organisation: then nobody may do the task, and that is an incident.
        Raises UnknownKey for a word that no lane may use.
        """
        match word:
            case "home":
                return self.get(school).id
            case "authority" | "partnership" | "district":
                return self._nearest(word, school)
            case "forum":
                return self._forum_of(school)
        raise UnknownKey(f"Expected home, authority, partnership, forum or district, but the lane says {word!r}")

    def _nearest(self, kind: str, organisation_id: str) -> str | None:
        return next((one for one in self.home_chain(organisation_id) if self._by_id[one].kind == kind), None)

    def _forum_of(self, school: str) -> str | None:
        """The forum beside the school's way up: of its partnership, else its district, else its authority."""
        for upper in self.home_chain(school):
            forums = sorted(one for one in self._children.get(upper, ()) if self._by_id[one].kind == "forum")
            if forums:
                return forums[0]
        return None

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        children: dict[str, list[str]] = {}
        for organisation in self._by_id.values():
            if organisation.parent is not None:
                children.setdefault(organisation.parent, []).append(organisation.id)
        return {parent: tuple(below) for parent, below in children.items()}
