"""What the oracle knows of activities: their insides, repetition, and the events on their edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from .blocks import Activity, Boundary, Repetition
from .places import Host, Life, Place, Then, Variables, Wait

if TYPE_CHECKING:
    from .oracle import Oracle


def begin(oracle: Oracle, activity: Activity, place: Place, then: Then) -> None:
    """A token came to an activity."""
    host = Host(activity, place, Life(place.group), then)
    for boundary in activity.boundaries:
        if boundary.event.kind in ("timer", "message"):
            _watch(oracle, host, boundary)
    if activity.repetition is None:
        _once(oracle, host, host.life, place.variables, 0, partial(_left, host))
    else:
        _Rounds(oracle, host, activity.repetition).begin()


def _left(host: Host) -> None:
    host.life.end()
    host.then(True)


def _once(oracle: Oracle, host: Host, around: Life, variables: Variables, index: int, done: Callable[[], None]) -> None:
    """One instance; `index` is 0 where there is only one."""
    activity, life = host.activity, Life(around)
    path = (*host.place.path, (activity.id, index))

    def answered(answers: dict[str, Any]) -> None:
        life.end()
        variables.write(answers)
        done()

    def told(payload: Any) -> None:
        life.end()
        if activity.event and activity.event.variable and payload is not None:
            variables.write({activity.event.variable: payload})
        done()

    if activity.body is not None:
        oracle.begin(Place(activity.body, path, variables, life, done, host.place, host))
    elif activity.called in oracle.called:
        body, own = oracle.called[activity.called], Variables(variables.all())

        def returned() -> None:
            variables.write({name: own.read(name) for name in sorted(own.written)})
            done()

        oracle.begin(Place(body, path, own, life, returned, host.place, host))
    elif activity.event is not None:
        oracle.wait(Wait(("message", path), life, told, activity.event.text))
    else:
        oracle.wait(Wait(("task", path), life, answered))


# repetition


@dataclass(eq=False)
class _Rounds:
    oracle: Oracle
    host: Host
    how: Repetition
    started: int = 0
    done: int = 0
    collected: dict[int, Any] = field(default_factory=dict)

    def begin(self) -> None:
        """Start the first, or all."""
        if self.how.kind == "loop":
            if self.how.tests_before and not self._goes_on():
                _left(self.host)
            else:
                self._start()
        elif self.how.most == 0:
            self._finish()
        elif self.how.kind == "sequential":
            self._start()
        else:
            for _ in range(self.how.most):
                self._start()

    def _start(self) -> None:
        self.started += 1
        index = self.started
        own = {"loop_counter": index} | ({} if self.how.kind == "loop" else {"item": index * 10})
        variables = Variables(own, around=self.host.place.variables)
        _once(self.oracle, self.host, self.host.life, variables, index, partial(self._one_done, variables, index))

    def _one_done(self, variables: Variables, index: int) -> None:
        self.done += 1
        if self.how.output:
            self.collected[index] = variables.own.get(self.how.collected or "")
        else:
            written = {name: variables.own[name] for name in variables.written if name != "item"}
            self.host.place.variables.write(written)
        if self.how.kind == "loop":
            is_over = not self._goes_on()
        else:
            is_over = self.done >= self.how.most or (self.how.until is not None and self.done >= self.how.until)
        if is_over:
            self._finish()
        elif self.how.kind != "parallel":
            self._start()

    def _goes_on(self) -> bool:
        is_wanted = self.host.place.variables.read(self.how.variable) == 1
        return self.done < self.how.most and is_wanted

    def _finish(self) -> None:
        self.host.life.end()
        if self.how.output:
            collected = [self.collected.get(index) for index in range(1, self.started + 1)]
            self.host.place.variables.write({self.how.output: collected})
        self.host.then(True)


# events on the edge


def _watch(oracle: Oracle, host: Host, boundary: Boundary) -> None:
    life = Life(host.life)

    def happen(payload: Any) -> None:
        life.end()
        if boundary.event.variable and payload is not None:
            host.place.variables.write({boundary.event.variable: payload})
        if not boundary.interrupts and boundary.event.kind == "message":
            _watch(oracle, host, boundary)
        strike(oracle, host, boundary)

    kind = "timer" if boundary.event.kind == "timer" else "message"
    path = (*host.place.path, (boundary.id, 0))
    message = boundary.event.text if kind == "message" else None
    oracle.wait(Wait((kind, path), life, happen, message, is_aside=not boundary.interrupts))  # type: ignore[arg-type]


def strike(oracle: Oracle, host: Host, boundary: Boundary) -> None:
    """What follows from an event on the edge."""
    if boundary.interrupts:
        host.life.end()
        oracle.run(boundary.path, host.place, host.then)
    else:
        host.place.strands += 1
        oracle.run(boundary.path, host.place, partial(oracle.strand_done, host.place))
