"""Asking another process for the answer to a task: what is offered, what is carried along, what the task waits for.

Starting the case itself is `starting`; what becomes of its answer is `app.cases.answering`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import StartFacts
from app.access.people import Reader
from app.cases import routes
from app.cases.definitions import definition_of, start_of, starters_of
from app.cases.known import waiting_in
from app.cases.origin import Origin
from app.casework.links import OtherCase, other_case
from app.engine import Element
from app.errors import NotFound
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import cases, pupils, work
from app.store.queries.cases import CaseLine
from app.store.queries.definitions import Version
from app.store.queries.work import TaskLine
from app.store.rows import case_of

#: the name under which the formulas of a start form see what the asking case says
ASKED = "asked"
#: questions whose answers are files of the asking case: they are not taken along
_FILE_KEYS = {"id", "digest", "media_type"}


@dataclass(frozen=True)
class Asking:
    """A task whose answer another process is asked for."""

    #: the task
    task: TaskLine
    #: its case
    case: CaseLine
    #: what the start form of the other process may offer
    carried: JsonObject

    @property
    def origin(self) -> Origin:
        """As the case that answers says where it comes from."""
        return Origin(self.case.id, task_id=self.task.task_id)


@dataclass(frozen=True)
class WaitsFor:
    """What a task waits for."""

    #: the case that was started to answer it
    other: OtherCase
    #: since when, UTC
    since: datetime


def offered(task: TaskLine, case: CaseLine, element: Element | None, reader: Reader) -> Version | None:
    """The process that can be asked for the answer to the task, where it runs here and the reader may start it."""
    if element is None or element.kind != "handover" or not element.called:
        return None
    if task.status != "open" or task.waits_for is not None:
        return None
    version = routes.deployed(reading(), element.called)
    pupil = pupils.one(reading(), case.pupil_id)
    if version is None or pupil is None or start_of(version.digest) is None:
        return None
    about = StartFacts(version.key, pupil.school, starters_of(version.digest), pupil.school)
    return version if decide(reader, Action.START_CASE, about).allowed else None


def waits_for(task: TaskLine, reader: Reader) -> WaitsFor | None:
    """What the task waits for, or None: it is for people."""
    if task.status != "open" or task.waits_for is None or task.waits_since is None:
        return None
    return WaitsFor(other_case(task.waits_for, reader), task.waits_since)


def asking(reader: Reader, task_id: str, process: str, pupil_id: str) -> Asking:
    """The task a case is about to be started for. Raises NotFound where the reader may not do it, or it asks another.

    That it is open and nobody asked before is found under lock, when the case starts.
    """
    found = work.with_case(reading(), task_id)
    if found is None:
        raise NotFound
    task, case = found
    facts = cases.facts(reading(), case, reader.tree, reader.on, reader.id)
    element = definition_of(case.bundle).elements.get(task.element)
    if not decide(reader, Action.DO_TASK, work.facts(task, facts)).allowed or case.pupil_id != pupil_id:
        raise NotFound
    if element is None or element.kind != "handover" or not element.called:
        raise NotFound
    version = routes.deployed(reading(), element.called)
    if version is None or version.key != process:
        raise NotFound
    seen = decide(reader, Action.SEE_CASE, facts)
    may_read = seen.allowed and not seen.is_masked
    carried = _carried(task, case, element) if may_read else {"reference": case.reference}
    return Asking(task, case, {ASKED: carried})


def _carried(task: TaskLine, case: CaseLine, element: Element) -> dict[str, Any]:
    """What the asking case says: its variables as the task sees them, and the answers that led to the task.

    Those are the last ones given in the same process of the diagram, before the task opened. Nothing restricted.
    """
    state = case_of(reading(), case.id).state
    open_tasks = waiting_in(case.bundle, state).tasks
    variables = next((dict(one.variables) for one in open_tasks if one.task_id == task.task_id), {})
    elements = definition_of(case.bundle).elements
    answers = next(
        (
            dict(row.answers)
            for row in cases.answers_of(reading(), case.id)
            if not row.is_restricted
            and row.seq <= task.seq
            and row.element in elements
            and elements[row.element].process == element.process
        ),
        {},
    )
    return {
        "reference": case.reference,
        "process": case.process_key,
        "variables": variables,
        "answers": {key: value for key, value in answers.items() if not _is_file(value)},
    }


def _is_file(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) and one.keys() >= _FILE_KEYS for one in value)
