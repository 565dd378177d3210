"""Filling a template with values: what the letter says, as plain values. Values are text, whatever signs they hold.

A value that is not there leaves a gap that can be seen, and the letter knows of it: nothing is guessed.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from app.clock import local_date
from app.feel import FeelClock, FeelError, Months, Range, Value, to_json
from app.feel.frame import Functions
from app.letters.template import Block, Choice, Kind, Part, Place, Run, Template

#: values longer than this are cut: a letter is read by people
LONGEST_VALUE = 8_000
LONGEST_LETTER = 100_000
MISSING = "[not recorded]"

#: text and whether it is bold
Piece: TypeAlias = tuple[str, bool]
#: place as it is written → code → what people call it
Labels: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Said:
    """A heading, a paragraph or an item of a list, in words."""

    #: which of them
    kind: Kind
    #: what it says
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Without weights."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True)
class Filled:
    """A letter in words."""

    #: its heading
    title: str
    #: what it says
    said: tuple[Said, ...]
    #: places that nothing was known for, as the template writes them
    gaps: tuple[str, ...] = ()


def fill(
    template: Template,
    scope: Mapping[str, Value],
    now: datetime,
    functions: Functions,
    labels: Labels | None = None,
) -> Filled:
    """The letter as it reads with these values. `labels` turns codes of answers into what people call them."""
    filling = _Filling(scope, FeelClock(now), functions, labels or {})
    title = " ".join("".join(text for text, _ in filling.pieces(template.title)).split())
    said = tuple(filling.said(template.parts))
    return Filled(title, said, tuple(dict.fromkeys(filling.gaps)))


@dataclass
class _Filling:
    """One letter while it is filled."""

    scope: Mapping[str, Value]
    clock: FeelClock
    functions: Functions
    labels: Labels
    gaps: list[str] = field(default_factory=list)
    length: int = 0

    def said(self, parts: tuple[Part, ...]) -> Iterator[Said]:
        """Blocks that are there, in order."""
        for part in parts:
            if isinstance(part, Choice):
                yield from self.said(part.then if self._value(part.condition) is True else part.otherwise)
            elif (items := self._items(part)) is not None:
                yield from items
            else:
                yield Said(part.kind, tuple(self.pieces(part.runs)))

    def _items(self, block: Block) -> list[Said] | None:
        """A list of values as items of their own, where an item of a list is nothing but that value."""
        only = block.runs[0].content if len(block.runs) == 1 else None
        if block.kind not in ("bullet", "number") or not isinstance(only, Place):
            return None
        value = self._value(only)
        if not isinstance(value, list) or not value:
            return None
        return [Said(block.kind, ((self._bounded(self._words(each, only)), False),)) for each in value]

    def pieces(self, runs: tuple[Run, ...]) -> Iterator[Piece]:
        """Text and values, in their weights."""
        for run in runs:
            yield (run.content if isinstance(run.content, str) else self._filled(run.content)), run.is_bold

    def _filled(self, place: Place) -> str:
        value = self._value(place)
        written = "" if value is None else self._words(value, place).strip()
        if not written:
            self.gaps.append(place.source)
            return MISSING
        return self._bounded(written)

    def _bounded(self, text: str) -> str:
        shown = _printable(text)
        shown = shown if len(shown) <= LONGEST_VALUE else f"{shown[: LONGEST_VALUE - 1]}…"
        self.length += len(shown)
        if self.length > LONGEST_LETTER:
            return "…"
        return shown

    def _value(self, place: Place) -> Value:
        try:
            return place.expression.evaluate(self.scope, self.clock, self.functions)
        except FeelError:
            self.gaps.append(place.source)
            return None

    def _words(self, value: Value, place: Place) -> str:
        codes = self.labels.get("".join(place.source.split()), {})
        return words(value, codes)


def words(value: Value, labels: Mapping[str, str]) -> str:
    """A value as people write it: Monday 2 November 2026, yes, 1,250."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return labels.get(value, value)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, datetime):
        return f"{day(local_date(value))} at {value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list):
        *most, last = [words(each, labels) for each in value] or [""]
        return f"{', '.join(most)} and {last}" if most else last
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')}: {words(each, labels)}" for key, each in value.items())
    if isinstance(value, Months | Range | timedelta):
        return str(to_json(value))
    return ""


def day(on: date) -> str:
    """ "Monday 2 November 2026": a letter writes the day in full."""
    return f"{on:%A} {on.day} {on:%B} {on.year}"


def _printable(text: str) -> str:
    """Without what no page shows: control signs, and those that turn the direction of text around."""
    kept = (one for one in text.replace("\r\n", "\n").replace("\r", "\n") if one == "\n" or _is_shown(one))
    return "".join(" " if one == "\t" else one for one in kept)


def _is_shown(sign: str) -> bool:
    return sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
