"""Deployed definitions: versions and the bundles they address. Parsing them is the engine's business."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.errors import UnknownKey
from app.model.definition import Bundle
from app.store.db import db
from app.store.tables import bundle_file, case_record, definition_version, stream, timer, work_item
from app.store.versions import kept


@dataclass(frozen=True)
class Version:
    """One deployed version of a process definition."""

    #: process definition key
    key: str
    #: 1, 2, 3 …
    number: int
    #: digest of its bundle
    digest: str
    #: BPMN id of the process
    process_id: str
    #: what people call it
    name: str
    #: new cases start on it
    is_current: bool
    #: when, UTC
    deployed_at: datetime
    #: who proposed it: person id or "operator"
    proposed_by: str
    #: who approved it
    approved_by: str
    #: why, in their words
    note: str


def current(connection: Connection, key: str) -> Version:
    """The version new cases start on. Raises UnknownKey."""
    row = connection.execute(
        sa.select(definition_version).where(definition_version.c.key == key, definition_version.c.is_current)
    ).first()
    if row is None:
        raise UnknownKey(f"Expected a deployed process called {key!r}, but there is none")
    return _version(row)


def versions(connection: Connection, key: str | None = None) -> list[Version]:
    """All versions, newest first, of one key or of all."""
    query = sa.select(definition_version).order_by(definition_version.c.key, definition_version.c.version.desc())
    if key is not None:
        query = query.where(definition_version.c.key == key)
    return [_version(row) for row in connection.execute(query)]


def approved_of(connection: Connection, author: str, since: datetime) -> list[Version]:
    """Versions somebody proposed and another person approved since then, newest first."""
    table = definition_version
    query = sa.select(table).where(
        table.c.proposed_by == author, table.c.approved_by != author, table.c.deployed_at >= since
    )
    return [_version(row) for row in connection.execute(query.order_by(table.c.deployed_at.desc()))]


def current_versions(connection: Connection) -> list[Version]:
    """The version new cases start on, of every process, by name."""
    query = sa.select(definition_version).where(definition_version.c.is_current).order_by(definition_version.c.name)
    found = kept(
        connection,
        "current versions",
        ("definition",),
        lambda: tuple(_version(row) for row in connection.execute(query)),
    )
    return list(found)


def entries_written(connection: Connection, key: str) -> int:
    """How many entries the stream of a definition has: whoever writes the next says what they saw."""
    query = sa.select(stream.c.seq).where(stream.c.kind == "definition", stream.c.id == key)
    return connection.scalar(query) or 0


def live_cases(connection: Connection, key: str, schools: frozenset[str]) -> dict[str, int]:
    """Open cases by bundle digest, of these schools."""
    query = (
        sa.select(case_record.c.bundle, sa.func.count())
        .where(case_record.c.process_key == key, case_record.c.status == "open", case_record.c.school.in_(schools))
        .group_by(case_record.c.bundle)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def live_steps(connection: Connection, key: str, schools: frozenset[str]) -> list[tuple[str, str, int]]:
    """(element, name, open cases that stand there): tasks and timers, without those of the restricted part."""
    of_process = (case_record.c.process_key == key, case_record.c.status == "open", case_record.c.school.in_(schools))
    tasks = sa.select(work_item.c.element, work_item.c.name, work_item.c.case_id).where(
        work_item.c.status == "open", sa.not_(work_item.c.is_restricted)
    )
    timers = sa.select(timer.c.element, timer.c.name, timer.c.case_id).where(timer.c.ended_at.is_(None))
    places = sa.union(tasks, timers).subquery()
    query = (
        sa.select(places.c.element, places.c.name, sa.func.count(places.c.case_id.distinct()))
        .join(case_record, case_record.c.id == places.c.case_id)
        .where(*of_process)
        .group_by(places.c.element, places.c.name)
        .order_by(places.c.name, places.c.element)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


@lru_cache(maxsize=64)
def bundle(digest: str) -> Bundle:
    """The files of a deployment: immutable, so kept once read. Raises UnknownKey."""
    connection = db.session.connection()
    version = connection.execute(
        sa.select(definition_version).where(definition_version.c.digest == digest).limit(1)
    ).first()
    if version is None:
        raise UnknownKey(f"Expected a deployed bundle {digest[:12]}, but there is none")
    files: dict[str, dict[str, bytes]] = {"bpmn": {}, "dmn": {}, "forms": {}, "scenarios": {}, "letters": {}}
    for row in connection.execute(sa.select(bundle_file).where(bundle_file.c.digest == digest)):
        files[row.kind][row.name] = row.content
    scenarios = next(iter(files["scenarios"].values()), b"")
    bpmn, dmn, forms = files["bpmn"], files["dmn"], files["forms"]
    return Bundle(version.key, version.process_id, version.name, bpmn, dmn, forms, scenarios, files["letters"])


def _version(row: Any) -> Version:
    return Version(
        key=row.key,
        number=row.version,
        digest=row.digest,
        process_id=row.process_id,
        name=row.name,
        is_current=row.is_current,
        deployed_at=row.deployed_at,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        note=row.note,
    )
