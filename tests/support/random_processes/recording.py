"""Histories of random processes, recorded once and replayed by every later version of the engine.

`python -m tests.support.random_processes.recording` records them anew, in tests/engine/histories. That is a decision:
entries written by earlier versions are in people's databases, and these stand for them. Record anew when a process is
meant to go another way, look at what changes in `index.txt`, and say why in the commit. When only the format of the
state changes, keep the old files beside the new ones: old entries have to fold and load for ever.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app import engine
from app.engine import Definition
from app.model.definition import Bundle
from app.model.json import JsonObject, canonical
from app.model.step import Step

from .course import SEED, Command, Course, begun_with
from .dates import NOW, GivenDates
from .dice import Seeded
from .drawing import bundle
from .growing import Grower

FOLDER = Path(__file__).resolve().parents[2] / "engine" / "histories"
HISTORIES = 200
PER_FILE = 20
MOST_STEPS = 14


def record(folder: Path) -> None:
    """Write every history, and the index that shows people what changed."""
    histories = [recorded(seed) for seed in range(HISTORIES)]
    for first in range(0, HISTORIES, PER_FILE):
        lines = b"".join(canonical(each) + b"\n" for each in histories[first : first + PER_FILE])
        path = folder / f"{first:03}.jsonl.xz"
        path.write_bytes(lzma.compress(lines, preset=9 | lzma.PRESET_EXTREME))
    (folder / "index.txt").write_text("".join(f"{line(each)}\n" for each in histories))


def recorded(seed: int) -> JsonObject:
    """One history: the diagram, what was done, and what every entry keeps of it."""
    tree = Grower(Seeded(seed)).tree()
    course, dice = Course(tree), Seeded(1_000_000 + seed)
    for _ in range(MOST_STEPS):
        if not course.is_over:
            course.step(dice)
    commands = [None, *([each.verb, each.on, each.what] for each in course.commands)]
    entries = [{"command": command, **kept(step)} for command, step in zip(commands, course.steps, strict=True)]
    return {
        "seed": seed,
        "bpmn": bundle(tree, is_drawn=False).bpmn["random.bpmn"].decode(),
        "variables": begun_with(tree),
        "entries": entries,
    }


def kept(step: Step) -> dict[str, Any]:
    """What an entry keeps of a step, as JSON."""
    return {
        "delta": step.delta,
        "moves": [[each.kind, each.element, each.process] for each in step.moves],
        "opened": [[each.task_id, each.element] for each in step.opened],
        "closed": [[each.task_id, each.how, each.because] for each in step.closed],
        "armed": [[each.timer_id, each.element, each.due.at.isoformat()] for each in step.armed],
        "disarmed": list(step.disarmed),
        "subscribed": [[each.subscription_id, each.message, each.element] for each in step.subscribed],
        "unsubscribed": list(step.unsubscribed),
        "thrown": [[each.message, each.element] for each in step.thrown],
        "completed": step.is_completed,
        "state": digest(step.state),
    }


def digest(state: JsonObject) -> str:
    """A short name for a state."""
    return hashlib.sha256(canonical(state)).hexdigest()[:16]


def line(history: Any) -> str:
    """What the index says of a history."""
    done = [entry["command"][0][0] if entry["command"] else "s" for entry in history["entries"]]
    last = history["entries"][-1]
    moves = sum(len(entry["moves"]) for entry in history["entries"])
    end = "ended" if last["completed"] else "waits"
    return f"{history['seed']:03} {''.join(done):<{MOST_STEPS + 1}} {moves:4} moves, {end}, {last['state']}"


# replaying


def histories(folder: Path = FOLDER) -> Iterator[Any]:
    """Every history that is kept."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        for text in lzma.decompress(path.read_bytes()).splitlines():
            yield json.loads(text)


def definition_of(history: Any) -> Definition:
    """Its process, as this version reads it."""
    return engine.parse(Bundle("random", "main", "Random", {"random.bpmn": history["bpmn"].encode()}, {}, {}))


def begun(definition: Definition, history: Any) -> Step:
    """Its first step, made anew."""
    return engine.start(definition, history["variables"], GivenDates(), NOW, None, SEED)


def command_of(entry: Any) -> Command:
    """What was done."""
    verb, on, what = entry["command"]
    return Command(verb, on, what)


if __name__ == "__main__":
    record(FOLDER)
    print(
        f"Recorded {HISTORIES} histories in {FOLDER}. See what changed: git diff -- {FOLDER}/index.txt", file=sys.stderr
    )
