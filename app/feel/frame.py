"""What one evaluation holds: variables, clock, functions and the steps used. No meaning of any expression."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import LONDON, local_date
from app.feel.bounds import Meter
from app.feel.plain import PLAIN, from_json
from app.feel.values import Value

Functions = Mapping[str, Callable[..., Value]]


@dataclass(frozen=True, slots=True)
class FeelClock:
    """The moment an expression is evaluated at, by the clock of the case."""

    #: aware
    now: datetime

    def __post_init__(self) -> None:
        """Raises: ValueError when the moment does not know its zone."""
        if self.now.tzinfo is None:
            raise ValueError("Expected a moment with its zone, but it has none")

    @property
    def local_now(self) -> datetime:
        """The moment as clocks in England show it."""
        return self.now.astimezone(LONDON)

    @property
    def today(self) -> date:
        """The date in England."""
        return local_date(self.now)


class Run(Meter):
    """One evaluation."""

    __slots__ = ("clock", "functions", "taken")

    def __init__(self, clock: FeelClock, functions: Functions) -> None:
        """Start with no steps used."""
        super().__init__()
        self.clock = clock
        self.functions = functions
        self.taken: dict[str, Value] = {}

    def take(self, name: str, value: Any) -> Value:
        """A variable that may still be JSON, as a FEEL value, converted once."""
        if name not in self.taken:
            self.taken[name] = from_json(value)
        return self.taken[name]


class Frame:
    """The variables of one place in an expression, and those around it."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, Any], parent: "Frame | None", run: Run) -> None:
        """Put variables over those of `parent`; the outermost frame holds the case's own."""
        self.values = values
        self.parent = parent
        self.run = run

    def inner(self, values: Mapping[str, Value]) -> "Frame":
        """A frame inside this one."""
        return Frame(values, self, self.run)

    def find(self, name: str) -> Value:
        """The variable of the nearest frame that has it, else null."""
        frame = self
        while frame.parent is not None:
            if name in frame.values:
                return frame.values[name]  # type: ignore[no-any-return]
            frame = frame.parent
        return frame.own(name)

    def own(self, name: str) -> Value:
        """A variable of the outermost frame, which may hold JSON."""
        value = self.values.get(name)
        return value if type(value) in PLAIN else self.run.take(name, value)
