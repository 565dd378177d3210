"""Grows activities: what is in them, how often they are done, what watches over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .blocks import Activity, Boundary, Event, Repetition
from .dice import chance, one

if TYPE_CHECKING:
    from .growing import Around, Grower


def grown_activity(grower: Grower, around: Around) -> Activity:
    """A task, receive task, sub-process or call activity with whatever belongs to it."""
    dice, name = grower.dice, grower.id("b")
    kind = one(dice, ("userTask", "subProcess", "callActivity", "receiveTask", "subProcess"))
    if kind == "subProcess" and (around.depth <= 0 or grower.left <= 0):
        kind = "userTask"
    boundaries = [_boundary(grower, around) for _ in range(dice.number(0, 2))]
    match kind:
        case "subProcess":
            activity = _sub_process(grower, around, name, boundaries)
        case "callActivity":
            activity = _call(grower, around, name, boundaries)
        case "receiveTask":
            activity = Activity(name, kind, event=grower.message(name))
        case _:
            activity = Activity(name, kind)
    repetition = _repetition(grower, name) if chance(dice, 35) else None
    return replace(activity, repetition=repetition, boundaries=tuple(boundaries))


def _sub_process(grower: Grower, around: Around, name: str, boundaries: list[Boundary]) -> Activity:
    dice, inner = grower.dice, around.inside
    for kind in ("error", "escalation"):
        if chance(dice, 35):
            code = grower.id(kind)
            caught = "" if kind == "error" and chance(dice, 20) else code
            interrupts = kind == "error" or chance(dice, 50)
            boundaries.append(_thrown(grower, around, Event(kind, caught), interrupts))  # type: ignore[arg-type]
            inner = replace(inner, **{f"{kind}s": (*getattr(inner, f"{kind}s"), code)})
    return Activity(name, "subProcess", body=grower.body(name, inner, watched=20))


def _call(grower: Grower, around: Around, name: str, boundaries: list[Boundary]) -> Activity:
    if not grower.throws or chance(grower.dice, 15):
        return Activity(name, "callActivity", called="by-hand")
    called = one(grower.dice, sorted(grower.throws))
    grower.calls.append((grower.growing, called))
    code = grower.throws[called]
    if code is not None:
        boundaries.append(_thrown(grower, around, Event("error", code), interrupts=True))
    return Activity(name, "callActivity", called=called)


def _boundary(grower: Grower, around: Around) -> Boundary:
    name = grower.id("o")
    kind = one(grower.dice, ("timer", "message"))
    event = grower.message(name) if kind == "message" else Event("timer", "P5D")
    return _with_path(grower, around, name, event, chance(grower.dice, 50))


def _thrown(grower: Grower, around: Around, event: Event, interrupts: bool) -> Boundary:
    return _with_path(grower, around, grower.id("o"), event, interrupts)


def _with_path(grower: Grower, around: Around, name: str, event: Event, interrupts: bool) -> Boundary:
    """One that does not interrupt goes its own way and ends there."""
    beside = around.inside if interrupts else replace(around.inside, sure=False)
    may_end = not interrupts or chance(grower.dice, 40)
    path = grower.sequence(beside, waits_first=chance(grower.dice, 50), may_end=may_end)
    return Boundary(name, event, interrupts, path)


def _repetition(grower: Grower, name: str) -> Repetition:
    dice = grower.dice
    kind = one(dice, ("parallel", "sequential", "loop"))
    if kind == "loop":
        variable = grower.variable(is_fresh=True)
        return Repetition("loop", dice.number(1, 3), variable=variable, tests_before=chance(dice, 30))
    most = dice.number(0, 3)
    until = dice.number(1, 2) if chance(dice, 25) else None
    collected = one(dice, grower.deciding) if grower.deciding and chance(dice, 30) else None
    output = f"all_{name}" if collected else None
    return Repetition(kind, most, until, output=output, collected=collected)  # type: ignore[arg-type]
