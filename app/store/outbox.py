"""Effects to have after a commit: adding them to a transaction, taking them, recording what came of them.

Taking and recording are short transactions of their own; nothing is open while the effect happens. What an effect
does is not known here. By real time: an outage is real.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import real_now
from app.model.json import JsonObject, canonical
from app.store.db import transaction
from app.store.tables import outbox
from app.store.tables.outbox import is_open

#: whoever took an effect has this long; then somebody else may take it
LEASE = timedelta(minutes=5)
#: tries before a person has to look
MOST_TRIES = 8
#: effects that may go out as one
MOST_BUNDLED = 200
_WAKE = "waymark_wake"
#: lets one worker at a time count what went out in the last minute
_COUNTING = 7_283_641

#: told of the effects a transaction adds, within that transaction
Wake = Callable[[Connection, Sequence[str]], None]


@dataclass(frozen=True)
class Effect:
    """Something to do once, outside the database."""

    #: names it: adding it again adds nothing, and what receives it can tell a repeat by it
    reference: str
    #: what is to be done: "mail", "webhook"
    kind: str
    #: whom or what it is for: id of a person, of a webhook
    recipient: str
    #: case it is about, or None
    case_id: str | None
    #: what else it needs to know; ids only
    args: JsonObject
    #: which try this is
    attempts: int = 0
    #: when its entry was written, or the moment it was to wait for
    made_at: datetime | None = None
    #: it waits for that moment; None: it may happen at once
    not_before: datetime | None = None


@dataclass(frozen=True)
class Taking:
    """How effects of one kind may be taken."""

    #: at most so many go out in a minute, over all workers
    per_minute: int
    #: where more than so many wait for one recipient, they go out as one; None: each goes alone
    bundled_above: int | None


def reference_of(kind: str, *about: object) -> str:
    """The reference of an effect: the same for the same subject, and it tells nobody what that is."""
    return f"{kind}-{hashlib.sha256(canonical([str(one) for one in about])).hexdigest()[:32]}"


def when_added(wake: Wake | None) -> None:
    """Tell somebody of every effect that is added; without this, workers find them when they next look."""
    current_app.extensions[_WAKE] = wake


def add(connection: Connection, effects: Sequence[Effect]) -> None:
    """Add effects to this transaction: they come to be with the entry that causes them, or not at all."""
    if not effects:
        return
    now = real_now()
    rows = [
        {
            "reference": one.reference,
            "kind": one.kind,
            "recipient": one.recipient,
            "case_id": one.case_id,
            "args": one.args,
            "status": "waiting",
            "attempts": 0,
            "made_at": one.not_before or now,
            "run_at": one.not_before or now,
        }
        for one in effects
    ]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(outbox).on_conflict_do_nothing(), rows)
    wake: Wake | None = current_app.extensions.get(_WAKE)
    if wake is not None:
        wake(connection, [one.reference for one in effects])


def take(kinds: dict[str, Taking], now: datetime, reference: str | None = None, by: str = "") -> list[Effect]:
    """Take the effect that waits longest, or the one named, with those that go out together with it.

    None where nothing is due or its kind has had its share of this minute. What somebody took and did not finish in
    time is taken again; after the last try that ended so, it is given up.
    """
    with transaction() as connection:
        open_kinds = [kind for kind, taking in kinds.items() if _has_room(connection, kind, taking, now)]
        while (row := _next(connection, open_kinds, now, reference)) is not None:
            if row.attempts >= MOST_TRIES and row.status == "running":
                _end(connection, [row.reference], "given up", now, "Whoever did this ended in the middle of it")
                continue
            bundled = _bundled(connection, row, kinds[row.kind], now)
            taken = [row.reference, *(one.reference for one in bundled)]
            connection.execute(
                outbox.update()
                .where(outbox.c.reference.in_(taken))
                .values(status="running", attempts=row.attempts + 1, taken_at=now, taken_by=by, run_at=now + LEASE)
            )
            if bundled:
                connection.execute(
                    outbox.update().where(outbox.c.reference.in_(taken[1:])).values(bundled_in=row.reference)
                )
            return [_effect(one, row.attempts + 1) for one in (row, *bundled)]
        return []


def done(effects: Sequence[Effect], now: datetime) -> None:
    """They happened."""
    with transaction() as connection:
        _end(connection, [one.reference for one in effects], "done", now, None)


def give_up(effects: Sequence[Effect], now: datetime, trouble: str) -> None:
    """They cannot happen: a person has to look."""
    with transaction() as connection:
        _end(connection, [one.reference for one in effects], "given up", now, trouble)


def put_back(effects: Sequence[Effect], until: datetime, trouble: str) -> None:
    """They did not happen: try again then. Whoever took them meanwhile is not disturbed."""
    with transaction() as connection:
        connection.execute(
            outbox.update()
            .where(
                outbox.c.reference.in_([one.reference for one in effects]),
                outbox.c.status == "running",
                outbox.c.attempts == effects[0].attempts,
            )
            .values(status="waiting", run_at=until, trouble=trouble)
        )


def fail_alike(first: Effect, now: datetime, until: datetime, trouble: str) -> int:
    """What waits for the same recipient would fail in the same way: it counts as tried, too. How many that were.

    So a recipient that is away costs one try at a time, however much waits for it.
    """
    alike = outbox.update().where(
        is_open,
        outbox.c.recipient == first.recipient,
        outbox.c.kind == first.kind,
        outbox.c.status == "waiting",
        outbox.c.run_at <= now,
    )
    tried = {"attempts": outbox.c.attempts + 1, "trouble": trouble}
    with transaction() as connection:
        last = alike.where(outbox.c.attempts >= MOST_TRIES - 1)
        ended = connection.execute(last.values(status="given up", done_at=now, **tried)).rowcount
        return ended + connection.execute(alike.values(run_at=until, **tried)).rowcount


def hurry(first: Effect, now: datetime, trouble: str) -> int:
    """What waits for the same recipient since that trouble need not wait any longer; how many that were."""
    waiting = outbox.update().where(
        is_open,
        outbox.c.recipient == first.recipient,
        outbox.c.kind == first.kind,
        outbox.c.status == "waiting",
        outbox.c.run_at > now,
        outbox.c.trouble == trouble,
    )
    with transaction() as connection:
        return connection.execute(waiting.values(run_at=now)).rowcount


def drop(connection: Connection, kind: str, recipient: str) -> int:
    """Remove what was not done for a recipient that wants nothing any more; how many."""
    undone = sa.delete(outbox).where(
        outbox.c.kind == kind, outbox.c.recipient == recipient, outbox.c.status.in_(["waiting", "given up"])
    )
    return connection.execute(undone).rowcount


def waits(connection: Connection, kind: str, recipient: str) -> bool:
    """Whether something of that kind is still to be done for a recipient."""
    query = sa.select(outbox.c.reference).where(is_open, outbox.c.kind == kind, outbox.c.recipient == recipient)
    return connection.execute(query.limit(1)).first() is not None


def rescue(alive: Sequence[str], now: datetime) -> int:
    """Let others take at once what a node took that is no longer alive; how many effects that were."""
    with transaction() as connection:
        stalled = outbox.update().where(
            is_open, outbox.c.status == "running", outbox.c.run_at > now, outbox.c.taken_by.not_in(alive)
        )
        return connection.execute(stalled.values(run_at=now)).rowcount


def try_again(reference: str, now: datetime) -> bool:
    """Let an effect that was given up have its tries anew; whether there was one."""
    with transaction() as connection:
        again = outbox.update().where(outbox.c.reference == reference, outbox.c.status == "given up")
        values = {"status": "waiting", "attempts": 0, "run_at": now, "done_at": None, "bundled_in": None}
        return connection.execute(again.values(**values)).rowcount > 0


def forget(before: datetime) -> int:
    """Remove what was done before that; how many. What was given up stays until a person looked."""
    with transaction() as connection:
        old = sa.delete(outbox).where(outbox.c.status == "done", outbox.c.made_at < before, outbox.c.done_at < before)
        return connection.execute(old).rowcount


def _next(connection: Connection, kinds: list[str], now: datetime, reference: str | None) -> Any:
    query = sa.select(outbox).where(
        is_open, outbox.c.run_at <= now, outbox.c.kind.in_(kinds), outbox.c.bundled_in.is_(None)
    )
    if reference is not None:
        query = query.where(outbox.c.reference == reference)
    ordered = query.order_by(outbox.c.run_at, outbox.c.reference).limit(1)
    return connection.execute(ordered.with_for_update(skip_locked=True)).first()


def _has_room(connection: Connection, kind: str, taking: Taking, now: datetime) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))
    query = sa.select(sa.func.count()).where(
        outbox.c.kind == kind, outbox.c.taken_at > now - timedelta(minutes=1), outbox.c.bundled_in.is_(None)
    )
    return (connection.scalar(query) or 0) < taking.per_minute


def _bundled(connection: Connection, row: Any, taking: Taking, now: datetime) -> list[Any]:
    """What goes out with it: the same as at its last try, where there was one that may have come through."""
    if taking.bundled_above is None:
        return []
    query = sa.select(outbox).where(
        is_open, outbox.c.recipient == row.recipient, outbox.c.kind == row.kind, outbox.c.reference != row.reference
    )
    earlier = connection.execute(query.where(outbox.c.bundled_in == row.reference).with_for_update()).all()
    if earlier or row.status == "running":
        return list(earlier)
    waiting = query.where(outbox.c.status == "waiting", outbox.c.bundled_in.is_(None))
    ordered = waiting.order_by(outbox.c.made_at, outbox.c.reference).limit(MOST_BUNDLED)
    found = connection.execute(ordered.with_for_update(skip_locked=True)).all()
    return list(found) if len(found) >= taking.bundled_above else []


def _end(connection: Connection, references: list[str], status: str, now: datetime, trouble: str | None) -> None:
    ended = outbox.update().where(outbox.c.reference.in_(references), is_open)
    connection.execute(ended.values(status=status, done_at=now, trouble=trouble))


def _effect(row: Any, attempts: int) -> Effect:
    return Effect(row.reference, row.kind, row.recipient, row.case_id, row.args, attempts, row.made_at)
