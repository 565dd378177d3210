"""The worker after downtime, beside another one, and in two threads at once: each due thing has one effect."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from support import installation
from support.installation import NOW, command

from app.cases.starting import NewCase, start
from app.cases.sweep import Swept, sweep
from app.store import journal
from app.store.db import db, reading
from app.store.open import open_store
from app.store.queries import dues
from app.worker.lock import FileLock


@pytest.fixture
def app(tmp_path: Path):
    template = installation.prepare(tmp_path / "template")
    with installation.copy(template, tmp_path / "copy") as settings:
        app = open_store(Flask("t"), settings)
        with app.app_context():
            yield app
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def a_case(pupil: str) -> str:
    answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
    new = NewCase("graduated-approach", pupil, "beacon", answers, answers, named=("teacher",))
    return start(new, command()).case_id


def notices(case_id: str) -> list[datetime]:
    from app.model.entry import StreamId

    found = journal.entries(reading(), StreamId("case", case_id))
    return [one.at for one in found if one.kind == "notice-given"]


def test_after_a_week_of_downtime_what_was_due_happens_once_and_in_order(app: Flask):
    # given two cases whose first task is due in five school days, and nobody looks for two weeks
    cases = [a_case("pupil1"), a_case("pupil2")]
    later = NOW + timedelta(days=14)
    # when the worker looks again, twice
    first, second = sweep(later, as_they_were_due=True), sweep(later, as_they_were_due=True)
    # then everything happened in the order of its moments, once
    assert first.failures == second.failures == 0
    assert first.notices > 0
    assert (second.timers, second.notices) == (0, 0)
    for case_id in cases:
        assert notices(case_id) == sorted(notices(case_id))
        assert len(set(notices(case_id))) == len(notices(case_id))
    assert dues.due_rungs(reading(), later, 10) == []


def test_two_sweeps_at_once_have_one_effect_per_due_thing(app: Flask):
    # given two cases with due notices
    cases = [a_case("pupil1"), a_case("pupil2")]
    later = datetime(2026, 11, 20, 9, tzinfo=UTC)
    swept: list[Swept] = []

    def look() -> None:
        with app.app_context():
            swept.append(sweep(later))

    # when two threads sweep at the same time
    threads = [threading.Thread(target=look) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    # then each deadline was told of once
    assert [one.failures for one in swept] == [0, 0]
    assert sum(one.notices for one in swept) == len(cases)
    db.session.rollback()
    assert [len(notices(case_id)) for case_id in cases] == [1, 1]


def test_only_one_holder_of_the_lock_ticks_and_another_takes_over(tmp_path: Path):
    # given a lock that is held
    first, second = FileLock(tmp_path / "worker.lock"), FileLock(tmp_path / "worker.lock")
    assert first.try_hold()
    # then nobody else holds it, until it is let go
    assert not second.try_hold()
    first.let_go()
    assert second.try_hold()
    second.let_go()
