"""People and the roles they hold, as access and notices want them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.people import Membership, Person
from app.store.tables import membership, person, stream, work_item
from app.store.versions import kept, kept_of_person

PAGE = 50


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in, as administrators see them."""

    #: who, with every role they hold, held or will hold
    person: Person
    #: what they type to sign in
    user_name: str
    #: where letters about the account go, or None
    email: str | None
    #: last entry of their stream: what a change must name
    seq: int


@dataclass(frozen=True)
class Taken:
    """An open task that somebody has taken, as far as an administrator may know of it."""

    #: engine task id
    task_id: str
    #: its case
    case_id: str
    #: reference people quote
    reference: str


def one(connection: Connection, person_id: str) -> Person | None:
    """A person with every role they hold, held or will hold; None for an unknown id."""
    return next(iter(_people(connection, person.c.id == person_id)), None)


def known(connection: Connection, person_id: str) -> Person | None:
    """The same as `one`, kept in memory until their record changes: for finding out who asks."""
    return kept_of_person(connection, person_id, lambda: one(connection, person_id))


def by_user_name(connection: Connection, user_name: str) -> Person | None:
    """A person by the name they sign in with."""
    return next(iter(_people(connection, person.c.user_name == user_name.strip().lower())), None)


def everybody(connection: Connection) -> list[Person]:
    """Everybody, by name."""
    return kept(connection, "everybody", ("person",), lambda: _people(connection, sa.true()))


def user_names(connection: Connection) -> dict[str, str]:
    """User name by person id."""
    return {row.id: row.user_name for row in connection.execute(sa.select(person.c.id, person.c.user_name))}


def names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Name by person id; "worker" and "operator" are not people and are left out."""
    wanted = sorted(set(ids))
    rows = connection.execute(sa.select(person.c.id, person.c.name).where(person.c.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def address(connection: Connection, person_id: str) -> str | None:
    """Where mail for an active person goes, or None."""
    query = sa.select(person.c.email).where(person.c.id == person_id, person.c.is_active)
    return connection.scalar(query) or None


def holding(connection: Connection, roles: Iterable[str], organisations: Iterable[str], on: date) -> list[Person]:
    """Active people who hold one of the roles at one of the organisations on that day, by name."""
    held = sa.select(membership.c.person_id).where(
        membership.c.role.in_(sorted(set(roles))),
        membership.c.organisation.in_(sorted(set(organisations))),
        sa.or_(membership.c.since.is_(None), membership.c.since <= on),
        sa.or_(membership.c.until.is_(None), membership.c.until >= on),
    )
    return _people(connection, sa.and_(person.c.id.in_(held), person.c.is_active))


def account(connection: Connection, person_id: str) -> Account | None:
    """One account, or None for an unknown id."""
    return next(iter(_accounts(connection, person.c.id == person_id, 1)), None)


def accounts(
    connection: Connection,
    within: Iterable[str],
    *,
    search: str = "",
    organisation: str | None = None,
    is_active: bool | None = None,
    after: tuple[str, str] | None = None,
    limit: int = PAGE,
) -> list[Account]:
    """Accounts with a role in one of the organisations, or with no role at all, by name.

    `after` is (name, id) of the last one seen.
    """
    held = sa.select(membership.c.person_id).where(membership.c.organisation.in_(sorted(set(within))))
    holds_any = sa.exists().where(membership.c.person_id == person.c.id)
    conditions = [sa.or_(person.c.id.in_(held), ~holds_any)]
    for word in search.lower().split():
        names_it = sa.func.lower(person.c.name).contains(word, autoescape=True)
        conditions.append(sa.or_(names_it, person.c.user_name.contains(word, autoescape=True)))
    if organisation is not None:
        there = sa.select(membership.c.person_id).where(membership.c.organisation == organisation)
        conditions.append(person.c.id.in_(there))
    if is_active is not None:
        conditions.append(person.c.is_active.is_(is_active))
    if after is not None:
        conditions.append(sa.tuple_(person.c.name, person.c.id) > sa.tuple_(*after))
    return _accounts(connection, sa.and_(*conditions), limit)


def taken_by(connection: Connection, person_id: str, limit: int = 500) -> list[Taken]:
    """Open tasks that a person has taken, by reference."""
    query = (
        sa.select(work_item.c.task_id, work_item.c.case_id, work_item.c.reference)
        .where(work_item.c.assignee == person_id, work_item.c.status == "open")
        .order_by(work_item.c.reference, work_item.c.task_id)
        .limit(limit)
    )
    return [Taken(row.task_id, row.case_id, row.reference) for row in connection.execute(query)]


def _accounts(connection: Connection, condition: sa.ColumnElement[bool], limit: int) -> list[Account]:
    query = (
        sa.select(person.c.id, person.c.user_name, person.c.email, stream.c.seq)
        .join(stream, sa.and_(stream.c.kind == "person", stream.c.id == person.c.id))
        .where(condition)
        .order_by(person.c.name, person.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    known = {one.id: one for one in _people(connection, person.c.id.in_([row.id for row in rows]))}
    return [Account(known[row.id], row.user_name, row.email, row.seq) for row in rows]


def _people(connection: Connection, condition: sa.ColumnElement[bool]) -> list[Person]:
    found = connection.execute(sa.select(person).where(condition).order_by(person.c.name, person.c.id)).all()
    if not found:
        return []
    held: dict[str, list[Membership]] = defaultdict(list)
    rows = connection.execute(
        sa.select(membership)
        .where(membership.c.person_id.in_([row.id for row in found]))
        .order_by(membership.c.role, membership.c.organisation)
    )
    for row in rows:
        held[row.person_id].append(Membership(row.role, row.organisation, row.since, row.until))
    return [Person(row.id, row.name, tuple(held[row.id]), row.is_active) for row in found]
