"""Whether a case can go on in another version of its process, exactly where it stands. Its state stays as it is.

A state names elements, so nothing of it changes: no timer starts again, no task gets another id. That is right only
where everything a token stands on, waits for and lies between is the same in the other version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from app.engine.definition import Definition
from app.engine.elements import Element
from app.engine.events import AttachedEvent, CatchEvent
from app.engine.gateways import EventGateway
from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow, Progress
from app.engine.moving import shape_of
from app.engine.multiple import Repeated
from app.engine.scopes import EventGroup, Group, ProcessSpec
from app.engine.shape import Shape
from app.engine.state import given_up, loaded, seed_of
from app.engine.waiting import waiting_in
from app.errors import CaseClosed
from app.model.due import Dates
from app.model.json import JsonObject
from app.model.step import Step

if TYPE_CHECKING:
    Scope = CaseWorkflow | CaseSubWorkflow


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot go on in the other version."""

    #: BPMN id of the step it stands at
    element: str
    #: what stands in the way, in words that end a sentence about that step
    words: str


def obstacles(old: Definition, new: Definition, state: JsonObject) -> tuple[Obstacle, ...]:
    """What stands in the way; none where the case can go on in `new` as it stands. Raises: CaseClosed."""
    case = _opened(old, state)
    if old.process_id != new.process_id:
        return (Obstacle(old.process_id, "belongs to another process"),)
    found = [Obstacle(element, words) for scope in case.scopes() for element, words in _of_scope(scope, new)]
    return tuple(dict.fromkeys(found))


def in_version(old: Definition, new: Definition, state: JsonObject) -> Step:
    """The step into the other version: the same state; messages it begins or ceases to listen to at any time.

    Only where there are no `obstacles`. Raises: CaseClosed.
    """
    before = {one.subscription_id: one for one in waiting_in(old, _opened(old, state), given_up(state)).subscriptions}
    case = _opened(new, state)
    after = {one.subscription_id: one for one in waiting_in(new, case, given_up(state)).subscriptions}
    return Step(
        delta={},
        state=state,
        subscribed=tuple(one for key, one in after.items() if before.get(key) != one),
        unsubscribed=tuple(key for key, one in before.items() if after.get(key) != one),
        variables=cast(JsonObject, state["scopes"]["0"]["data"]),  # type: ignore[index,call-overload]
    )


def _opened(definition: Definition, state: JsonObject) -> CaseWorkflow:
    if state.get("ended"):
        raise CaseClosed
    progress = Progress(cast(datetime, None), cast(Dates, None), definition.types, seed_of(state))
    return loaded(definition, state, progress)


def _of_scope(scope: Scope, new: Definition) -> Iterator[tuple[str, str]]:
    spec = new.specs.get(scope.spec.name)
    live = scope.live()
    if spec is None:
        yield from ((each.task_spec.element_id, "lies in a part that is not there any more") for each in live)
        return
    for token in live:
        found = spec.task_specs.get(token.task_spec.name)
        words = "is not there any more" if found is None else next(_differences(token, found, spec), None)
        if words is not None:
            yield token.task_spec.element_id, words
    yield from _lies_otherwise(live, shape_of(scope.spec), shape_of(spec))


def _differences(token: CaseTask, new: Element, spec: ProcessSpec) -> Iterator[str]:
    """What of one step is another one there."""
    old = token.task_spec
    if type(old).__name__ != type(new).__name__:
        yield "is of another kind"
    elif isinstance(old, CatchEvent) and isinstance(new, CatchEvent) and _caught(old) != _caught(new):
        yield "waits for something else"
    elif isinstance(old, EventGroup) and isinstance(new, EventGroup) and _caught(old.start) != _caught(new.start):
        yield "begins with something else"
    elif isinstance(old, Group) and isinstance(new, Group) and old.spec != new.spec:
        yield "runs another process"
    elif isinstance(old, Repeated) and isinstance(new, Repeated) and _rounds(old) != _rounds(new):
        yield "is repeated in another way"
    elif _watching(old) != _watching(new):
        yield "has other dates or messages beside it"
    elif "race" in token.notes and _raced(old, token.workflow.spec) != _raced(new, spec):
        yield "waits together with other events"
    elif "via" in token.notes and token.notes["via"] not in getattr(new, "incoming", ()):
        yield "is reached by another way"
    elif "take" in token.notes and _flows(old) != _flows(new):
        yield "leads to other branches"


def _lies_otherwise(live: list[CaseTask], old: Shape, new: Shape) -> Iterator[tuple[str, str]]:
    """Steps between other branches than before: a join would wait for a token that nobody ever sent."""
    for element in dict.fromkeys(each.task_spec.element_id for each in live if not each.task_spec.is_silent):
        if element in old.elements and element in new.elements and _meets(element, old) != _meets(element, new):
            yield element, "lies between other branches"


def _meets(element: str, shape: Shape) -> set[tuple[str, frozenset[str], frozenset[str]]]:
    found = set()
    for join in shape.joins:
        lies = shape.towards(join, element)
        if element == join.element_id or shape.is_between(join, lies):
            found.add((join.element_id, lies, frozenset(join.incoming)))
    return found


def _flows(element: Element) -> list[str]:
    return [way.flow for way in element.ways]


def _caught(event: object) -> tuple[str | None, str | None]:
    catch = event.catch  # type: ignore[attr-defined]
    return catch.kind, catch.message


def _rounds(element: Repeated) -> tuple[object, ...]:
    rounds = element.rounds
    return rounds.is_loop, rounds.is_sequential, rounds.item, rounds.output, rounds.output_item


def _watching(element: Element) -> frozenset[tuple[str, str | None, str | None, bool]]:
    """Events at its edge that hold a token while they watch."""
    waiting = (each for each in element.attached if isinstance(each, AttachedEvent) and each.waits)
    return frozenset((each.element_id, *_caught(each), each.is_interrupting) for each in waiting)


def _raced(element: Element, spec: ProcessSpec) -> frozenset[frozenset[tuple[str, str]]]:
    races = (each for each in shape_of(spec).elements.values() if isinstance(each, EventGateway))
    ways = (frozenset((way.flow, way.target) for way in each.ways) for each in races)
    return frozenset(each for each in ways if any(target == element.element_id for _, target in each))
