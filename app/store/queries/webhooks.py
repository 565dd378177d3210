"""Where events of cases are sent to, what was sent there lately, and what an event says of its case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.json import JsonObject
from app.store.tables import case_record, outbox, webhook
from app.store.versions import kept


@dataclass(frozen=True)
class Webhook:
    """One address that wants events."""

    #: its id
    id: str
    #: last entry of its stream: what a change must name
    seq: int
    #: what people call it
    name: str
    #: where events are sent
    address: str
    #: types of events it wants
    types: frozenset[str]
    #: organisation whose cases, and those below it, it hears of
    organisation: str
    #: events are sent
    is_on: bool
    #: when it was last changed by the case clock, UTC
    changed_at: datetime
    #: who changed it, person id
    changed_by: str


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one address, without what it says."""

    #: id of the event
    reference: str
    #: type of the event
    type: str
    #: waiting, running, done, given up
    status: str
    #: tries so far
    attempts: int
    #: when its entry was written
    made_at: datetime
    #: when it was taken by the receiver, or given up, or None
    done_at: datetime | None
    #: when it is tried next
    run_at: datetime
    #: why the last try failed, or ""
    trouble: str


def every(connection: Connection) -> tuple[Webhook, ...]:
    """All of them by name; kept in memory, since every entry of a case asks."""
    return kept(connection, "webhooks", ("webhook",), lambda: _every(connection))


def one(connection: Connection, webhook_id: str) -> Webhook | None:
    """One of them, or None."""
    return next((found for found in every(connection) if found.id == webhook_id), None)


def deliveries(connection: Connection, webhook_id: str, limit: int) -> list[Delivery]:
    """What was added for it lately, the newest first."""
    # the words of the partial index
    own = sa.and_(sa.text("kind = 'webhook'"), outbox.c.recipient == webhook_id)
    rows = connection.execute(
        sa.select(outbox).where(own).order_by(outbox.c.made_at.desc(), outbox.c.reference).limit(limit)
    )
    return [_delivery(row) for row in rows]


def case_facts(connection: Connection, case_id: str) -> JsonObject | None:
    """What an event may say of its case: reference, process and version, school; None for an unknown case."""
    columns = (case_record.c.reference, case_record.c.process_key, case_record.c.version, case_record.c.school)
    row = connection.execute(sa.select(*columns).where(case_record.c.id == case_id)).first()
    if row is None:
        return None
    return {"case": row.reference, "process": row.process_key, "version": row.version, "school": row.school}


def _every(connection: Connection) -> tuple[Webhook, ...]:
    rows = connection.execute(sa.select(webhook).order_by(webhook.c.name, webhook.c.id))
    return tuple(Webhook(**{**row._mapping, "types": frozenset(row.types)}) for row in rows)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        reference=row.reference,
        type=row.args["type"],
        status=row.status,
        attempts=row.attempts,
        made_at=row.made_at,
        done_at=row.done_at,
        run_at=row.run_at,
        trouble=row.trouble or "",
    )
