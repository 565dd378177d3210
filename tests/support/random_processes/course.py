"""One case of a random process, in the engine and in the oracle at once. After every step it checks what must hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import engine
from app.engine import Definition, Waiting
from app.model.json import JsonObject, canonical
from app.model.step import Move, Step

from .blocks import Tree
from .dates import NOW, GivenDates
from .dice import Dice, one
from .drawing import bundle
from .living import Living
from .oracle import Oracle
from .places import Wait, counted
from .reading import Found, Reading

SEED = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Command:
    """What was done to the case."""

    #: complete, fire, deliver, cancel
    verb: str
    #: id of the task, timer or subscription
    on: str
    #: answers or payload
    what: Any = None
    #: element, for people who read a failure
    element: str = ""


class Course:
    """One case."""

    def __init__(self, tree: Tree, definition: Definition | None = None) -> None:
        self.tree = tree
        self.definition = definition or engine.parse(bundle(tree, is_drawn=False))
        self.now: datetime = NOW
        self.commands: list[Command] = []
        self.steps: list[Step] = []
        #: size of the state in tokens and scopes, by what is open
        self.sizes: dict[tuple[Any, ...], int] = {}
        self.moves: list[Move] = []
        self.open = _Open()
        start = begun_with(tree)
        self.oracle = Oracle(tree, start)
        self.living = Living(self.definition)
        first = engine.start(self.definition, start, GivenDates(), NOW, None, SEED)
        self.living.start(start, SEED)
        self._keep(first)

    @property
    def state(self) -> JsonObject:
        """As the last step left it."""
        return self.steps[-1].state

    @property
    def is_over(self) -> bool:
        """The case has ended."""
        return self.steps[-1].is_completed

    def choices(self) -> list[tuple[Found, Wait]]:
        """What could happen now, to the engine and to the oracle: the same, or the test has failed."""
        found = Reading(self.state).found(engine.waiting(self.definition, self.state))
        waits = self.oracle.open()
        ours = sorted(waits, key=lambda each: each.key)
        theirs = sorted(found, key=lambda each: each.key)
        assert [each.key for each in ours] == [each.key for each in theirs], self.told()
        assert [each.message for each in ours] == [each.message for each in theirs], self.told()
        return list(zip(theirs, ours, strict=True))

    def step(self, dice: Dice) -> None:
        """One of the things that could happen."""
        choices = self.choices()
        found, wait = one(dice, choices)
        number = dice.number(0, 3)
        if found.key[0] == "task":
            names = [one(dice, self.tree.deciding) for _ in range(dice.number(0, 2))] if self.tree.deciding else []
            self.do(found, wait, {name: dice.number(0, 3) for name in names})
        else:
            self.do(found, wait, number or None)

    def calm_step(self, answers: JsonObject | None = None) -> None:
        """Whatever brings the case to its end: nobody asks for another round, and nothing is begun aside."""
        rank = {"task": 0, "timer": 1, "message": 2}
        choices = sorted(self.choices(), key=lambda pair: (pair[1].is_aside, rank[pair[0].key[0]], pair[0].number))
        found, wait = choices[0]
        calm = {**dict.fromkeys(self.tree.deciding, 0), **(answers or {})}
        self.do(found, wait, calm if found.key[0] == "task" else None)

    def do(self, found: Found, wait: Wait, what: Any) -> None:
        """A command."""
        verb = {"task": "complete", "timer": "fire", "message": "deliver"}[found.key[0]]
        self._do(Command(verb, found.outside_id, what, found.key[1][-1][0]), lambda: self.oracle.happen(wait, what))

    def cancel(self) -> None:
        """Somebody ends the case."""
        self._do(Command("cancel", "", "given up"), self.oracle.cancel)

    def _do(self, command: Command, expected: Callable[[], None]) -> None:
        self.commands.append(command)
        stored = json.loads(json.dumps(self.state, sort_keys=True))
        step = obey(self.definition, self.state, command, self.now)
        assert step == obey(self.definition, stored, command, self.now), self.told()
        assert canonical(stored) == canonical(self.state), "a step changed the state it was given"
        self.living.obey(command, self.now)
        expected()
        self._keep(step)

    # what must hold

    def _keep(self, step: Step) -> None:
        before = self.steps[-1].state if self.steps else None
        self.steps.append(step)
        self.moves += step.moves
        assert step.troubles == (), self.told()
        assert canonical(engine.apply(before, step.delta)) == canonical(step.state), self.told()
        assert canonical(self.living.saved()) == canonical(step.state), f"save and load changed it\n{self.told()}"
        self._as_expected(step)
        self._as_projected(step)
        self._as_moved(step)
        self._as_small()

    def _as_expected(self, step: Step) -> None:
        assert step.is_completed == self.oracle.is_over, self.told()
        choices = self.choices()
        assert step.is_completed == (not choices), f"nobody can go on\n{self.told()}"
        assert any(not wait.is_aside for _, wait in choices) or not choices, f"nobody goes on\n{self.told()}"
        assert Counter(each.message for each in step.thrown) == Counter(self.oracle.thrown), self.told()
        assert sorted(step.variables.items()) == sorted(self.oracle.case.variables.all().items()), self.told()

    def _as_projected(self, step: Step) -> None:
        self.open.take(step)
        now = engine.waiting(self.definition, step.state)
        assert self.open.ids() == _ids(now), f"the steps do not add up\n{self.told()}"

    def _as_moved(self, step: Step) -> None:
        reading = Reading(step.state)
        assert reading.stuck() == [], self.told()
        active = {name for name, mark in engine.marks(self.moves).items() if mark == "active"}
        assert active == reading.active(), self.told()

    def _as_small(self) -> None:
        """What is open decides how large a state is, not what was before."""
        state = self.state
        held = sorted((each["element"], each["state"]) for each in Reading(state).tokens.values())
        opened = (tuple(sorted(counted(self.oracle.open()).items())), tuple(held))
        notes = [each.get("notes", {}) for each in Reading(state).tokens.values()]
        size = len(notes) + sum(len(each) for each in notes)
        assert self.sizes.setdefault(opened, size) == size, self.told()

    def every_prefix_loads(self) -> None:
        """The fold of the first entries is the state after them, and it can be read."""
        for number in range(1, len(self.steps) + 1):
            state = engine.fold(each.delta for each in self.steps[:number])
            assert canonical(state) == canonical(self.steps[number - 1].state)
            engine.waiting(self.definition, state)

    def told(self) -> str:
        """The process and what was done, for whoever reads a failure."""
        done = [f"{each.verb} {each.element} {each.what}" for each in self.commands]
        ours = sorted(counted(self.oracle.open()).items())
        theirs = engine.waiting(self.definition, self.state) if self.steps else Waiting()
        here = sorted(each.key for each in Reading(self.state).found(theirs)) if self.steps else []
        return "\n".join([str(self.tree), *done, f"expected {ours}", f"engine   {here}", f"{self.steps[-1]}"])


def begun_with(tree: Tree) -> dict[str, int]:
    """Variables a case starts with: each decides something else."""
    return {name: number % 4 for number, name in enumerate(tree.deciding, 1)}


def obey(definition: Definition, state: JsonObject, command: Command, now: datetime) -> Step:
    """The step a command makes."""
    dates = GivenDates()
    match command.verb:
        case "complete":
            return engine.complete(definition, state, command.on, command.what, dates, now)
        case "fire":
            return engine.fire(definition, state, command.on, dates, now)
        case "deliver":
            return engine.deliver(definition, state, command.on, command.what, dates, now)
        case _:
            return engine.cancel(definition, state, dates, now, command.what)


@dataclass
class _Open:
    """What is open by the steps alone, as projections keep it."""

    tasks: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    subscriptions: set[str] = field(default_factory=set)

    def take(self, step: Step) -> None:
        self.tasks = (self.tasks - {each.task_id for each in step.closed}) | {each.task_id for each in step.opened}
        self.timers = (self.timers - set(step.disarmed)) | {each.timer_id for each in step.armed}
        gone = self.subscriptions - set(step.unsubscribed)
        self.subscriptions = gone | {each.subscription_id for each in step.subscribed}

    def ids(self) -> tuple[set[str], set[str], set[str]]:
        return self.tasks, self.timers, self.subscriptions


def _ids(waiting: Waiting) -> tuple[set[str], set[str], set[str]]:
    return (
        {each.task_id for each in waiting.tasks},
        {each.timer_id for each in waiting.timers},
        {each.subscription_id for each in waiting.subscriptions},
    )
