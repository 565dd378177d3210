"""A verdict and the sentences it is given in. What leads to one: `case_rules` and `other_rules`."""

from dataclasses import dataclass

from app.access.actions import Action
from app.access.people import Membership, Reader


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may, and why."""

    #: the answer
    allowed: bool
    #: one sentence for a person
    reason: str
    #: refused without saying that the object exists: the page is 404, not 403
    hides: bool = False
    #: allowed, but people are shown under masks
    is_masked: bool = False


NOTHING_HERE = Verdict(allowed=False, reason="There is nothing here that you can see.", hides=True)


def allowed(reader: Reader, held: Membership, why: str = "", *, is_masked: bool = False) -> Verdict:
    """Yes, by that membership; `why` continues the sentence."""
    return Verdict(allowed=True, reason=f"You are {reader.describe(held)}{why}.", is_masked=is_masked)


def refused(reader: Reader, action: Action, *, hides: bool = False) -> Verdict:
    """No: with the roles the reader has today, or as if there were nothing."""
    if hides:
        return NOTHING_HERE
    held = ", ".join(reader.describe(one) for one in reader.memberships) or "no role today"
    return Verdict(allowed=False, reason=f"Your role ({held}) does not let you {action.phrase}.")
