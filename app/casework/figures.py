"""Figures that the rows give whenever a monitor asks: lateness, queues, nodes, checkpoints. No case, no name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases.case_clock import clock
from app.casework.operations import GRACE, unsealed_for
from app.clock import real_now
from app.store import checkpoints, nodes
from app.store.db import Connection, DBAPIError, let_go, reading
from app.store.queries import effects
from app.store.queries import operations as queries

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Figure:
    """One figure for a monitor."""

    #: snake case, with its unit
    name: str
    #: what it counts
    what: str
    #: value of the label → figure; "" where there is no label
    values: Mapping[str, float]
    #: what its values are told apart by, or ""
    label: str = ""


def figures() -> tuple[Figure, ...] | None:
    """What a monitor is told of the rows, or None where the database does not answer."""
    try:
        connection, now, case_now = reading(), real_now(), clock().now()
        return (*_late(connection, case_now), *_queues(connection, now), *_proof(connection, now))
    except DBAPIError:
        return None
    finally:
        let_go()


def _late(connection: Connection, case_now: datetime) -> list[Figure]:
    late, first = queries.how_many_late(connection, case_now - GRACE)
    late_seconds = (case_now - first).total_seconds() if first else 0
    took = effects.how_late_timers(connection, case_now - HOUR)
    quantiles = {"0.5": took.median.total_seconds(), "0.99": took.most.total_seconds()} if took else {}
    return [
        Figure("timers_late", "Timers whose moment passed over a minute ago", {"": late}),
        Figure("timers_late_seconds", "By how much the first of them is late", {"": late_seconds}),
        Figure("timers_fired_last_hour", "Timers due in the last hour that fired", {"": took.number if took else 0}),
        Figure("timer_lateness_seconds", "Of those, from due to fired", quantiles, "quantile"),
    ]


def _queues(connection: Connection, now: datetime) -> list[Figure]:
    since = effects.oldest_waiting(connection)
    waited = (now - since).total_seconds() if since else 0
    alive = Counter(one.kind for one in nodes.known(connection) if one.is_alive)
    return [
        Figure("incidents_open", "Problems of cases that cannot go on", queries.open_incidents(connection), "kind"),
        Figure("outbox", "What is to be sent after a commit", effects.counts(connection), "status"),
        Figure("outbox_waiting_seconds", "Since the first that waits", {"": waited}),
        Figure("nodes_alive", "Processes that said they are there a moment ago", alive, "kind"),
    ]


def _proof(connection: Connection, now: datetime) -> list[Figure]:
    newest = checkpoints.newest(connection)
    age = {"": (now - newest.unsigned.at).total_seconds()} if newest else {}
    return [
        Figure("checkpoint_age_seconds", "Since the last signed checkpoint", age),
        Figure("unsealed_seconds", "Since the first entry after it", {"": unsealed_for(now, newest).total_seconds()}),
        Figure("database_bytes", "Size of the main database", {"": queries.database(connection).size_bytes}),
    ]
