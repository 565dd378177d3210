"""What a replay colours: elements active, done or cancelled after some moves. Reads moves only, never a state."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from app.model.step import Move

Mark = Literal["active", "done", "cancelled", "failed"]


def marks(moves_so_far: Iterable[Move]) -> dict[str, Mark]:
    """Element → its mark: "active" while a token is in it, else what happened there last.

    "failed" is an active element that cannot go on. Sequence flows that were taken are "done".
    """
    inside: Counter[str] = Counter()
    last: dict[str, Mark] = {}
    for move in moves_so_far:
        was = last.get(move.element)
        match move.kind:
            case "entered":
                inside[move.element] += was != "failed"
                last[move.element] = "active"
            case "left" | "cancelled":
                inside[move.element] = max(0, inside[move.element] - 1)
                last[move.element] = "done" if move.kind == "left" else "cancelled"
            case "failed":
                last[move.element] = "failed"
            case "taken":
                last[move.element] = "done"
    return {
        element: "active" if inside[element] > 0 and mark in ("done", "cancelled") else mark
        for element, mark in last.items()
    }
