"""How an effect can fail, and when it is tried again. Anything that is neither of these may be better next time.

Their words are kept with the effect and shown to operators: nothing personal.
"""

import random
from datetime import datetime, timedelta

from app.store.outbox import MOST_TRIES, Effect

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
#: an effect is given up at the latest when what it needs was gone for so long
LONGEST_OUTAGE = timedelta(days=3)


class Permanent(Exception):
    """It will never work: trying again is no use."""


class Unavailable(Exception):
    """What it needs is not there: no fault of this effect, so it has tries for as long as an outage may last."""


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, and not everybody at the same moment."""
    whole: timedelta = min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)
    return whole * random.uniform(0.8, 1.2)  # noqa: S311 - nothing is secret about it


def is_over(effect: Effect, trouble: Exception, now: datetime) -> bool:
    """It had its tries."""
    if isinstance(trouble, Permanent):
        return True
    if isinstance(trouble, Unavailable):
        return effect.made_at is not None and now - effect.made_at > LONGEST_OUTAGE
    return effect.attempts >= MOST_TRIES
