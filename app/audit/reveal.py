"""Names of one case for one auditor: a reason, recorded before anything is shown; until when; and masking again."""

from dataclasses import dataclass
from datetime import datetime

from app.access.actions import Action
from app.access.masking import REVEAL_LASTS
from app.access.people import Reader
from app.clock import LONDON
from app.errors import InvalidAnswers
from app.store import reads
from app.store.db import reading
from app.store.queries import reveals

SHORTEST_REASON, LONGEST_REASON = 10, 500
#: for how long, in words
HOURS = int(REVEAL_LASTS.total_seconds() // 3_600)


@dataclass(frozen=True)
class Revealed:
    """Names that are shown to one reader now."""

    #: until when, real time
    until: datetime
    #: why, as they typed it
    reason: str

    @property
    def until_words(self) -> str:
        """ "17:42", in England: it is never a day away."""
        return f"{self.until.astimezone(LONDON):%H:%M}"


def reveal(case_id: str, reader: Reader, reason: str) -> None:
    """Record why; for some hours the reader sees the names of this case. Raises InvalidAnswers."""
    why = " ".join(reason.split())
    if len(why) < SHORTEST_REASON:
        raise InvalidAnswers({"reason": f"Enter why you need the names, in {SHORTEST_REASON} characters or more"})
    if len(why) > LONGEST_REASON:
        raise InvalidAnswers({"reason": f"Shorten the reason to {LONGEST_REASON} characters: it has {len(why)}"})
    reads.record(reader.id, Action.REVEAL_NAMES, f"case/{case_id}", "allowed", why)


def mask_again(case_id: str, reader: Reader) -> None:
    """Show masks again before the time is over; recorded as the reveal was."""
    if revealed(case_id, reader) is not None:
        reads.record(reader.id, reveals.MASKED_AGAIN, f"case/{case_id}", "allowed")


def revealed(case_id: str, reader: Reader) -> Revealed | None:
    """The reader's reveal of this case that still holds, or None."""
    found = reveals.standing(reading(), [case_id], reader.id).get(case_id)
    return Revealed(found.at + REVEAL_LASTS, found.purpose) if found else None
