"""What the administrator's pages about people show: the list, one account, and how its roles came about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from app.access.actions import Action
from app.access.organisations import Organisation, OrganisationTree
from app.access.people import Membership, Reader
from app.access.roles import ROLES
from app.calendars import full
from app.casework.people import account_of, must_reach_all, reach
from app.errors import NotAllowed
from app.model.entry import Entry, StreamId
from app.store import journal
from app.store.db import reading
from app.store.queries import people
from app.store.queries.people import PAGE, Account, Taken

#: what an entry says that its record does not show → the sentence
SAID = {
    "password given": "New password given",
    "second step removed": "Second step removed",
    "link code made": "Link code made",
    "account linked": "Account for single sign-on linked",
    "account links removed": "Link to the account for single sign-on removed",
}


@dataclass(frozen=True)
class HeldRole:
    """One role as a page shows it."""

    #: the membership
    held: Membership
    #: "SENCO"
    role: str
    #: "Beacon School"
    place: str
    #: "running", "ended", "not begun", or "without effect": it cannot be held there, or the place is closed
    state: str
    #: the reader may end it
    can_be_ended: bool


@dataclass(frozen=True)
class PersonLine:
    """One person of the list."""

    #: the account
    account: Account
    #: roles that run today, as words
    roles: tuple[str, ...]


@dataclass(frozen=True)
class PeopleList:
    """The list, or a page of it."""

    #: by name
    lines: tuple[PersonLine, ...]
    #: (name, id) where the next page begins, or None
    next_after: tuple[str, str] | None
    #: where the reader administers people, for the filter, by name
    places: tuple[Organisation, ...]


@dataclass(frozen=True)
class Happened:
    """One change of an account."""

    #: by the case clock
    at: datetime
    #: who made it
    by: str
    #: what changed, a sentence each
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class PersonPage:
    """One account with its roles and history."""

    #: the account
    account: Account
    #: running first
    roles: tuple[HeldRole, ...]
    #: newest first
    history: tuple[Happened, ...]
    #: why the reader cannot change the account as a whole, or None: they can
    refusal: str | None
    #: it is the reader's own
    is_own: bool


def listed(
    reader: Reader, search: str, place: str | None, is_active: bool | None, after: tuple[str, str] | None
) -> PeopleList:
    """A page of the people in the reader's part of the tree."""
    within = reach(reader, Action.ADMINISTER_PEOPLE)
    found = people.accounts(
        reading(),
        within,
        search=search,
        organisation=place if place in within else None,
        is_active=is_active,
        after=after,
        limit=PAGE + 1,
    )
    shown, more = found[:PAGE], len(found) > PAGE
    last = shown[-1].person if more else None
    return PeopleList(
        lines=tuple(PersonLine(one, tuple(_running(one, reader))) for one in shown),
        next_after=(last.name, last.id) if last else None,
        places=places(reader),
    )


def places(reader: Reader) -> tuple[Organisation, ...]:
    """Organisations at which the reader may give roles, by kind and name."""
    found = [reader.tree.get(one) for one in reach(reader, Action.ADMINISTER_PEOPLE)]
    return tuple(sorted((one for one in found if one.is_active(reader.on)), key=lambda one: (one.kind, one.name)))


def page_of(person_id: str, reader: Reader) -> PersonPage:
    """One account. Raises NotFound outside the reader's part of the tree."""
    found = account_of(person_id, reader)
    refusal = None
    try:
        must_reach_all(found, reader)
    except NotAllowed as refused:
        refusal = refused.sentence
    mine = reach(reader, Action.ADMINISTER_PEOPLE)
    roles = [_held(one, reader, mine, found.person.id) for one in found.person.memberships]
    order = ("running", "not begun", "without effect", "ended")
    return PersonPage(
        account=found,
        roles=tuple(sorted(roles, key=lambda one: (order.index(one.state), one.role, one.place))),
        history=_history(person_id, reader.tree),
        refusal=refusal,
        is_own=person_id == reader.id,
    )


def taken_by(person_id: str) -> list[Taken]:
    """Open tasks the person has taken."""
    return people.taken_by(reading(), person_id)


def _running(one: Account, reader: Reader) -> Iterator[str]:
    as_reader = Reader(one.person, reader.tree, reader.on)
    for held in as_reader.memberships:
        yield as_reader.describe(held)


def _held(one: Membership, reader: Reader, mine: frozenset[str], person_id: str) -> HeldRole:
    state = _state(one, reader)
    return HeldRole(
        held=one,
        role=_role_name(one.role),
        place=_place_name(one.organisation, reader.tree),
        state=state,
        can_be_ended=state != "ended" and one.organisation in mine and person_id != reader.id,
    )


def _state(one: Membership, reader: Reader) -> str:
    if one.until is not None and one.until < reader.on:
        return "ended"
    if one.since is not None and one.since > reader.on:
        return "not begun"
    role, tree = ROLES.get(one.role), reader.tree
    where = tree.get(one.organisation) if one.organisation in tree else None
    is_good = role is not None and where is not None and where.kind in role.acts_at and where.is_active(reader.on)
    return "running" if is_good else "without effect"


def _history(person_id: str, tree: OrganisationTree) -> tuple[Happened, ...]:
    entries = journal.entries(reading(), StreamId("person", person_id))
    names = {**people.names(reading(), {one.actor for one in entries}), "operator": "Operator", "worker": "Waymark"}
    happened, before = [], None
    for entry in entries:
        happened.append(Happened(entry.at, names.get(entry.actor, entry.actor), tuple(_changes(before, entry, tree))))
        before = entry
    return tuple(reversed(happened))


def _changes(before: Entry | None, entry: Entry, tree: OrganisationTree) -> Iterator[str]:
    new, old = _record(entry), _record(before) if before else None
    if old is None:
        yield "Account opened"
    else:
        if old["name"] != new["name"]:
            yield f"Name changed from {old['name']} to {new['name']}"
        if old.get("email") != new.get("email"):
            yield f"E-mail changed to {new.get('email') or 'none'}"
        if old["is_active"] != new["is_active"]:
            yield "Account opened again" if new["is_active"] else "Account closed"
    yield from _role_changes(_by_role(old) if old else {}, _by_role(new), tree)
    if (what := (entry.content or {}).get("what")) is not None:
        yield SAID.get(str(what), "")


def _role_changes(old: Mapping[Any, Any], new: Mapping[Any, Any], tree: OrganisationTree) -> Iterator[str]:
    for (role, place), held in new.items():
        words = f"{_role_name(role)} at {_place_name(place, tree)}"
        earlier = old.get((role, place))
        if earlier is None or earlier.get("since") != held.get("since"):
            yield f"Given: {words}{_from(held.get('since'))}{_until(held.get('until'))}"
        elif earlier.get("until") != held.get("until"):
            yield f"Ended: {words}{_until(held.get('until'))}"
    for role, place in old.keys() - new.keys():
        yield f"Taken away: {_role_name(role)} at {_place_name(place, tree)}"


def _record(entry: Entry) -> dict[str, Any]:
    return cast(dict[str, Any], (entry.content or {})["person"])


def _by_role(record: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["role"], one["organisation"]): one for one in record["memberships"]}


def _role_name(code: str) -> str:
    return ROLES[code].name if code in ROLES else code


def _place_name(organisation_id: str, tree: OrganisationTree) -> str:
    return tree.get(organisation_id).name if organisation_id in tree else organisation_id


def _from(day: str | None) -> str:
    return f", from {full(date.fromisoformat(day))}" if day else ""


def _until(day: str | None) -> str:
    return f", until {full(date.fromisoformat(day))}" if day else ""
