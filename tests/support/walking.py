"""Driving a case of a shipped process with the answers its scenarios give, through the real use cases."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app import engine
from app.cases import events, starting, tasks
from app.cases.definitions import definition_of, form_of
from app.cases.events import NotWaiting
from app.cases.placing import PlaceRefused
from app.model.actor import Actor
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import cases, dues, work
from support.installation import NOW, command

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")


@cache
def answers_by_element(key: str) -> dict[str, list[JsonObject]]:
    """Every answer that the scenarios of a process give to each of its tasks; the start form under ""."""
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for scenario in YAML(typ="safe").load((PROCESSES / key / "scenarios.yaml").read_text()):
        if scenario["start"].get("answers"):
            found[""].append(scenario["start"]["answers"])
        for step in scenario["steps"]:
            if "do" in step and "refused" not in step:
                found[step["do"]].append(step.get("answers", {}))
    return found


@cache
def payloads_by_message(key: str) -> dict[str, Any]:
    """A payload that the scenarios give with each message."""
    scenarios = YAML(typ="safe").load((PROCESSES / key / "scenarios.yaml").read_text())
    steps = [step for scenario in scenarios for step in scenario["steps"] if "message" in step]
    return {step["message"]: step.get("payload") for step in steps}


@dataclass
class Walk:
    """One case and somebody who does things to it."""

    #: process definition key
    key: str
    #: what happens next is drawn from it
    random: random.Random
    #: case time
    now: datetime = NOW
    #: id of the case, once started
    case_id: str = ""
    #: what was done, for the message of a failure
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = answers_by_element(self.key)
        self.payloads = payloads_by_message(self.key)

    def start(self, pupil: str = "pupil1") -> None:
        """Start the case with the answers of some scenario."""
        given = self.random.choice(self.answers[""] or [{}])  # a start may ask nothing
        bundle = cases_bundle(self.key)
        key = _start_form(bundle)
        asked = form_of(bundle, key).variables if key else {}
        variables = {variable: given.get(question) for question, variable in asked.items()}
        new = starting.NewCase(self.key, pupil, "beacon", given, variables, named=("teacher",))
        self.case_id = starting.start(new, command(SENCO, self.now)).case_id

    def open_tasks(self) -> list[work.TaskLine]:
        """Tasks open now."""
        db.session.rollback()
        return work.of_case(reading(), self.case_id)

    def is_closed(self) -> bool:
        """The case has ended."""
        db.session.rollback()
        found = cases.by_reference(reading(), self.case_id)
        assert found is not None
        return found.status != "open"

    def complete(self, task: work.TaskLine, given: JsonObject | None = None) -> None:
        """Complete a task with the answers given, or with some the scenarios give."""
        chosen = self.random.choice(self.answers.get(task.element) or [{}]) if given is None else given
        found = cases.by_reference(reading(), self.case_id)
        assert found is not None
        form = form_of(found.bundle, task.form_key) if task.form_key else None
        variables = {name: chosen.get(question) for question, name in form.variables.items()} if form else {}
        self.done.append(f"complete {task.element}")
        try:
            tasks.complete(self.case_id, task.task_id, tasks.Answers(chosen, variables), command(SENCO, self.now))
        except PlaceRefused:
            self.done.append("  (no such place)")

    def fire_next(self) -> bool:
        """Let the next timer's moment come; False where none is armed."""
        db.session.rollback()
        armed = dues.timers_of(reading(), self.case_id)
        if not armed:
            return False
        self.now = max(self.now, armed[0].due_at)
        self.done.append(f"fire {armed[0].element}")
        events.fire(self.case_id, armed[0].timer_id, command(SENCO, self.now))
        return True

    def send(self, message: str) -> None:
        """Send a message the case may be waiting for."""
        self.done.append(f"message {message}")
        try:
            events.deliver(self.case_id, message, self.payloads.get(message), command(SENCO, self.now))
        except NotWaiting:
            self.done.append("  (not waited for)")

    def step(self) -> None:
        """Do one thing that could happen now."""
        self.now += timedelta(hours=self.random.choice((1, 20, 70)))
        kind = self.random.random()
        if kind < 0.08:
            self.send(self.random.choice(sorted(self.payloads)))
        elif kind < 0.25 and self.fire_next():
            return
        elif found := self.open_tasks():
            self.complete(self.random.choice(found))
        else:
            self.fire_next()


def cases_bundle(key: str) -> str:
    """Digest of the current bundle of a process."""
    from app.store.queries import definitions

    return definitions.current(reading(), key).digest


def _start_form(bundle: str) -> str | None:
    elements = definition_of(bundle).elements.values()
    return next((one.form_key for one in elements if one.kind == "startEvent" and one.form_key), None)


def waiting_ids(case_id: str) -> tuple[set[str], set[str], set[str]]:
    """Ids of tasks, timers and subscriptions by the engine's reading of the live state."""
    from app.store.rows import case_of

    case = case_of(reading(), case_id)
    if case.status != "open" or case.state is None:
        return set(), set(), set()
    waiting = engine.waiting(definition_of(case.bundle), case.state)
    return (
        {one.task_id for one in waiting.tasks},
        {one.timer_id for one in waiting.timers},
        {one.subscription_id for one in waiting.subscriptions},
    )
