"""Letting due things happen: every timer and notice whose moment has come, each in a transaction of its own, in order.

The tick only says "look now": the rows are the truth, so a week of downtime fires each due thing once, in order, and
two sweeps at once do no harm. What fails again and again: `giving_up`.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.cases import giving_up
from app.cases.command import Command
from app.cases.events import fire
from app.cases.notices import give
from app.errors import Rejected
from app.model.actor import WORKER
from app.model.entry import StreamId
from app.store.db import db, reading
from app.store.due_tries import NOTICE, TIMER, Tried
from app.store.keys import keyring
from app.store.queries import dues

log = logging.getLogger(__name__)

#: due things looked up at once
BATCH = 200


@dataclass
class Swept:
    """What a sweep did."""

    #: timers that fired
    timers: int = 0
    #: notices given
    notices: int = 0
    #: due things that could not happen, with why; they are tried again
    failures: int = 0


#: asked for each batch: says of a case whether its due things are ours to do
Share = Callable[[], Callable[[str], bool]]


def all_of_them() -> Callable[[str], bool]:
    """The share of whoever sweeps alone."""
    return lambda _case_id: True


def sweep(now: datetime, *, as_they_were_due: bool = False, share: Share = all_of_them) -> Swept:
    """Fire every due timer and give every due notice up to `now`, in the order of their moments.

    `as_they_were_due` dates each entry at the moment it was due rather than when it happens: for a demonstration
    whose clock is moved, and for playing the past through. `share` keeps workers from waiting for each other's locks;
    two that believe a case theirs do no harm.
    """
    swept, seen, begun = Swept(), set[str](), time.monotonic()
    limit = BATCH
    while found := _ripe(now, limit):
        is_ours = share()
        ripe = [one for one in found if one.key not in seen and is_ours(one.what.case_id)]
        if not ripe and len(found) < limit:
            break
        keyring().have(StreamId("case", one.what.case_id) for one in ripe)
        limit = BATCH + len(found) - len(ripe)  # look beyond what failed and what is others'
        for one in ripe:
            seen.add(one.key)
            _happen(one, one.at if as_they_were_due else _since(now, begun), swept)
            if as_they_were_due:
                break  # what it led to may be due before the next thing that was known
    return swept


def _since(now: datetime, begun: float) -> datetime:
    """`now` and what passed since: how late things are is seen, however many there are."""
    return now + timedelta(seconds=time.monotonic() - begun)


@dataclass(frozen=True)
class _DueThing:
    """A timer or a rung of a ladder whose moment has come."""

    #: when, UTC
    at: datetime
    #: names this moment of this thing
    key: str
    #: which timer or deadline of which case
    what: Tried
    #: how often it was tried in vain
    tries: int


def _ripe(now: datetime, limit: int) -> list[_DueThing]:
    connection = reading()
    things = [
        _DueThing(
            one.due_at,
            f"timer:{one.timer_id}:{one.due_at.isoformat()}",
            Tried(TIMER, one.timer_id, one.case_id),
            one.tries,
        )
        for one in dues.due_timers(connection, now, limit)
    ]
    things += [
        _DueThing(
            one.at,
            f"notice:{one.deadline_id}:{one.rung}:{one.at.isoformat()}",
            Tried(NOTICE, one.deadline_id, one.case_id),
            one.tries,
        )
        for one in dues.due_rungs(connection, now, limit)
    ]
    db.session.rollback()
    return sorted(things, key=lambda one: (one.at, one.what.kind != TIMER, one.what.id))


def _happen(one: _DueThing, at: datetime, swept: Swept) -> None:
    """One due thing must not stop the others: what goes wrong is counted, and tried again later."""
    command = Command(WORKER, at)
    try:
        if one.what.kind == TIMER:
            fired = fire(one.what.case_id, one.what.id, replace(command, key=one.key))
            swept.timers += fired is not None and not fired.is_repeat  # another sweep was quicker
        else:
            swept.notices += give(one.what.case_id, one.what.id, command) is not None
        if one.tries:
            giving_up.happened(one.what)
    except Exception as trouble:
        swept.failures += 1
        _failed(one, trouble, command)


def _failed(one: _DueThing, trouble: Exception, command: Command) -> None:
    if isinstance(trouble, Rejected):
        log.warning("%s was refused: %s", one.key, trouble)
    else:
        log.error("%s failed", one.key, exc_info=trouble)
    try:
        giving_up.failed(one.what, trouble, command)
    except Exception:
        log.exception("that %s failed could not be written down", one.key)
