"""Revealing the names of one case to one auditor: a reason, recorded before anything is shown."""

from app.access.actions import Action
from app.access.people import Reader
from app.errors import InvalidAnswers
from app.store import reads

SHORTEST_REASON, LONGEST_REASON = 10, 500


def reveal(case_id: str, reader: Reader, reason: str) -> None:
    """Record why; from then on the reader sees the names of this case. Raises InvalidAnswers."""
    why = " ".join(reason.split())
    if len(why) < SHORTEST_REASON:
        raise InvalidAnswers({"reason": f"Enter why you need the names, in {SHORTEST_REASON} characters or more"})
    if len(why) > LONGEST_REASON:
        raise InvalidAnswers({"reason": f"Shorten the reason to {LONGEST_REASON} characters: it has {len(why)}"})
    reads.record(reader.id, Action.REVEAL_NAMES, f"case/{case_id}", "allowed", why)
