"""Somebody around a pupil, and whether they may be written to, and how. Where they are kept: `app.cases.parties`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from app.model.json import JsonObject

PartyKind: TypeAlias = Literal["parent", "young_person", "professional"]
Means: TypeAlias = Literal["post", "email", "phone"]

#: what a letter can go by
WRITTEN: tuple[Means, ...] = ("post", "email")
#: how a sentence says the means
BY: Mapping[Means, str] = MappingProxyType({"post": "by post", "email": "by e-mail", "phone": "by telephone"})
#: forms of writing that somebody can need, as the form `party` offers them
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "large_print": "large print",
        "easy_read": "easy read",
        "braille": "braille",
        "audio": "a recording, or read aloud",
        "interpreter": "an interpreter",
    }
)


@dataclass(frozen=True)
class Party:
    """One person around a pupil: parent or carer, the young person, or a professional."""

    #: the same for all changes of this person, and for every case of the pupil
    id: str
    #: parent, young_person, professional
    kind: PartyKind
    #: what they are called
    name: str
    #: to the pupil: "mother", "foster carer", "speech and language therapist"
    relationship: str
    #: parental responsibility: "yes", "no", "unknown"
    responsibility: str = "unknown"
    #: where letters go, or ""
    address: str = ""
    #: other parties must not learn the address
    is_address_withheld: bool = False
    #: telephone, or ""
    phone: str = ""
    #: e-mail address, or ""
    email: str = ""
    #: safe to contact: "yes", "no", "only" (then `only_by` says how); "unknown": nobody asked yet
    safe: str = "unknown"
    #: the only way that is safe: "post", "email", "phone", "other"; or ""
    only_by: str = ""
    #: what to mind about contact: through whom, at which hours, why not
    contact_note: str = ""
    #: language to write or speak in where that is not English, or ""
    language: str = ""
    #: keys of `FORMATS`
    formats: tuple[str, ...] = ()
    #: why they have nothing to do with the pupil any more, or "": they have
    ended: str = ""

    @property
    def called(self) -> str:
        """ "Orla Thornbury (mother)"."""
        return f"{self.name} ({self.relationship})" if self.relationship else self.name

    @property
    def may_not_be_contacted(self) -> bool:
        """Nobody is to contact them by any means."""
        return self.safe == "no" and not self.ended

    def to_json(self) -> JsonObject:
        """As the entry keeps it."""
        return {**vars(self), "formats": list(self.formats)}


@dataclass(frozen=True)
class Writing:
    """Whether somebody may be written to, and how."""

    #: a letter may go to them
    may: bool
    #: by which means, the safest first; empty where none may
    means: tuple[Means, ...]
    #: for whoever sends it: why not, or what to mind
    sentence: str


def from_json(known: Mapping[str, Any]) -> Party:
    """A party as an entry keeps it."""
    return Party(**{**known, "formats": tuple(known.get("formats", ()))})


def from_record(parent: Mapping[str, Any], party_id: str) -> Party:
    """A parent as the pupil's own record has them, until somebody records more."""
    name = parent.get("name") or " ".join(str(parent[one]) for one in ("forename", "surname") if parent.get(one))
    said = str(parent.get("safe_to_contact") or "unknown")
    only = next((means for word, means in _SAID_BY.items() if word in said.lower()), "other")
    return Party(
        id=party_id,
        kind="parent",
        name=name,
        relationship=str(parent.get("relationship") or "parent or carer"),
        responsibility=str(parent.get("parental_responsibility") or "unknown"),
        address=str(parent.get("address") or ""),
        phone=str(parent.get("phone") or ""),
        email=str(parent.get("email") or ""),
        safe=said if said in ("yes", "no", "unknown") else "only",
        only_by="" if said in ("yes", "no", "unknown") else only,
        contact_note="" if said in ("yes", "no", "unknown") else said,
        language=str(parent.get("needs") or ""),
    )


_SAID_BY: Mapping[str, Means] = MappingProxyType(
    {"post": "post", "letter": "post", "e-mail": "email", "email": "email", "phone": "phone", "text": "phone"}
)


def writing_to(party: Party) -> Writing:
    """Whether this party may be written to, and how. Whoever is not known to be safe to contact is not written to."""
    if party.ended:
        return Writing(False, (), f"Do not write to {party.called}: {party.ended}")
    if party.safe == "no":
        return Writing(False, (), f"Do not contact {party.called}{_because(party)}")
    if party.safe not in ("yes", "only"):
        return Writing(False, (), f"Ask first whether it is safe to contact {party.called}: nobody has recorded that")
    safe = [one for one in WRITTEN if party.safe == "yes" or party.only_by == one]
    means = tuple(one for one in safe if (party.address if one == "post" else party.email))
    if not safe:
        by = BY[party.only_by] if party.only_by == "phone" else "as agreed"  # type: ignore[index]
        return Writing(False, (), f"Do not write to {party.called}: contact only {by}{_because(party)}")
    if not means:
        missing = " or ".join("address" if one == "post" else "e-mail address" for one in safe)
        return Writing(False, (), f"Nothing can be sent to {party.called}: no {missing} is on record")
    return Writing(True, means, _minding(party, means))


def contact_words(party: Party) -> str:
    """What whoever contacts this party must know, in one sentence; "" where nothing is special."""
    if party.may_not_be_contacted:
        return f"Do not contact {party.called}{_because(party)}."
    if party.safe == "only":
        by = BY.get(party.only_by, "as agreed")  # type: ignore[call-overload]
        return f"Contact {party.called} only {by}{_because(party)}."
    return ""


def needs_words(party: Party) -> str:
    """ "in Polish, large print"; "" where nothing is special."""
    said = [f"in {party.language}"] if party.language else []
    return ", ".join(said + [FORMATS[one] for one in party.formats if one in FORMATS])


def _because(party: Party) -> str:
    return f": {party.contact_note}" if party.contact_note else ""


def _minding(party: Party, means: tuple[Means, ...]) -> str:
    only = f"only {BY[means[0]]}" if party.safe == "only" else " or ".join(BY[one] for one in means)
    needs = needs_words(party)
    return f"Write to {party.called} {only}{f', {needs}' if needs else ''}{_because(party)}"
