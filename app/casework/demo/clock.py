"""The clock of a demonstration: moved forward for everybody, and what became due on the way, in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.access.people import Reader
from app.access.scopes import case_scope
from app.cases.case_clock import clock, move_clock
from app.cases.command import Command
from app.cases.sweep import sweep
from app.clock import LONDON, local_date
from app.errors import NotFound, Rejected
from app.model.actor import OPERATOR, Actor
from app.store.db import reading
from app.store.queries.fell_due import FellDue, fell_due, next_date

STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "six-weeks": timedelta(weeks=6)}
#: a moved clock shows the start of the working day
MORNING_HOUR = 9
#: dates told by name; of the others only how many
MOST_TOLD = 8
MOST_COUNTED = 200


class NothingDue(Rejected):
    """Nothing is due in any case: there is no next moment to move to."""


@dataclass(frozen=True)
class Moved:
    """What a move of the clock brought."""

    #: when it stood before, UTC
    since: datetime
    #: what became due, oldest first
    dates: tuple[FellDue, ...]
    #: how many more there are
    more: int


def move(step: str, reader: Reader | None, actor: Actor | None) -> datetime:
    """Move the clock, playing what falls due on the way at its own moment; when it stood before.

    Raises NotFound for a step there is not, NothingDue.
    """
    before = clock().now()
    target = _target(step, before, reader)
    sweep(target, as_they_were_due=True)
    move_clock(target, Command(actor or OPERATOR, clock().now()))
    sweep(target)
    return before


def moved(reader: Reader | None, since: datetime, now: datetime) -> Moved:
    """What became due since then in the cases the reader may see."""
    if reader is None:
        return Moved(since, (), 0)
    found = fell_due(reading(), case_scope(reader), local_date(since), local_date(now), MOST_COUNTED)
    return Moved(since, tuple(found[:MOST_TOLD]), len(found[MOST_TOLD:]))


def _target(step: str, now: datetime, reader: Reader | None) -> datetime:
    if step in STEPS:
        then = (now + STEPS[step]).astimezone(LONDON)
        return then.replace(hour=max(MORNING_HOUR, then.hour if step == "day" else MORNING_HOUR), minute=0, second=0)
    if step != "next":
        raise NotFound
    if (on := _next_day(local_date(now), reader)) is None:
        raise NothingDue
    return datetime(on.year, on.month, on.day, MORNING_HOUR, tzinfo=LONDON)


def _next_day(today: date, reader: Reader | None) -> date | None:
    """The next day with something due in the reader's cases, else in any case."""
    mine = next_date(reading(), case_scope(reader), today) if reader else None
    return mine or next_date(reading(), None, today)
