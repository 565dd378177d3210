"""What looking costs: the inbox among very many open tasks, and a case at any of its entries."""

import random
import re
from collections.abc import Iterator
from html import unescape

from app.bench import casework, loading
from app.bench.casework import School
from app.bench.clients import Browser
from app.bench.figures import Point, Row, median_ms, p95_ms
from app.bench.loading import Crowd, Loaded
from app.bench.place import Place
from app.bench.servers import one_process
from app.bench.site import WARM_UP, Site
from app.store import copies
from app.store.db import db, reading
from app.store.queries import cases

#: budgets in design.md, p95 in milliseconds
MOST_FOR_INBOX, MOST_FOR_ENTRY = 100, 150
#: one open task in so many is for the person who looks
OURS, SCHOOL, OTHERS = 20, "tideway", ("wren", "beacon", "saltmarsh", "kittiwake")
_NEXT = re.compile(r'href="([^"]*)" rel="next"')
#: pages people turn before they search instead
PAGES = 5


def inbox(place: Place) -> Iterator[Row]:
    """The inbox of a SENCO with more and more open tasks in the authority, one in twenty of them theirs."""
    crowds = [Crowd(casework.school(one), loading.at_the_first_task) for one in OTHERS]
    mine, known = Crowd(casework.school(SCHOOL), loading.at_the_first_task), list[Loaded]()
    there = 0
    for number in place.size.open_tasks:
        for crowd in crowds:
            crowd.more(round((number - there) * (1 - 1 / OURS) / len(crowds)))
        known += mine.more((number - there) // OURS)
        copies.analysed()
        with one_process(place.settings) as served:
            yield from _inbox_of(place, served.port, number, known, mine.school)
        there = number


def entries(site: Site) -> Iterator[Row]:
    """An old case as it was after any of its entries."""
    size = site.place.size
    case = site.old(0)
    while _length(case.id)[1] < size.entries:
        case.round()
    reference, last = _length(case.id)
    auditor, dice = site.browser(casework.holding("AUD")), random.Random(20261102)  # noqa: S311 - nothing secret
    asked = [dice.randint(1, last) for _ in range(WARM_UP + size.opened)]
    taken = [auditor.get(f"/cases/{reference}/replay?entry={n}").seconds for n in asked][WARM_UP:]
    yield Row(f"open a case at any of its {last:,} entries, p50", median_ms(taken), "ms")
    yield Row(f"open a case at any of its {last:,} entries, p95", p95_ms(taken), "ms", MOST_FOR_ENTRY)
    senco = site.browser(case.who("plan"))
    shown = [senco.get(f"/cases/{reference}").seconds for _ in asked][WARM_UP:]
    yield Row(f"open a case with {last:,} entries as it is now, p95", p95_ms(shown), "ms")


def _length(case_id: str) -> tuple[str, int]:
    db.session.rollback()
    line = cases.by_reference(reading(), case_id)
    if line is None:
        raise LookupError(case_id)
    return line.reference, line.seq


def _inbox_of(place: Place, port: int, number: int, known: list[Loaded], school: School) -> Iterator[Row]:
    browser = Browser(place.app, school.people["SENCO"][0], port)
    dice, times = random.Random(number), place.size.requests  # noqa: S311 - nothing secret
    asked = {
        "first page": ["/inbox"] * times,
        "search for a pupil": [f"/inbox?q={dice.choice(known).pupil_name.replace(' ', '+')}" for _ in range(times)],
        "search for a first name": [f"/inbox?q={dice.choice(loading.FORENAMES)}" for _ in range(times)],
        "sorted by pupil": ["/inbox?sort=pupil"] * times,
        "newest first": ["/inbox?sort=opened"] * times,
    }
    for what, paths in asked.items():
        for path in paths[:WARM_UP]:
            browser.get(path)
        yield _row(f"inbox, {what}", number, [browser.get(path).seconds for path in paths])
    if turned := _turned(browser, times):
        yield _row("inbox, next page", number, turned)
    case = casework.started(school)
    fields = case.fields(case.task(loading.FIRST_TASK))
    done = known[: min(WARM_UP + times, len(known) // 2)]
    del known[: len(done)]
    handed = [browser.complete(one.tasks[loading.FIRST_TASK], fields).seconds for one in done]
    point = Point("open-tasks", "complete a task, p50", number)
    yield Row(
        f"complete a task among {number:,} open ones, p50", median_ms(handed[len(handed) // 4 :]), "ms", point=point
    )
    browser.close()


def _turned(browser: Browser, times: int) -> list[float]:
    """Pages after the first one, from link to link; none where everything is on the first."""
    taken, path = list[float](), "/inbox"
    while len(taken) < times:
        page = browser.get(path)
        if path != "/inbox":
            taken.append(page.seconds)
        found = _NEXT.search(page.text)
        path = unescape(found[1]) if found and len(taken) % PAGES else "/inbox"
        if not found and not taken:
            break
    return taken


def _row(what: str, number: int, seconds: list[float]) -> Row:
    point = Point("open-tasks", f"{what}, p95", number)
    return Row(f"{what}, {number:,} open tasks, p95", p95_ms(seconds), "ms", MOST_FOR_INBOX, point=point)
