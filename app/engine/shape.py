"""How the elements of one process lie to each other: beside what, and where branches part and meet. Reads specs only.

A token that is put somewhere by hand did not come by a flow, so what flows guarantee has to be asked here: that every
branch a join waits for has a token, and that nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from app.engine.activities import PersonTask
from app.engine.elements import Element
from app.engine.events import AttachedEvent, StartEvent
from app.engine.gateways import ChoosingGateway, EventGateway, Join

if TYPE_CHECKING:
    from app.engine.scopes import ProcessSpec

Lies = frozenset[str]
OUTSIDE: Lies = frozenset()


class Shape:
    """One process or sub-process as a graph."""

    def __init__(self, spec: ProcessSpec) -> None:
        """Instances of repeated activities are no elements of it."""
        found = (each for each in spec.task_specs.values() if isinstance(each, Element) and not each.is_silent)
        self.elements: dict[str, Element] = {each.element_id: each for each in found}

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """Where tokens wait for each other."""
        return tuple(each for each in self.elements.values() if isinstance(each, Join) and len(each.incoming) > 1)

    @cached_property
    def forks(self) -> tuple[Element, ...]:
        """What a token leaves as several."""
        return tuple(each for each in self.elements.values() if len(each.ways) > 1 and not _chooses_one(each))

    @cached_property
    def asides(self) -> tuple[AttachedEvent, ...]:
        """What puts a token beside an activity that goes on."""
        events = (each for each in self.elements.values() if isinstance(each, AttachedEvent))
        return tuple(each for each in events if not each.is_interrupting)

    @cached_property
    def raced(self) -> frozenset[str]:
        """Events that wait together with others until the first of them happens."""
        races = (each for each in self.elements.values() if isinstance(each, EventGateway))
        return frozenset(way.target for each in races for way in each.ways)

    def towards(self, join: Join, element: str) -> Lies:
        """Flows of a join by which a token could come from an element before it passes the join."""
        seen: set[str] = set()
        found: set[str] = set()
        todo = [element] if element != join.element_id else []
        while todo:
            each = todo.pop()
            if each in seen:
                continue
            seen.add(each)
            for flow, target in self._out(each):
                if target == join.element_id:
                    found.add(flow)
                else:
                    todo.append(target)
        return frozenset(found)

    def is_between(self, join: Join, lies: Lies) -> bool:
        """Whether that is a branch of the join: some of its flows, not all."""
        return OUTSIDE < lies < frozenset(join.incoming)

    def behind(self, fork: Element, element: str) -> Lies:
        """Branches of a fork in which an element lies; none where a token can be there without having passed it."""
        if element == fork.element_id or element in self._without(fork.element_id):
            return OUTSIDE
        return frozenset(way.flow for way in fork.ways if element in self._from(way.target, fork.element_id))

    def is_branch(self, fork: Element, lies: Lies) -> bool:
        """Whether that is a branch of the fork: some of its flows, not all."""
        return OUTSIDE < lies < frozenset(way.flow for way in fork.ways)

    def is_aside(self, event: AttachedEvent, element: str) -> bool:
        """Whether a token can be there only because that event happened."""
        return element not in self._without(event.element_id) and element in self._from(event.element_id, "")

    def _without(self, element: str) -> frozenset[str]:
        """What can be reached from the starts without passing an element."""
        known = self.__dict__.setdefault("_reached", {})
        if element not in known:
            starts = [each.element_id for each in self.elements.values() if isinstance(each, StartEvent)]
            known[element] = frozenset().union(*(self._from(start, element) for start in starts))
        return known[element]  # type: ignore[no-any-return]

    def _from(self, first: str, but: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [first]
        while todo:
            each = todo.pop()
            if each not in seen and each != but:
                seen.add(each)
                todo += [target for _, target in self._out(each)]
        return frozenset(seen)

    def _out(self, element: str) -> Iterator[tuple[str, str]]:
        """Each flow and where it leads; an event at the edge of an activity can be reached from it."""
        found = self.elements[element]
        yield from ((way.flow, way.target) for way in found.ways)
        yield from ((each.element_id, each.element_id) for each in found.attached)


def is_step(element: Element) -> bool:
    """Whether people would call it a step: something is done there, asked or waited for."""
    return isinstance(element, PersonTask) or element.label != element.element_id


def _chooses_one(element: Element) -> bool:
    if isinstance(element, EventGateway):
        return True
    return isinstance(element, ChoosingGateway) and not isinstance(element, Join)
