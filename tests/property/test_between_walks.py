"""Two processes that talk, at random: whatever is done, in which order and however often, both ends agree.

After every walk: a rebuild gives what is live, every link has its other end, and no effect is left over.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from support import between
from support.between import case, do, open_elements, start, task_of, work_off
from support.installation import NOW, command

from app.cases import rebuilding
from app.cases.erasing import erase
from app.cases.events import NotWaiting, deliver
from app.cases.origin import Origin
from app.cases.starting import AlreadyAsked
from app.errors import CaseClosed
from app.store.db import db, reading
from app.store.queries import links

SEEDS = range(3)
STEPS = 25
#: end → what the other case calls it
OTHER_END = {"asked": "asked by", "started": "started by", "told": "told by", "answered": "answered by"}


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_two_processes_say_to_each_other_both_ends_agree(installed: Flask, seed: int) -> None:
    # given the two, and a few cases
    between.deploy_both()
    chance = random.Random(f"between:{seed}")
    cases = [start("asker"), start("asker", pupil="pupil2"), start("p02_forum")]
    # when people do what there is to do, and the worker now and then dies before it wrote down what it did
    for step in range(STEPS):
        at = NOW + timedelta(hours=step)
        _something(chance, cases, at)
        if chance.random() < 0.6:
            work_off()
        if chance.random() < 0.2:
            between.do_all_again()
        cases = _cases()
    between.do_all_again()
    work_off()
    # then nothing waits, everything agrees with the journal, and with the other end
    assert set(between.statuses()) <= {"done"}
    db.session.rollback()
    assert rebuilding.check() == []
    assert _ends(cases, OTHER_END) == _ends(cases, {})


def _something(chance: random.Random, cases: list[str], at: datetime) -> None:
    case_id = chance.choice(cases)
    if case(case_id).status != "open":
        return
    if chance.random() < 0.07:
        _unless_refused(lambda: deliver(case_id, "pupil.moved", {"on": "2026-11-02"}, command(between.SENCO)))
        return
    if chance.random() < 0.04:
        erase(case_id, "head", "by order", command())
        return
    found = open_elements(case_id)
    if not found:
        return
    element = chance.choice(found)
    if element == "ask" and chance.random() < 0.7:
        origin = Origin(case_id, task_id=task_of(case_id, "ask"))
        pupil = case(case_id).pupil_id
        _unless_refused(lambda: start("p02_forum", pupil=pupil, origin=origin))
        return
    answers = {"way": chance.choice(["message", "task"]), "outcome": chance.choice(["advice", "plan", "none"])}
    do(case_id, element, at, advice="Morphemes", question="What else?", **answers)


def _unless_refused(act: Callable[[], object]) -> None:
    try:
        act()
    except (NotWaiting, CaseClosed, AlreadyAsked):
        db.session.rollback()


def _cases() -> list[str]:
    db.session.rollback()
    ids = [str(row[0]) for row in reading().execute(sa.text("SELECT id FROM case_record ORDER BY id"))]
    db.session.rollback()
    return ids


def _ends(cases: list[str], turned: dict[str, str]) -> Counter[tuple[str, str, str]]:
    """(this case, other case, what was done to this one), from its own end or from the other's."""
    found: Counter[tuple[str, str, str]] = Counter()
    living = [one for one in cases if case(one).status != "erased"]
    db.session.rollback()
    for case_id in living:
        for end in links.of_case(reading(), case_id):
            if end.other_id not in living:
                continue
            if turned and end.role in turned:
                found[(end.other_id, case_id, turned[end.role])] += 1
            elif not turned and end.role.endswith(" by"):
                found[(case_id, end.other_id, end.role)] += 1
    db.session.rollback()
    return found
