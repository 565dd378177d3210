"""Random valid walks of every shipped process, through the real write path, on both databases.

After every step: the fold of all entries is the live state, and the rows say what the engine waits for.
At the end: every prefix loads, the chain holds, and a rebuild gives what is live.
"""

import random

import pytest
from flask import Flask
from support import installation, partnership
from support.walking import PROCESSES, Walk, waiting_ids

from app import engine
from app.cases import rebuilding
from app.cases.definitions import definition_of
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import dues
from app.store.rows import case_of

SHIPPED = sorted(folder.name for folder in PROCESSES.iterdir() if (folder / "scenarios.yaml").exists())
SEEDS = range(3)
STEPS = 30


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", SHIPPED)
def test_whatever_happens_the_journal_the_state_and_the_rows_agree(installed: Flask, key: str, seed: int) -> None:
    if key != "graduated-approach":  # that one is in every installation of the tests
        installation.deploy(key)
    if key == "partnership-placement":
        partnership.prepare()
        partnership.the_centre_of_scenarios()
    walk = Walk(key, random.Random(f"{key}:{seed}"))
    walk.start()
    for _ in range(STEPS):
        if walk.is_closed():
            break
        walk.step()
        _agrees(walk)
    _every_prefix_loads(walk)
    assert journal.verify(reading(), StreamId("case", walk.case_id))[1] == []
    db.session.rollback()
    assert rebuilding.check() == [], walk.done


def _agrees(walk: Walk) -> None:
    db.session.rollback()
    entries = journal.entries(reading(), StreamId("case", walk.case_id))
    folded = engine.fold([entry.content["delta"] for entry in entries if entry.content and "delta" in entry.content])
    case = case_of(reading(), walk.case_id)
    assert folded == case.state, walk.done
    tasks, timers, subscriptions = waiting_ids(walk.case_id)
    if case.status == "open":
        assert {one.task_id for one in walk.open_tasks()} == tasks, walk.done
        assert {one.timer_id for one in dues.timers_of(reading(), walk.case_id)} == timers, walk.done
        assert {one.subscription_id for one in dues.subscriptions(reading(), walk.case_id)} == subscriptions, walk.done
    else:
        assert walk.open_tasks() == [], walk.done
        assert dues.timers_of(reading(), walk.case_id) == [], walk.done


def _every_prefix_loads(walk: Walk) -> None:
    db.session.rollback()
    case = case_of(reading(), walk.case_id)
    definition = definition_of(case.bundle)
    state = None
    for entry in journal.entries(reading(), StreamId("case", walk.case_id)):
        if entry.content and "delta" in entry.content:
            state = engine.apply(state, entry.content["delta"])
            engine.waiting(definition, state)
