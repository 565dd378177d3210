"""Random walks through random diagrams: a case always waits for somebody or has ended, and every step holds its rules.

What must hold after each step is checked by `playing.Case`: fold, rebuild of what is open, purity, save and restore.
"""

import random
from itertools import count
from pathlib import Path

import pytest
from engine.playing import Case, PlainDates

from app import engine
from app.diagrams import read
from app.errors import AlreadyDone
from app.model.definition import Bundle
from app.model.due import Due
from app.model.json import JsonObject

PROCESSES = Path(__file__).parents[2] / "processes"


class Sketch:
    """A random block-structured diagram: every block is entered once and left once, so no token can be lost."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = count(1)
        self.lines: list[str] = []

    def drawn(self, depth: int) -> str:
        first, last = self.block(depth)
        beside = "sub beside by-event\n    start asked message=asked beside\n    user meet\n    asked -> meet"
        return "\n".join(["start go", "end done", *self.lines, beside, f"go -> {first}", f"{last} -> done"])

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def block(self, depth: int) -> tuple[str, str]:
        kinds = (
            ["task", "task", "timer"]
            if depth == 0
            else ["row", "both", "some", "one", "loop", "race", "late", "news", "each"]
        )
        return getattr(self, f"_{self.random.choice(kinds)}")(depth - 1)  # type: ignore[no-any-return]

    def _task(self, depth: int) -> tuple[str, str]:
        name = self.name("t")
        self.lines.append(f"user {name}")
        return name, name

    def _timer(self, depth: int) -> tuple[str, str]:
        name = self.name("w")
        self.lines.append(f"catch {name} duration=P1D")
        return name, name

    def _each(self, depth: int) -> tuple[str, str]:
        name = self.name("m")
        self.lines.append(f'user {name} each="[1, 2, 3]" item=one {self.random.choice(["", "in-turn"])}')
        return name, name

    def _row(self, depth: int) -> tuple[str, str]:
        (first, a), (b, last) = self.block(depth), self.block(depth)
        self.lines.append(f"{a} -> {b}")
        return first, last

    def _split(self, kind: str, depth: int, conditions: list[str]) -> tuple[str, str]:
        split, join = self.name("s"), self.name("j")
        default = f"{split}-0"
        self.lines += [
            f"{kind} {split} default={default}" if kind != "parallel" else f"parallel {split}",
            f"{kind} {join}",
        ]
        for number, condition in enumerate(["", *conditions]):
            first, last = self.block(depth)
            asked = f" : {condition}" if condition and kind != "parallel" else ""
            self.lines += [f"{split} -{split}-{number}-> {first}{asked}", f"{last} -> {join}"]
        return split, join

    def _both(self, depth: int) -> tuple[str, str]:
        return self._split("parallel", depth, ["", "x"][: self.random.randint(1, 2)])

    def _some(self, depth: int) -> tuple[str, str]:
        return self._split("inclusive", depth, ["x > 0", "x > 1"])

    def _one(self, depth: int) -> tuple[str, str]:
        return self._split("exclusive", depth, ["x = 1"])

    def _loop(self, depth: int) -> tuple[str, str]:
        again, ask = self.name("a"), self.name("q")
        first, last = self.block(depth)
        self.lines += [
            f"exclusive {again}",
            f"exclusive {ask} default={ask}-out",
            f"{again} -> {first}",
            f"{last} -> {ask}",
        ]
        after = self.name("t")
        self.lines += [f"user {after}", f"{ask} -{ask}-back-> {again} : x = 2", f"{ask} -{ask}-out-> {after}"]
        return again, after

    def _race(self, depth: int) -> tuple[str, str]:
        race, join, timer, message = (self.name(kind) for kind in "rjwn")
        self.lines += [
            f"race {race}",
            f"exclusive {join}",
            f"catch {timer} duration=P1D",
            f"catch {message} message={message}",
        ]
        for event in (timer, message):
            first, last = self.block(depth)
            self.lines += [f"{race} -> {event} -> {first}", f"{last} -> {join}"]
        return race, join

    def _late(self, depth: int) -> tuple[str, str]:
        sub, on, join = (self.name(kind) for kind in "bkj")
        inner, own = Sketch(self.random.randrange(10**6)), self.lines
        inner.numbers = self.numbers
        first, last = inner.block(max(0, depth - 1))
        body = [
            f"    {line}"
            for line in [f"start i{sub}", *inner.lines, f"i{sub} -> {first}", f"end e{sub}", f"{last} -> e{sub}"]
        ]
        own += [
            f"exclusive {join}",
            f"sub {sub}",
            *body,
            f"on {on} at={sub} duration=P1D",
            f"{on} -> {join}",
            f"{sub} -> {join}",
        ]
        return sub, join

    def _news(self, depth: int) -> tuple[str, str]:
        task, on, told = (self.name(kind) for kind in "tkt")
        self.lines += [f"user {task}", f"on {on} at={task} message={on} beside", f"user {told}", f"{on} -> {told}"]
        return task, task


def walk(case: Case, pick: random.Random, most: int, answers: list[JsonObject]) -> None:
    """Do whatever is open, by chance; towards the end only what closes things."""
    for number in range(most):
        if case.last.is_completed:
            break
        if case.troubles:
            element = pick.choice(case.open.troubles).element
            case.amend(element, pick.choice(answers))
            continue
        does = [(case.complete, each) for each in case.tasks] + [(case.fire, each) for each in case.timers]
        calm = number < most // 2
        does += [(case.deliver, each) for each in case.messages if not does or (calm and pick.random() < 0.5)]  # type: ignore[misc]
        act, name = pick.choice(does)
        if act == case.complete:
            case.complete(name, pick.choice(answers), index=pick.randrange(case.tasks.count(name)))
        else:
            act(name)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_diagram_always_waits_or_has_ended(seed: int) -> None:
    lines = Sketch(seed).drawn(3)
    case = Case(lines, {"x": 0})
    pick = random.Random(seed)
    walk(case, pick, 40, [{"x": 0}, {"x": 1}, {"x": 2}])
    walk(case, pick, 400, [{"x": 0}])
    assert case.last.is_completed, f"seed {seed}"
    assert case.troubles == []
    assert set(engine.marks(case.all_moves).values()) <= {"done", "cancelled"}
    assert case.size() < 20_000


class AnyDates(PlainDates):
    """Knows every rule."""

    def due(self, rule_key: str, basis: object) -> Due:
        return super().due("3 days", None)


@pytest.mark.parametrize("folder", sorted(path.name for path in PROCESSES.iterdir() if path.is_dir()))
@pytest.mark.parametrize("seed", range(3))
def test_a_walk_through_a_real_diagram_holds_its_rules(folder: str, seed: int) -> None:
    files = {kind: {p.name: p.read_bytes() for p in (PROCESSES / folder).glob(f"*.{kind}")} for kind in ("bpmn", "dmn")}
    main = next(found for xml in files["bpmn"].values() if (found := read(xml).main))
    definition = engine.parse(Bundle(folder, main, folder, files["bpmn"], files["dmn"], {}))
    case = Case(definition, {}, dates=AnyDates())
    pick = random.Random(seed)
    values: list[JsonObject] = [{}]
    walk(case, pick, 25, values)
    assert case.size() < 20_000


def test_an_old_page_never_completes_another_task() -> None:
    case = Case("start go\nexclusive again\nuser a\ngo -> again -> a -> again")
    first = case.task("a").task_id
    case.complete("a")
    with pytest.raises(AlreadyDone):
        engine.complete(case.definition, case.state, first, {}, case.dates, case.now)
