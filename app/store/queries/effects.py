"""Effects and timers as an operator may see them: how many, how late, what is wrong; and what a mail needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import real_now
from app.store.tables import case_record, outbox, timer


@dataclass(frozen=True)
class Trouble:
    """An effect that was given up."""

    #: names it
    reference: str
    #: "mail"
    kind: str
    #: when its entry was written
    made_at: datetime
    #: when it was given up
    done_at: datetime
    #: how often it was tried
    attempts: int
    #: why the last try failed
    trouble: str


@dataclass(frozen=True)
class Lateness:
    """How long things took from when they were due until they were done."""

    #: timers that fired, or effects that were done
    number: int
    #: half of them took no longer
    median: timedelta
    #: all but one of a hundred took no longer
    most: timedelta


def counts(connection: Connection) -> dict[str, int]:
    """Effects by status: waiting, running, done, given up."""
    query = sa.select(outbox.c.status, sa.func.count().label("number")).group_by(outbox.c.status)
    return {row.status: row.number for row in connection.execute(query)}


def oldest_waiting(connection: Connection) -> datetime | None:
    """Since when the effect waits that waits longest, or None; what waits for its moment does not count."""
    oldest: datetime | None = connection.scalar(
        sa.select(sa.func.min(outbox.c.made_at)).where(outbox.c.done_at.is_(None), outbox.c.made_at <= real_now())
    )
    return oldest


def given_up(connection: Connection, limit: int = 50) -> list[Trouble]:
    """Effects that were given up, newest first."""
    query = sa.select(outbox).where(outbox.c.status == "given up").order_by(outbox.c.made_at.desc()).limit(limit)
    return [
        Trouble(row.reference, row.kind, row.made_at, row.done_at, row.attempts, row.trouble or "")
        for row in connection.execute(query)
    ]


def how_late_effects(connection: Connection, since: datetime) -> Lateness | None:
    """From the entry until the effect was done, for what was added since then."""
    query = sa.select(outbox.c.made_at, outbox.c.done_at).where(outbox.c.status == "done", outbox.c.made_at >= since)
    return _lateness([row.done_at - row.made_at for row in connection.execute(query)])


def how_late_timers(connection: Connection, since: datetime) -> Lateness | None:
    """From the due moment until the timer fired, by the case clock, for what was due since then."""
    query = sa.select(timer.c.due_at, timer.c.fired_at).where(timer.c.fired_at.is_not(None), timer.c.due_at >= since)
    return _lateness([row.fired_at - row.due_at for row in connection.execute(query)])


def references(connection: Connection, case_ids: Sequence[str]) -> dict[str, str]:
    """Reference by case id."""
    wanted = sa.select(case_record.c.id, case_record.c.reference).where(case_record.c.id.in_(sorted(set(case_ids))))
    return {row.id: row.reference for row in connection.execute(wanted)} if case_ids else {}


def _lateness(took: list[timedelta]) -> Lateness | None:
    if not took:
        return None
    ordered = sorted(took)
    return Lateness(len(ordered), ordered[len(ordered) // 2], ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)])
