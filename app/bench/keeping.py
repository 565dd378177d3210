"""What keeping costs: bytes of a case and of a step, and how fast a chain is verified."""

import statistics
import time
import zlib
from collections.abc import Iterator

from app.bench.figures import Row
from app.bench.site import Site
from app.model.entry import Entry, StreamId
from app.model.json import compact
from app.store import journal
from app.store.db import db, reading
from app.store.keys import NONCE_BYTES
from app.store.weighing import state_bytes

#: budgets in design.md
MOST_FOR_CASE, MOST_FOR_STEP, FEWEST_VERIFIED = 4_096, 2_048, 50_000
#: times a chain is verified, after once to warm up
TIMES = 7
#: what a sealed payload is longer than what was sealed
_SEAL_BYTES = NONCE_BYTES + 16


def weight(site: Site) -> Iterator[Row]:
    """Bytes of the state after every step of a round in an old case, and of its entries."""
    case = site.old(max(site.place.size.measured))
    states = [state_bytes(reading(), case.id)]
    lived = journal.entries(reading(), StreamId("case", case.id))
    db.session.rollback()
    for element in ("describe_class", "assess", "plan", "write_log", "review", "decide"):
        case.do(element)
        states.append(state_bytes(reading(), case.id))
    case.rounds += 1
    steps = [_step_bytes(one) for one in lived if one.content and "delta" in one.content]
    whole = [len(zlib.compress(compact(one.content), 9)) + _SEAL_BYTES + len(compact(one.meta)) for one in lived]
    yield Row(f"stored state of a case after {case.rounds} rounds, most", max(states), "bytes", MOST_FOR_CASE)
    yield Row("entry beside its answers: change, moves and meta, most", max(steps), "bytes", MOST_FOR_STEP)
    yield Row("whole entry, answers and dates too, median", round(statistics.median(whole)), "bytes")
    yield Row("whole entry, answers and dates too, most", max(whole), "bytes")


def verify(site: Site) -> Iterator[Row]:
    """The chain of an old case, as `case verify` reads it."""
    case, taken = site.old(max(site.place.size.measured)), list[float]()
    for _ in range(1 + TIMES):
        began = time.perf_counter()
        count, breaks = journal.verify(reading(), StreamId("case", case.id))
        taken.append(time.perf_counter() - began)
        db.session.rollback()
        if breaks:
            raise RuntimeError(f"Expected the chain to hold, but: {breaks[0].sentence}")
    per_second = round(count / statistics.median(taken[1:]))
    yield Row(f"verify a chain of {count:,} entries", per_second, "per s", FEWEST_VERIFIED, "≥")


def _step_bytes(one: Entry) -> int:
    """Compressed, as it is kept: what the engine did, without what people said and what was worked out from it."""
    step = {key: (one.content or {}).get(key) for key in ("delta", "moves", "closed", "disarmed", "unsubscribed")}
    return len(zlib.compress(compact(step), 9)) + len(compact(one.meta))
