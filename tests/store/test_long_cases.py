"""F16: hundreds of review rounds cost what one costs: tasks, bytes and statements, and the past stays exact."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from support.walking import Walk

from app import engine
from app.model.entry import StreamId
from app.model.json import JsonObject, canonical, compact
from app.store import journal
from app.store.db import db, reading
from app.store.rows import case_of

#: rounds of one case; the longest is a child from birth to 25, with a review every three weeks
ROUNDS, MOST_ROUNDS = 200, 400
#: and on PostgreSQL in the short run
FEWER_ROUNDS = 100
#: between which rounds the meeting with the parents and a consent task lie open beside the cycle
BESIDE = range(40, 90)
#: the tasks of a round that are always there
STEPS = ("describe_class", "assess", "plan", "review", "decide")
LARGEST_STATE_BYTES = 20_000


class Cost(NamedTuple):
    """What one completed task left behind, and what it took."""

    tokens: int
    bytes: int
    statements: int


class Counter:
    """Statements sent to the main database."""

    def __init__(self) -> None:
        self.statements = 0


@contextmanager
def counted() -> Iterator[Counter]:
    """Count statements inside the block."""
    counter = Counter()

    def count(*_args: object) -> None:
        counter.statements += 1

    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield counter
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)


class Rounds(Walk):
    """A case whose plan is reviewed again and again with the outcome "partly met"."""

    def once(self, is_beside: bool) -> dict[str, Cost]:
        """One round: assess, plan, review, decide; the termly meeting is left open while `is_beside`."""
        costs = {}
        for element in STEPS:
            if element == "review":
                self.until("review")
            if element == "decide" and not is_beside:
                self.do_what_lies_beside()
            costs[element] = self.do(element, 0)
        return costs

    def do_what_lies_beside(self) -> None:
        """Complete what is open beside the cycle, so that rounds end with the same things open."""
        for task in self.open_tasks():
            if task.element in {"meet_parents", "get_consent_in_writing", "explain_withdrawal"}:
                self.complete(task, self.answers[task.element][0])

    def do(self, element: str, answer: int) -> Cost:
        """Complete an open task of that element with the n-th answer of the scenarios."""
        task = next(one for one in self.open_tasks() if one.element == element)
        with counted() as counter:
            self.complete(task, self.answers[element][answer])
        state = self.state()
        return Cost(_tokens(state), len(compact(state)), counter.statements)

    def state(self) -> JsonObject:
        """What is stored of the case now."""
        db.session.rollback()
        state = case_of(reading(), self.case_id).state
        assert state is not None
        return state

    def until(self, element: str) -> None:
        """Let timers come until a task of that element is open."""
        while not any(one.element == element for one in self.open_tasks()):
            assert self.fire_next()


def test_the_last_round_costs_what_the_first_did_and_round_three_replays(installed: Flask, database_kind: str) -> None:
    after_rounds(ROUNDS if database_kind == "sqlite" else FEWER_ROUNDS)


@pytest.mark.long
def test_the_four_hundredth_round_costs_what_the_first_did(installed: Flask) -> None:
    after_rounds(MOST_ROUNDS)


def after_rounds(rounds: int) -> None:
    """Live that many rounds; what the last one costs and left."""
    walk = Rounds("graduated-approach", random.Random(1))
    walk.start()
    walk.do("check_universal_offer", 0)
    walk.do("talk_with_family", 0)
    costs: dict[int, dict[str, Cost]] = {}
    third: JsonObject = {}
    third_seq = 0
    for number in range(1, rounds + 1):
        if number == BESIDE.start:
            walk.send("consent.withdrawn")
        costs[number] = walk.once(is_beside=number in BESIDE)
        if number == 3:
            third, third_seq = walk.state(), len(journal.entries(reading(), StreamId("case", walk.case_id)))
    first, last = costs[1], costs[rounds]
    assert {step: cost.statements for step, cost in first.items()} == {
        step: cost.statements for step, cost in last.items()
    }
    # Only the last step of round one leaves everything known that later rounds know, so state is compared there.
    _within_a_tenth(first["decide"], last["decide"])
    assert max(cost.bytes for steps in costs.values() for cost in steps.values()) < LARGEST_STATE_BYTES
    assert canonical(_folded(walk.case_id, third_seq)) == canonical(third)
    assert journal.verify(reading(), StreamId("case", walk.case_id))[1] == []


def _tokens(state: JsonObject) -> int:
    scopes = state["scopes"]
    assert isinstance(scopes, dict)
    return sum(len(scope["tasks"]) for scope in scopes.values())


def _within_a_tenth(first: Cost, last: Cost) -> None:
    for before, after in zip(first, last, strict=True):
        assert abs(after - before) <= 0.1 * before, (first, last)


def _folded(case_id: str, upto: int) -> JsonObject:
    entries = journal.entries(reading(), StreamId("case", case_id), upto)
    return engine.fold([one.content["delta"] for one in entries if one.content and "delta" in one.content])
