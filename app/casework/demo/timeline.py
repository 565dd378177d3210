"""The past in its order: one queue of things people do, merged with the rows that fall due. Who acts is not here."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.cases.sweep import sweep
from app.clock import local_date
from app.store.db import reading
from app.store.queries import dues

#: something somebody does at a moment
Act = Callable[[datetime], None]
#: timers looked up at once
BATCH = 100


class StoryStuck(RuntimeError):
    """A story of the demonstration cannot go on: its answers and the process do not fit any more."""


@dataclass
class Timeline:
    """Everything that happens up to one moment."""

    #: the moment it ends, UTC
    until: datetime
    #: told the case that a timer moved, and when
    on_timer: Callable[[str, datetime], None]
    #: told the day that is being played
    on_day: Callable[[date], None]
    _queue: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)

    def add(self, moment: datetime, act: Act) -> None:
        """Let somebody do something at a moment; of two at the same moment, the one added first."""
        heapq.heappush(self._queue, (moment, next(self._order), act))

    def run(self) -> None:
        """Let everything happen, in order. Raises StoryStuck."""
        while (moment := min(self._next_act(), self._next_due())) <= self.until:
            self.on_day(local_date(moment))
            if self._next_due() <= moment:
                self._let_happen(moment)
            else:
                _, _, act = heapq.heappop(self._queue)
                act(moment)

    def _next_act(self) -> datetime:
        return self._queue[0][0] if self._queue else self._never()

    def _next_due(self) -> datetime:
        return dues.next_due(reading()) or self._never()

    def _never(self) -> datetime:
        return self.until + timedelta(days=1)

    def _let_happen(self, moment: datetime) -> None:
        moved = [one.case_id for one in dues.due_timers(reading(), moment, BATCH)]
        swept = sweep(moment, as_they_were_due=True)
        if swept.failures or not swept.timers + swept.notices:
            raise StoryStuck(f"What was due at {moment} did not happen: {swept}")
        for case_id in dict.fromkeys(moved):
            self.on_timer(case_id, moment)
