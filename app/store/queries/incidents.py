"""Incidents: what cannot go on, and how it was resolved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import incident


@dataclass(frozen=True)
class Incident:
    """Something that stopped a case."""

    #: incident id
    id: str
    #: its case
    case_id: str
    #: engine task id that is stuck, or None
    task_id: str | None
    #: BPMN id
    element: str
    #: what kind of cause
    kind: str
    #: one sentence
    sentence: str
    #: open, resolved
    state: str
    #: when, UTC
    raised_at: datetime
    #: what was done about it
    resolution: str | None


def one(connection: Connection, incident_id: str) -> Incident | None:
    """An incident, or None."""
    row = connection.execute(sa.select(incident).where(incident.c.id == incident_id)).first()
    return _incident(row) if row else None


def of_case(connection: Connection, case_id: str) -> list[Incident]:
    """Every incident of a case, newest first."""
    query = sa.select(incident).where(incident.c.case_id == case_id).order_by(incident.c.raised_at.desc())
    return [_incident(row) for row in connection.execute(query)]


def _incident(row: Any) -> Incident:
    return Incident(
        row.id,
        row.case_id,
        row.task_id,
        row.element,
        row.kind,
        row.sentence,
        row.state,
        row.raised_at,
        row.resolution,
    )
