"""What due timers cost: thousands at one moment while people work, one now and then. Each is a real engine step."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from app.bench import casework, loading
from app.bench.clients import Browser
from app.bench.figures import Row, median_ms, p95_ms, percentile
from app.bench.loading import Crowd, Loaded, MomentOf
from app.bench.place import Place
from app.bench.servers import Served, nodes, one_process
from app.bench.site import Site
from app.clock import real_now
from app.store import copies
from app.store.db import db, reading
from app.store.weighing import entries_of, fired

#: budgets in design.md: timers per second in one process and with two workers beside each other
FEWEST_EMBEDDED, FEWEST_DISTRIBUTED, WORKERS = 50, 100, 2
#: milliseconds: what people wait meanwhile, p95; how late a timer is when nothing else happens, p99
MOST_MEANWHILE, MOST_LATE = 300, 2_000
#: people at work meanwhile, and the seconds they think between two requests
PEOPLE, THINKING = 3, (0.3, 1.0)
#: timers are due when they are loaded, at so much each, and the server has started
LOAD_SECONDS, START_SECONDS = 0.008, 12
#: pages that people open in any case
FEWEST_PAGES = 9
#: slower than this is given up
FEWEST_AT_ALL, PATIENCE_SECONDS = 5, 60


def at_once(place: Place) -> Iterator[Row]:
    """Very many timers due at one moment, found by the one process that also answers."""
    yield from _at_once(place, one_process(place.settings), "in one process", FEWEST_EMBEDDED)


def by_workers(place: Place) -> Iterator[Row]:
    """The same for workers beside a web node; PostgreSQL only."""
    yield from _at_once(place, nodes(place.settings, WORKERS), f"by {WORKERS} workers", FEWEST_DISTRIBUTED)


def idle(site: Site) -> Iterator[Row]:
    """Timers due one after the other, with nobody at work."""
    size = site.place.size
    begin = real_now() + timedelta(seconds=5 + size.idle / 50)
    loaded = _waiting("wren", size.idle, lambda n: begin + timedelta(seconds=n * size.idle_seconds))
    found = _until_fired(len(loaded), begin, PATIENCE_SECONDS + size.idle * size.idle_seconds)
    late = [(at - due).total_seconds() for due, at in found]
    yield Row(f"lateness of {len(late)} timers, nobody at work, p50", median_ms(late), "ms")
    yield Row(
        f"lateness of {len(late)} timers, nobody at work, p99", round(1000 * percentile(late, 0.99), 2), "ms", MOST_LATE
    )


def _at_once(place: Place, served: AbstractContextManager[Served], how: str, fewest: int) -> Iterator[Row]:
    number = place.size.timers
    due = real_now() + timedelta(seconds=START_SECONDS + number * LOAD_SECONDS)
    _waiting("wren", number, lambda _n: due)
    school = casework.school("tideway")
    work = Crowd(school, loading.at_the_first_task).more(max(20, number // 10))
    copies.analysed()
    with served as server:
        meanwhile = _Meanwhile(place, server.port, school, work)
        time.sleep(max(0.0, (due - real_now()).total_seconds()))
        meanwhile.begin()
        found = _until_fired(number, due, PATIENCE_SECONDS + number / FEWEST_AT_ALL)
        meanwhile.end()
    entries = entries_of(reading(), "timer-fired")
    db.session.rollback()
    seconds = (found[-1][1] - found[0][1]).total_seconds()
    yield Row(f"{number:,} timers due at once, {how}", round((number - 1) / seconds, 1), "per s", fewest, "≥")
    yield Row(f"… entries of {number:,} timers: each fired once", entries, "entries", number, "=")
    yield Row(f"… pages meanwhile, {PEOPLE} people at work, p50", median_ms(meanwhile.seconds), "ms")
    yield Row(f"… pages meanwhile, {PEOPLE} people at work, p95", p95_ms(meanwhile.seconds), "ms", MOST_MEANWHILE)


def _waiting(school: str, number: int, moment_of: MomentOf) -> list[Loaded]:
    """Cases of a school that wait for the date of their review, and for nothing that comes before."""
    return Crowd(casework.school(school), loading.at_the_review_date, days_ago=(0,)).more(number, moment_of)


def _until_fired(number: int, since: datetime, seconds: float) -> list[tuple[datetime, datetime]]:
    give_up = time.monotonic() + seconds
    while True:
        found = fired(reading(), loading.REVIEW_DATE, since)
        db.session.rollback()
        if len(found) >= number:
            return found
        if time.monotonic() > give_up:
            raise TimeoutError(f"Expected {number} timers to fire, but after {seconds:.0f} s {len(found)} had")
        time.sleep(1)


class _Meanwhile:
    """People who look at their inbox and complete tasks until they are told to stop."""

    def __init__(self, place: Place, port: int, school: casework.School, work: list[Loaded]) -> None:
        case = casework.started(school)
        self._fields = case.fields(case.task(loading.FIRST_TASK))
        self._browsers = [Browser(place.app, school.people["SENCO"][0], port) for _ in range(PEOPLE)]
        for browser in self._browsers:  # the first of everything only warms up
            browser.complete(work.pop().tasks[loading.FIRST_TASK], self._fields)
            browser.get("/inbox")
        self._work, self._stop = work, threading.Event()
        self._threads = [threading.Thread(target=self._act, args=(n,)) for n in range(PEOPLE)]
        self._trouble: list[BaseException] = []
        #: what each answer took
        self.seconds: list[float] = []

    def begin(self) -> None:
        """They begin."""
        for one in self._threads:
            one.start()

    def end(self) -> None:
        """They stop, when each had the time for a few pages. Raises RuntimeError where one of them could not go on."""
        while len(self.seconds) < FEWEST_PAGES and not self._trouble:
            time.sleep(0.1)
        self._stop.set()
        for one in self._threads:
            one.join()
        for browser in self._browsers:
            browser.close()
        if self._trouble or not self.seconds:
            raise RuntimeError("Expected people to work meanwhile, but they could not") from next(
                iter(self._trouble), None
            )

    def _act(self, n: int) -> None:
        try:
            self._work_on(n)
        except Exception as trouble:  # raised again where the others can hear of it
            self._trouble.append(trouble)

    def _work_on(self, n: int) -> None:
        dice, browser = random.Random(n), self._browsers[n]  # noqa: S311 - nothing secret
        while not self._stop.wait(dice.uniform(*THINKING)):
            self.seconds.append(browser.get("/inbox").seconds)
            if self._work:
                handed = browser.complete(self._work.pop().tasks[loading.FIRST_TASK], self._fields)
                self.seconds += [handed.opened_seconds, handed.seconds]
