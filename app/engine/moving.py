"""Moving a token by hand: from where a case is stuck to another step, as if it had come there by no flow.

Where it may go is asked of the shape of the process (`shape`): what flows guarantee must hold without them, too. In
the scope of the token it ends alone, with what runs on its account; moved out of a sub-process or called process, that
ends as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from app.engine.definition import Definition
from app.engine.elements import Element, cancel
from app.engine.events import AttachedEvent, StartEvent
from app.engine.gateways import InclusiveGateway, Join
from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow, Progress
from app.engine.scopes import EventGroup, ProcessSpec
from app.engine.shape import Shape, is_step
from app.engine.state import given_up, loaded, seed_of
from app.engine.stepping import stepped
from app.engine.waiting import waiting_in
from app.errors import CaseClosed, Rejected, TaskEnded
from app.model.due import Dates
from app.model.json import JsonObject
from app.model.step import Step

if TYPE_CHECKING:
    Scope = CaseWorkflow | CaseSubWorkflow

GONE = "Expected the case to stand still at this step, but it does so no longer"


class CannotMove(Rejected):
    """The case cannot be put there by hand."""


@dataclass(frozen=True)
class Place:
    """A step to which a stuck token might be moved."""

    #: BPMN id
    element: str
    #: why it cannot be, in a sentence; "" where it can
    refusal: str


@dataclass(frozen=True)
class _Leap:
    """What ends, and where the token begins again."""

    #: the scope both lie in
    scope: Scope
    #: tokens that end: one, or all events of a race
    tokens: tuple[CaseTask, ...]


def places(definition: Definition, state: JsonObject, task_id: str | None, stuck_at: str) -> list[Place]:
    """Every step of the process, and of those around it, that people would know by name.

    `task_id` and `stuck_at` are those of the trouble. Raises: TaskEnded, CannotMove, CaseClosed.
    """
    case = _opened(definition, state, cast(Dates, None), cast(datetime, None))
    found: dict[str, Place] = {}
    for leap in _leaps(_stuck(case, state, task_id, stuck_at)):
        for element in shape_of(leap.scope.spec).elements.values():
            if is_step(element) and element.element_id not in found:
                found[element.element_id] = Place(element.element_id, _refusal(leap, element))
    return list(found.values())


def move(
    definition: Definition,
    state: JsonObject,
    task_id: str | None,
    stuck_at: str,
    target: str,
    dates: Dates,
    now: datetime,
) -> Step:
    """End what is stuck and put a token at `target`, a BPMN id of the same process or of one around it.

    Raises: CannotMove saying why, TaskEnded where nothing is stuck there any more, CaseClosed.
    """
    case = _opened(definition, state, dates, now)
    held = waiting_in(definition, case, given_up(state))
    leap = _leap_to(_stuck(case, state, task_id, stuck_at), target)
    element = shape_of(leap.scope.spec).elements[target]
    if refusal := _refusal(leap, element):
        raise CannotMove(refusal)

    def work() -> None:
        for token in leap.tokens:
            cancel(token, None)
        leap.scope.begin(element, {"via": element.incoming[0]} if isinstance(element, Join) else None)

    step = stepped(definition, state, case, held, work)
    if _is_there(step.state, leap):
        raise CannotMove(f"Expected the case to come to rest after “{element.label}”, but it would never end")
    return step


@lru_cache(maxsize=256)
def shape_of(spec: ProcessSpec) -> Shape:
    """The shape of a process, worked out once for each."""
    return Shape(spec)


def _opened(definition: Definition, state: JsonObject, dates: Dates, now: datetime) -> CaseWorkflow:
    if state.get("ended"):
        raise CaseClosed
    return loaded(definition, state, Progress(now, dates, definition.types, seed_of(state)))


def _stuck(case: CaseWorkflow, state: JsonObject, task_id: str | None, stuck_at: str) -> CaseTask:
    """The token of a trouble. What was given up names no token, but what happened before it (`state.given_up`)."""
    live = list(case.all_live())
    wanted = task_id
    if wanted is None:
        refused = next((each for each in given_up(state) if each["element"] == stuck_at), None)
        if refused is None:
            raise TaskEnded(GONE, element=stuck_at)
        wanted = cast("dict[str, str]", refused.get("again", {})).get("id")
        if wanted is None and len(live) == 1:
            return live[0]
    found = next((each for each in live if each.outside_id == wanted), None)
    if found is None and task_id is not None:
        raise TaskEnded(GONE, task_id=task_id)
    if found is None:
        raise CannotMove("Expected a step at which the case stands, but it stands at none: correct it, or end the case")
    return found


def _leaps(token: CaseTask | None) -> Iterator[_Leap]:
    """Ways out of where the token is, nearest first: within its scope, then out of it, then out of the one around."""
    while token is not None:
        token = _whole(token)
        scope, race = token.workflow, token.notes.get("race")
        beside = [each for each in scope.live() if race is not None and each.notes.get("race") == race]
        yield _Leap(scope, tuple(beside) or (token,))
        token = scope.host


def _whole(token: CaseTask) -> CaseTask:
    """What the token is part of: all instances of a repetition, the activity that a boundary event watches over."""
    while (number := token.notes.get("instance_of") or token.notes.get("host")) is not None:
        token = token.workflow.tasks[number]
    return token


def _leap_to(token: CaseTask, target: str) -> _Leap:
    for leap in _leaps(token):
        if target in shape_of(leap.scope.spec).elements:
            return leap
    raise CannotMove(
        "Expected a step of the process in which the case is stuck, or of one around it, but this one lies elsewhere"
    )


def _is_there(state: JsonObject, leap: _Leap) -> bool:
    """Whether what was to end is still there: then the step ran into a bound, and all stayed as it was."""
    scope = cast("dict[str, JsonObject]", state["scopes"]).get(leap.scope.number, {})
    return leap.tokens[0].id in cast(JsonObject, scope.get("tasks", {}))


def _refusal(leap: _Leap, target: Element) -> str:
    """Why the token must not be put there, or ""."""
    shape, here = shape_of(leap.scope.spec), leap.tokens[0].task_spec
    others = [each for each in leap.scope.live() if each not in leap.tokens and "instance_of" not in each.notes]
    others = [each for each in others if each.notes.get("host") not in {one.id for one in leap.tokens}]
    there = [each for each in others if "host" not in each.notes]
    return (
        _by_itself(shape, target)
        or _twice(leap, there, target)
        or next(_parted(shape, here, there, target), "")
        or next(_waiting(shape, here, there, target), "")
    )


def _by_itself(shape: Shape, target: Element) -> str:
    """What lies in the kind of the element alone."""
    name = f"“{target.label}”"
    if not is_step(target):
        return "Expected a step that people know by its name, but this one has none: choose the step after it"
    if isinstance(target, EventGroup):
        return f"Expected a step that the case goes through, but {name} begins only when something happens"
    if isinstance(target, AttachedEvent):
        return f"Expected a step of its own, but {name} watches over another: choose the step after it"
    if isinstance(target, StartEvent):
        return f"Expected a step after the start, but {name} is where it starts: choose the step after it"
    if isinstance(target, Join) and len(target.incoming) > 1:
        return f"Expected a step that waits for nobody else, but {name} waits for other branches: choose one after it"
    if target.element_id in shape.raced:
        return f"Expected a step that waits alone, but {name} waits together with others: choose the step before them"
    return ""


def _twice(leap: _Leap, there: list[CaseTask], target: Element) -> str:
    if any(each.task_spec is target for each in leap.tokens):
        return f"Expected another step, but the case stands at “{target.label}”: try again instead"
    if any(each.task_spec is target for each in there):
        return f"Expected a step that is not open, but “{target.label}” is open already: it would be there twice"
    return ""


def _parted(shape: Shape, here: Element, there: list[CaseTask], target: Element) -> Iterator[str]:
    """Where branches part, the others go on: the case must not come among them, nor this branch begin again."""
    name = f"“{target.label}”"
    elements = [each.task_spec.element_id for each in there]
    for fork in shape.forks:
        mine, its = shape.behind(fork, here.element_id), shape.behind(fork, target.element_id)
        beside = [lies for each in elements if shape.is_branch(fork, lies := shape.behind(fork, each)) and lies != mine]
        if shape.is_branch(fork, mine) and its != mine and beside:
            yield f"Expected a step of the same branch, but {name} lies outside it: the others would be there twice"
    if isinstance(here, EventGroup) and there:
        yield f"Expected nothing to go on beside this, but the case does: at {name} it would be there twice"
    for event in shape.asides:
        was, would_be = (shape.is_aside(event, each.element_id) for each in (here, target))
        if would_be and not was:
            yield f"Expected a step on the way of the case, but {name} is only done beside it, when something happens"
        if was and not would_be and any(not shape.is_aside(event, each) for each in elements):
            yield f"Expected a step beside the way of the case, but {name} lies on it: the case would be there twice"


def _waiting(shape: Shape, here: Element, there: list[CaseTask], target: Element) -> Iterator[str]:
    """Where branches meet, each must have a token, or the others wait for ever."""
    name = f"“{target.label}”"
    for join in shape.joins:
        mine, its = shape.towards(join, here.element_id), shape.towards(join, target.element_id)
        if mine == its:
            continue
        awaited = any(
            each.task_spec is join or shape.is_between(join, shape.towards(join, each.task_spec.element_id))
            for each in there
        )
        if shape.is_between(join, its) and (awaited or not isinstance(join, InclusiveGateway)):
            yield f"Expected a step outside other branches, but after {name} the case would wait for them for ever"
        if shape.is_between(join, mine) and awaited:
            yield f"Expected a step of the same branch, but with {name} the branches beside it would wait for ever"
