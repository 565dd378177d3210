"""Random processes by random commands: the engine waits for what the oracle expects, and nothing is lost on the way.

After every step: fold = live, kept in memory = saved and loaded, rows by the steps = what is open, marks by the moves =
where tokens are, size by what is open. At the end: every prefix loads. `--long` does it for thousands of processes.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.random_processes.blocks import Body, Loop, Tree
from support.random_processes.course import Course
from support.random_processes.dice import Dice, Drawn, Noted, Seeded
from support.random_processes.drawing import bundle
from support.random_processes.growing import Around, Grower

from app import checks, engine
from app.model.json import canonical

MOST_STEPS = 30
MOST_CALM_STEPS = 600
_NUMBERS = st.lists(st.integers(0, 999), min_size=1, max_size=6)
WALKS = st.lists(_NUMBERS, max_size=MOST_STEPS)


@st.composite
def trees(draw: Any) -> Tree:
    return Grower(Drawn(draw)).tree()


@settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(trees(), st.lists(WALKS, min_size=1, max_size=3))
def test_a_random_process_goes_where_it_may_and_always_ends(tree: Tree, walks: list[list[list[int]]]) -> None:
    definition = engine.parse(bundle(tree, is_drawn=False))
    for walk in walks:
        course = Course(tree, definition)
        for numbers in walk:
            if not course.is_over:
                course.step(Noted(numbers))
        comes_to_its_end(course)


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 6_000), marks=pytest.mark.long)], ids=str)
def test_so_it_does_for_seeds_that_never_change(seeds: range) -> None:
    for seed in seeds:
        tree = Grower(Seeded(seed)).tree()
        definition = engine.parse(bundle(tree, is_drawn=False))
        for number in range(3):
            walked(Course(tree, definition), Seeded(10 * seed + number))


def walked(course: Course, dice: Dice) -> None:
    """By chance, given up now and then, and then to the end."""
    gives_up_at = dice.number(1, 8 * MOST_STEPS)
    for number in range(MOST_STEPS):
        if course.is_over:
            break
        if number == gives_up_at:
            course.cancel()
        else:
            course.step(dice)
    comes_to_its_end(course)


def comes_to_its_end(course: Course) -> None:
    for _ in range(MOST_CALM_STEPS):
        if course.is_over:
            break
        course.calm_step()
    assert course.is_over, course.told()
    assert course.oracle.open() == []
    course.every_prefix_loads()


@pytest.mark.parametrize("seed", range(40))
def test_a_random_process_may_be_deployed(seed: int) -> None:
    found = bundle(Grower(Seeded(seed)).tree())

    problems = checks.check(found.bpmn, found.dmn, found.forms)

    assert [each for each in problems if each.severity == "error"] == []


def test_the_fiftieth_round_of_whatever_is_as_small_as_the_second() -> None:
    found = [sizes for seed in range(1_000, 1_012) if len(sizes := sizes_by_round(seed)) == 50]

    assert len(found) > 3, "most ended before: a terminate end or an interrupting timer was drawn into the loop"
    for sizes in found:
        assert max(sizes[1:]) <= sizes[1] + 40


def sizes_by_round(seed: int) -> list[int]:
    """Size of the state at the end of each round of a loop around anything."""
    grower = Grower(Seeded(seed))
    inside = grower.sequence(Around(2))
    tree = Tree(Body("main", (Loop("rounds", "round", "more", 50, inside),)), (), ("more", *grower.deciding))
    course = Course(tree)
    sizes: list[int] = []
    while not course.is_over:
        course.calm_step({"more": 1})
        if course.steps[-1].variables["round"] != course.steps[-2].variables["round"]:
            sizes.append(len(canonical(course.state)))
    return sizes
