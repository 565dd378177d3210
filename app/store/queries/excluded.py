"""Exclusion cases of a reader's scope with what was decided, to add up days. One pupil's: `exclusions`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.scopes import CaseScope
from app.clock import day_begins
from app.store.queries.cases import parts_of
from app.store.queries.exclusions import PROCESS
from app.store.tables import case_record

#: so many are added up
MOST = 2_000


@dataclass(frozen=True)
class ExclusionLine:
    """One exclusion."""

    #: reference of the case
    reference: str
    #: pupil id
    pupil_id: str
    #: the pupil's name
    pupil_name: str
    #: school, organisation id
    school: str
    #: what was decided: kind, first_day_on, days, board_outcome
    variables: dict[str, Any]


def since(connection: Connection, scope: CaseScope, first: date, today: date) -> list[ExclusionLine]:
    """The exclusions of the scope whose case began on that day or later, oldest first."""
    columns = [case_record.c[name] for name in ExclusionLine.__dataclass_fields__]
    wanted = (case_record.c.process_key == PROCESS, case_record.c.started_at >= day_begins(first))
    parts = [sa.select(case_record.c.id).where(part, *wanted) for part in parts_of(scope, today)]
    if not parts:
        return []
    found = sa.union(*parts).subquery()
    query = sa.select(*columns).join(found, found.c.id == case_record.c.id)
    query = (
        query.where(case_record.c.status != "erased").order_by(case_record.c.started_at, case_record.c.id).limit(MOST)
    )
    return [ExclusionLine(**row) for row in connection.execute(query).mappings()]
