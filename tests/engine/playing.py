"""Plays a case step by step, and after every step checks what must always hold."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from engine.drawing import bundle

from app import engine
from app.engine import Definition, Waiting
from app.errors import UnknownKey
from app.model.due import Due
from app.model.json import Json, JsonObject, canonical
from app.model.step import ArmedTimer, Move, OpenTask, Step, Subscription, ThrownMessage, Trouble

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SEED = "00000000-0000-4000-8000-000000000001"


@dataclass
class PlainDates:
    """Deadlines without a calendar: "3 days" counts days, other keys have to be added."""

    today: date = date(2026, 11, 2)
    #: rule key → days
    rules: dict[str, int] = field(default_factory=lambda: {"3 days": 3, "10 days": 10})

    def due(self, rule_key: str, basis: date | None) -> Due:
        if rule_key not in self.rules:
            raise UnknownKey(f"There is no deadline rule “{rule_key}”")
        day = (basis or self.today) + timedelta(days=self.rules[rule_key])
        return Due(day, datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC), f"{rule_key} later", rule_key)

    def on_day(self, day: date) -> Due:
        return Due(day, datetime(day.year, day.month, day.day, tzinfo=UTC), "as given")

    def at_moment(self, moment: datetime) -> Due:
        return Due(moment.date(), moment, "as given")


class Case:
    """One case of a tiny diagram."""

    def __init__(
        self,
        lines: str | Definition,
        variables: JsonObject | None = None,
        *,
        message: str | None = None,
        types: dict[str, str] | None = None,
        dmn: dict[str, bytes] | None = None,
        dates: PlainDates | None = None,
        **called: str,
    ) -> None:
        self.definition = (
            lines if isinstance(lines, Definition) else engine.parse(bundle(lines, dmn, **called), types or {})
        )
        self.dates = dates or PlainDates()
        self.now = NOW
        self.steps: list[Step] = []
        self.open = Waiting()
        self.state: JsonObject = {}
        first = engine.start(self.definition, variables or {}, self.dates, NOW, message, SEED)
        assert first == engine.start(self.definition, variables or {}, self.dates, NOW, message, SEED)
        self._keep(first)

    # what is open

    @property
    def tasks(self) -> list[str]:
        return [each.element for each in self.open.tasks]

    @property
    def timers(self) -> list[str]:
        return [each.element for each in self.open.timers]

    @property
    def messages(self) -> list[str]:
        return [each.message for each in self.open.subscriptions]

    @property
    def troubles(self) -> list[tuple[str, str]]:
        return [(each.element, each.kind) for each in self.open.troubles]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def variables(self) -> JsonObject:
        return self.last.variables

    @property
    def moves(self) -> list[tuple[str, str]]:
        return [(each.kind, each.element) for each in self.last.moves]

    @property
    def all_moves(self) -> list[Move]:
        return [move for step in self.steps for move in step.moves]

    def task(self, element: str, index: int = 0) -> OpenTask:
        return [each for each in self.open.tasks if each.element == element][index]

    def timer(self, element: str) -> ArmedTimer:
        return next(each for each in self.open.timers if each.element == element)

    def subscription(self, message: str) -> Subscription:
        return next(each for each in self.open.subscriptions if each.message == message)

    def trouble(self, element: str) -> Trouble:
        return next(each for each in self.open.troubles if each.element == element)

    def size(self) -> int:
        return len(json.dumps(self.state, separators=(",", ":")))

    # what happens

    def complete(self, element: str, variables: JsonObject | None = None, index: int = 0) -> Step:
        task = self.task(element, index)
        return self._step(
            lambda state: engine.complete(self.definition, state, task.task_id, variables or {}, self.dates, self.now)
        )

    def fire(self, element: str) -> Step:
        timer = self.timer(element)
        self.now = max(self.now, timer.due.at)
        return self._step(lambda state: engine.fire(self.definition, state, timer.timer_id, self.dates, self.now))

    def deliver(self, message: str, payload: Json = None) -> Step:
        waiting = self.subscription(message).subscription_id
        return self._step(lambda state: engine.deliver(self.definition, state, waiting, payload, self.dates, self.now))

    def retry(self, element: str) -> Step:
        stuck = self.trouble(element).task_id
        return self._step(lambda state: engine.retry(self.definition, state, stuck, self.dates, self.now))

    def amend(self, element: str, variables: JsonObject) -> Step:
        stuck = self.trouble(element).task_id
        return self._step(lambda state: engine.amend(self.definition, state, variables, stuck, self.dates, self.now))

    def cancel(self, outcome: str) -> Step:
        return self._step(lambda state: engine.cancel(self.definition, state, self.dates, self.now, outcome))

    def move(self, element: str, target: str, index: int = 0) -> Step:
        """Take the trouble at an element, or the task that is open there, somewhere else by hand."""
        stuck = self._held(element, index)
        return self._step(
            lambda state: engine.move(self.definition, state, stuck, element, target, self.dates, self.now)
        )

    def places(self, element: str, index: int = 0) -> dict[str, str]:
        """Where it might be moved to, each with why not."""
        stuck = self._held(element, index)
        return {each.element: each.refusal for each in engine.places(self.definition, self.state, stuck, element)}

    def _held(self, element: str, index: int) -> str | None:
        held = [*self.open.troubles, *self.open.tasks]
        return [each.task_id for each in held if each.element == element][index]

    def redate(self, element: str, due: Due) -> Step:
        timer = self.timer(element).timer_id
        return self._step(lambda state: engine.redate(self.definition, state, timer, due))

    # what must always hold

    def _step(self, decide: Callable[[JsonObject], Step]) -> Step:
        stored = json.loads(canonical(self.state))
        untouched = deepcopy(stored)
        step = decide(stored)
        assert stored == untouched, "a step changed the state it was given"
        assert step == decide(self.state), "a step depends on something besides its arguments"
        self._keep(step)
        return step

    def _keep(self, step: Step) -> None:
        self.steps.append(step)
        assert canonical(engine.apply(self.state or None, step.delta)) == canonical(step.state)
        if len(self.steps) < 20 or len(self.steps) % 100 == 0:
            assert canonical(engine.fold(each.delta for each in self.steps)) == canonical(step.state)
        self.state = step.state
        self._accumulate(step)
        assert self.open == engine.waiting(self.definition, json.loads(canonical(step.state)))

    def _accumulate(self, step: Step) -> None:
        """What is open by the steps alone, as projections keep it; in the order a rebuild gives."""
        closed = {each.task_id for each in step.closed}
        rearmed = {each.timer_id for each in step.armed} | set(step.disarmed)
        gone = set(step.unsubscribed)
        tasks = [*(t for t in self.open.tasks if t.task_id not in closed), *step.opened]
        timers = [*(t for t in self.open.timers if t.timer_id not in rearmed), *step.armed]
        subscriptions = [*(s for s in self.open.subscriptions if s.subscription_id not in gone), *step.subscribed]
        troubles = [*(t for t in self.open.troubles if t not in step.resolved), *step.troubles]
        now = engine.waiting(self.definition, step.state)
        self.open = Waiting(
            tuple(sorted(tasks, key=lambda t: [each.task_id for each in now.tasks].index(t.task_id))),
            tuple(sorted(timers, key=now.timers.index)),
            tuple(sorted(subscriptions, key=now.subscriptions.index)),
            tuple(sorted(troubles, key=now.troubles.index)),
        )
        fresh = {each.task_id: each for each in now.tasks}
        assert {each.task_id for each in self.open.tasks} == set(fresh)
        self.open = Waiting(tuple(fresh[t.task_id] for t in self.open.tasks), *_rest(self.open))

    def thrown(self) -> list[ThrownMessage]:
        return [each for step in self.steps for each in step.thrown]


def _rest(open_: Waiting) -> tuple[tuple[ArmedTimer, ...], tuple[Subscription, ...], tuple[Trouble, ...]]:
    return open_.timers, open_.subscriptions, open_.troubles
