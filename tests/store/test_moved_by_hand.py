"""A stuck case that is moved by hand, on both databases: one entry, rows that follow it, and a rebuild that agrees."""

from datetime import timedelta

import pytest
from flask import Flask
from store.test_bounds_of_cases import SENCO, deployed, elements, opened
from support.installation import NOW, command
from support.walking import waiting_ids

from app import engine
from app.cases import moving, rebuilding, starting, tasks
from app.cases.command import Receipt
from app.cases.history import entries_of
from app.errors import NotFound, Stale
from app.store.db import db, reading
from app.store.queries import dues, work
from app.store.rows import case_of

INNER = """
    start in
    exclusive which
    user a role=SENCO
    user b role=SENCO dueRule="10 school days"
    on late at=b duration=P3D
    user chase role=SENCO
    in -> which
    which -> a : tier = "high"
    which -> b : tier = "low"
    late -> chase
"""
OUTER = "start go\nsub work\n" + INNER + "\nuser after role=SENCO\ngo -> work -> after"


def a_stuck_case() -> Receipt:
    lines = OUTER.replace("\n    ", "\n        ")
    new = starting.NewCase(deployed(lines), "pupil1", "beacon", {}, {"tier": "none"})
    return starting.start(new, command(SENCO))


def move(case: Receipt, incident: str, to: str, key: str | None = None) -> Receipt | None:
    seen = moving.meaning(case.case_id, incident, to, command(SENCO)).seen
    return moving.move(case.case_id, incident, to, "Agreed by telephone", seen, command(SENCO, key=key))


def agrees(case: Receipt) -> None:
    """Fold = live, rows = what the engine waits for, rebuild = live."""
    db.session.rollback()
    deltas = [one.content["delta"] for one in entries_of(case.case_id) if one.content and "delta" in one.content]
    assert engine.fold(deltas) == case_of(reading(), case.case_id).state
    open_tasks, timers, _ = waiting_ids(case.case_id)
    assert {one.task_id for one in work.of_case(reading(), case.case_id)} == open_tasks
    assert {one.timer_id for one in dues.timers_of(reading(), case.case_id)} == timers
    db.session.rollback()
    assert rebuilding.check() == []


def test_a_move_is_one_entry_that_says_before_after_who_and_why(installed: Flask) -> None:
    case = a_stuck_case()
    (incident,) = opened(case)
    means = moving.meaning(case.case_id, incident.id, "b", command(SENCO))
    assert [one.element for one in means.opened] == ["b"]
    assert [name for name, _, _ in means.started] == ["late"]
    moved = move(case, incident.id, "b", "one key")
    assert moved == replaced(move_again(case, incident.id, means.seen))

    entry = entries_of(case.case_id)[-1]
    assert entry.content is not None
    assert (entry.kind, entry.actor, entry.seq) == ("token-moved", "senco", 2)
    assert (entry.content["before"], entry.content["after"]) == ({"step": "which"}, {"step": "b"})
    assert entry.content["reason"] == "Agreed by telephone"
    assert (opened(case), elements(case)) == ([], ["b"])
    agrees(case)


def move_again(case: Receipt, incident: str, seen: str) -> Receipt | None:
    return moving.move(case.case_id, incident, "b", "Agreed by telephone", seen, command(SENCO, key="one key"))


def replaced(receipt: Receipt | None) -> Receipt:
    assert receipt is not None
    assert receipt.is_repeat
    return Receipt(**{**receipt.__dict__, "is_repeat": False})


def test_out_of_a_sub_process_the_case_goes_on_to_its_end(installed: Flask) -> None:
    case = a_stuck_case()
    move(case, opened(case)[0].id, "after")
    assert elements(case) == ["after"]
    agrees(case)
    task = work.of_case(reading(), case.case_id)[0]
    assert tasks.complete(case.case_id, task.task_id, tasks.Answers({}, {}), command(SENCO)).is_closed
    agrees(case)


def test_what_means_something_else_by_now_is_not_done(installed: Flask) -> None:
    case = a_stuck_case()
    (incident,) = opened(case)
    seen = moving.meaning(case.case_id, incident.id, "a", command(SENCO)).seen
    with pytest.raises(Stale):
        moving.move(case.case_id, incident.id, "b", "Agreed by telephone", seen, command(SENCO))
    later = command(SENCO, NOW + timedelta(days=2))
    seen = moving.meaning(case.case_id, incident.id, "b", command(SENCO)).seen
    with pytest.raises(Stale):
        moving.move(case.case_id, incident.id, "b", "Agreed by telephone", seen, later)
    move(case, incident.id, "a")
    with pytest.raises(NotFound):
        moving.move(case.case_id, incident.id, "a", "Agreed by telephone", seen, command(SENCO))
    assert len(entries_of(case.case_id)) == 2
