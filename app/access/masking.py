"""Masks over people for auditors: known names become "Pupil P01-2026-00012" or "Parent 1", identifying fields go.

A pupil's mask is made of the case's own reference, so that two lines of a list are told apart by it and nothing else;
the same pupil in two cases has two masks, and nobody can tell that they are one person. Who reads under masks is
decided elsewhere (`Verdict.is_masked`), and so is what a reveal needs. Free text can hide a name that nobody told us,
so it is always marked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from app.model.json import Json

PartyKind = Literal["pupil", "parent", "contact"]

#: field keys that identify a person by themselves; under a mask they say only that something was recorded
IDENTIFYING_FIELDS: frozenset[str] = frozenset(
    {"upn", "dob", "date_of_birth", "postcode", "address", "phone", "email", "social_worker_contact"}
)
WITHHELD = "withheld"
#: how long revealed names stay shown: one working day, by real time
REVEAL_LASTS = timedelta(hours=8)
FREE_TEXT_WARNING = "may name people"
#: shorter parts of a name are left alone: they are words too often ("Jo" stays, "Jo Ash" goes)
_SHORTEST_PART = 3


@dataclass(frozen=True)
class Party:
    """Somebody a case is about."""

    #: stable identifier
    id: str
    #: pupil, parent, or another person outside the staff
    kind: PartyKind
    #: every name we know for them, whole: "Oluwaseun Farrugia", "Seun"
    names: tuple[str, ...]


@dataclass(frozen=True)
class MaskedText:
    """Free text as an auditor reads it."""

    #: the text, known names replaced
    text: str
    #: what to write beside it
    warning: str = FREE_TEXT_WARNING


@dataclass(frozen=True)
class Mask:
    """The masks of one case: the same person has the same mask at every entry."""

    #: mask by party id: "Pupil A"
    labels: Mapping[str, str]
    #: mask by known name, lower case
    _by_name: Mapping[str, str] = field(repr=False)

    @classmethod
    def over(cls, parties: Iterable[Party], reference: str = "") -> "Mask":
        """Masks in the order of the parties: keep that order and the masks stay the same.

        `reference` of the case names its first pupil; without one pupils are A, B, C.
        """
        labels: dict[str, str] = {}
        by_name: dict[str, str] = {}
        counts: dict[PartyKind, int] = {}
        for party in parties:
            counts[party.kind] = counts.get(party.kind, 0) + 1
            labels[party.id] = label = _label(party.kind, counts[party.kind], reference)
            for name in party.names:
                by_name.setdefault(_folded(name), label)
        for label in labels.values():
            _add_parts(by_name, label)
        return cls(labels, by_name)

    def name(self, party_id: str) -> str:
        """The mask of one party; somebody unknown is "Somebody"."""
        return self.labels.get(party_id, "Somebody")

    def text(self, text: str) -> MaskedText:
        """Free text with every known name replaced, marked as text that may name more people."""
        return MaskedText(self._replaced(text))

    def value(self, key: str, value: Json) -> Json:
        """The answer to one structured field, masked all the way down."""
        if value is None or isinstance(value, bool | int | float):
            return WITHHELD if value is not None and key in IDENTIFYING_FIELDS else value
        if key in IDENTIFYING_FIELDS:
            return WITHHELD
        if isinstance(value, str):
            return self._replaced(value)
        if isinstance(value, Mapping):
            return {inner: self.value(inner, one) for inner, one in value.items()}
        return [self.value(key, one) for one in value]

    def _replaced(self, text: str) -> str:
        pattern = self._pattern()
        return pattern.sub(lambda found: self._by_name[_folded(found[0])], text) if pattern else text

    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted(self._by_name, key=lambda name: (-len(name), name))
        if not longest_first:
            return None
        alternatives = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def pupil_mask(reference: str) -> str:
    """The mask of the pupil that a case is about: its reference without the authority, "Pupil P01-2026-00012"."""
    return f"Pupil {reference.partition('-')[2] or reference or 'A'}"


def _label(kind: PartyKind, number: int, reference: str) -> str:
    if kind != "pupil":
        return f"{kind.capitalize()} {number}"
    return pupil_mask(reference) if reference and number == 1 else f"Pupil {_letters(number)}"


def _letters(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA."""
    quotient, remainder = divmod(number - 1, 26)
    return (_letters(quotient) if quotient else "") + chr(ord("A") + remainder)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _add_parts(by_name: dict[str, str], label: str) -> None:
    """Forenames and surnames stand for the person too; a surname a family shares keeps the mask it got first."""
    for name in [whole for whole, owner in by_name.items() if owner == label]:
        for part in name.split():
            if len(part) >= _SHORTEST_PART:
                by_name.setdefault(part, label)
