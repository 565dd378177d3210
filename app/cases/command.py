"""What every command carries: who, when, and a key that makes a repeat harmless."""

from dataclasses import dataclass
from datetime import datetime

from app.model.actor import Actor


@dataclass(frozen=True)
class Command:
    """Who asks, and when by the case clock."""

    #: who
    actor: Actor
    #: aware, UTC, by the case clock
    now: datetime
    #: idempotency key; the same key sent twice is one entry and the same answer
    key: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What a command led to: kept with its key and given again for a repeat."""

    #: the case
    case_id: str
    #: its reference
    reference: str
    #: the entry written
    seq: int
    #: ids of tasks that opened
    opened: tuple[str, ...] = ()
    #: how the case ended, where it did
    outcome: str | None = None
    #: the case is closed now
    is_closed: bool = False
    #: this answer was given before: nothing was written now
    is_repeat: bool = False
