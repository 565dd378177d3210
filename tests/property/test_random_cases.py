"""A few random processes through the real write path: entries, rows and oracle agree after every step."""

from datetime import datetime

import pytest
from flask import Flask
from support.installation import NOW, command, deploy
from support.random_processes.blocks import Tree
from support.random_processes.course import begun_with
from support.random_processes.dice import Dice, Seeded, one
from support.random_processes.drawing import bundle
from support.random_processes.growing import Grower
from support.random_processes.oracle import Oracle
from support.random_processes.places import Wait
from support.random_processes.reading import Found, Reading
from support.walking import SENCO, waiting_ids

from app import engine
from app.cases import events, rebuilding, starting, tasks
from app.cases.definitions import definition_of
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import dues, work
from app.store.rows import CaseRow, case_of

STEPS = 12


class RandomCase:
    """A case of a random process in the database, and in the oracle."""

    def __init__(self, tree: Tree) -> None:
        self.oracle = Oracle(tree, begun_with(tree))
        self.now: datetime = NOW
        start = starting.NewCase("random", "pupil1", "beacon", {}, begun_with(tree))
        self.case_id = starting.start(start, command(SENCO, NOW)).case_id

    def row(self) -> CaseRow:
        db.session.rollback()
        return case_of(reading(), self.case_id)

    def choices(self) -> list[tuple[Found, Wait]]:
        case = self.row()
        if case.status != "open" or case.state is None:
            return []
        found = Reading(case.state).found(engine.waiting(definition_of(case.bundle), case.state))
        ours = sorted(self.oracle.open(), key=lambda each: each.key)
        theirs = sorted(found, key=lambda each: each.key)
        assert [each.key for each in theirs] == [each.key for each in ours]
        return list(zip(theirs, ours, strict=True))

    def step(self, dice: Dice) -> None:
        found, wait = one(dice, self.choices())
        match found.key[0]:
            case "task":
                tasks.complete(self.case_id, found.outside_id, tasks.Answers({}, {}), command(SENCO, self.now))
                self.oracle.happen(wait, {})
            case "timer":
                armed = {each.timer_id: each for each in dues.timers_of(reading(), self.case_id)}
                self.now = max(self.now, armed[found.outside_id].due_at)
                events.fire(self.case_id, found.outside_id, command(SENCO, self.now))
                self.oracle.happen(wait)
            case _:
                self._deliver(found.message or "")

    def _deliver(self, message: str) -> None:
        first = dues.subscriptions(reading(), self.case_id, message)[0].subscription_id
        wait = next(wait for found, wait in self.choices() if found.outside_id == first)
        events.deliver(self.case_id, message, 2, command(SENCO, self.now))
        self.oracle.happen(wait, 2)

    def agrees(self) -> None:
        case = self.row()
        entries = journal.entries(reading(), StreamId("case", self.case_id))
        deltas = [entry.content["delta"] for entry in entries if entry.content and "delta" in entry.content]
        assert engine.fold(deltas) == case.state
        assert (case.status == "open") == (not self.oracle.is_over)
        self.choices()
        rows = (
            {each.task_id for each in work.of_case(reading(), self.case_id)},
            {each.timer_id for each in dues.timers_of(reading(), self.case_id)},
            {each.subscription_id for each in dues.subscriptions(reading(), self.case_id)},
        )
        assert rows == waiting_ids(self.case_id)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_case_is_in_its_rows_what_the_oracle_expects(installed: Flask, seed: int) -> None:
    tree, dice = Grower(Seeded(seed)).tree(), Seeded(seed)
    deploy("random", bundle(tree))
    case = RandomCase(tree)
    case.agrees()
    for _ in range(STEPS):
        if not case.oracle.is_over:
            case.step(dice)
            case.agrees()
    db.session.rollback()
    assert rebuilding.check() == []
