"""Starting a case: which process, for whom, with what warning. Adding a pupil is in `new_pupils`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import OrganisationFacts, StartableFacts, StartFacts
from app.access.people import Reader
from app.cases import starting as write
from app.cases.command import Command, Receipt
from app.cases.consents import check_may_start
from app.cases.dates import dates_for
from app.cases.definitions import definition_of, form_of, start_of, starters_of
from app.cases.settings import settings_of
from app.casework import drafts
from app.casework.asking import ASKED, Asking
from app.casework.plain_forms import nothing_asked
from app.casework.suspensions import functions_about
from app.casework.tasks import functions_of
from app.casework.uploads import Sent, Taken, take
from app.clock import local_date
from app.errors import NotAllowed, NotFound, Rejected
from app.forms import Form, FormContext, Refused, Submitted, Warned
from app.forms.warned import warned
from app.store import drafts as stored_drafts
from app.store import reads
from app.store.db import reading
from app.store.drafts import Draft
from app.store.queries import cases, definitions, people, pupils, work
from app.store.queries.definitions import Version
from app.store.queries.pupils import Pupil

#: key of the warning about an open case for the same pupil and process
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Startable:
    """A process the reader may start."""

    #: the version new cases start on
    version: Version
    #: what its author wrote about its beginning
    about: str
    #: schools the reader may start it at
    schools: frozenset[str]


@dataclass(frozen=True)
class Opening:
    """A case about to be started."""

    #: its process
    version: Version
    #: for whom
    pupil: Pupil
    #: start form
    form: Form
    #: what formulas see
    context: FormContext
    #: what was typed so far
    draft: Draft | None
    #: id of that draft
    draft_id: str
    #: id the case will have
    case_id: str
    #: (id, name) of the people who may be its class teacher
    teachers: tuple[tuple[str, str], ...]
    #: id of the class teacher on record, or ""
    teacher: str
    #: references of the pupil's open cases of the same process that the reader may see
    already_open: tuple[str, ...]
    #: sentence about an open case of the same process, or ""
    duplicate: str
    #: the task of another case that it is to answer, or None
    asking: Asking | None = None


@dataclass(frozen=True)
class Begun:
    """What the browser sent to start a case."""

    #: the fields
    fields: Submitted
    #: files that came along
    taken: Taken
    #: person id of the class teacher chosen, or ""
    teacher: str
    #: revision of the draft the page was made from
    seen_revision: int = 0


def startable_facts() -> StartableFacts:
    """Everything that could be started now, whoever asks."""
    found = definitions.current_versions(reading())
    return StartableFacts(frozenset().union(*(starters_of(one.digest) for one in found)))


def startable(reader: Reader) -> list[Startable]:
    """Processes the reader may start, by name."""
    found = []
    for version in definitions.versions(reading()):
        begin = start_of(version.digest) if version.is_current else None
        if begin is None:
            continue
        starters = starters_of(version.digest)
        facts = [StartFacts(version.key, one.organisation, starters) for one in reader.memberships]
        schools = frozenset(one.school for one in facts if decide(reader, Action.START_CASE, one).allowed)
        if schools:
            found.append(Startable(version, begin.documentation, schools))
    return sorted(found, key=lambda one: one.version.name)


def one_startable(reader: Reader, process: str) -> Startable:
    """A process the reader may start. Raises NotFound."""
    for one in startable(reader):
        if one.version.key == process:
            return one
    raise NotFound


def find(reader: Reader, begin: Startable, text: str) -> list[Pupil]:
    """Pupils the reader may look up at the schools of that process, by name or UPN; none for less than two letters."""
    schools = frozenset(
        one for one in begin.schools if decide(reader, Action.FIND_PUPIL, OrganisationFacts(one)).allowed
    )
    return pupils.find(reading(), schools, text) if len(text.strip()) > 1 and schools else []


def opening(reader: Reader, process: str, pupil_id: str, now: datetime, asked_for: Asking | None = None) -> Opening:
    """Everything starting that process for that pupil needs, by itself or for a task.

    Raises NotFound, NotAllowed, SharingStopped.
    """
    begin, pupil = one_startable(reader, process), pupils.one(reading(), pupil_id)
    if pupil is None or pupil.school not in begin.schools:
        raise NotFound
    version = begin.version
    check_may_start(reading(), pupil_id, version.key, local_date(now))
    event = start_of(version.digest)
    verdict = decide(
        reader, Action.START_CASE, StartFacts(process, pupil.school, starters_of(version.digest), pupil.school)
    )
    if not verdict.allowed:
        raise NotFound if verdict.hides else NotAllowed(verdict.reason)
    draft_id = f"start:{process}:{reader.id}:{pupil_id}"
    if asked_for is not None:
        draft_id = f"start:{reader.id}:{asked_for.task.task_id}"
    draft = stored_drafts.one(draft_id)
    beside = drafts.beside_in(draft)
    teachers = tuple((one.id, one.name) for one in people.holding(reading(), ["TEACH"], [pupil.school], reader.on))
    there = [reference for _, reference in pupils.open_cases(reading(), pupil.id, version.key)]
    seen = tuple(reference for reference in there if _sees(reader, reference))
    return Opening(
        version=version,
        pupil=pupil,
        form=form_of(version.digest, event.form_key) if event and event.form_key else nothing_asked(),
        context=_context(version, pupil, draft, now, asked_for),
        draft=draft,
        draft_id=draft_id,
        case_id=beside.get("case") or str(uuid4()),
        teachers=teachers,
        teacher=beside.get("teacher") or _teacher(reader, pupil, teachers),
        already_open=seen,
        duplicate=_duplicate(pupil, seen) if there else "",
        asking=asked_for,
    )


def take_files(found: Opening, sent: list[Sent], command: Command) -> tuple[Opening, Taken]:
    """The opening with the files of this request kept under the key of the case to come."""
    taken = take(found.form, sent, found.case_id, command)
    files = {**found.context.files, **taken.files}
    return replace(found, context=replace(found.context, files=files, uploads=taken.by_field)), taken


def start(found: Opening, begun: Begun, reader: Reader, command: Command) -> Receipt | Refused:
    """Start the case, or say what to change; either way what was typed is kept."""
    answered = forms.submit(found.form, begun.fields, found.context)
    doubt = warning(found, begun.fields)
    problems = dict(begun.taken.problems)
    if found.teachers and begun.teacher not in dict(found.teachers):
        problems["teacher"] = "Select the class teacher"
    if isinstance(answered, Refused) or problems or (doubt and not doubt.is_accepted):
        keep(found, begun, reader)
        refused = _refused(found, begun, answered if isinstance(answered, Refused) else None, problems, doubt)
        names = "fields: " + ", ".join(sorted(refused.summary))
        reads.record(reader.id, "invalid_answers", f"pupil/{found.pupil.id}", "refused", names)
        return refused
    new = write.NewCase(
        process_key=found.version.key,
        pupil_id=found.pupil.id,
        school=found.pupil.school,
        answers=answered.answers,
        variables=answered.variables,
        files=tuple({**one.to_json(), "may_parents_see": False} for one in answered.files),
        named=_named(reader, found, begun),
        accepted=forms.accepted_warnings([*((doubt,) if doubt else ()), *answered.warnings]),
        origin=found.asking.origin if found.asking else None,
    )
    try:
        receipt = write.start(new, command, found.case_id)
    except Rejected as rejection:
        keep(found, begun, reader)
        rejection.facts.update(typed=typed(found, begun))
        raise
    if not receipt.is_repeat:
        stored_drafts.discard(found.draft_id)
    return receipt


def earlier(command: Command) -> str | None:
    """Reference of the case that this very command started before, or None."""
    answer = work.answer_to(reading(), command.key)
    return str(answer["reference"]) if answer else None


def warning(found: Opening, fields: Submitted) -> Warned | None:
    """The warning about an open case, with what the person did about it."""
    return warned(DUPLICATE, DUPLICATE, found.duplicate, fields) if found.duplicate else None


def keep(found: Opening, begun: Begun, reader: Reader) -> int | None:
    """Keep what was typed as the draft of this person for this pupil."""
    return drafts.keep(found.draft_id, None, _values(found, begun), reader, begun.seen_revision)


def save_draft(found: Opening, begun: Begun, reader: Reader) -> int:
    """Save the draft; its new revision. Raises NewerDraft."""
    return drafts.save(found.draft_id, None, _values(found, begun), reader, begun.seen_revision)


def typed(found: Opening, begun: Begun) -> list[tuple[str, str]]:
    """What was typed as (question, answer)."""
    files = {**found.context.files, **begun.taken.files}
    return drafts.typed_lines(found.form, _values(found, begun), files)


def start_form_key(version: Version) -> str | None:
    """The form that starting a case asks, or None where nothing is asked."""
    event = start_of(version.digest)
    return event.form_key if event else None


def _context(
    version: Version, pupil: Pupil, draft: Draft | None, now: datetime, asked_for: Asking | None
) -> FormContext:
    dates = dates_for(reading(), pupil.school, local_date(now))
    return FormContext(
        now=now,
        variables={"dob": pupil.born_on.isoformat(), **(asked_for.carried if asked_for else {ASKED: None})},
        types=definition_of(version.digest).types,
        calendar=dates.calendar,
        functions={
            **functions_of(dates, settings_of(reading(), pupil.school, local_date(now))),
            **functions_about(pupil.id, pupil.school, dates.calendar),
        },
        draft=draft.values if draft else {},
        files=drafts.files_in(draft),
    )


def _teacher(reader: Reader, pupil: Pupil, teachers: tuple[tuple[str, str], ...]) -> str:
    known = dict(teachers)
    wanted = (str(pupil.record.get("teacher") or ""), reader.id)
    return next((one for one in wanted if one in known), "")


def _named(reader: Reader, found: Opening, begun: Begun) -> tuple[str, ...]:
    """The class teacher, and a teacher who starts the case: what they see of it hangs on being named."""
    is_teacher = "TEACH" in reader.roles_at(found.pupil.school)
    return tuple(dict.fromkeys(one for one in (begun.teacher, reader.id if is_teacher else "") if one))


def _duplicate(pupil: Pupil, seen: tuple[str, ...]) -> str:
    which = f": {', '.join(seen)}" if seen else ""
    return f"{pupil.name} already has an open case of this process{which}"


def _sees(reader: Reader, reference: str) -> bool:
    case = cases.by_reference(reading(), reference)
    if case is None:
        return False
    facts = cases.facts(reading(), case, reader.tree, reader.on, reader.id)
    return decide(reader, Action.SEE_CASE, facts).allowed


def _refused(
    found: Opening, begun: Begun, answered: Refused | None, problems: Mapping[str, str], doubt: Warned | None
) -> Refused:
    values = answered.values if answered else _typed_values(found, begun)
    every = (answered.warnings if answered else ()) + ((doubt,) if doubt else ())
    return Refused({**(answered.problems if answered else {}), **problems}, every, dict(values))


def _typed_values(found: Opening, begun: Begun) -> dict[str, Any]:
    return dict(forms.draft(found.form, begun.fields, dict(begun.taken.by_field)))


def _values(found: Opening, begun: Begun) -> dict[str, Any]:
    beside = {"teacher": begun.teacher, "case": found.case_id}
    return drafts.values(found.form, begun.fields, begun.taken, found.context.files, beside)
