"""Two hundred review rounds cost what one costs: tasks, bytes and statements, and the past stays exact."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask
from support.walking import Walk

from app import engine
from app.model.entry import StreamId
from app.model.json import JsonObject, canonical, compact
from app.store import journal
from app.store.db import db, reading
from app.store.rows import case_of

ROUNDS = 200
#: between which rounds the meeting with the parents and a consent task lie open beside the cycle
BESIDE = range(40, 90)
LARGEST_STATE_BYTES = 20_000


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

    def once(self, is_beside: bool) -> None:
        """One round: assess, plan, review, decide; the termly meeting is left open while `is_beside`."""
        for element in ("describe_class", "assess"):
            self.do(element, 0)
        self.do("plan", 0)
        self.until("review")
        self.do("review", 0)
        self.do("decide", 0)
        if not is_beside:
            for task in self.open_tasks():
                if task.element in {"meet_parents", "get_consent_in_writing", "explain_withdrawal"}:
                    self.complete(task, self.answers[task.element][0])

    def do(self, element: str, answer: int) -> None:
        """Complete an open task of that element with the n-th answer of the scenarios."""
        task = next(one for one in self.open_tasks() if one.element == element)
        self.complete(task, self.answers[element][answer])

    def until(self, element: str) -> None:
        """Let timers come until a task of that element is open."""
        while not any(one.element == element for one in self.open_tasks()):
            assert self.fire_next()


def test_the_two_hundredth_round_costs_what_the_first_did_and_round_three_replays(installed: Flask) -> None:
    walk = Rounds("graduated-approach", random.Random(1))
    walk.start()
    walk.do("check_universal_offer", 0)
    walk.do("talk_with_family", 0)
    costs: dict[int, tuple[int, int, int]] = {}
    third: JsonObject = {}
    third_seq = 0
    for number in range(1, ROUNDS + 1):
        if number == BESIDE.start:
            walk.send("consent.withdrawn")
        with counted() as counter:
            walk.once(is_beside=number in BESIDE)
        db.session.rollback()
        case = case_of(reading(), walk.case_id)
        assert case.state is not None
        costs[number] = (_tokens(case.state), len(compact(case.state)), counter.statements)
        if number == 3:
            third, third_seq = case.state, len(journal.entries(reading(), StreamId("case", walk.case_id)))
    _within_a_tenth(costs[2], costs[ROUNDS])
    assert max(size for _, size, _ in costs.values()) < LARGEST_STATE_BYTES
    assert canonical(_folded(walk.case_id, third_seq)) == canonical(third)
    assert journal.verify(reading(), StreamId("case", walk.case_id))[1] == []


def _tokens(state: JsonObject) -> int:
    scopes = state["scopes"]
    assert isinstance(scopes, dict)
    return sum(len(scope["tasks"]) for scope in scopes.values())


def _within_a_tenth(first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    for before, after in zip(first, last, strict=True):
        assert abs(after - before) <= 0.1 * before, (first, last)


def _folded(case_id: str, upto: int) -> JsonObject:
    entries = journal.entries(reading(), StreamId("case", case_id), upto)
    return engine.fold([one.content["delta"] for one in entries if one.content and "delta" in one.content])
