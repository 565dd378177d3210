"""Putting a pupil on record, from the form `forms/pupil.json`. Looking pupils up is in `starting`."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from app import forms
from app.access.people import Reader
from app.cases.command import Command
from app.cases.dates import dates_for
from app.cases.records import write_record
from app.clock import local_date
from app.forms import Form, FormContext, Refused, Submitted
from app.model.entry import StreamId
from app.store import reads
from app.store.db import reading
from app.store.queries import pupils

_FORM = Path(__file__).parents[2] / "forms" / "pupil.json"


@lru_cache(maxsize=1)
def pupil_form() -> Form:
    """The form a pupil is recorded with."""
    return forms.read(_FORM.read_bytes())


def context_at(school: str, now: datetime) -> FormContext:
    """What the form is asked in."""
    return FormContext(now=now, calendar=dates_for(reading(), school, local_date(now)).calendar)


def add(school: str, fields: Submitted, reader: Reader, command: Command) -> str | Refused:
    """The id of the pupil now on record, or what to change. The same key sent twice is the same pupil."""
    answered = forms.submit(pupil_form(), fields, context_at(school, command.now))
    if isinstance(answered, Refused):
        return _told(answered, reader)
    record = _record(answered.answers, school)
    known = pupils.by_upn(reading(), record["upn"]) if record["upn"] else None
    if known is not None:
        if known.school == school and known.name == record["name"]:
            return known.id
        problem = f"Look up {known.name} instead: this UPN is theirs" if known.school == school else _ELSEWHERE
        typed = forms.draft(pupil_form(), fields)
        return _told(Refused({"upn": problem}, answered.warnings, typed), reader)
    if answered.warnings:
        record["accepted"] = {one.key: one.reason for one in answered.warnings}
    pupil_id = str(uuid4())
    write_record(StreamId("pupil", pupil_id), "pupil-recorded", {"pupil": record}, command)
    return pupil_id


_ELSEWHERE = "Check the UPN: another pupil on record has it. If it is right, ask your administrator to move the pupil"


def _told(refused: Refused, reader: Reader) -> Refused:
    names = "fields: " + ", ".join(sorted(refused.summary))
    reads.record(reader.id, "invalid_answers", "pupil/new", "refused", names)
    return refused


def _record(answers: dict[str, Any], school: str) -> dict[str, Any]:
    """The record of a pupil from clean answers."""
    name = f"{answers['legal_forename']} {answers['legal_surname']}"
    born: str = date.fromisoformat(answers["dob"]).isoformat()
    kept = {key: value for key, value in answers.items() if key not in ("upn", "dob", "upn_not_issued")}
    return {**kept, "upn": answers.get("upn"), "name": name, "school": school, "born_on": born}
