"""Open cases taken to another version by an approved plan, on both databases: once each, resumed, rebuilt, and back."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from engine.drawing import bundle
from flask import Flask
from store.test_bounds_of_cases import SENCO
from support.installation import command
from support.walking import waiting_ids

from app.cases import rebuilding, starting, tasks
from app.cases.changing_version import Progress, carry_out, change
from app.cases.command import Receipt
from app.cases.history import bundle_at, entries_of
from app.cases.records import write_record
from app.config import Settings
from app.errors import InvalidAnswers, NotAllowed
from app.model.actor import OPERATOR, WORKER, Actor
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import definitions, version_plans, work
from app.store.rows import case_of
from app.studio import version_plans as planning
from app.studio.deploying import _files
from app.worker.ticking import Worker

OWNER1, OWNER2 = (Actor(f"owner{n}", f"Owner {n}", "POWN", "north") for n in (1, 2))
KEY = "tiny"
PUPILS = (1, 2, 1)
OLD = """
    start go
    user a name="Ask" role=SENCO dueRule="10 school days"
    on late at=a duration=P30D
    user b role=SENCO
    go -> a -> b
    late -> b
"""
NEW = (
    OLD.replace("Ask", "Ask again")
    .replace("role=SENCO dueRule", "role=HT dueRule")
    .replace("a -> b\n", "a -> c -> b\n    user c role=SENCO\n", 1)
)
GONE = "start go\nuser c role=SENCO\ngo -> c"


def deployed(lines: str, version: int) -> None:
    made = bundle(lines)
    content: JsonObject = {
        "version": version,
        "digest": made.digest,
        "process_id": made.process_id,
        "name": made.name,
        "proposed_by": "operator",
        "approved_by": "operator",
        "note": "for tests",
        "files": _files(made),
    }
    write_record(StreamId("definition", KEY), "definition-deployed", content, command(OPERATOR))


@dataclass
class World:
    """Cases on the first of two versions."""

    cases: list[Receipt]

    def bundles(self) -> list[int]:
        db.session.rollback()
        known = {one.digest: one.number for one in definitions.versions(reading(), KEY)}
        return [known[case_of(reading(), one.case_id).bundle] for one in self.cases]


def world(new: str = NEW, number: int = 3) -> World:
    deployed(OLD, 1)
    started = [starting.start(starting.NewCase(KEY, f"pupil{n}", "beacon", {}, {}), command(SENCO)) for n in PUPILS]
    deployed(new, 2)
    return World(started[:number])


def planned(old: int = 1, new: int = 2) -> str:
    db.session.rollback()
    plan = planning.propose(KEY, old, new, "The law changed", command(OWNER1))
    db.session.rollback()
    planning.approve(KEY, plan, command(OWNER2))
    db.session.rollback()
    return plan


def status(plan: str) -> tuple[str, int | None, int | None]:
    db.session.rollback()
    found = version_plans.one(reading(), plan)
    assert found is not None
    return found.status, found.moved, found.stayed


def rebuilds() -> bool:
    db.session.rollback()
    return rebuilding.check() == []


def complete(case: Receipt, element: str) -> None:
    db.session.rollback()
    task = next(one for one in work.of_case(reading(), case.case_id) if one.element == element)
    tasks.complete(case.case_id, task.task_id, tasks.Answers({}, {}), command(SENCO))


def test_a_case_goes_on_in_the_new_version_with_its_task_id_date_and_timer(installed: Flask) -> None:
    cases = world()
    case = cases.cases[0]
    before, ids = work.of_case(reading(), case.case_id)[0], waiting_ids(case.case_id)
    tasks.claim(case.case_id, before.task_id, command(SENCO))
    plan = planned()

    assert carry_out(command(WORKER), {}) == 3

    after = work.of_case(reading(), case.case_id)[0]
    assert (after.task_id, after.due_on, after.due) == (before.task_id, before.due_on, before.due)
    assert (after.name, after.role, after.assignee) == ("Ask again", "HT", "senco")
    assert (cases.bundles(), waiting_ids(case.case_id)) == ([2, 2, 2], ids)
    assert status(plan) == ("done", 3, 0)
    entries = entries_of(case.case_id)
    assert (entries[-1].kind, entries[-1].actor) == ("version-changed", "worker")
    assert bundle_at(entries[:-1]) != bundle_at(entries)
    complete(case, "a")
    assert [one.element for one in work.of_case(reading(), case.case_id)] == ["c"]
    assert rebuilds()


def test_what_cannot_go_on_there_stays_where_it_is(installed: Flask) -> None:
    cases = world(GONE)
    plan = planned()

    assert carry_out(command(WORKER), {}) == 0
    assert (cases.bundles(), status(plan)) == ([1, 1, 1], ("done", 0, 3))
    assert [one.kind for one in entries_of(cases.cases[0].case_id)] == ["case-started"]


def test_whoever_is_stopped_goes_on_and_no_case_is_taken_twice(installed: Flask) -> None:
    cases = world()
    plan_id = planned()
    plan = version_plans.one(reading(), plan_id)
    assert plan is not None
    first, second = sorted(definitions.versions(reading(), KEY), key=lambda one: one.number)
    one = cases.cases[0].case_id
    assert change(one, plan, first, second, command(WORKER)) is not None
    assert change(one, plan, first, second, command(WORKER)) is None
    assert status(plan_id)[0] == "approved"

    assert carry_out(command(WORKER), {}, seconds=0) == 0
    assert carry_out(command(WORKER), {plan_id: Progress()}) == 2
    assert carry_out(command(WORKER), {}) == 0

    assert status(plan_id) == ("done", 3, 0)
    assert [entry.kind for entry in entries_of(one)].count("version-changed") == 1
    assert rebuilds()


def test_a_case_that_moved_on_meanwhile_is_decided_again_as_it_stands_then(installed: Flask) -> None:
    cases = world(OLD.replace("user b role=SENCO", "user x role=SENCO").replace("-> b", "-> x"))
    plan = planned()
    complete(cases.cases[0], "a")

    carry_out(command(WORKER), {})

    assert (cases.bundles(), status(plan)) == ([1, 2, 2], ("done", 2, 1))


def test_back_is_a_plan_the_other_way(installed: Flask) -> None:
    cases = world()
    planned()
    carry_out(command(WORKER), {})
    before = case_of(reading(), cases.cases[1].case_id).state
    complete(cases.cases[0], "a")
    back = planned(2, 1)
    carry_out(command(WORKER), {})

    assert (cases.bundles(), status(back)) == ([2, 1, 1], ("done", 2, 1))
    assert case_of(reading(), cases.cases[1].case_id).state == before
    assert work.of_case(reading(), cases.cases[1].case_id)[0].name == "Ask"
    assert rebuilds()


def test_a_second_owner_approves_and_two_at_once_do_no_harm(installed: Flask) -> None:
    cases = world()
    db.session.rollback()
    with pytest.raises(InvalidAnswers):
        planning.propose(KEY, 1, 1, "The law changed", command(OWNER1))
    plan = planning.propose(KEY, 1, 2, "The law changed", command(OWNER1))
    db.session.rollback()
    with pytest.raises(planning.PlanOpen):
        planning.propose(KEY, 1, 2, "The law changed", command(OWNER2))
    with pytest.raises(NotAllowed):
        planning.approve(KEY, plan, command(OWNER1))
    assert carry_out(command(WORKER), {}) == 0
    planning.refuse(KEY, plan, command(OWNER2))
    db.session.rollback()
    with pytest.raises(planning.PlanDecided):
        planning.approve(KEY, plan, command(OWNER2))
    assert (carry_out(command(WORKER), {}), cases.bundles()) == (0, [1, 1, 1])


def test_the_worker_goes_on_with_a_plan_by_itself(installed: Flask, tmp_path: Path) -> None:
    cases = world()
    plan = planned()
    worker = Worker(installed, Settings(data_dir=tmp_path / "data"))

    worker.carry_out_plans()

    assert (cases.bundles(), status(plan)) == ([2, 2, 2], ("done", 3, 0))
