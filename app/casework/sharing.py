"""What was shared about a pupil: with whom, when, what, on what basis, by whom.

What the platform shared itself is read where it happened, so that it can neither be forgotten nor written twice: packs
in the log of reads, messages in the links between cases (ADR 0060). What people shared by hand they write down.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Reader
from app.cases import consents as keeping
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.routes import route_of
from app.cases.sight import Sight, sight_of
from app.clock import local_date, real_now
from app.forms import Form, FormContext, Refused, Submitted
from app.model.consent import Consent, basis
from app.store import reads
from app.store.db import reading
from app.store.queries import cases, consents, meetings, people
from app.store.queries.cases import CaseLine
from app.store.queries.consents import PupilCase

_FORM = Path(__file__).parents[2] / "forms" / "sharing.json"
_HOW: Mapping[str, str] = {
    "telephone": "on the telephone",
    "meeting": "in a meeting",
    "letter": "by letter",
    "email": "by secure e-mail",
}
_BASIS: Mapping[str, str] = {
    "consent": "Consent",
    "duty": "A duty in law, or public task",
    "safeguarding": "Safeguarding",
}
UNSEEN = "those who work on a case you may not see"
COLUMNS = ("When", "What", "With whom", "How", "Basis", "Why", "By whom", "Case")


@dataclass(frozen=True)
class SharedLine:
    """One thing that was shared."""

    #: when: a moment where the platform knows it, else the day that somebody wrote down
    on: datetime | date
    #: what
    what: str
    #: with whom
    whom: str
    #: how: "the pack of a meeting"
    how: str
    #: on what basis
    basis: str
    #: why, as somebody wrote it down, or ""
    why: str
    #: by whom
    by: str
    #: reference of the case
    reference: str


@dataclass(frozen=True)
class SharingRecord:
    """What one reader may know of what was shared about a pupil."""

    #: the oldest first
    lines: tuple[SharedLine, ...]
    #: how many others only the safeguarding lead reads
    left_out: int


@lru_cache(maxsize=1)
def sharing_form() -> Form:
    """The form in which somebody writes down what they shared."""
    return forms.read(_FORM.read_bytes())


def record_of(case: CaseLine, action: Action, reader: Reader) -> SharingRecord:
    """What was shared about the pupil, in every case of theirs with which the reader may do that."""
    known = consents.of_pupil(reading(), case.pupil_id) if case.pupil_id else []
    seen = {one.id: (one, sight) for one, sight in _seen(case, action, reader)}
    found = [*_packs(seen, known), *_messages(seen, known), *_by_hand(case, seen)]
    lines = [line for is_hidden, line in found if not is_hidden]
    ordered = sorted(lines, key=lambda one: (_day(one.on), str(one.on), one.what, one.whom))
    return SharingRecord(tuple(ordered), len(found) - len(lines))


def as_csv(record: SharingRecord) -> str:
    """The record as a table for a family that asks; no cell can begin a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in record.lines:
        cells = (one.on.isoformat(), one.what, one.whom, one.how, one.basis, one.why, one.by, one.reference)
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells])
    if record.left_out:
        writer.writerow([f"{record.left_out} more are restricted: ask the safeguarding lead before this is given out"])
    return out.getvalue()


def context(case: CaseLine, sight: Sight, command: Command) -> FormContext:
    """What the form about sharing is asked in."""
    today = local_date(command.now)
    has_consent = any(one.holds(today) for one in consents.of_pupil(reading(), case.pupil_id))
    return FormContext(
        now=command.now, variables={"has_consent": has_consent, "may_restrict": sight.may_see_restricted}
    )


def write_down(case: CaseLine, fields: Submitted, sight: Sight, reader: Reader, command: Command) -> Refused | None:
    """Record what somebody shared by hand, or say what to change. The same key sent twice is one line."""
    answered = forms.submit(sharing_form(), fields, context(case, sight, command))
    if isinstance(answered, Refused):
        names = "fields: " + ", ".join(sorted(answered.summary))
        reads.record(reader.id, "invalid_answers", f"case/{case.id}", "refused", names)
        return answered
    said = {key: value for key, value in answered.answers.items() if key != "restricted"}
    is_restricted = bool(answered.answers.get("restricted")) and sight.may_see_restricted
    made = str(uuid5(NAMESPACE_URL, command.key) if command.key else uuid4())
    keeping.write_down(case.pupil_id, {**said, "id": made, "case_id": case.id, "restricted": is_restricted}, command)
    return None


_Seen = Mapping[str, tuple[PupilCase, Sight]]
_Found = Iterator[tuple[bool, SharedLine]]


def _seen(case: CaseLine, action: Action, reader: Reader) -> Iterator[tuple[PupilCase, Sight]]:
    """The pupil's cases with which the reader may do that, with how they see each."""
    for one in consents.cases_of(reading(), case.pupil_id) if case.pupil_id else ():
        line = cases.by_reference(reading(), one.id)
        if line is None:
            continue
        facts = cases.facts(reading(), line, reader.tree, reader.on, reader.id)
        verdict = decide(reader, action, facts)
        if verdict.allowed:
            may_see = decide(reader, Action.SEE_RESTRICTED, facts).allowed
            yield one, sight_of(line, is_masked=verdict.is_masked, may_see_restricted=may_see)


def _packs(seen: _Seen, known: list[Consent]) -> _Found:
    opened = consents.opened_packs(reading(), seen)
    names = people.names(reading(), {one.person_id for one in opened})
    moved = clock().now() - real_now()  # reads are kept by real time, everything else by the case clock
    held = {one: meetings.one(reading(), one) for one in {each.meeting_id for each in opened}}
    for one in opened:
        case, _ = seen[one.case_id]
        meeting = held[one.meeting_id]
        day = f" of {meeting.held_on:%-d %B %Y}" if meeting else ""
        yield (
            False,
            SharedLine(
                on=one.at + moved,
                what="What the case puts into the pack",
                whom=names.get(one.person_id, "Somebody"),
                how=f"the pack of the meeting{day}",
                basis=basis(case.process_id, local_date(one.at + moved), known),
                why="",
                by="Waymark",
                reference=case.reference,
            ),
        )


def _messages(seen: _Seen, known: list[Consent]) -> _Found:
    sent = consents.sent(reading(), seen)
    for one in sent:
        case, sight = seen[one.case_id]
        other, _ = seen.get(one.other_id, (None, None))
        route = route_of(one.message) if one.message else None
        yield (
            one.is_restricted and not sight.may_see_restricted,
            SharedLine(
                on=one.at,
                what=route.says if route else "what the case said so far",
                whom=f"those who work on “{other.process_name}”" if other else UNSEEN,
                how="a message to another case",
                basis=basis(consents.process_of(reading(), one.other_id), local_date(one.at), known),
                why="",
                by="Waymark",
                reference=case.reference,
            ),
        )


def _by_hand(case: CaseLine, seen: _Seen) -> _Found:
    rows = consents.by_hand(reading(), case.pupil_id) if case.pupil_id else []
    names = people.names(reading(), {row.by for row in rows})
    for row in rows:
        if row.case_id not in seen:
            continue
        about, sight = seen[row.case_id]
        yield (
            row.is_restricted and not sight.may_see_restricted,
            _written(row.record, names.get(row.by, "Somebody"), about.reference, sight.text),
        )


def _written(said: Mapping[str, Any], by: str, reference: str, text: Callable[[str], str]) -> SharedLine:
    return SharedLine(
        on=date.fromisoformat(said["on"]),
        what=text(said["what"]),
        whom=text(said["with"]),
        how=_HOW[said["how"]],
        basis=_BASIS[said["basis"]],
        why=text(said["why"]),
        by=by,
        reference=reference,
    )


def _day(on: datetime | date) -> date:
    return local_date(on) if isinstance(on, datetime) else on
