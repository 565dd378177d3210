"""Where chance comes from: a seed, or hypothesis, which then can make a failing case smaller."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

_Thing = TypeVar("_Thing")


class Dice(Protocol):
    """Decides by chance."""

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        ...


def one(dice: Dice, things: Sequence[_Thing]) -> _Thing:
    """One of the things; the first is the simplest."""
    return things[dice.number(0, len(things) - 1)]


def chance(dice: Dice, percent: int) -> bool:
    """True that often; false is simpler."""
    return dice.number(0, 99) >= 100 - percent


class Seeded:
    """The same decisions for the same seed, in every version of Python."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, least: int, most: int) -> int:
        return least + int(self._random.random() * (most - least + 1))


class Drawn:
    """Decisions that hypothesis makes."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw

    def number(self, least: int, most: int) -> int:
        return int(self._draw(st.integers(least, most))) if least < most else least


class Noted:
    """Decisions out of a few numbers; after the last, always the simplest."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = list(numbers)

    def number(self, least: int, most: int) -> int:
        return least + (self._numbers.pop(0) if self._numbers else 0) % (most - least + 1)
