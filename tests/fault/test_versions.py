"""F11: a version comes and goes while people work: cases are on the version they began on, or were taken to."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from fault.waiting import chains_hold
from flask import Flask
from support import installation
from support.installation import command
from support.walking import Walk

from app.cases import rebuilding
from app.cases.changing_version import carry_out
from app.model.actor import WORKER, Actor
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.tables import entry
from app.studio import deploying, version_plans

KEY = "graduated-approach"
FIRST, NEXT = "check_universal_offer", "talk_with_family"
#: what the second step is called in the first version, and in the second
NAMES = "Talk with the parents and the pupil", "Hear the parents and the pupil"
PEOPLE = 4


def test_twenty_four_cases_are_taken_to_a_version_or_stay_on_theirs_while_it_comes_and_goes(installed: Flask) -> None:
    come_and_go(installed, number=24)


@pytest.mark.long
def test_a_thousand_cases_are_taken_to_a_version_or_stay_on_theirs_while_it_comes_and_goes(installed: Flask) -> None:
    come_and_go(installed, number=1_000)


def come_and_go(app: Flask, number: int) -> None:
    # given open cases, and people who do the first task of each
    old = begun(number // 2)
    working, trouble = at_work(app, old)
    # when another version is deployed, and cases begin on it
    deploying.deploy(second_version(), "operator", "operator", "for tests", command())
    new = begun(number // 4)
    # and the cases that are open are taken to it, as two owners want
    plan = version_plans.propose(KEY, 1, 2, "for tests", command(owner("owner1")))
    version_plans.approve(KEY, plan, command(owner("owner2")))
    assert carry_out(command(WORKER), {}, seconds=3_600) == len(old)
    # and the first version is restored
    deploying.restore(KEY, 1, command())
    latest = begun(number // 4)
    others, more_trouble = at_work(app, [*new, *latest])
    for one in [*working, *others]:
        one.join()
    assert trouble + more_trouble == []
    # then none is lost, and each goes on as drawn in the version that it began on or was taken to
    assert steps_of(old) == {(1, NAMES[1])}
    assert steps_of(new) == {(2, NAMES[1])}
    assert steps_of(latest) == {(1, NAMES[0])}
    # and the history says which came when
    kinds = [one.kind for one in journal.entries(reading(), StreamId("definition", KEY))]
    assert kinds == [
        "definition-deployed", "definition-deployed", "cases-planned", "cases-approved", "cases-taken",
        "definition-restored",
    ]  # fmt: skip
    everybody = [one.case_id for one in (*old, *new, *latest)]
    written = sa.select(entry.c.kind, sa.func.count()).where(entry.c.stream_id.in_(everybody)).group_by(entry.c.kind)
    assert Counter(dict(reading().execute(written).all())) == {
        "case-started": number,
        "task-completed": number,
        "version-changed": len(old),
    }
    assert chains_hold(everybody)
    assert rebuilding.check() == []


def owner(person_id: str) -> Actor:
    return Actor(person_id, installation.PEOPLE[person_id][0], "POWN", "testshire")


def second_version() -> installation.Bundle:
    first = installation.bundle_of(installation.ROOT / "processes" / KEY)
    [(name, drawn)] = first.bpmn.items()
    assert drawn.count(NAMES[0].encode()) == 1
    return replace(first, bpmn={name: drawn.replace(*(one.encode() for one in NAMES))})


def begun(number: int) -> list[Walk]:
    walks = [Walk(KEY, random.Random(one)) for one in range(number)]
    for one in walks:
        one.start()
    return walks


def at_work(app: Flask, walks: Sequence[Walk]) -> tuple[list[threading.Thread], list[BaseException]]:
    """People who complete the first task of each case; what went wrong."""
    trouble = list[BaseException]()

    def work(own: Sequence[Walk]) -> None:
        with app.app_context():
            try:
                for walk in own:
                    walk.complete(next(one for one in walk.open_tasks() if one.element == FIRST))
            except BaseException as wrong:
                trouble.append(wrong)

    threads = [threading.Thread(target=work, args=(walks[one::PEOPLE],)) for one in range(PEOPLE)]
    for one in threads:
        one.start()
    return threads, trouble


def steps_of(walks: Sequence[Walk]) -> set[tuple[int, str]]:
    """On which version the cases are, by their first entry, and what their next step is called."""
    db.session.rollback()
    return {
        (journal.entries(reading(), StreamId("case", walk.case_id))[0].meta["version"], task.name)
        for walk in walks
        for task in walk.open_tasks()
        if task.element == NEXT
    }
