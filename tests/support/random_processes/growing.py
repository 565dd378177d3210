"""Grows a random tree. Leaves out only what people are kept from drawing, and ties between killing events of one step.

What ends a whole scope (terminate, error, escalation) comes right after a task, so that no two of them happen in the
same step: BPMN does not say which would be first, and so the oracle could not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from .blocks import (
    Activity,
    Block,
    Body,
    Catch,
    Choice,
    End,
    Event,
    Fork,
    Loop,
    Race,
    Script,
    Send,
    Sequence,
    Throw,
    Tree,
    Watcher,
)
from .dice import Dice, chance, one
from .growing_activities import grown_activity

MOST_BLOCKS = 16
DURATIONS = ("P1D", "PT2H", "P2W", 'duration("P3D")')


@dataclass(frozen=True)
class Around:
    """What lies around the place where something grows."""

    #: how deep blocks may still nest
    depth: int
    #: a token that comes in has to come out: a parallel join waits for it
    sure: bool = False
    #: another token may be on the same way: an inclusive join could not tell them apart
    shared: bool = False
    #: codes that are caught outside
    errors: tuple[str, ...] = ()
    escalations: tuple[str, ...] = ()

    @property
    def inside(self) -> Around:
        """One level down."""
        return replace(self, depth=self.depth - 1)


class Grower:
    """Grows one tree."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.left = MOST_BLOCKS
        self.deciding: list[str] = []
        self.called: list[Body] = []
        #: called process → code that may come out of it
        self.throws: dict[str, str | None] = {}
        #: (caller, called), in the order they grew
        self.calls: list[tuple[str, str]] = []
        self.growing = "main"
        self._numbers = count(1)

    def tree(self) -> Tree:
        """The whole bundle."""
        for _ in range(self.dice.number(0, 2)):
            self._called()
        depth = self.dice.number(1, 4)
        self.left, self.growing = MOST_BLOCKS, "main"
        main = self.body("main", Around(depth), watched=35, most=4)
        return Tree(main, tuple(each for each in self.called if each.id in self._reached()), tuple(self.deciding))

    def _reached(self) -> set[str]:
        """Processes that are called, and not only by one that is not."""
        found = {"main"}
        for caller, called in reversed(self.calls):  # main is grown last, and each calls earlier ones only
            found |= {called} if caller in found else set()
        return found

    def id(self, letter: str) -> str:
        """A fresh id."""
        return f"{letter}{next(self._numbers)}"

    def variable(self, is_fresh: bool = False) -> str:
        """A variable that decides."""
        if is_fresh or not self.deciding or chance(self.dice, 70):
            self.deciding.append(self.id("c"))
            return self.deciding[-1]
        return one(self.dice, self.deciding)

    def _called(self) -> None:
        name = f"called{len(self.called) + 1}"
        code = self.id("error") if chance(self.dice, 30) else None
        around = Around(self.dice.number(0, 2), errors=(code,) if code else ())
        self.left, self.growing = MOST_BLOCKS // 2, name
        body = self.body(name, around, watched=25)
        self.throws[name] = code
        self.called.append(body)

    def body(self, name: str, around: Around, watched: int, most: int = 2) -> Body:
        """What lies in a process or sub-process, with event sub-processes."""
        watchers = []
        while len(watchers) < 2 and chance(self.dice, watched):
            watchers.append(self._watcher(around))
        caught = [each.event for each in watchers]
        within = replace(
            around,
            sure=False,
            shared=False,
            errors=around.errors + tuple(each.text for each in caught if each.kind == "error"),
            escalations=around.escalations + tuple(each.text for each in caught if each.kind == "escalation"),
        )
        return Body(name, self.sequence(within, most=most), tuple(watchers))

    def _watcher(self, around: Around) -> Watcher:
        kind = one(self.dice, ("message", "message", "error", "escalation"))
        name, start = self.id("w"), self.id("v")
        event = self.message(start) if kind == "message" else Event(kind, self.id(kind))
        interrupts = kind == "error" or chance(self.dice, 50)
        inner = Around(min(1, around.depth), errors=around.errors, escalations=around.escalations)
        return Watcher(name, start, event, interrupts, Body(name, self.sequence(inner)))

    def message(self, element: str) -> Event:
        """A message of its own, perhaps with a payload that decides something."""
        kept = one(self.dice, self.deciding) if self.deciding and chance(self.dice, 40) else None
        return Event("message", f"m-{element}", kept)

    # sequences

    def sequence(self, around: Around, waits_first: bool = True, may_end: bool = False, most: int = 2) -> Sequence:
        """Some blocks in a row. Where they end, a join beside them or a loop around them may go on before."""
        around = replace(around, shared=around.shared or may_end)
        found: list[Block] = [self.wait(around)] if waits_first else []
        for _ in range(self.dice.number(min(1, most - 2), most)):
            found.append(self.block(around))
            if around.escalations and chance(self.dice, 35):
                found += [self.task(), Throw(self.id("t"), one(self.dice, around.escalations))]
        if may_end:
            found += self.ending(around)
        return tuple(found)

    def ending(self, around: Around) -> list[Block]:
        """An end that the place allows: where a join waits, only one that ends the scope around it."""
        kinds = ["terminate", *(["error"] if around.errors else [])]
        if not around.sure:
            kinds = ["plain", "message", *kinds, *(["escalation"] if around.escalations else [])]
        kind, name = one(self.dice, kinds), self.id("e")
        codes = {"error": around.errors, "escalation": around.escalations}.get(kind, ())
        text = f"told-{name}" if kind == "message" else one(self.dice, codes) if codes else ""
        needs_task = kind in ("terminate", "error", "escalation")
        return [*([self.task()] if needs_task else []), End(name, kind, text)]  # type: ignore[arg-type]

    def wait(self, around: Around) -> Block:
        """Something that waits for somebody or something."""
        return one(self.dice, (self.task, self.task, self.task, self._catch, lambda: self._activity(around)))()

    def task(self) -> Activity:
        """A plain task."""
        return Activity(self.id("a"), one(self.dice, ("userTask", "userTask", "manualTask", "task")))

    def block(self, around: Around) -> Block:
        """Any block."""
        self.left -= 1
        simple = (self.task, self._catch, self._script, self._send)
        if around.depth <= 0 or self.left <= 0:
            return one(self.dice, simple)()
        makers = (self._choice, self._fork, self._race, self._loop, self._activity, self._activity, self._choice)
        if chance(self.dice, 20):
            return one(self.dice, simple)()
        return one(self.dice, makers)(around)

    def _activity(self, around: Around) -> Activity:
        return grown_activity(self, around)

    def catch(self, kind: str) -> Catch:
        """An event that waits for a moment or a message."""
        name = self.id("i")
        event = self.message(name) if kind == "message" else Event("timer", one(self.dice, DURATIONS))
        return Catch(name, event)

    def _catch(self) -> Catch:
        return self.catch(one(self.dice, ("timer", "message")))

    def _script(self) -> Script:
        sources = ("1", '"text"', "null", *self.deciding[-2:])
        return Script(self.id("x"), ((self.id("s"), one(self.dice, sources)),))

    def _send(self) -> Send:
        name = self.id("y")
        return Send(name, f"told-{name}")

    # blocks of blocks

    def _choice(self, around: Around) -> Choice:
        name, variable, is_inclusive = self.id("g"), self.variable(), chance(self.dice, 50) and not around.shared
        branches: list[tuple[tuple[int, ...], Sequence]] = [((), self.sequence(around.inside, waits_first=False))]
        for _ in range(self.dice.number(1, 3)):
            values = tuple(sorted({self.dice.number(1, 3), self.dice.number(0, 3)} - {0}))
            is_direct = chance(self.dice, 50)
            inside = self.sequence(around.inside, waits_first=not is_direct, may_end=chance(self.dice, 25))
            branches.append((values, inside))
        branches = _one_empty(branches, self.task)
        turn = self.dice.number(0, len(branches) - 1)
        return Choice(name, is_inclusive, variable, tuple(branches[turn:] + branches[:turn]))

    def _fork(self, around: Around) -> Fork:
        name, within = self.id("p"), replace(around.inside, sure=True)
        joined = [self.sequence(within, waits_first=chance(self.dice, 70)) for _ in range(self.dice.number(2, 3))]
        joined = [inside for _, inside in _one_empty([((), each) for each in joined], self.task)]
        loose = []
        if chance(self.dice, 20):
            free = replace(around.inside, sure=False)
            loose.append(self.sequence(free, may_end=True))
        return Fork(name, tuple(joined), tuple(loose))

    def _race(self, around: Around) -> Race:
        name, with_timer = self.id("r"), chance(self.dice, 70)
        kinds = ["timer" if with_timer else "message", "message", *(["message"] if chance(self.dice, 30) else [])]
        catches = [self.catch(kind) for kind in kinds]
        branches = [
            (each, self.sequence(around.inside, waits_first=False, may_end=number > 0 and chance(self.dice, 25)))
            for number, each in enumerate(catches)
        ]
        return Race(name, tuple(branches))

    def _loop(self, around: Around) -> Loop:
        name = self.id("l")
        body = self.sequence(around.inside)
        return Loop(name, self.id("k"), self.variable(is_fresh=True), self.dice.number(1, 3), body)


def _one_empty(branches: list, task: object) -> list:  # type: ignore[type-arg]
    """At most one branch without anything in it: two flows from one gateway to the next would be one."""
    kept, is_taken = [], False
    for values, inside in branches:
        filled = inside if inside or not is_taken else (task(),)  # type: ignore[operator]
        is_taken = is_taken or not inside
        kept.append((values, filled))
    return kept
