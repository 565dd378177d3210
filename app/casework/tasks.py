"""Answering a task: what its form is asked in, handing it in, keeping the draft, taking it and giving it on.

What surrounds the form on the page is in `task_pages`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app import engine, forms
from app.access.facts import CaseFacts
from app.access.people import Reader
from app.access.tasks import may_be_given
from app.cases import tasks as write
from app.cases.command import Command, Receipt
from app.cases.dates import SchoolDates, dates_for
from app.cases.definitions import definition_of
from app.cases.placing import PlaceRefused
from app.cases.settings import Settings, settings_of
from app.casework import drafts, sent_back
from app.casework.placements.offering import place_functions
from app.casework.plain_forms import form_for
from app.casework.suspensions import functions_about
from app.casework.uploads import Taken
from app.clock import local_date
from app.engine import Element
from app.errors import AlreadyClaimed, InvalidAnswers, NotAllowed, Rejected
from app.forms import Accepted, Form, FormContext, Refused, Submitted
from app.forms.formula import Functions
from app.model.consent import Consent
from app.model.json import JsonObject
from app.model.party import Party
from app.store import reads
from app.store.db import reading
from app.store.drafts import Draft
from app.store.queries import people, work
from app.store.queries.cases import CaseLine
from app.store.queries.letters import LetterRow
from app.store.queries.work import TaskLine
from app.store.rows import task_of

#: why something is late, by code
LATE: Mapping[str, str] = {
    "family": "Waiting for the family",
    "others": "Waiting for another service",
    "pupil_away": "The pupil was away",
    "staff_away": "Staff were away",
    "workload": "No time",
    "entry": "It was done in time and written down late",
    "other": "Something else",
}


@dataclass(frozen=True)
class Desk:
    """One task with everything that answering it needs."""

    #: the task
    task: TaskLine
    #: its case
    case: CaseLine
    #: what the diagram says of it
    element: Element | None
    #: its form
    form: Form
    #: what formulas see
    context: FormContext
    #: what was typed so far, by whoever typed it
    draft: Draft | None = None
    #: name of whoever has the task, or None
    holder: str | None = None
    #: who is around the pupil, and what they agreed to
    parties: tuple[Party, ...] = ()
    consents: tuple[Consent, ...] = ()
    #: the newest version of the letter it writes, or None
    letter: LetterRow | None = None

    @property
    def is_late(self) -> bool:
        """Its due date has passed."""
        return self.task.due_on is not None and self.task.due_on < self.context.today


@dataclass(frozen=True)
class Given:
    """What the browser sent with a form."""

    #: the fields
    fields: Submitted
    #: files that came along
    taken: Taken = field(default_factory=Taken)
    #: revision of the draft the page was made from
    seen_revision: int = 0
    #: code of LATE, or ""
    late: str = ""


def desk(task: TaskLine, case: CaseLine, now: datetime) -> Desk:
    """The task with its form as it stands now, open or not."""
    definition = definition_of(case.bundle)
    element = definition.elements.get(task.element)
    paper = work.paper(reading(), task.task_id)
    draft = paper.draft
    dates = dates_for(reading(), case.school, local_date(now))
    settings = settings_of(reading(), case.school, local_date(now))
    form = forms.with_own_names(form_for(case.bundle, task.form_key, element), settings)
    previous = paper.sent_back or {}
    context = FormContext(
        now=now,
        variables=_variables(definition, task, paper.state),
        types=definition.types,
        calendar=dates.calendar,
        functions={
            **functions_of(dates, settings),
            **place_functions(task.holder, case.school, dates.today),
            **functions_about(case.pupil_id, case.school, dates.calendar, case.id),
        },
        draft=draft.values if draft else {},
        previous=previous,
        files={**sent_back.files_in(form, previous), **drafts.files_in(draft)},
    )
    return Desk(task, case, element, form, context, draft, paper.holder, paper.parties, paper.consents, paper.letter)


def functions_of(dates: SchoolDates, settings: Settings) -> Functions:
    """`due("rule key", basis)` by the calendar of the case, `setting("key")` as its authority set it."""

    def due(rule: Any = None, basis: Any = None, *_: Any) -> Any:
        if not isinstance(rule, str):
            return None
        return dates.due(rule, local_date(basis) if isinstance(basis, datetime) else basis).on

    return {"due": due, "setting": forms.setting_function(settings)}


def with_files(found: Desk, taken: Taken) -> Desk:
    """The desk with the files that came with this request."""
    files = {**found.context.files, **taken.files}
    return replace(found, context=replace(found.context, files=files, uploads=taken.by_field))


def hand_in(found: Desk, given: Given, reader: Reader, command: Command) -> Receipt | Refused:
    """Complete the task, or say what to change; either way what was typed is kept.

    Raises AlreadyDone, TaskEnded, CaseClosed, AlreadyClaimed, NewerDraft, Busy: with everything typed in their facts.
    """
    try:
        check_mine(found, reader)
        if drafts.newer_than(found.draft, given.seen_revision, reader):
            raise drafts.NewerDraft(
                f"{_saver(found.draft)} saved this form after you opened it. Compare and send it again."
            )
        answered = forms.submit(found.form, given.fields, found.context)
        if isinstance(answered, Refused) or given.taken.problems:
            keep(found, given, reader)
            refused = _refused(found, given, answered)
            reads.record(reader.id, "invalid_answers", f"case/{found.case.id}", "refused", _fields(refused))
            return refused
        receipt = write.complete(found.case.id, found.task.task_id, _answers(found, given, answered), command)
    except PlaceRefused as refusal:
        keep(found, given, reader)
        return Refused({refusal.question: refusal.sentence}, (), _typed(found, given))
    except Rejected as rejection:
        keep(found, given, reader)
        rejection.facts.update(typed=typed(found, given), reference=found.case.reference)
        raise
    return receipt


def check_mine(found: Desk, reader: Reader) -> None:
    """Raises AlreadyDone, TaskEnded where it is open no longer; AlreadyClaimed where somebody else has it."""
    if found.task.status != "open":
        write.check_open(task_of(reading(), found.task.task_id))
    if found.task.assignee not in (None, reader.id):
        who = people.names(reading(), [found.task.assignee or ""]).get(found.task.assignee or "", "Somebody else")
        raise AlreadyClaimed(f"{who} has this task. Open it again and take it over if you are to do it.", by=who)


def keep(found: Desk, given: Given, reader: Reader) -> int | None:
    """Keep what was typed as the draft, unless somebody else's newer one is there."""
    return drafts.keep(found.task.task_id, found.case.id, _values(found, given), reader, given.seen_revision)


def save_draft(found: Desk, given: Given, reader: Reader) -> int:
    """Save the draft; its new revision. Raises NewerDraft, AlreadyClaimed, AlreadyDone, TaskEnded."""
    check_mine(found, reader)
    return drafts.save(found.task.task_id, found.case.id, _values(found, given), reader, given.seen_revision)


def typed(found: Desk, given: Given) -> list[tuple[str, str]]:
    """What was typed as (question, answer)."""
    return drafts.typed_lines(found.form, _values(found, given), {**found.context.files, **given.taken.files})


def take(found: Desk, seen_holder: str | None, command: Command) -> None:
    """Take the task, also from whoever the page said has it. Raises AlreadyClaimed where that is somebody else now."""
    holder = found.task.assignee
    if holder is None or holder == command.actor.id:
        write.claim(found.case.id, found.task.task_id, command)
        return
    if holder != seen_holder:
        who = people.names(reading(), [holder]).get(holder, "Somebody else")
        raise AlreadyClaimed(f"{who} has taken this task meanwhile.", reference=found.case.reference)
    name = people.names(reading(), [holder]).get(holder, "somebody else")
    write.reassign(found.case.id, found.task.task_id, command.actor.id, f"Taken over from {name}", command)


def release(found: Desk, command: Command) -> None:
    """Give the task back to everybody who may do it. Raises AlreadyDone, TaskEnded."""
    write.release(found.case.id, found.task.task_id, command)


def give(found: Desk, facts: CaseFacts, to_person: str, reason: str, today: Reader, command: Command) -> None:
    """Hand the task to somebody who may do it. Raises InvalidAnswers for nobody, NotAllowed for anybody else."""
    if not to_person:
        raise InvalidAnswers({"to_person": "Choose who should do this task"})
    if to_person not in {one.id for one in takers(found, facts, today)}:
        raise NotAllowed("Expected somebody who may do this task, but this person may not. Choose from the list.")
    write.reassign(found.case.id, found.task.task_id, to_person, reason.strip()[:500], command)


def takers(found: Desk, facts: CaseFacts, reader: Reader) -> list[Reader]:
    """People the task can be given to, by name, without whoever has it."""
    task = work.facts(found.task, facts)
    held = people.holding(reading(), task.roles, [found.task.holder], reader.on)
    readers = [Reader(one, reader.tree, reader.on) for one in held if one.id != found.task.assignee]
    return [one for one in readers if may_be_given(one, task)]


def _variables(definition: engine.Definition, task: TaskLine, state: JsonObject | None) -> dict[str, Any]:
    if state is None:
        return {}
    open_tasks = engine.waiting(definition, state).tasks
    return next((dict(one.variables) for one in open_tasks if one.task_id == task.task_id), {})


def _values(found: Desk, given: Given) -> dict[str, Any]:
    return drafts.values(found.form, given.fields, given.taken, found.context.files, {"late": given.late})


def _refused(found: Desk, given: Given, answered: Accepted | Refused) -> Refused:
    """The answers' problems with those of the files, in one."""
    if isinstance(answered, Refused):
        return replace(answered, problems={**answered.problems, **given.taken.problems})
    return Refused(dict(given.taken.problems), (), _typed(found, given))


def _typed(found: Desk, given: Given) -> JsonObject:
    return dict(forms.draft(found.form, given.fields, dict(given.taken.by_field)))


def _fields(refused: Refused) -> str:
    """Names of the fields only: never a value."""
    return "fields: " + ", ".join(sorted({*refused.problems, *(one.key for one in refused.warnings if one.problem)}))


def _answers(found: Desk, given: Given, accepted: Accepted) -> write.Answers:
    reasons = forms.accepted_warnings(accepted.warnings)
    if found.is_late and given.late in LATE:
        reasons["late"] = {"sentence": "This was late", "reason": LATE[given.late]}
    return write.Answers(
        answers=accepted.answers,
        variables=accepted.variables,
        files=tuple({**one.to_json(), "may_parents_see": False} for one in accepted.files),
        accepted=reasons,
        form_digest=found.form.digest,
        draft=found.task.task_id,
    )


def _saver(draft: Draft | None) -> str:
    return draft.by_name if draft and draft.by_name else "Somebody"
