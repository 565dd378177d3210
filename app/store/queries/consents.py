"""Consents and what was shared about a pupil, as pages and use cases look them up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.actions import Action
from app.model.consent import Consent, from_json
from app.store.tables import (
    case_record,
    consent,
    definition_version,
    link,
    read_log,
    sharing,
    sharing_stop,
    subscription,
)


@dataclass(frozen=True)
class PupilCase:
    """One case of a pupil, as far as a record of sharing needs it."""

    #: case id
    id: str
    #: reference
    reference: str
    #: process definition key
    process_key: str
    #: BPMN id of its process
    process_id: str
    #: what people call the process
    process_name: str


@dataclass(frozen=True)
class Opened:
    """A pack of a case that somebody opened."""

    #: case id
    case_id: str
    #: when, UTC, by real time
    at: datetime
    #: who
    person_id: str
    #: which meeting
    meeting_id: str


@dataclass(frozen=True)
class Said:
    """Something a case sent to another one, by itself or because a person asked."""

    #: case id of the sender
    case_id: str
    #: case id of the receiver
    other_id: str
    #: asked, started, told, answered
    role: str
    #: message name, or None
    message: str | None
    #: when, by the case clock
    at: datetime
    #: only for whoever sees the restricted compartment
    is_restricted: bool


def of_pupil(connection: Connection, pupil_id: str) -> list[Consent]:
    """Every consent about a pupil, the newest first."""
    return of_records(connection.scalars(sa.select(consent.c.record).where(consent.c.pupil_id == pupil_id)))


def of_records(rows: Iterable[Mapping[str, Any]]) -> list[Consent]:
    """The same from records that were read already."""
    return sorted((from_json(one) for one in rows), key=lambda one: (one.given_on, one.id), reverse=True)


def seq_of(connection: Connection, consent_id: str) -> int:
    """The entry that said last how a consent stands; 0: no entry did."""
    return connection.scalar(sa.select(consent.c.seq).where(consent.c.id == consent_id)) or 0


def stopped_since(connection: Connection, pupil_id: str, process_key: str, today: date) -> date | None:
    """Since when nothing of the pupil's cases of that process may be shared, or None: it may."""
    query = sa.select(sharing_stop.c.since).where(
        sharing_stop.c.pupil_id == pupil_id, sharing_stop.c.process_key == process_key, sharing_stop.c.since <= today
    )
    return connection.scalar(query)


def waiting(connection: Connection, pupil_id: str, keys: Collection[str], message: str) -> list[str]:
    """Ids of the pupil's open cases of these processes that wait for a message, the oldest first."""
    query = sa.select(case_record.c.id).where(
        case_record.c.pupil_id == pupil_id,
        case_record.c.status == "open",
        case_record.c.process_key.in_(sorted(keys)),
        sa.exists().where(subscription.c.case_id == case_record.c.id, subscription.c.message == message),
    )
    return list(connection.scalars(query.order_by(case_record.c.started_at, case_record.c.id)))


def cases_of(connection: Connection, pupil_id: str) -> list[PupilCase]:
    """Every case of a pupil that was not erased, the oldest first."""
    version = sa.and_(
        definition_version.c.key == case_record.c.process_key, definition_version.c.version == case_record.c.version
    )
    query = (
        sa.select(case_record, definition_version.c.process_id)
        .join(definition_version, version)
        .where(case_record.c.pupil_id == pupil_id, case_record.c.status != "erased")
        .order_by(case_record.c.started_at, case_record.c.id)
    )
    return [
        PupilCase(row.id, row.reference, row.process_key, row.process_id, row.process_name)
        for row in connection.execute(query)
    ]


def process_of(connection: Connection, case_id: str) -> str:
    """BPMN id of the process of a case, or ""."""
    version = sa.and_(
        definition_version.c.key == case_record.c.process_key, definition_version.c.version == case_record.c.version
    )
    query = sa.select(definition_version.c.process_id).join(case_record, version).where(case_record.c.id == case_id)
    return connection.scalar(query) or ""


def opened_packs(connection: Connection, case_ids: Collection[str]) -> list[Opened]:
    """Every time somebody opened the pack of one of these cases, the oldest first."""
    query = (
        sa.select(read_log)
        .where(
            read_log.c.subject.in_([f"case/{one}" for one in sorted(case_ids)]),
            read_log.c.action == Action.SEE_PACK.value,
            read_log.c.outcome == "allowed",
        )
        .order_by(read_log.c.at)
    )
    return [
        Opened(row.subject.removeprefix("case/"), row.at, row.person_id, row.purpose.removeprefix("meeting "))
        for row in connection.execute(query)
    ]


def sent(connection: Connection, case_ids: Collection[str]) -> list[Said]:
    """What these cases sent to others, the oldest first."""
    query = (
        sa.select(link)
        .where(link.c.case_id.in_(sorted(case_ids)), link.c.role.in_(["asked", "started", "told", "answered"]))
        .order_by(link.c.at, link.c.case_id, link.c.seq, link.c.place)
    )
    return [
        Said(row.case_id, row.other_id, row.role, row.message, row.at, row.is_restricted)
        for row in connection.execute(query)
    ]


def by_hand(connection: Connection, pupil_id: str) -> list[Any]:
    """What people wrote down that they shared, the oldest first: rows of the table `sharing`."""
    query = sa.select(sharing).where(sharing.c.pupil_id == pupil_id).order_by(sharing.c.seq)
    return list(connection.execute(query))
