"""What a step costs as a case grows old: the first bench. Ratios within one run are what count, never the seconds."""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import track

from app.cases import starting, tasks
from app.cases.command import Command
from app.cases.definitions import definition_of, form_of
from app.cases.events import fire
from app.casework.demo.authority import northmere
from app.casework.demo.loading import load
from app.config import Settings
from app.model.actor import OPERATOR, Actor
from app.model.json import JsonObject, compact
from app.store.counting import counted
from app.store.db import db, reading
from app.store.open import open_store
from app.store.queries import definitions, dues, work
from app.store.rows import case_of
from app.studio.bundles import bundle_at
from app.studio.deploying import deploy
from app.studio.scenario_file import Do
from app.studio.scenarios import scenarios_at

KEY = "graduated-approach"
PROCESS = Path(__file__).resolve().parents[2] / "processes" / KEY
#: rounds whose steps are measured, and how many rounds of a new case are run beside each
MEASURED, BESIDE = (1, 10, 50, 100, 200), 6
#: a step of an old case may cost this many times one of a new case
BUDGET = 1.2
BEGIN = datetime(2026, 9, 14, 9, tzinfo=UTC)


@dataclass
class Measured:
    """What the steps of some rounds cost."""

    #: seconds per step
    seconds: list[float] = field(default_factory=list)
    #: statements per step
    statements: list[int] = field(default_factory=list)
    #: bytes of the state after each round
    state_bytes: list[int] = field(default_factory=list)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of rows as JSON.")
@click.option("--rounds", default=200, show_default=True, help="How many review rounds to run.")
def bench(as_json: bool, rounds: int) -> None:
    """Measure what a step of a case costs at its 1st, 10th, 50th, 100th and 200th review round."""
    with installation() as actor:
        found = measure(actor, rounds)
    rows = table(found)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        for row in rows:
            within = "" if row["budget"] is None else f"   budget {row['budget']}: {'ok' if row['ok'] else 'MISSED'}"
            click.echo(f"{row['row']:<44} {row['value']:>9} {row['unit']}{within}")
    sys.exit(0 if all(row["ok"] for row in rows) else 1)


@contextmanager
def installation() -> Iterator[Actor]:
    """A new SQLite installation with durable commits, the invented authority and the process; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        app = open_store(Flask("bench"), Settings(data_dir=Path(folder)))
        with app.app_context():
            load(northmere())
            deploy(bundle_at(PROCESS), "operator", "operator", "bench", Command(OPERATOR, BEGIN))
            yield Actor("operator", "Bench")
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def measure(actor: Actor, rounds: int) -> dict[int, tuple[Measured, Measured]]:
    """Steps of an old case at each measured round, and beside them, in turn, steps of a case that has just begun.

    Machines are noisy: only steps measured at the same time can be compared.
    """
    case, found = _Rounds(actor), {}
    shown = Console(stderr=True)
    for number in track(range(1, rounds + 1), "rounds", console=shown, disable=not shown.is_terminal):
        if number not in MEASURED:
            case.once(Measured())
            continue
        young, old, new = _Rounds(actor), Measured(), Measured()
        for _ in range(BESIDE):
            case.once(old)
            young.once(new)
        found[number] = (old, new)
    return found


def table(found: dict[int, tuple[Measured, Measured]]) -> list[JsonObject]:
    """Rows as `{"row", "value", "unit", "budget", "ok"}`."""
    rows: list[JsonObject] = []
    for number, (old, new) in found.items():
        median, beside = statistics.median(old.seconds), statistics.median(new.seconds)
        rows += [
            _row(f"complete a task, round {number}, median", round(1000 * median, 2), "ms"),
            _row("… against a new case beside it", round(median / beside, 2), "×", BUDGET),
            _row("… statements, most", max(old.statements), "statements"),
            _row("… state, most", max(old.state_bytes), "bytes", 20_000),
        ]
    return rows


def _row(row: str, value: float, unit: str, budget: float | None = None) -> JsonObject:
    return {"row": row, "value": value, "unit": unit, "budget": budget, "ok": budget is None or value <= budget}


class _Rounds:
    """One case that is reviewed again and again with the outcome "partly met"."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.now = actor, BEGIN
        scenario = scenarios_at(PROCESS)[0]
        self.answers = {step.task: step.answers for step in reversed(scenario.steps) if isinstance(step, Do)}
        self.digest = definitions.current(reading(), KEY).digest
        pupil = northmere().pupils[0]
        start = next(
            one for one in definition_of(self.digest).elements.values() if one.kind == "startEvent" and one.form_key
        )
        assert start.form_key is not None
        given = scenario.start.answers
        variables = self._variables(start.form_key, given)
        db.session.rollback()
        new = starting.NewCase(KEY, pupil.id, pupil.school, given, variables)
        self.case_id = starting.start(new, Command(actor, self.now)).case_id
        for element in ("check_universal_offer", "talk_with_family"):
            self._do(element, Measured())

    def once(self, measured: Measured) -> None:
        """One round, with whatever else is open done first."""
        for element in ("describe_class", "assess", "plan"):
            self._do(element, measured)
        while "review" not in self._open():
            self._fire()
        for element in ("review", "decide"):
            self._do(element, measured)
        for element in set(self._open()) & {"meet_parents", "get_consent_in_writing"}:
            self._do(element, Measured())
        case = case_of(reading(), self.case_id)
        measured.state_bytes.append(len(compact(case.state)))
        db.session.rollback()

    def _do(self, element: str, measured: Measured) -> None:
        task = self._open()[element]
        given = self.answers[element]
        variables = self._variables(task.form_key, given) if task.form_key else {}
        self.now += timedelta(hours=1)
        answers, command = tasks.Answers(given, variables), Command(self.actor, self.now, f"{task.task_id}:bench")
        db.session.rollback()
        with counted() as statements:
            began = time.perf_counter()
            tasks.complete(self.case_id, task.task_id, answers, command)
            measured.seconds.append(time.perf_counter() - began)
        measured.statements.append(statements.number)

    def _fire(self) -> None:
        timer = dues.timers_of(reading(), self.case_id)[0]
        self.now = max(self.now, timer.due_at)
        fire(self.case_id, timer.timer_id, Command(self.actor, self.now))

    def _open(self) -> dict[str, work.TaskLine]:
        db.session.rollback()
        return {task.element: task for task in work.of_case(reading(), self.case_id)}

    def _variables(self, form_key: str, given: JsonObject) -> JsonObject:
        form = form_of(self.digest, form_key)
        return {variable: given.get(question) for question, variable in form.variables.items()}
