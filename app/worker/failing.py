"""How an effect can fail, and when it is tried again. Anything that is neither of these may be better next time.

Their words are kept with the effect and shown to operators: nothing personal.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.store.outbox import MOST_TRIES, Effect


class Permanent(Exception):
    """It will never work: trying again is no use."""


class Unavailable(Exception):
    """What it needs is not there: no fault of this effect."""


@dataclass(frozen=True)
class Patience:
    """How long effects of one kind are tried."""

    #: how long to wait after the first try, the second …; the last one again and again
    pauses: tuple[timedelta, ...]
    #: an effect has tries until what it needs was gone for so long; None: that uses up tries as anything else does
    longest_outage: timedelta | None = None

    def pause(self, attempts: int) -> timedelta:
        """How long to wait after so many tries: not everybody at the same moment."""
        whole = self.pauses[min(max(attempts, 1), len(self.pauses)) - 1]
        return whole * random.uniform(0.8, 1.2)  # noqa: S311 - nothing is secret about it

    def is_over(self, effect: Effect, trouble: Exception, now: datetime) -> bool:
        """It had its tries."""
        if isinstance(trouble, Permanent):
            return True
        if isinstance(trouble, Unavailable) and self.longest_outage is not None:
            return effect.made_at is not None and now - effect.made_at > self.longest_outage
        return effect.attempts >= MOST_TRIES
