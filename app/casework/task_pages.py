"""What surrounds the form of a task: earlier answers, who has it, where the case is, what happens next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app import diagrams, forms
from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import CaseFacts
from app.access.people import Reader
from app.calendars import RuleBook
from app.cases.dates import rules_of
from app.cases.settings import settings_of
from app.cases.sight import Sight
from app.cases.wording import questions_of, titles_of
from app.casework import consents, inbox, parties
from app.casework.asking import WaitsFor, offered, waits_for
from app.casework.letters import LetterLine, line_beside
from app.casework.plain_forms import form_answered
from app.casework.tasks import Desk, takers
from app.diagrams import Diagram, OutlineLine
from app.errors import NotFound
from app.forms import Line
from app.store.db import reading
from app.store.queries import cases, definitions, people, waiting, work
from app.store.queries.cases import CaseLine
from app.store.queries.definitions import Version
from app.store.queries.work import TaskLine

#: earlier answers that stand open beside the form; the others are folded
SHOWN_OPEN = 1
#: earlier answers beside the form; a case of many rounds has the others on its own page
MOST_EARLIER = 30


@dataclass(frozen=True)
class Earlier:
    """One form answered before in the case."""

    #: what the task was called
    name: str
    #: who answered
    who: str
    #: when, UTC
    at: datetime
    #: the answers in words
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Place:
    """Where the case stands in its process."""

    #: "Agree the plan, in “One round: assess, plan, do, review”"
    sentence: str
    #: the file's whole outline
    lines: tuple[OutlineLine, ...]
    #: element → state, for the diagram
    marks: Mapping[str, str]


@dataclass(frozen=True)
class Rights:
    """What the reader may do with the task."""

    #: answer it
    may_do: bool
    #: open its case
    may_see_case: bool
    #: give it back
    may_release: bool
    #: people they may hand it to
    takers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Around:
    """Everything on the page beside the form."""

    #: name of the school
    school: str
    #: name of whoever has it, or None
    holder: str | None
    #: what the reader may do
    rights: Rights
    #: what was said before, newest first
    earlier: tuple[Earlier, ...]
    #: where the case stands
    place: Place
    #: the process that can be asked for the answer, or None
    offered: Version | None
    #: the case that is to answer it, or None
    waits_for: WaitsFor | None
    #: what to know before anybody contacts the family or shares something; none for whoever does not do the task
    contact_warnings: tuple[str, ...]
    #: the letter it writes, or None
    letter: LetterLine | None


@dataclass(frozen=True)
class Next:
    """What happens after a task was completed."""

    #: tasks that opened, with the name of whoever has each, else its role codes
    opened: tuple[tuple[TaskLine, str | None], ...]
    #: (name of the event, date) the case waits for
    waits_for: tuple[str, date] | None
    #: the case is closed now
    is_closed: bool
    #: how it ended
    outcome: str | None
    #: the reader's next task
    mine: TaskLine | None


def around(found: Desk, facts: CaseFacts, reader: Reader) -> Around:
    """The surroundings of a task, as far as the reader may see them."""
    rights = _rights(found, facts, reader)
    return Around(
        school=reader.tree.get(found.case.school).name,
        holder=found.holder,
        rights=rights,
        earlier=earlier(found.case, facts, reader),
        place=_place(found, facts, reader),
        offered=offered(found.task, found.case, found.element, reader),
        waits_for=waits_for(found.task, reader),
        contact_warnings=warnings(found, facts, reader.on) if rights.may_do else (),
        letter=line_beside(found.task, found.case.bundle, found.letter),
    )


def warnings(found: Desk, facts: CaseFacts, today: date) -> tuple[str, ...]:
    """What to know before anybody contacts the family, or shares something of the case."""
    contact = parties.warnings_about(found.parties, Sight())
    return contact + consents.warnings_about(found.consents, Sight(), today, is_stopped=facts.is_sharing_stopped)


def earlier(case: CaseLine, facts: CaseFacts, reader: Reader) -> tuple[Earlier, ...]:
    """What was answered in the case before, newest first; nothing for who sees the case not at all, or masked."""
    verdict = decide(reader, Action.SEE_CASE, facts)
    if not verdict.allowed or verdict.is_masked:
        return ()
    sees_restricted = decide(reader, Action.SEE_RESTRICTED, facts).allowed
    rows = cases.latest_answers(reading(), case.id, MOST_EARLIER, with_restricted=sees_restricted)
    return tuple(
        Earlier(one.name, one.by_name or "Waymark", one.at, answer_lines(case, one, reader.on)) for one in rows
    )


def answer_lines(case: CaseLine, row: object, on: date) -> tuple[Line, ...]:
    """One row of the table `answer` in words; names are those of the authority on that day."""
    form = form_answered(case.bundle, getattr(row, "form_key", None), getattr(row, "form_digest", None))
    named = forms.with_own_names(form, settings_of(reading(), case.school, on))
    return tuple(forms.summary(named, getattr(row, "answers", {})))


def given_to(found: Desk) -> Earlier | None:
    """The answers the task was completed with, or None."""
    row = next((one for one in cases.answers_of(reading(), found.case.id) if one.task_id == found.task.task_id), None)
    if row is None:
        return None
    who = people.names(reading(), [row.by]).get(row.by, "Waymark")
    return Earlier(row.name, who, row.at, answer_lines(found.case, row, found.context.today))


def next_steps(task: TaskLine, case: CaseLine, reader: Reader, today: date) -> Next:
    """What the case waits for now that a task is done: what it opened and what was open beside it."""
    return _next(work.of_case(reading(), case.id), case, reader, today)


def first_steps(case: CaseLine, reader: Reader, today: date) -> Next:
    """What a case that has just started waits for."""
    return _next(work.of_case(reading(), case.id), case, reader, today)


def _next(lines: list[TaskLine], case: CaseLine, reader: Reader, today: date) -> Next:
    facts = cases.facts(reading(), case, reader.tree, today, reader.id)
    opened = [one for one in lines if decide(reader, Action.SEE_TASK, work.facts(one, facts)).allowed]
    names = people.names(reading(), (one.assignee for one in opened if one.assignee))
    free = [
        one
        for one in opened
        if one.assignee in (None, reader.id) and decide(reader, Action.DO_TASK, work.facts(one, facts)).allowed
    ]
    return Next(
        opened=tuple((one, names.get(one.assignee or "")) for one in opened),
        waits_for=waiting.next_dates(reading(), [case.id]).get(case.id),
        is_closed=case.status == "closed",
        outcome=case.outcome,
        mine=free[0] if free else inbox.next_task(reader, today),
    )


def diagram_of(bundle: str, element: str) -> bytes:
    """The BPMN file that draws an element. Raises NotFound."""
    return _file(bundle, element)[0]


def _rights(found: Desk, facts: CaseFacts, reader: Reader) -> Rights:
    task = work.facts(found.task, facts)
    may_reassign = decide(reader, Action.REASSIGN_TASK, task).allowed
    return Rights(
        may_do=decide(reader, Action.DO_TASK, task).allowed,
        may_see_case=decide(reader, Action.SEE_CASE, facts).allowed,
        may_release=decide(reader, Action.RELEASE_TASK, task).allowed,
        takers=tuple((one.id, one.person.name) for one in takers(found, facts, reader)) if may_reassign else (),
    )


def _place(found: Desk, facts: CaseFacts, reader: Reader) -> Place:
    bundle, element = found.case.bundle, found.task.element
    lines, inside = _drawn(bundle, element, rules_of(reading(), found.case.school), reader.on)
    process = inside.get(found.task.element, "")
    where = f", in “{process}”" if process and process != found.case.process_name else ""
    sees_restricted = decide(reader, Action.SEE_RESTRICTED, facts).allowed
    places = [one for one in work.places(reading(), found.case.id) if sees_restricted or not one[2]]
    marks = {element: "done" for element, state, _ in places if state == "done"}
    marks |= {element: "active" for element, state, _ in places if state == "open"}
    if found.task.status == "open":
        marks[found.task.element] = "active"
    return Place(f"{found.task.name}{where}", lines, marks)


@lru_cache(maxsize=256)
def _drawn(bundle: str, element: str, book: RuleBook, on: date) -> tuple[tuple[OutlineLine, ...], Mapping[str, str]]:
    """The outline of the file that draws an element, and the name of the process each element lies in."""
    _, diagram = _file(bundle, element)
    names = {one.id: one.name or one.id for one in diagram.processes}
    inside = {one.id: names.get(one.process, "") for one in diagram.nodes.values()}
    return tuple(diagrams.outline(diagram, titles_of(bundle, book, on), questions_of(bundle))), inside


@lru_cache(maxsize=256)
def _file(bundle: str, element: str) -> tuple[bytes, Diagram]:
    """The file that draws an element, and what it says."""
    for content in definitions.bundle(bundle).bpmn.values():
        diagram = diagrams.read(content)
        if element in diagram.nodes:
            return content, diagram
    raise NotFound
