"""Plans to take the open cases of one version of a process to another, and the cases they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import case_record, version_plan


@dataclass(frozen=True)
class Plan:
    """One plan."""

    #: plan id
    id: str
    #: process definition key
    key: str
    #: version the cases are on
    from_version: int
    #: version they would be on
    to_version: int
    #: why, in the words of whoever planned it
    note: str
    #: planned, approved (it is being done), refused, done
    status: str
    #: who planned it
    by: str
    #: who approved or refused it
    decided_by: str | None
    #: when it was planned, UTC
    planned_at: datetime
    #: when its status last changed, UTC
    changed_at: datetime | None
    #: cases that were taken to the other version, once it is done
    moved: int | None
    #: cases that stayed, once it is done
    stayed: int | None


def of_process(connection: Connection, key: str) -> list[Plan]:
    """Plans for one process, newest first."""
    query = sa.select(version_plan).where(version_plan.c.key == key)
    return [_plan(row) for row in connection.execute(query.order_by(version_plan.c.planned_at.desc()))]


def one(connection: Connection, plan_id: str) -> Plan | None:
    """A plan, or None."""
    row = connection.execute(sa.select(version_plan).where(version_plan.c.id == plan_id)).first()
    return _plan(row) if row else None


def approved(connection: Connection) -> list[Plan]:
    """Plans that are being done, oldest first."""
    query = sa.select(version_plan).where(version_plan.c.status == "approved")
    return [_plan(row) for row in connection.execute(query.order_by(version_plan.c.planned_at, version_plan.c.id))]


def cases_on(connection: Connection, bundle: str, after: str = "", limit: int | None = None) -> list[str]:
    """Ids of open cases on a bundle, in a lasting order, those after one of them."""
    query = sa.select(case_record.c.id).where(
        case_record.c.bundle == bundle, case_record.c.status == "open", case_record.c.id > after
    )
    return list(connection.scalars(query.order_by(case_record.c.id).limit(limit)))


def taken_by(connection: Connection, plan_id: str) -> int:
    """How many cases the plan took to the other version, unless a later plan took them on."""
    return connection.scalar(sa.select(sa.func.count()).where(case_record.c.plan == plan_id)) or 0


def states_on(connection: Connection, bundle: str, schools: Sequence[str]) -> list[tuple[str, Any]]:
    """(case id, engine state) of the open cases on a bundle, of these schools."""
    query = sa.select(case_record.c.id, case_record.c.state).where(
        case_record.c.bundle == bundle, case_record.c.status == "open", case_record.c.school.in_(schools)
    )
    return [(row.id, row.state) for row in connection.execute(query)]


def _plan(row: Any) -> Plan:
    return Plan(**{name: getattr(row, name) for name in Plan.__dataclass_fields__})
