"""F1: servers are killed again and again while people complete tasks: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from fault.completing import ELEMENTS, Load, judge, prepared
from fault.servers import Server, looking_at
from support import installation

from app.config import Settings


class Fleet:
    """Servers on one installation; they are killed one after another, and another takes the place of each."""

    def __init__(self, settings: Settings, size: int) -> None:
        """All answer."""
        self._settings = settings
        self._servers = [Server(settings) for _ in range(size)]
        for one in self._servers:
            one.until_it_answers()
        self.kills = 0

    def ports(self) -> list[int]:
        """Where the servers are, or were a moment ago."""
        return [one.port for one in self._servers if one.port]

    def kill_one(self) -> None:
        """Kill the oldest one in the middle of whatever it does; its successor begins to start."""
        oldest = self._servers.pop(0)
        oldest.until_it_answers()
        oldest.kill()
        self.kills += 1
        self._servers.append(Server(self._settings))

    def end(self) -> None:
        """Kill all."""
        for one in self._servers:
            one.kill()


@contextmanager
def fleet(settings: Settings, size: int) -> Iterator[Fleet]:
    """So many servers, until the block is left."""
    servers = Fleet(settings, size)
    try:
        yield servers
    finally:
        servers.end()


def completed_under_kills(template: installation.Template, folder: Path, size: int, cases: int, kills: int) -> Load:
    """Spread so many kills over the completions of every task of so many cases; what was answered."""
    with installation.copy(template, folder) as copied:
        settings = replace(copied, fast_commits=False)
        with fleet(settings, size) as servers:
            with looking_at(settings):
                load = prepared(cases, servers.ports)
            threads = load.work(people=8 * size)
            every = cases * len(ELEMENTS) // (kills + 1)
            while any(one.is_alive() for one in threads):
                if servers.kills < kills and len(load.acknowledged) >= every * (servers.kills + 1):
                    servers.kill_one()
                time.sleep(0.01)
            assert load.trouble == []
            assert servers.kills == kills
        with looking_at(settings):
            judge(load)
    return load


def test_sixty_completions_outlive_three_kills(template: installation.Template, tmp_path: Path) -> None:
    load = completed_under_kills(template, tmp_path / "data", size=1, cases=12, kills=3)
    assert sum(load.failures.values()) > 0, "nobody noticed the kills"


@pytest.mark.long
def test_ten_thousand_completions_outlive_a_hundred_kills(template: installation.Template, tmp_path: Path) -> None:
    load = completed_under_kills(template, tmp_path / "data", size=2, cases=2_000, kills=100)
    print(f"{len(load.acknowledged)} acknowledged, {len(load.doubles)} doubles, unanswered: {dict(load.failures)}")
