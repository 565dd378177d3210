"""F4: nothing looked for a week; then two processes wake together, their clocks two hours apart."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from fault.waiting import cases_until, chains_hold, fired, swept_at_once
from flask import Flask
from support.installation import NOW

from app.cases import rebuilding
from app.cases.sweep import sweep
from app.config import Settings
from app.store.db import db
from app.store.open import SETTINGS

WEEK, APART = timedelta(days=7), timedelta(hours=2)


def test_a_hundred_timers_of_a_week_fire_once_and_in_order(installed: Flask) -> None:
    fire_after_a_week(installed, 100)
    assert rebuilding.check() == []


@pytest.mark.long
def test_twenty_thousand_timers_of_a_week_fire_once_and_in_order(installed: Flask) -> None:
    fire_after_a_week(installed, 20_000)


def fire_after_a_week(app: Flask, number: int) -> None:
    # given timers that became due over a week, and some that are not due yet
    settings: Settings = app.extensions[SETTINGS]
    moments = [NOW + WEEK * (n + 1) / number for n in range(number)]
    awake = NOW + WEEK
    cases = cases_until([*moments, awake + timedelta(seconds=1), awake + WEEK])
    db.session.remove()
    # when two processes wake, one of them with a clock that is two hours slow
    done = swept_at_once(settings, awake, awake - APART)
    # then each fired once, none before its moment by the clock of whoever fired it, in the order of the moments
    assert [one["failures"] for one in done] == [0, 0]
    assert sum(one["timers"] for one in done) == number
    entries = fired(cases)
    assert [len(one) for one in entries] == [1] * number + [0, 0]
    assert [n for n in range(number) if entries[n][0][0] < moments[n]] == []
    assert in_order([entries[n][0][1] for n in range(number)])
    assert chains_hold(cases)
    # and when a clock is set back by a day, nothing happens again
    again = sweep(awake - timedelta(hours=25))
    assert (again.timers, again.failures) == (0, 0)


def in_order(moments: list[datetime]) -> bool:
    """Whether none comes before the one ahead of it."""
    return moments == sorted(moments)
