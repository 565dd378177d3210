"""The people around a pupil as pages show and change them. What may be done with contact means: `app.model.party`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from app import forms
from app.access.masking import WITHHELD
from app.access.people import Reader
from app.cases import parties as keeping
from app.cases.command import Command
from app.cases.sight import Sight
from app.errors import NotFound
from app.forms import Form, FormContext, Refused, Submitted
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.party import Party, contact_words, needs_words, writing_to
from app.store import journal, reads
from app.store.db import reading
from app.store.queries import parties, people
from app.store.queries.cases import CaseLine

_FORM = Path(__file__).parents[2] / "forms" / "party.json"
#: parental responsibility in words
RESPONSIBILITY: Mapping[str, str] = MappingProxyType(
    {
        "yes": "Has parental responsibility",
        "no": "No parental responsibility",
        "unknown": "Parental responsibility not known",
    }
)
#: what a change is called: field → words
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "kind": "who this is",
        "relationship": "relationship",
        "responsibility": "parental responsibility",
        "address": "address",
        "is_address_withheld": "whether the address is withheld",
        "phone": "telephone",
        "email": "e-mail address",
        "safe": "whether it is safe to contact them",
        "only_by": "the only safe way",
        "contact_note": "what to mind about contact",
        "language": "language",
        "formats": "other forms",
        "ended": "why they have nothing to do with the pupil any more",
    }
)


@dataclass(frozen=True)
class ShownParty:
    """One person as a reader may see them."""

    #: party id
    id: str
    #: name, or the mask over it
    name: str
    #: to the pupil
    relationship: str
    #: parental responsibility in words; "" for who is no parent
    responsibility: str
    #: (what, value): address, telephone, e-mail
    means: tuple[tuple[str, str], ...]
    #: do not contact them, or only so; "" where nothing is special
    warning: str
    #: nobody may contact them
    may_not_be_contacted: bool
    #: whether they may be written to, and how
    writing: str
    #: language and form, or ""
    needs: str
    #: why they have nothing to do with the pupil any more, or ""
    ended: str


@dataclass(frozen=True)
class Change:
    """One entry about somebody around the pupil."""

    #: when, UTC
    at: datetime
    #: who wrote it
    who: str
    #: "Orla Thornbury was recorded", "Of Orla Thornbury: telephone"
    sentence: str


def shown(case: CaseLine, sight: Sight) -> tuple[ShownParty, ...]:
    """Everybody around the pupil of a case, for one reader."""
    return tuple(_shown(one, sight) for one in keeping.parties_of(reading(), case.pupil_id))


def warnings(case: CaseLine, sight: Sight) -> tuple[str, ...]:
    """What everybody who works on the case must know before they contact the family, in sentences."""
    return warnings_about(keeping.parties_of(reading(), case.pupil_id), sight)


def warnings_about(known: Iterable[Party], sight: Sight) -> tuple[str, ...]:
    """The same where they were looked up already."""
    found = (contact_words(one) for one in known if not one.ended)
    return tuple(sight.text(one) for one in found if one)


def changes(case: CaseLine, sight: Sight) -> tuple[Change, ...]:
    """Who recorded what of them, newest first: which fields, not what was in them."""
    before: dict[str, JsonObject] = {}
    found: list[tuple[datetime, str, str]] = []
    for entry in journal.entries(reading(), StreamId("pupil", case.pupil_id)) if case.pupil_id else ():
        party: Any = (entry.content or {}).get("party")
        if isinstance(party, dict):
            found.append((entry.at, entry.actor, sight.text(_sentence(party, before.get(party["id"])))))
            before[party["id"]] = party
    names = people.names(reading(), {actor for _, actor, _ in found})
    return tuple(Change(at, names.get(actor, "Waymark"), sentence) for at, actor, sentence in reversed(found))


@lru_cache(maxsize=1)
def party_form() -> Form:
    """The form somebody around a pupil is recorded with."""
    return forms.read(_FORM.read_bytes())


def values_of(case: CaseLine, party_id: str, sight: Sight) -> JsonObject:
    """What the form shows of somebody. Raises NotFound."""
    party = _one(case, party_id)
    if _hides_address(party, sight):
        party = replace(party, address="")
    asked = {question.key for question in party_form().questions}
    return {key: value for key, value in party.to_json().items() if value and key in asked}


def seen_of(party_id: str) -> int:
    """The entry that the page about to be shown was made from."""
    return parties.seq_of(reading(), party_id)


def keep(
    case: CaseLine, party_id: str | None, fields: Submitted, seen: int, sight: Sight, reader: Reader, command: Command
) -> Party | Refused:
    """Put on record what was typed of somebody, or say what to change. Raises NotFound, Stale.

    Without an id somebody new; the same key sent twice is the same person.
    """
    known = _one(case, party_id) if party_id is not None else None
    answered = forms.submit(party_form(), fields, FormContext(now=command.now))
    if isinstance(answered, Refused):
        names = "fields: " + ", ".join(sorted(answered.summary))
        reads.record(reader.id, "invalid_answers", f"case/{case.id}", "refused", names)
        return answered
    made = str(uuid5(NAMESPACE_URL, command.key) if command.key else uuid4())
    party = _party(party_id or made, answered.answers)
    if known is not None and _hides_address(known, sight):
        party = replace(party, address=party.address or known.address, is_address_withheld=True)
    keeping.record(case.pupil_id, party, seen, command)
    return party


def _one(case: CaseLine, party_id: str) -> Party:
    found = parties.one(reading(), case.pupil_id, party_id)
    if found is None:
        raise NotFound
    return found


def _hides_address(party: Party, sight: Sight) -> bool:
    return party.is_address_withheld and bool(party.address) and not sight.may_see_restricted


def _party(party_id: str, answers: JsonObject) -> Party:
    known: dict[str, Any] = {key: value for key, value in answers.items() if value is not None}
    if known["kind"] == "young_person":
        known["relationship"] = "the young person"
    formats = tuple(known.pop("formats", ()))
    return Party(**{**known, "id": party_id, "formats": formats})


def _shown(party: Party, sight: Sight) -> ShownParty:
    address = WITHHELD if _hides_address(party, sight) else party.address
    means = (("Address", address), ("Telephone", party.phone), ("E-mail", party.email))
    return ShownParty(
        id=party.id,
        name=sight.text(party.name),
        relationship=sight.text(party.relationship),
        responsibility=RESPONSIBILITY[party.responsibility] if party.kind == "parent" else "",
        means=tuple((label, WITHHELD if sight.is_masked else value) for label, value in means if value),
        warning=sight.text(contact_words(party)),
        may_not_be_contacted=party.may_not_be_contacted,
        writing=sight.text(writing_to(party).sentence),
        needs=needs_words(party),
        ended=sight.text(party.ended),
    )


def _sentence(party: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    if before is None:
        return f"{party['name']} was recorded."
    changed = [words for field, words in _FIELDS.items() if party.get(field) != before.get(field)]
    return f"Of {party['name']} this was changed: {', '.join(changed)}."
