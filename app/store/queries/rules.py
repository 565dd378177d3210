"""What an authority changed of the deadline rules. The shipped rules, and which version applies when, are not here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.calendars import Rule, rule_from_json
from app.model.entry import StreamId
from app.store.queries import calendars
from app.store.queries.calendars import RunningDate
from app.store.tables import rule_change, stream


@dataclass(frozen=True)
class RuleChange:
    """One change of a rule, or the proposal of one."""

    #: its entry in the stream of the rule
    seq: int
    #: "proposed", "in force", "refused"
    status: str
    #: the rule as it becomes, or would have
    rule: Rule
    #: what changes, in words
    sentence: str
    #: why
    reason: str
    #: id of who changed or proposed it
    by: str
    #: when, by the case clock
    at: datetime
    #: id of the second owner, or None
    decided_by: str | None
    #: when they decided, or None
    decided_at: datetime | None
    #: why it was refused, or ""
    refusal: str


def in_force(connection: Connection, authority: str) -> tuple[Rule, ...]:
    """The versions that an authority added to the shipped ones."""
    query = sa.select(rule_change.c.rule).where(
        rule_change.c.authority == authority, rule_change.c.status == "in force"
    )
    ordered = query.order_by(rule_change.c.key, rule_change.c.seq)
    return tuple(rule_from_json(record) for record in connection.scalars(ordered))


def changes(connection: Connection, authority: str) -> list[RuleChange]:
    """Every change and proposal of an authority, by key, in the order they were made."""
    query = sa.select(rule_change).where(rule_change.c.authority == authority)
    return [_change(row) for row in connection.execute(query.order_by(rule_change.c.key, rule_change.c.seq))]


def changes_of(connection: Connection, authority: str, key: str) -> list[RuleChange]:
    """Every change and proposal about one rule, in the order they were made."""
    query = sa.select(rule_change).where(rule_change.c.authority == authority, rule_change.c.key == key)
    return [_change(row) for row in connection.execute(query.order_by(rule_change.c.seq))]


def entries_written(connection: Connection, about: StreamId) -> int:
    """How many entries the stream of a rule has: what a change must name."""
    query = sa.select(stream.c.seq).where(stream.c.kind == about.kind, stream.c.id == about.id)
    return connection.scalar(query) or 0


def running_by(connection: Connection, key: str, schools: Iterable[str]) -> list[RunningDate]:
    """Running deadlines of the schools' cases that were counted by a rule."""
    return [one for one in calendars.running_dates(connection, schools) if one.due.rule_key == key]


def _change(row: Any) -> RuleChange:
    return RuleChange(
        seq=row.seq,
        status=row.status,
        rule=rule_from_json(row.rule),
        sentence=row.sentence,
        reason=row.reason,
        by=row.by,
        at=row.at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        refusal=row.refusal,
    )
