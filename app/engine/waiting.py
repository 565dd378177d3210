"""Everything open in a case at one moment, as values. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from SpiffWorkflow.util.task import TaskState

from app.engine.activities import PersonTask
from app.engine.events import CatchEvent
from app.engine.timing import noted
from app.model.json import JsonObject
from app.model.step import ArmedTimer, OpenTask, Subscription, Trouble

if TYPE_CHECKING:
    from app.engine.definition import Definition
    from app.engine.instance import CaseTask, CaseWorkflow


@dataclass(frozen=True)
class Waiting:
    """What a case waits for."""

    #: tasks somebody can do
    tasks: tuple[OpenTask, ...] = ()
    #: timers that wait for their moment
    timers: tuple[ArmedTimer, ...] = ()
    #: messages it would react to
    subscriptions: tuple[Subscription, ...] = ()
    #: elements that cannot go on
    troubles: tuple[Trouble, ...] = ()


def waiting_in(definition: Definition, case: CaseWorkflow, refused: Sequence[JsonObject] = ()) -> Waiting:
    """Everything open in a case."""
    tokens = sorted(case.all_live(), key=lambda each: int(each.id))
    return Waiting(
        tasks=tuple(_task(definition, each) for each in tokens if _is_open(each)),
        timers=tuple(_timer(each) for each in tokens if _is_timer(each)),
        subscriptions=(*(_subscription(each) for each in tokens if _is_message(each)), *_groups(case)),
        troubles=(*_refused(refused), *(_trouble(each) for each in tokens if each.has_state(TaskState.ERROR))),
    )


def _is_open(token: CaseTask) -> bool:
    return isinstance(token.task_spec, PersonTask) and token.has_state(TaskState.READY)


def _is_timer(token: CaseTask) -> bool:
    return token.has_state(TaskState.WAITING) and _catches(token, "timer")


def _is_message(token: CaseTask) -> bool:
    return token.has_state(TaskState.WAITING) and _catches(token, "message")


def _catches(token: CaseTask, kind: str) -> bool:
    return isinstance(token.task_spec, CatchEvent) and token.task_spec.catch.kind == kind


def _task(definition: Definition, token: CaseTask) -> OpenTask:
    element = definition.elements[token.task_spec.element_id]
    return OpenTask(
        task_id=token.outside_id,
        element=element.id,
        name=element.name,
        process=element.process,
        role=element.role,
        organisation=element.organisation,
        form_key=element.form_key,
        due=noted(token),
        variables=token.variables(),
        meeting=element.meeting,
    )


def _timer(token: CaseTask) -> ArmedTimer:
    spec, due = token.task_spec, noted(token)
    assert due is not None
    return ArmedTimer(token.outside_id, spec.element_id, spec.label, spec.process_id, due)


def _subscription(token: CaseTask) -> Subscription:
    spec = cast(CatchEvent, token.task_spec)
    return Subscription(token.outside_id, spec.catch.message or "", spec.element_id, spec.label)


def _groups(case: CaseWorkflow) -> Iterator[Subscription]:
    for scope in case.scopes():
        for group in scope.spec.groups:
            start = group.start
            if start.catch.kind == "message" and group.is_armed(scope):
                yield Subscription(group.subscription(scope), start.catch.message or "", start.element_id, start.label)


def _trouble(token: CaseTask) -> Trouble:
    kept = token.notes["trouble"]
    return Trouble(token.outside_id, token.task_spec.element_id, kept["kind"], kept["sentence"])


def _refused(refused: Sequence[JsonObject]) -> Iterator[Trouble]:
    told = ((cast(str, each["element"]), cast(str, each["sentence"])) for each in refused)
    for element, sentence in dict.fromkeys(told):
        yield Trouble(None, element, "bounds", sentence)
