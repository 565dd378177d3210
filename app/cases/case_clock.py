"""The case clock of the installation: real time plus an offset that is journalled and only grows (ADR 0008)."""

from datetime import datetime, timedelta

from app.cases.command import Command
from app.cases.records import write_record
from app.clock import Clock, real_now
from app.errors import Rejected
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import installation

OFFSET = "clock-offset"


class ClockGoesForward(Rejected):
    """The clock can only be moved forward."""


def clock() -> Clock:
    """The case clock as it stands now."""
    return Clock(real_now, timedelta(seconds=float(installation.fact(reading(), OFFSET) or 0)))


def move_clock(to: datetime, command: Command) -> None:
    """Move the case clock forward to a moment. Raises ClockGoesForward."""
    now = clock().now()
    if to < now:
        raise ClockGoesForward(f"Expected a moment after {now:%d %B %Y %H:%M}, but it is earlier.")
    content: JsonObject = {"value": (to - real_now()).total_seconds(), "from": now.isoformat(), "to": to.isoformat()}
    write_record(StreamId("installation", OFFSET), "clock-moved", content, command)
