"""F7: eight workers race for timers that are all due at the same moment: each fires once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from fault.waiting import cases_until, chains_hold, fired, swept_at_once
from flask import Flask
from support.installation import NOW

from app.cases import rebuilding
from app.cases.sweep import Swept, sweep
from app.config import Settings
from app.store.db import db
from app.store.open import SETTINGS

WORKERS = 8
DUE, LATER = NOW + timedelta(days=1), NOW + timedelta(days=2)


def test_eight_threads_fire_forty_timers_once_each(installed: Flask) -> None:
    cases, swept, together = cases_until([DUE] * 40), list[Swept](), threading.Barrier(WORKERS)

    def race() -> None:
        with installed.app_context():
            together.wait()
            swept.append(sweep(LATER))
            db.session.remove()

    threads = [threading.Thread(target=race) for _ in range(WORKERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.failures for one in swept] == [0] * WORKERS
    assert sum(one.timers for one in swept) == len(cases)
    assert [len(one) for one in fired(cases)] == [1] * len(cases)
    assert chains_hold(cases)
    assert rebuilding.check() == []


@pytest.mark.long
def test_eight_processes_fire_eight_thousand_timers_once_each(installed: Flask) -> None:
    settings: Settings = installed.extensions[SETTINGS]
    cases = cases_until([DUE] * 8_000)
    db.session.remove()
    done = swept_at_once(settings, *[LATER] * WORKERS)
    print(f"fired by each: {[one['timers'] for one in done]}")
    assert [one["failures"] for one in done] == [0] * WORKERS
    assert sum(one["timers"] for one in done) == len(cases)
    assert [len(one) for one in fired(cases)] == [1] * len(cases)
    assert chains_hold(cases)
