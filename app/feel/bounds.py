"""How much one expression may ask for: text, steps, sizes. It owns the limits and the counting, not the meaning."""

import unicodedata
from decimal import Decimal
from typing import TypeVar

from app.feel.errors import FeelError

MAX_SOURCE_CHARACTERS = 2_000
MAX_BRACKETS = 40
MAX_DEPTH = 80
MAX_NODES = 500
MAX_STEPS = 5_000
MAX_TEXT_CHARACTERS = 20_000
MAX_LIST_ITEMS = 5_000
MAX_WEIGHT = 20_000
MAX_NUMBER = Decimal("1e30")
MAX_EXPONENT = 100

Place = tuple[int, int]
T = TypeVar("T")

_LINE_BREAKS = str.maketrans("", "", "\n\r\t")
_CHARACTERS_PER_WEIGHT = 64
_WEIGHT_PER_STEP = 50


def check_source(source: str) -> None:
    """Refuse text that is too long, has control characters, or has characters that look like others.

    Raises: FeelError.
    """
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise FeelError(f"Expected at most {MAX_SOURCE_CHARACTERS:,} characters, but there are {len(source):,}")
    if not source.translate(_LINE_BREAKS).isprintable():
        raise FeelError("Expected text that can be printed, but there is a hidden character", *_first_hidden(source))
    if not source.isascii() and unicodedata.normalize("NFKC", source) != source:
        raise FeelError("Expected plain letters, but there is a character that looks like another", *_unstable(source))


def place_of(source: str, index: int) -> Place:
    """Line and column, counted from 1, of a character."""
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def weigh(value: object, limit: int = MAX_WEIGHT) -> int:
    """How many plain values are inside, text by length; stops counting above `limit`."""
    weight = 0
    stack = [value]
    while stack and weight <= limit:
        item = stack.pop()
        weight += 1
        if isinstance(item, str):
            weight += len(item) // _CHARACTERS_PER_WEIGHT
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
    return weight


class Meter:
    """The steps one evaluation has used."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        """Start at nothing used."""
        self.steps = 0

    def charge(self, steps: int, place: Place) -> None:
        """Count steps. Raises: FeelError when there have been too many."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise FeelError(f"The expression took too long: it needs more than {MAX_STEPS:,} steps", *place)

    def bounded(self, value: T, place: Place) -> T:
        """The same value. Raises: FeelError when it is too large to keep."""
        kind = type(value)
        if kind is str:
            if len(value) > MAX_TEXT_CHARACTERS:  # type: ignore[arg-type]
                raise FeelError(f"The text is longer than {MAX_TEXT_CHARACTERS:,} characters", *place)
        elif kind is Decimal:
            if abs(value) > MAX_NUMBER:  # type: ignore[arg-type]
                raise FeelError("The number is larger than 1e30", *place)
        elif kind is list or kind is dict:
            self._bounded_group(value, place)  # type: ignore[arg-type]
        return value

    def _bounded_group(self, value: list[object] | dict[str, object], place: Place) -> None:
        if len(value) > MAX_LIST_ITEMS:
            raise FeelError(f"The list has more than {MAX_LIST_ITEMS:,} items", *place)
        weight = weigh(value)
        if weight > MAX_WEIGHT:
            raise FeelError("The value is too large", *place)
        self.charge(weight // _WEIGHT_PER_STEP, place)


def _first_hidden(source: str) -> Place:
    for index, character in enumerate(source):
        if character not in "\n\r\t" and not character.isprintable():
            return place_of(source, index)
    return 1, 1


def _unstable(source: str) -> Place:
    for index, character in enumerate(source):
        if unicodedata.normalize("NFKC", character) != character:
            return place_of(source, index)
    return 1, 1
