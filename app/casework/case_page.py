"""One case as its page shows it: who has it, what is next, by when and why. What can be done to it: `case_actions`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import CaseFacts
from app.access.people import Reader
from app.cases.answered import AnswerLine, answer_lines, fact_lines
from app.cases.drawing import marks_of, outline_of
from app.cases.history import entries_of
from app.cases.known import known, waiting_in
from app.cases.sight import Sight, sight_of
from app.casework import consents, links, parties
from app.casework.letters import LetterLine, line_of
from app.casework.links import LinkedCase
from app.casework.parties import ShownParty
from app.casework.plain_forms import form_answered
from app.casework.timeline import Timeline, timeline
from app.diagrams import OutlineLine
from app.model.entry import Entry
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import cases, dues, incidents, letters, people, work
from app.store.queries.cases import CaseLine
from app.store.queries.dues import Timer
from app.store.queries.incidents import Incident
from app.store.queries.work import TaskLine
from app.store.rows import case_of

#: variables that everybody looks for first
FIRST = ("tier", "round")
#: what stands for an address where names are masked
ADDRESS = "an address"
#: what somebody proposes → what is agreed: shown beside it while they differ
PROPOSED = {"proposed_tier": "tier"}


@dataclass(frozen=True)
class NextTask:
    """One open task."""

    #: the task
    task: TaskLine
    #: name of whoever has it, or None: nobody took it yet
    who: str | None
    #: why it is due then
    why: str
    #: the reader may open it
    may_open: bool
    #: the reader may do it
    may_do: bool


@dataclass(frozen=True)
class Deadline:
    """One date by which something must be done, or will happen."""

    #: what
    subject: str
    #: when
    due_on: date
    #: why then
    why: str
    #: running, met, missed, cancelled
    state: str
    #: how late it was done
    late_days: int
    #: it is a date the case waits for, not a task
    is_timer: bool
    #: (date before, why it moved), oldest first
    earlier: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Answered:
    """One form as it was answered."""

    #: engine task id
    task_id: str
    #: what the diagram calls the task
    name: str
    #: who answered
    who: str
    #: when, UTC
    at: datetime
    #: the answers
    lines: tuple[AnswerLine, ...]
    #: it belongs to the restricted compartment
    is_restricted: bool


@dataclass(frozen=True)
class Note:
    """One note."""

    #: what it says
    text: str
    #: who wrote it
    who: str
    #: when, UTC
    at: datetime
    #: it belongs to the restricted compartment
    is_restricted: bool


@dataclass(frozen=True)
class Document:
    """One document."""

    #: document id
    id: str
    #: what it is called
    name: str
    #: kind of file: "application/pdf"
    media_type: str
    #: how large it is
    size_bytes: int
    #: who added it
    who: str
    #: when, UTC
    at: datetime
    #: it may be shown to the family
    may_parents_see: bool
    #: it belongs to the restricted compartment
    is_restricted: bool


@dataclass(frozen=True)
class CasePage:
    """Everything the page shows."""

    #: the case; its pupil's name may only be shown as `pupil`
    case: CaseLine
    #: how the reader sees it
    sight: Sight
    #: the pupil's name, or the mask over it
    pupil: str
    #: name of the school
    school: str
    #: name of whoever started it
    lead: str
    #: names of the people it names
    named: tuple[str, ...]
    #: what matters most of what was decided
    first_facts: tuple[AnswerLine, ...]
    #: everything else the process knows
    more_facts: tuple[AnswerLine, ...]
    #: open tasks
    tasks: tuple[NextTask, ...]
    #: dates it waits for
    timers: tuple[Timer, ...]
    #: what cannot go on
    problems: tuple[Incident, ...]
    #: its deadlines
    deadlines: tuple[Deadline, ...]
    #: forms as they were answered, newest first
    answers: tuple[Answered, ...]
    #: newest first
    notes: tuple[Note, ...]
    #: newest first
    documents: tuple[Document, ...]
    #: letters its tasks wrote, newest first
    letters: tuple[LetterLine, ...]
    #: what happened
    timeline: Timeline
    #: element → mark, for the diagram
    marks: dict[str, str]
    #: the diagram in words
    outline: tuple[OutlineLine, ...]
    #: cases it has to do with
    linked: tuple[LinkedCase, ...]
    #: who is around the pupil; None: the reader may not see that
    family: tuple[ShownParty, ...] | None
    #: what to know before anybody contacts the family, or shares something
    contact_warnings: tuple[str, ...]


def case_page(case: CaseLine, facts: CaseFacts, reader: Reader, sight: Sight, *, is_whole: bool = False) -> CasePage:
    """The page of one case for one reader."""
    entries = entries_of(case.id)
    answers, notes = cases.answers_of(reading(), case.id), cases.notes_of(reading(), case.id)
    tasks = work.of_case(reading(), case.id)
    names = _names(case, answers, notes, tasks)
    variables = _known(case)
    written = letters.documents(reading(), case.id)
    first = {key: variables[key] for key in _first(variables)}
    more = {key: value for key, value in variables.items() if key not in first}
    return CasePage(
        case=case,
        sight=sight,
        pupil=sight.text(case.pupil_name),
        school=reader.tree.get(case.school).name,
        lead=names.get(case.lead, "Waymark"),
        named=tuple(names[one] for one in case.named if one in names),
        first_facts=tuple(fact_lines(case.bundle, first, sight)),
        more_facts=tuple(fact_lines(case.bundle, more, sight)),
        tasks=tuple(_next(task, facts, reader, names) for task in tasks if _shown(task.is_restricted, sight)),
        timers=tuple(dues.timers_of(reading(), case.id)),
        problems=_problems(case, sight),
        deadlines=_deadlines(case, entries, sight),
        answers=tuple(_answered(case, row, names, sight) for row in answers if _shown(row.is_restricted, sight)),
        notes=tuple(
            Note(sight.text(row.text), names.get(row.by, "Waymark"), row.at, row.is_restricted)
            for row in notes
            if _shown(row.is_restricted, sight)
        ),
        documents=tuple(one for one in documents_of(case, sight) if one.id not in written),
        letters=_letters(case, sight),
        timeline=timeline(entries, sight, is_whole=is_whole),
        marks=marks_of(entries, sight),
        outline=outline_of(case.bundle, case.school, reader.on),
        linked=links.linked_cases(case, reader, may_see_restricted=sight.may_see_restricted),
        family=parties.shown(case, sight) if decide(reader, Action.SEE_PARTIES, facts).allowed else None,
        contact_warnings=parties.warnings(case, sight) + consents.warnings(case, sight, reader.on),
    )


def sight_for(case: CaseLine, facts: CaseFacts, reader: Reader, *, is_masked: bool) -> Sight:
    """How the reader sees the case."""
    may_see = decide(reader, Action.SEE_RESTRICTED, facts).allowed
    linked = links.references(case, reader)
    return sight_of(case, is_masked=is_masked, may_see_restricted=may_see, linked=linked)


def _known(case: CaseLine) -> JsonObject:
    state = case_of(reading(), case.id).state if case.status == "open" else None
    return known(case.variables, waiting_in(case.bundle, state), case.bundle)


def documents_of(case: CaseLine, sight: Sight) -> tuple[Document, ...]:
    """The documents that one reader is told of, newest first."""
    rows = cases.documents_of(reading(), case.id)
    names = _names(case, rows)
    return tuple(_document(row, names, sight) for row in rows if _shown(row.is_restricted, sight))


def _letters(case: CaseLine, sight: Sight) -> tuple[LetterLine, ...]:
    """The letters that one reader is told of, newest first."""
    rows = letters.of_case(reading(), case.id)
    shown = (row for row in rows if _shown(row.is_restricted, sight))
    found = (line_of(replace(row, address=ADDRESS) if sight.is_masked and row.address else row) for row in shown)
    return tuple(replace(one, title=sight.text(one.title), state=sight.text(one.state)) for one in found)


def _shown(is_restricted: bool, sight: Sight) -> bool:
    return sight.may_see_restricted or not is_restricted


def _names(case: CaseLine, *rows: Iterable[Any]) -> dict[str, str]:
    by = {
        str(value)
        for several in rows
        for row in several
        for value in (getattr(row, "by", None), getattr(row, "assignee", None))
    }
    return people.names(reading(), by | {case.lead, *case.named})


def _next(task: TaskLine, facts: CaseFacts, reader: Reader, names: dict[str, str]) -> NextTask:
    about = work.facts(task, facts)
    return NextTask(
        task=task,
        who=names.get(task.assignee or ""),
        why=task.due["sentence"] if task.due else "",
        may_open=decide(reader, Action.SEE_TASK, about).allowed,
        may_do=decide(reader, Action.DO_TASK, about).allowed,
    )


def _first(variables: JsonObject) -> list[str]:
    """Names of the variables that come first."""
    differing = [one for one, agreed in PROPOSED.items() if variables.get(one) != variables.get(agreed)]
    return [one for one in (*FIRST[:1], *differing, *FIRST[1:]) if variables.get(one) is not None]


def _problems(case: CaseLine, sight: Sight) -> tuple[Incident, ...]:
    found = [one for one in incidents.of_case(reading(), case.id) if one.state == "open"]
    if not sight.may_see_restricted:
        stuck = {one.task_id: work.one(reading(), one.task_id) for one in found if one.task_id}
        hidden = {task_id for task_id, task in stuck.items() if task is not None and task.is_restricted}
        found = [one for one in found if one.task_id not in hidden]
    return tuple(found)


def _deadlines(case: CaseLine, entries: list[Entry], sight: Sight) -> tuple[Deadline, ...]:
    moved: dict[str, list[tuple[date, str]]] = {}
    for entry in entries:
        content: dict[str, Any] = entry.content or {}
        for one in content.get("moved", ()):
            why = sight.text(str(content.get("reason", "")))
            moved.setdefault(one["id"], []).append((date.fromisoformat(one["from"]), why))
    return tuple(
        Deadline(
            subject=row.subject,
            due_on=row.due_on,
            why=row.due["sentence"],
            state=row.state,
            late_days=row.late_days or 0,
            is_timer=row.is_timer,
            earlier=tuple(moved.get(row.id, ())),
        )
        for row in cases.deadlines_of(reading(), case.id)
        if _shown(row.is_restricted, sight)
    )


def _answered(case: CaseLine, row: Any, names: dict[str, str], sight: Sight) -> Answered:
    form = form_answered(case.bundle, row.form_key, row.form_digest)
    lines = tuple(answer_lines(form, row.answers, sight))
    return Answered(row.task_id, row.name, names.get(row.by, "Waymark"), row.at, lines, row.is_restricted)


def _document(row: Any, names: dict[str, str], sight: Sight) -> Document:
    who = names.get(row.by, "Waymark")
    name = sight.text(row.name)
    return Document(row.id, name, row.media_type, row.size_bytes, who, row.at, row.may_parents_see, row.is_restricted)
