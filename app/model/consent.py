"""Consent to share about a pupil: for which purposes it is needed, and whether one holds. Kept by `app.cases.consents`.

Agreement is needed for few things. Whatever is not in `PURPOSES` is public task, and no consent, no withdrawal and no
missing answer ever stops it: exclusions, fair access, off-site directions, EHC requests, safeguarding (ADR 0059).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from app.model.json import JsonObject

#: who gives it where nobody of the family does: the safeguarding lead, who decides that it is shared all the same
SAFEGUARDING = "safeguarding"
#: what a case is told when it is withdrawn
WITHDRAWN = "consent.withdrawn"


@dataclass(frozen=True)
class Purpose:
    """Something that may be consented to."""

    #: as the form says it
    label: str
    #: BPMN ids of processes that need it: without it people outside see nothing of their cases, and none starts
    blocks: tuple[str, ...] = ()
    #: BPMN ids of processes whose cases are told when it is withdrawn
    tells: tuple[str, ...] = ()


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        "services": Purpose("Share with services outside the school that are named below", (), ("p01_apdr",)),
        "forum": Purpose("Ask a forum, with the pupil’s name", ("p02_forum",), ("p02_forum", "p08_escalation")),
        "gateway": Purpose("Refer to the inclusion gateway, with the pupil’s name", ("p03_gateway",), ("p03_gateway",)),
        "partnership": Purpose("Refer to the partnership", ("p04_placement",), ("p04_placement",)),
        "managed_move": Purpose("A managed move to another school", ("p05_managed_move",), ("p05_managed_move",)),
    }
)


@dataclass(frozen=True)
class Consent:
    """One consent as it stands."""

    #: the same for all that is recorded of it
    id: str
    #: keys of `PURPOSES`
    purposes: tuple[str, ...]
    #: agencies by name, as the family was told them
    agencies: str
    #: id of the party who gave it, or `SAFEGUARDING`
    given_by: str
    #: their name when they gave it
    given_by_name: str
    #: "written", "verbal"; "none" where the safeguarding lead decided
    form: str
    #: when it was given
    given_on: str
    #: where the signed paper is, who heard it, or why the safeguarding lead decided
    evidence: str
    #: last day on which it holds
    until: str
    #: by when it should be in writing, or "": it is
    in_writing_by: str = ""
    #: when it was withdrawn, or "": it was not
    withdrawn_on: str = ""
    #: by whom, and what they said
    withdrawn_by: str = ""

    def holds(self, on: date) -> bool:
        """Whether it holds on a day; on the day it is withdrawn it does not any more."""
        ends = date.fromisoformat(self.withdrawn_on) if self.withdrawn_on else None
        return date.fromisoformat(self.given_on) <= on <= date.fromisoformat(self.until) and (ends is None or on < ends)

    def is_late_in_writing(self, on: date) -> bool:
        """It was given by word of mouth, still holds, and should be in writing by now."""
        return bool(self.in_writing_by) and self.holds(on) and date.fromisoformat(self.in_writing_by) < on

    def to_json(self) -> JsonObject:
        """As the entry keeps it."""
        return {**vars(self), "purposes": list(self.purposes)}


def from_json(known: Mapping[str, Any]) -> Consent:
    """A consent as an entry keeps it."""
    return Consent(**{**known, "purposes": tuple(known["purposes"])})


def purpose_of(process_id: str) -> str | None:
    """The purpose that a process needs consent for, or None: it needs none."""
    return next((key for key, one in PURPOSES.items() if process_id in one.blocks), None)


def stops_on(purpose: str, consents: Iterable[Consent]) -> date | None:
    """From which day nothing may be shared for a purpose; None: no consent to it was ever recorded.

    A withdrawal ends every consent given before it, by whomever: parents have equal rights. A consent given on its day
    or later allows sharing again, until it ends.
    """
    about = [one for one in consents if purpose in one.purposes]
    withdrawn = max((date.fromisoformat(one.withdrawn_on) for one in about if one.withdrawn_on), default=None)
    live = [
        date.fromisoformat(one.until)
        for one in about
        if not one.withdrawn_on and (withdrawn is None or date.fromisoformat(one.given_on) >= withdrawn)
    ]
    return max(live) + timedelta(days=1) if live else withdrawn


def basis(process_id: str, on: date, consents: Iterable[Consent]) -> str:
    """On what something of a case of that process was shared on a day, in words."""
    purpose = purpose_of(process_id)
    if purpose is None:
        return "Public task: no consent is needed"
    held = next((one for one in consents if purpose in one.purposes and one.holds(on)), None)
    if held is None:
        return "Agreement as the request says; none was recorded beside it"
    if held.given_by == SAFEGUARDING:
        return f"Safeguarding, decided by {held.given_by_name}"
    return f"Consent of {held.given_by_name}, given on {held.given_on}"
