"""What completing a task costs: one after the other, at once, in statements, in an old case, in a large group."""

import threading
from collections.abc import Iterator, Sequence

from app.bench import casework, loading
from app.bench.casework import Case
from app.bench.clients import Browser, Handed, Inside
from app.bench.figures import Point, Row, median_ms, p95_ms, ratio
from app.bench.site import Site
from app.store.counting import counted
from app.store.db import db

#: budgets in design.md: p50 on SQLite, p50 on PostgreSQL, p95 on both
P50_SQLITE, P50_POSTGRESQL, P95 = 20, 25, 50
MOST_IN_UNIT, MOST_IN_REQUEST, MOST_FOR_FORM = 15, 20, 10
#: an old case, and a large group, may cost this many times a young and a small one
MOST_GROWTH = 1.2
#: schools whose people take turns; people at once
SCHOOLS, AT_ONCE = ("saltmarsh", "tideway", "beacon"), 4


def complete(site: Site) -> Iterator[Row]:
    """People of several schools take turns; then some of them all at once."""
    cases = [site.begun(casework.school(one)) for one in SCHOOLS]
    handed = [site.do(case, element) for element in casework.ROUND for case in cases]
    handed, before = [], site.served.processor_seconds()
    for _ in range(site.place.size.rounds):
        for case in cases:
            case.rounds += 1
        handed += [site.do(case, element) for element in casework.ROUND for case in cases]
    after = site.served.processor_seconds()
    taken, opened = [one.seconds for one in handed], [one.opened_seconds for one in handed]
    yield Row("complete a task over HTTP, p50", median_ms(taken), "ms", _p50(site))
    yield Row("complete a task over HTTP, p95", p95_ms(taken), "ms", P95)
    yield Row("open the form of a task, p50", median_ms(opened), "ms")
    yield Row("open the form of a task, p95", p95_ms(opened), "ms")
    if before is not None and after is not None:
        spent = round(1000 * (after - before) / len(handed), 1)
        yield Row("… processor time of the server for both, mean", spent, "ms")
    yield from _at_once(site)


def statements(site: Site) -> Iterator[Row]:
    """The most statements that any task of a round takes; counted in this process, at the same pages."""
    case = site.begun(site.school)
    people = {one: Inside(site.place.app, one) for ids in site.school.people.values() for one in ids[:1]}
    forms, requests, units, commits = [], [], [], set()
    for element in (*casework.ROUND, *casework.ROUND):
        task = case.task(element)
        who, fields = people[case.who(element)], case.fields(task)
        who.open(task.task_id)
        db.session.rollback()
        with counted() as form:
            page = who.open(task.task_id)
        with counted() as request:
            who.hand_in(task.task_id, page, fields)
        case.rounds += element == "decide"
        forms.append(form.number)
        requests.append(request.number)
        units.append(request.in_writes)
        commits.add(request.commits)
    yield Row("statements to open the form, most", max(forms), "statements", MOST_FOR_FORM)
    yield Row("statements to complete a task, most", max(requests), "statements", MOST_IN_REQUEST)
    yield Row("… of them in the unit of work, most", max(units), "statements", MOST_IN_UNIT)
    yield Row("commits to complete a task, most", max(commits), "commits", 1, "=")


def rounds(site: Site) -> Iterator[Row]:
    """Steps of an old case, each beside the same step of a case that has just begun."""
    size = site.place.size
    for number in size.measured:
        old, young = site.old(number - 1), site.begun(site.school)
        ours, beside = _pairs(site, old, young, size.beside)
        chart = "rounds"
        yield Row(
            f"complete a task, round {number}, p50",
            median_ms(ours),
            "ms",
            point=Point(chart, "a case of that age", number),
        )
        yield Row(
            f"… of a new case beside round {number}, p50",
            median_ms(beside),
            "ms",
            point=Point(chart, "a new case beside it", number),
        )
        yield Row(f"… round {number} against the new case, pair by pair", ratio(ours, beside), "×", MOST_GROWTH)


def groups(site: Site) -> Iterator[Row]:
    """Steps of a case that many may do, each beside the same step of a case that few may do."""
    few, many = site.place.size.groups
    small, large = (site.begun(casework.school_of(number, "group")) for number in (few, many))
    _pairs(site, large, small, 1)
    ours, beside = _pairs(site, large, small, site.place.size.beside)
    for number, taken in ((few, beside), (many, ours)):
        yield Row(
            f"complete a task that {number} people may do, p50",
            median_ms(taken),
            "ms",
            point=Point("people", "complete a task", number),
        )
    yield Row(f"… {many} people against {few}, pair by pair", ratio(ours, beside), "×", MOST_GROWTH)


def _pairs(site: Site, one: Case, other: Case, times: int) -> tuple[list[float], list[float]]:
    """The same steps of two cases in turn; who comes first changes, so that neither always warms up for the other."""
    ours, beside = list[Handed](), list[Handed]()
    for number in range(times * len(casework.ROUND)):
        element = casework.ROUND[number % len(casework.ROUND)]
        turns = [(one, ours), (other, beside)]
        for case, found in turns if number % 2 else reversed(turns):
            found.append(site.do(case, element))
            case.rounds += element == "decide"
    return [each.seconds for each in ours], [each.seconds for each in beside]


def _at_once(site: Site) -> Iterator[Row]:
    school = casework.school("tideway")
    crowd = loading.Crowd(school, loading.at_the_first_task)
    tasks = [one.tasks[loading.FIRST_TASK] for one in crowd.more(AT_ONCE * 4 * site.place.size.rounds)]
    case = casework.started(school)
    fields = case.fields(case.task(loading.FIRST_TASK))
    browsers = [Browser(site.place.app, school.people["SENCO"][0], site.port) for _ in range(AT_ONCE)]
    handed: list[Handed] = []

    def work(browser: Browser, own: Sequence[str]) -> None:
        handed.extend(browser.complete(one, fields) for one in own)

    threads = [threading.Thread(target=work, args=(one, tasks[n::AT_ONCE])) for n, one in enumerate(browsers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for browser in browsers:
        browser.close()
    if len(handed) != len(tasks):
        raise RuntimeError(f"Expected {len(tasks)} completed tasks, but there are {len(handed)}")
    taken = [one.seconds for one in handed]
    yield Row(f"complete a task while {AT_ONCE} people do nothing else, p50", median_ms(taken), "ms")
    yield Row(f"complete a task while {AT_ONCE} people do nothing else, p95", p95_ms(taken), "ms")


def _p50(site: Site) -> int:
    return P50_SQLITE if site.place.is_sqlite else P50_POSTGRESQL
