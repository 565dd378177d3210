"""Wherever a token of a random process may be moved by hand, the case comes to its end from there: none waits for ever.

After each move the fold is the state, and the rows by the steps are what is open. Where the move would be wrong it is
refused, with the sentence that was shown beside it.
"""

from collections import Counter

import pytest
from support.random_processes.course import SEED, begun_with
from support.random_processes.dates import NOW, GivenDates
from support.random_processes.dice import Dice, Seeded, one
from support.random_processes.drawing import bundle
from support.random_processes.growing import Grower

from app import engine
from app.engine import Definition
from app.model.json import JsonObject, canonical
from app.model.step import Step

MOST_STEPS = 25
MOST_CALM_STEPS = 600


class Moved:
    """One case whose tokens are moved by hand now and then."""

    def __init__(self, definition: Definition, variables: JsonObject) -> None:
        self.definition, self.calm = definition, dict.fromkeys(variables, 0)
        self.steps: list[Step] = []
        self.open: set[str] = set()
        self.inside: Counter[str] = Counter()
        self.told: list[str] = []
        self._keep("start", engine.start(definition, variables, GivenDates(), NOW, None, SEED))

    @property
    def state(self) -> JsonObject:
        return self.steps[-1].state

    @property
    def is_over(self) -> bool:
        return self.steps[-1].is_completed

    @property
    def is_stuck(self) -> bool:
        """A variable that a step left out would have set is missing: a person corrects it, which is another test."""
        return bool(engine.waiting(self.definition, self.state).troubles)

    def go_on(self, dice: Dice | None = None) -> bool:
        """One of the things that could happen, or what ends the case soonest; whether there was one."""
        waiting = engine.waiting(self.definition, self.state)
        beside = [each for each in waiting.subscriptions if ":" in each.subscription_id]
        first = [*waiting.tasks, *waiting.timers, *(each for each in waiting.subscriptions if each not in beside)]
        if not first:
            return False
        chosen = one(dice, [*first, *beside]) if dice else first[0]
        if chosen in waiting.tasks:
            answers = {name: dice.number(0, 3) for name in self.calm} if dice else self.calm
            step = engine.complete(self.definition, self.state, chosen.task_id, answers, GivenDates(), NOW)
        elif chosen in waiting.timers:
            step = engine.fire(self.definition, self.state, chosen.timer_id, GivenDates(), NOW)
        else:
            step = engine.deliver(self.definition, self.state, chosen.subscription_id, None, GivenDates(), NOW)
        self._keep(chosen.element, step)
        return True

    def move(self, dice: Dice) -> str | None:
        """Take an open task somewhere by hand: "moved", "refused", or None where no task is open."""
        tasks = engine.waiting(self.definition, self.state).tasks
        if not tasks:
            return None
        task = one(dice, tasks)
        places = engine.places(self.definition, self.state, task.task_id, task.element)
        if not places:
            return None
        place, at = one(dice, places), (self.definition, self.state, task.task_id, task.element)
        if place.refusal:
            with pytest.raises(engine.CannotMove) as refused:
                engine.move(*at, place.element, GivenDates(), NOW)
            assert refused.value.sentence == place.refusal
            return "refused"
        step = engine.move(*at, place.element, GivenDates(), NOW)
        assert task.task_id in {each.task_id for each in step.closed}
        self._keep(f"MOVE {task.element} to {place.element}", step)
        return "moved"

    def _keep(self, what: str, step: Step) -> None:
        before = self.state if self.steps else None
        self.steps.append(step)
        self.told.append(what)
        assert canonical(engine.apply(before, step.delta)) == canonical(step.state)
        self.open = (self.open - {each.task_id for each in step.closed}) | {each.task_id for each in step.opened}
        waiting = engine.waiting(self.definition, step.state)
        assert {each.task_id for each in waiting.tasks} == self.open, self.told
        for move in step.moves:
            self.inside[move.element] += {"entered": 1, "left": -1, "cancelled": -1}.get(move.kind, 0)
            assert self.inside[move.element] >= 0, self.told


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 4_000), marks=pytest.mark.long)], ids=str)
def test_a_case_that_was_moved_comes_to_its_end(seeds: range) -> None:
    came: Counter[str | None] = Counter()
    for seed in seeds:
        tree = Grower(Seeded(seed)).tree()
        definition = engine.parse(bundle(tree, is_drawn=False))
        for number in range(3):
            came.update(walked(Moved(definition, begun_with(tree)), Seeded(10 * seed + number), seed))

    assert came["moved"] > len(seeds)
    assert came["refused"] > len(seeds)
    assert came["ended"] > 2 * len(seeds)


def walked(case: Moved, dice: Dice, seed: int) -> list[str | None]:
    """By chance with moves between, and then to the end."""
    came: list[str | None] = []
    for _ in range(MOST_STEPS):
        if case.is_over or case.is_stuck:
            break
        if dice.number(0, 3) == 0:
            came.append(case.move(dice))
        elif not case.go_on(dice):
            break
    for _ in range(MOST_CALM_STEPS):
        if case.is_over or case.is_stuck:
            return [*came, "stuck" if case.is_stuck else "ended"]
        assert case.go_on(), f"seed {seed}: somebody waits for ever after {case.told}"
    raise AssertionError(f"seed {seed}: the case never ends after {case.told}")
