"""People and the roles they hold, as access and notices want them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.people import Membership, Person
from app.store.tables import membership, person


def one(connection: Connection, person_id: str) -> Person | None:
    """A person with every role they hold, held or will hold; None for an unknown id."""
    return next(iter(_people(connection, person.c.id == person_id)), None)


def by_user_name(connection: Connection, user_name: str) -> Person | None:
    """A person by the name they sign in with."""
    return next(iter(_people(connection, person.c.user_name == user_name.strip().lower())), None)


def everybody(connection: Connection) -> list[Person]:
    """Everybody, by name."""
    return _people(connection, sa.true())


def user_names(connection: Connection) -> dict[str, str]:
    """User name by person id."""
    return {row.id: row.user_name for row in connection.execute(sa.select(person.c.id, person.c.user_name))}


def names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Name by person id; "worker" and "operator" are not people and are left out."""
    wanted = sorted(set(ids))
    rows = connection.execute(sa.select(person.c.id, person.c.name).where(person.c.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def holding(connection: Connection, roles: Iterable[str], organisations: Iterable[str], on: date) -> list[Person]:
    """Active people who hold one of the roles at one of the organisations on that day, by name."""
    held = sa.select(membership.c.person_id).where(
        membership.c.role.in_(sorted(set(roles))),
        membership.c.organisation.in_(sorted(set(organisations))),
        sa.or_(membership.c.since.is_(None), membership.c.since <= on),
        sa.or_(membership.c.until.is_(None), membership.c.until >= on),
    )
    return _people(connection, sa.and_(person.c.id.in_(held), person.c.is_active))


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
