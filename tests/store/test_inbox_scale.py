"""The inbox among many open tasks: every list finds its page by an index, whatever is asked."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask
from support import many_tasks
from support.installation import NOW, command
from support.staff import open_task, started

from app.access.people import Membership, Person, Reader
from app.access.scopes import task_scope
from app.cases import rebuilding, tasks
from app.casework import inbox
from app.casework.counts import counts
from app.casework.days.day import bounds, day, narrowed
from app.casework.inbox import Asked
from app.model.actor import Actor
from app.store.db import db, reading
from app.store.queries import matters, organisations, people, work
from app.store.queries.work import MOST_COUNTED, Filter

TODAY = NOW.date()
LARGE = {"work_item", "case_record", "candidate", "case_word", "deadline", "timer", "listing"}
ASKED = [
    Asked(),
    Asked(after=("2026-11-02", "task-000000")),
    Asked(sort="opened"),
    Asked(sort="pupil"),
    Asked(narrowed=Filter(search="cara cra")),
    Asked(narrowed=Filter(search="TES-P01-2026-00010")),
    Asked(narrowed=Filter(school="beacon", due_by=date(2026, 12, 1))),
    Asked(view="overdue"),
    Asked(view="soon"),
    Asked(view="mine"),
    Asked(view="team"),
    Asked(view="done"),
    Asked(view="waiting"),
]


def senco() -> Reader:
    person = people.one(reading(), "senco")
    assert person is not None
    return Reader(person, organisations.tree(reading()), TODAY)


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """Every statement sent inside the block, with its parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        found.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def scans(connection: sa.Connection, statement: str, parameters: Any) -> set[str]:
    """Large tables that the plan of a statement reads from end to end."""
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        found = {match[1] for step in steps if (match := re.match(r"SCAN (\w+)(?! .*VIRTUAL)", step.detail))}
        return found & LARGE
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # few rows: what is read in full now has no index
    [plan] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalars()
    return set(_read_in_full(plan if isinstance(plan, list) else json.loads(plan))) & LARGE


def steps(connection: sa.Connection, statement: str, parameters: Any) -> list[str]:
    """What the database would do, in its own words, with SQLite's key of a table named as PostgreSQL's."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [re.sub(r"(\w+) USING PRIMARY KEY", r"\1 USING \1_pkey", step.detail) for step in plan]
    connection.exec_driver_sql("SET LOCAL enable_sort = off")
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")  # few rows: sorting all of them costs nothing yet
    return list(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


def _read_in_full(plan: Any) -> Iterator[str]:
    if isinstance(plan, list):
        for one in plan:
            yield from _read_in_full(one)
    elif isinstance(plan, dict):
        if plan.get("Node Type") == "Seq Scan":
            yield plan["Relation Name"]
        for one in plan.values():
            yield from _read_in_full(one)


def test_no_list_of_the_inbox_reads_a_large_table_from_end_to_end(installed: Flask) -> None:
    many_tasks.open_tasks(3_000)
    reader = senco()
    for asked in ASKED:
        with sent() as statements:
            inbox.inbox(reader, asked, TODAY)
        for statement, parameters in [one for one in statements if one[0].startswith("SELECT")]:
            assert scans(reading(), statement, parameters) == set(), (asked, statement)
        db.session.rollback()


def test_no_list_of_a_day_reads_a_large_table_from_end_to_end(installed: Flask) -> None:
    many_tasks.open_tasks(3_000)
    tree = organisations.tree(reading())
    for role, place in (
        ("SENCO", "beacon"),
        ("HT", "beacon"),
        ("DSL", "beacon"),
        ("EXO", "testshire"),
        ("GWPRI", "testshire"),
    ):
        reader = Reader(Person("somebody", "Somebody", (Membership(role, place),)), tree, TODAY)
        with sent() as statements:
            found = day(reader, TODAY)
            for part in found.parts:
                within = bounds(narrowed(reader, part.section))
                for number in [one.number for group in part.groups for one in group.numbers]:
                    matters.page(reading(), within, number.wanted, TODAY, None)
            counts(reader)
        assert found.parts
        for statement, parameters in [one for one in statements if one[0].startswith("SELECT")]:
            assert scans(reading(), statement, parameters) == set(), (role, statement)
        db.session.rollback()


def test_lanes_are_counted_and_sorted_without_looking_at_a_task(installed: Flask) -> None:
    many_tasks.open_tasks(3_000)
    scope = task_scope(senco())
    with sent() as counted:
        work.counts(reading(), scope, TODAY, ("todo", "overdue", "soon", "team"))
    assert [statement for statement, _ in counted if "work_item" in statement] == []

    indexes = {"due": "candidate_pkey", "opened": "candidate_opened", "pupil": "candidate_pupil"}
    for sort, index in indexes.items():
        with sent() as paged:
            work.inbox(reading(), scope, "todo", TODAY, Filter(), cast(work.Sort, sort))
        assert any(index in one for one in steps(reading(), *paged[-1])), sort
        db.session.rollback()


def test_a_task_that_a_colleague_took_is_theirs_in_every_view(installed: Flask) -> None:
    case_id, reader = started(), senco()
    task_id = open_task(case_id)

    def views() -> set[str]:
        db.session.rollback()
        return {tab.key for tab in inbox.inbox(reader, Asked(), TODAY).tabs if tab.count and tab.key != "soon"}

    assert views() == {"todo", "team"}
    tasks.claim(case_id, task_id, command(Actor("senco2", "Bram Oyelaran", "SENCO", "beacon")))
    assert views() == {"team", "waiting"}
    tasks.reassign(case_id, task_id, "senco", "Bram is ill", command())
    assert views() == {"todo", "mine"}
    assert rebuilding.check() == []


def test_pages_follow_each_other_without_a_gap_or_a_repeat(installed: Flask) -> None:
    many_tasks.open_tasks(3_000)
    reader, seen, after = senco(), [], None
    for _ in range(6):
        found = inbox.inbox(reader, Asked(after=after), TODAY)
        seen += [(one.task.due_on, one.task.task_id) for one in found.cards]
        after = found.next_after
    assert len(set(seen)) == 150
    assert seen == sorted(seen)
    assert after is None


def test_a_word_finds_by_its_beginning_whether_few_cases_have_it_or_many(installed: Flask) -> None:
    many_tasks.open_tasks(8_000)
    reader = senco()

    def names(search: str) -> list[str]:
        found = inbox.inbox(reader, Asked(narrowed=Filter(search=search)), TODAY)
        return [f"{one.task.reference} {one.task.pupil_name}" for one in found.cards]

    assert names("TES-P01-2026-000040") == ["TES-P01-2026-000040 Max Hollis40"]
    assert len(names("cara")) == 25
    assert len(names("cara cr")) == 5
    assert all("Cara Cr" in one for one in names("cara cr"))
    assert names("nobody") == []


@pytest.mark.long
def test_a_hundred_thousand_open_tasks_cost_a_page_what_three_thousand_cost(installed: Flask) -> None:
    many_tasks.open_tasks(100_000)
    reader = senco()
    for asked in ASKED:
        with sent() as statements:
            found = inbox.inbox(reader, asked, TODAY)
        assert len(statements) <= 10, asked
        for statement, parameters in [one for one in statements if one[0].startswith("SELECT")]:
            assert scans(reading(), statement, parameters) == set(), (asked, statement)
        counts = {tab.key: tab.count for tab in found.tabs}
        assert counts["todo"] == MOST_COUNTED + 1
        db.session.rollback()
