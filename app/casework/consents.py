"""Consents about a pupil as pages show and change them. What consent is needed for: `app.model.consent`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from app import forms
from app.access.people import Reader
from app.cases import consents as keeping
from app.cases.command import Command
from app.cases.parties import parties_of
from app.cases.sight import Sight
from app.clock import local_date
from app.forms import Form, FormContext, Refused, Submitted
from app.model.consent import PURPOSES, SAFEGUARDING, Consent
from app.model.json import JsonObject
from app.model.party import Party
from app.store import reads
from app.store.db import reading
from app.store.queries import consents, pupils
from app.store.queries.cases import CaseLine

_FORMS = Path(__file__).parents[2] / "forms"
#: from this age a young person who understands it decides for themselves
OWN_AGE = 16
_HOW: Mapping[str, str] = {"written": "in writing", "verbal": "by word of mouth", "none": "no consent"}


@dataclass(frozen=True)
class ShownConsent:
    """One consent as a reader may see it."""

    #: consent id
    id: str
    #: what may be done, in words
    purposes: tuple[str, ...]
    #: services by name, or ""
    agencies: str
    #: "Orla Thornbury, in writing, 2 November 2026"
    given_by: str
    #: "in writing"
    how: str
    #: when it was given
    given_on: date
    #: last day on which it holds
    until: date
    #: where the paper is, who heard it, or why it goes on without
    evidence: str
    #: "holds", "ended", "withdrawn"
    state: str
    #: when and by whom it was withdrawn, or ""
    withdrawn: str
    #: by when it should be in writing, or None
    in_writing_by: date | None
    #: and it is not, though that day has passed
    is_late: bool


def shown(case: CaseLine, sight: Sight, today: date) -> tuple[ShownConsent, ...]:
    """Every consent about the pupil of a case, for one reader, the newest first."""
    return tuple(_shown(one, sight, today) for one in consents.of_pupil(reading(), case.pupil_id))


def warnings(case: CaseLine, sight: Sight, today: date) -> tuple[str, ...]:
    """What whoever works on the case must know of consent: that sharing stopped, what is late in writing."""
    if not case.pupil_id:
        return ()
    is_stopped = consents.stopped_since(reading(), case.pupil_id, case.process_key, today) is not None
    return warnings_about(consents.of_pupil(reading(), case.pupil_id), sight, today, is_stopped=is_stopped)


def warnings_about(known: Iterable[Consent], sight: Sight, today: date, *, is_stopped: bool) -> tuple[str, ...]:
    """The same where consents, and whether sharing stopped, were looked up already."""
    late = [one for one in known if one.is_late_in_writing(today)]
    written = [f"Get the consent of {sight.text(one.given_by_name)} in writing: it was due" for one in late]
    return tuple([STOPPED] * is_stopped + written)


STOPPED = "Consent was withdrawn or has ended: share nothing more of this case. Nobody outside can open it"


@lru_cache(maxsize=8)
def form_of(name: str) -> Form:
    """One of the forms `consent`, `consent_withdrawal`, `consent_written`."""
    return forms.read((_FORMS / f"{name}.json").read_bytes())


def context(case: CaseLine, sight: Sight, command: Command) -> FormContext:
    """What the form about a consent is asked in: who may give one."""
    today = local_date(command.now)
    givers, young = _givers(case, today)
    offered = [{"value": one.id, "label": one.called} for one in givers]
    if sight.may_see_restricted:
        offered.append({"value": SAFEGUARDING, "label": "Nobody: the safeguarding lead decides that it is shared"})
    variables: JsonObject = {"givers": list(offered), "young_person": young.id if young else ""}
    return FormContext(now=command.now, variables=variables)


def keep(case: CaseLine, fields: Submitted, sight: Sight, reader: Reader, command: Command) -> Consent | Refused:
    """Record a consent, or say what to change. The same key sent twice is the same consent."""
    answered = forms.submit(form_of("consent"), fields, context(case, sight, command))
    if isinstance(answered, Refused):
        return _told(case, answered, reader)
    answers: dict[str, Any] = answered.answers
    is_decided = answers["given_by"] == SAFEGUARDING
    giver = next((one.name for one in _givers(case, local_date(command.now))[0] if one.id == answers["given_by"]), "")
    consent = Consent(
        id=str(uuid5(NAMESPACE_URL, command.key) if command.key else uuid4()),
        purposes=tuple(answers["purposes"]),
        agencies=answers.get("agencies") or "",
        given_by=answers["given_by"],
        given_by_name=command.actor.name if is_decided else giver,
        form="none" if is_decided else answers["form"],
        given_on=answers["given_on"],
        evidence=answers["reason"] if is_decided else answers.get("evidence") or f"heard by {answers['witness']}",
        until=answers["given_on"],
    )
    keeping.record(case.pupil_id, case.school, consent, consent.form != "verbal", command)
    return consent


def change(
    case: CaseLine, consent_id: str, form: str, fields: Submitted, reader: Reader, command: Command
) -> Refused | None:
    """Withdraw a consent, or say that it is in writing now; or say what to change. Raises NotFound."""
    keeping.one(case.pupil_id, consent_id)
    answered = forms.submit(form_of(form), fields, FormContext(now=command.now))
    if isinstance(answered, Refused):
        return _told(case, answered, reader)
    if form == "consent_withdrawal":
        keeping.withdraw(case.pupil_id, consent_id, str(answered.answers["withdrawn_by"]), command)
    else:
        keeping.put_in_writing(case.pupil_id, consent_id, str(answered.answers["evidence"]), command)
    return None


def _givers(case: CaseLine, today: date) -> tuple[list[Party], Party | None]:
    """Who may consent today, and who of them is the young person."""
    found = [one for one in parties_of(reading(), case.pupil_id) if not one.ended]
    pupil = pupils.one(reading(), case.pupil_id)
    parents = [one for one in found if one.kind == "parent" and one.responsibility == "yes"]
    young = next((one for one in found if one.kind == "young_person"), None)
    is_old_enough = pupil is not None and _age(pupil.born_on, today) >= OWN_AGE
    return ([*parents, young], young) if young is not None and is_old_enough else (parents, None)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _told(case: CaseLine, refused: Refused, reader: Reader) -> Refused:
    names = "fields: " + ", ".join(sorted(refused.summary))
    reads.record(reader.id, "invalid_answers", f"case/{case.id}", "refused", names)
    return refused


def _shown(one: Consent, sight: Sight, today: date) -> ShownConsent:
    withdrawn = f"{one.withdrawn_on}: {sight.text(one.withdrawn_by)}" if one.withdrawn_on else ""
    return ShownConsent(
        id=one.id,
        purposes=tuple(PURPOSES[key].label for key in one.purposes),
        agencies=sight.text(one.agencies),
        given_by=sight.text(one.given_by_name),
        how=_HOW[one.form],
        given_on=date.fromisoformat(one.given_on),
        until=date.fromisoformat(one.until),
        evidence=sight.text(one.evidence),
        state="withdrawn" if one.withdrawn_on else "holds" if one.holds(today) else "ended",
        withdrawn=withdrawn,
        in_writing_by=date.fromisoformat(one.in_writing_by) if one.in_writing_by else None,
        is_late=one.is_late_in_writing(today),
    )
