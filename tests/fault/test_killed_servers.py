"""F1: servers are killed again and again while people complete tasks: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fault.completing import Load, judge, prepared
from fault.servers import fleet, looking_at
from support import installation


def completed_under_kills(template: installation.Template, folder: Path, size: int, cases: int, kills: int) -> Load:
    """Spread so many kills over the completions of every task of so many cases; what was answered."""
    with installation.copy(template, folder) as copied:
        settings = replace(copied, fast_commits=False)
        with fleet(settings, size) as servers:
            with looking_at(settings):
                load = prepared(cases, servers.ports)
            load.outlive([servers.kill_one] * kills, people=8 * size)
            assert servers.kills == kills
        with looking_at(settings):
            judge(load)
    return load


def test_forty_completions_outlive_two_kills(template: installation.Template, tmp_path: Path) -> None:
    load = completed_under_kills(template, tmp_path / "data", size=1, cases=8, kills=2)
    assert sum(load.failures.values()) > 0, "nobody noticed the kills"


@pytest.mark.long
def test_ten_thousand_completions_outlive_a_hundred_kills(template: installation.Template, tmp_path: Path) -> None:
    load = completed_under_kills(template, tmp_path / "data", size=2, cases=2_000, kills=100)
    print(f"{len(load.acknowledged)} acknowledged, {len(load.doubles)} doubles, unanswered: {dict(load.failures)}")
