"""Processes of this installation that are alive. Nothing correct depends on it: it says who is there, and shares work.

By the clock of the database, so that nodes whose clocks differ agree on who is alive.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import real_now
from app.store.db import transaction
from app.store.tables import node

#: whoever was not seen for so long is taken to be gone; one that is alone says seldom that it is there
GONE_AFTER, GONE_AFTER_ALONE = timedelta(seconds=8), timedelta(seconds=70)
#: whoever was not seen for so long is no longer listed
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Node:
    """One process."""

    #: machine and process id
    name: str
    #: run, web, worker
    kind: str
    #: UTC
    started_at: datetime
    #: when it was last there, UTC
    seen_at: datetime
    #: it was there a moment ago
    is_alive: bool


def seen(name: str, kind: str) -> None:
    """Say that this process is there."""
    with transaction() as connection:
        now = _now(connection)
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        there = insert(node).values(name=name, kind=kind, started_at=now, seen_at=now)
        connection.execute(there.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))
        connection.execute(sa.delete(node).where(node.c.seen_at < now - FORGOTTEN_AFTER))


def gone(name: str) -> None:
    """This process ends."""
    with transaction() as connection:
        connection.execute(sa.delete(node).where(node.c.name == name))


def known(connection: Connection) -> list[Node]:
    """Every process that was there today, by kind and name."""
    now = _now(connection)
    rows = connection.execute(sa.select(node).order_by(node.c.kind, node.c.name))
    return [
        Node(
            row.name,
            row.kind,
            row.started_at,
            row.seen_at,
            now - row.seen_at < (GONE_AFTER_ALONE if row.kind == "run" else GONE_AFTER),
        )
        for row in rows
    ]


def _now(connection: Connection) -> datetime:
    if connection.dialect.name == "sqlite":
        return real_now()
    now: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return now
