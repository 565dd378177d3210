"""What was measured, row by row, each beside its budget. What is measured is in the other modules."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.model.json import JsonObject

Bound = Literal["≤", "≥", "="]


@dataclass(frozen=True)
class Point:
    """Where a row stands in a chart of growth."""

    #: name of the chart
    chart: str
    #: name of its line
    line: str
    #: what grew: rounds, open tasks, people
    x: float


@dataclass(frozen=True)
class Row:
    """One figure."""

    #: what was measured, in words
    row: str
    #: what it came to
    value: float
    #: "ms", "×", "statements", "bytes", "per s"
    unit: str
    #: what it may come to, or None where nobody promised anything
    budget: float | None = None
    #: how the figure must stand to its budget
    bound: Bound = "≤"
    #: where it stands in a chart, or None
    point: Point | None = None

    @property
    def ok(self) -> bool:
        """Within its budget."""
        if self.budget is None:
            return True
        if self.bound == "=":
            return self.value == self.budget
        return self.value <= self.budget if self.bound == "≤" else self.value >= self.budget

    @property
    def promise(self) -> str:
        """“≤ 20”, or "" without a budget."""
        return (
            ""
            if self.budget is None
            else f"{self.bound} {self.budget:g}"
            if self.budget < 1e4
            else f"{self.bound} {self.budget:,.0f}"
        )

    def to_json(self) -> JsonObject:
        """`{"row", "value", "unit", "budget", "ok"}`."""
        return {"row": self.row, "value": self.value, "unit": self.unit, "budget": self.budget, "ok": self.ok}


def median_ms(seconds: Sequence[float]) -> float:
    """The middle one, in milliseconds."""
    return round(1000 * statistics.median(seconds), 2)


def percentile(found: Sequence[float], share: float) -> float:
    """The smallest of them that so large a share does not exceed: nearest rank, nothing between two is invented."""
    ordered = sorted(found)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def p95_ms(seconds: Sequence[float]) -> float:
    """What 95 of 100 did not exceed, in milliseconds."""
    return round(1000 * percentile(seconds, 0.95), 2)


def ratio(ours: Sequence[float], beside: Sequence[float]) -> float:
    """The median of one against the other, pair by pair: what the machine did meanwhile happened to both."""
    return round(statistics.median(one / other for one, other in zip(ours, beside, strict=True)), 2)
