"""Where tokens may be, by the tree alone: BPMN 2.0.2 §13, block by block. Does not know that an engine exists.

A token runs through instant blocks at once; a block that waits leaves a `Wait`, whose `happen` goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from . import oracle_activities as activities
from .blocks import (
    Activity,
    Block,
    Catch,
    Choice,
    End,
    Fork,
    Loop,
    Race,
    Script,
    Send,
    Sequence,
    Throw,
    Tree,
    Watcher,
    ends,
)
from .places import Life, Place, Then, Variables, Wait


class Oracle:
    """One case."""

    def __init__(self, tree: Tree, variables: Mapping[str, Any]) -> None:
        self.called = {body.id: body for body in tree.called}
        self.is_over = False
        #: messages sent out of the case by the last command
        self.thrown: list[str] = []
        self._waits: list[Wait] = []
        self._places: list[Place] = []
        #: tokens that wait at parallel joins, by branch
        self._joins: dict[tuple[Life, str], list[int]] = {}
        self.case = Place(tree.main, (), Variables(variables), Life(), self._end)
        self.begin(self.case)

    def open(self) -> list[Wait]:
        """Everything that is waited for, oldest first."""
        self._waits = [each for each in self._waits if each.life.is_alive]
        self._places = [each for each in self._places if each.life.is_alive]
        starts = [self._start(place, each) for place in self._places for each in self._armed(place)]
        return [*self._waits, *starts]

    def happen(self, wait: Wait, what: Any = None) -> None:
        """A person, a moment or a message came."""
        assert wait.life.is_alive
        self.thrown = []
        wait.happen(what)

    def cancel(self) -> None:
        """Somebody ended the case."""
        self.thrown = []
        self.case.life.end()
        self.is_over = True

    def _end(self) -> None:
        self.is_over = True

    # places

    def begin(self, place: Place) -> None:
        """A token at the start of a process or sub-process."""
        self._places.append(place)
        place.strands = 1
        self.run(place.body.inside, place, partial(self.strand_done, place))

    def strand_done(self, place: Place, arrived: bool = True) -> None:
        """A token reached an end; the last one ends the place."""
        place.strands -= 1
        if place.strands == 0:
            self._over(place)

    def _over(self, place: Place) -> None:
        place.life.end()
        place.over()

    def _armed(self, place: Place) -> list[Watcher]:
        return [each for each in place.body.watchers if each.event.kind == "message" and not place.is_interrupted]

    def _start(self, place: Place, watcher: Watcher) -> Wait:
        key = ("message", (*place.path, (watcher.start, 0)))
        return Wait(key, place.life, partial(self._told, place, watcher), watcher.event.text, is_aside=True)

    def _told(self, place: Place, watcher: Watcher, payload: Any) -> None:
        self.trigger(place, watcher)
        keep(place, watcher.event.variable, payload)
        self._inside(place, watcher)

    def trigger(self, place: Place, watcher: Watcher) -> None:
        """An event sub-process is to begin."""
        if watcher.interrupts:
            place.interrupt()
            place.is_interrupted = True
        place.strands += 1

    def _inside(self, place: Place, watcher: Watcher) -> None:
        path = (*place.path, (watcher.id, 0))
        inner = Place(
            watcher.body, path, place.variables, Life(place.group), partial(self.strand_done, place), outer=place
        )
        self.begin(inner)

    def throw(self, place: Place, kind: str, code: str) -> None:
        """An error or escalation: the innermost that catches it has it."""
        at: Place | None = place
        while at is not None:
            for watcher in at.body.watchers:
                if watcher.event.catches(kind, code) and not at.is_interrupted:
                    self.trigger(at, watcher)
                    self._inside(at, watcher)
                    return
            for boundary in at.host.activity.boundaries if at.host else ():
                if at.host and boundary.event.catches(kind, code):
                    activities.strike(self, at.host, boundary)
                    return
            at = at.outer
        raise AssertionError(f"Expected the {kind} {code} to be caught, but the tree does not")

    def wait(self, wait: Wait) -> None:
        """One more thing that is waited for."""
        self._waits.append(wait)

    # blocks

    def run(self, inside: Sequence, place: Place, then: Then) -> None:
        """A token at the first of some blocks. Where they end, no inclusive join waits for it any more (§13.4.3)."""
        if ends(inside):
            place.strands += 1
            then(False)
            self._next(inside, place, partial(self.strand_done, place), True)
        else:
            self._next(inside, place, then, True)

    def _next(self, rest: Sequence, place: Place, then: Then, arrived: bool) -> None:
        if arrived and rest:
            first, *others = rest
            self.enter(first, place, partial(self._next, tuple(others), place, then))
        else:
            then(arrived)

    def enter(self, block: Block, place: Place, then: Then) -> None:
        """A token at a block."""
        match block:
            case Activity():
                activities.begin(self, block, place, then)
            case Catch():
                self._catch(block, place, Life(place.group), partial(then, True))
            case Script():
                values = place.variables.all()
                place.variables.write({name: value(source, values) for name, source in block.assigned})
                then(True)
            case Send():
                self.thrown.append(block.message)
                then(True)
            case Throw():
                self._thrown(place, block.code, then)
            case End():
                self._ended(block, place, then)
            case Choice():
                self._choose(block, place, then)
            case Fork():
                self._fork(block, place, then)
            case Race():
                life = Life(place.group)
                for catch, inside in block.branches:
                    self._catch(catch, place, life, partial(self.run, inside, place, then))
            case Loop():
                place.variables.write({block.counter: 0})
                self.run(block.body, place, partial(self._again, block, place, then))

    def _catch(self, catch: Catch, place: Place, life: Life, go_on: Any) -> None:
        def happen(payload: Any) -> None:
            life.end()
            keep(place, catch.event.variable, payload)
            go_on()

        kind = "timer" if catch.event.kind == "timer" else "message"
        key = (kind, (*place.path, (catch.id, 0)))
        self.wait(Wait(key, life, happen, catch.event.text if kind == "message" else None))  # type: ignore[arg-type]

    def _thrown(self, place: Place, code: str, then: Then, arrived: bool = True) -> None:
        thrower = Life(place.group)
        self.throw(place, "escalation", code)
        if thrower.is_alive:
            then(arrived)

    def _ended(self, end: End, place: Place, then: Then) -> None:
        match end.kind:
            case "terminate":
                place.interrupt()
                self._over(place)
            case "error":
                self.throw(place, "error", end.text)
            case "escalation":
                self._thrown(place, end.text, then, arrived=False)
            case _:
                if end.kind == "message":
                    self.thrown.append(end.text)
                then(False)

    def _choose(self, choice: Choice, place: Place, then: Then) -> None:
        now = place.variables.read(choice.variable)
        holding = [inside for values, inside in choice.branches if now in values]
        default = [inside for values, inside in choice.branches if not values]
        taken = holding or default
        _Meeting(then).all(self, taken if choice.is_inclusive else taken[:1], place)

    def _fork(self, fork: Fork, place: Place, then: Then) -> None:
        place.strands += len(fork.loose)
        came = self._joins.setdefault((place.group, fork.id), [0] * len(fork.joined))
        for number, inside in enumerate(fork.joined):
            self.run(inside, place, partial(self._join, came, number, then))
        for inside in fork.loose:
            self.run(inside, place, partial(self.strand_done, place))

    def _join(self, came: list[int], number: int, then: Then, arrived: bool) -> None:
        """One token of each branch goes on as one, whichever fork it came from (§13.4.1)."""
        came[number] += arrived
        if all(came):
            came[:] = [each - 1 for each in came]
            then(True)

    def _again(self, loop: Loop, place: Place, then: Then, arrived: bool) -> None:
        if not arrived:
            then(False)
            return
        count = place.variables.read(loop.counter) + 1
        place.variables.write({loop.counter: count})
        if place.variables.read(loop.variable) == 1 and count < loop.most:
            self.run(loop.body, place, partial(self._again, loop, place, then))
        else:
            then(True)


class _Meeting:
    """Where branches that were taken meet: goes on when none can come any more, if any came."""

    def __init__(self, then: Then) -> None:
        self._then = then
        self._missing = 0
        self._came = False

    def all(self, oracle: Oracle, branches: Iterable[Sequence], place: Place) -> None:
        """A token into each branch."""
        rows = list(branches)
        self._missing = len(rows)
        for inside in rows:
            oracle.run(inside, place, self._one)

    def _one(self, arrived: bool) -> None:
        self._missing -= 1
        self._came = self._came or arrived
        if self._missing == 0:
            self._then(self._came)


def keep(place: Place, variable: str | None, payload: Any) -> None:
    """Keep what came with a message, where the diagram asks for it."""
    if variable and payload is not None:
        place.variables.write({variable: payload})


def value(source: str, values: Mapping[str, Any]) -> Any:
    """The few forms of FEEL that scripts of a tree have."""
    literals = {"1": 1, '"text"': "text", "null": None}
    return literals[source] if source in literals else values.get(source)
