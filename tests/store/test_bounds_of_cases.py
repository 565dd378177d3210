"""A case that ran into a bound is kept, on both databases: an incident names the element, a person puts it right."""

from datetime import timedelta

import pytest
from engine.drawing import bundle
from flask import Flask
from support.installation import NOW, command

from app.cases import events, incidents, rebuilding, starting, tasks
from app.cases.command import Receipt
from app.cases.records import write_record
from app.cases.sweep import sweep
from app.model.actor import OPERATOR, WORKER, Actor
from app.model.entry import StreamId
from app.store.db import db, reading
from app.store.queries import dues, work
from app.store.queries import incidents as found
from app.studio.deploying import _files

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
LOOP = """
    exclusive again
    script s feel="{ n: if n = null then 1 else n + 1 }"
    exclusive stop default=on
    end done
    again -> s -> stop
    stop -yes-> done : enough
    stop -on-> again
"""
TASK = "start go\nuser a role=SENCO\ngo -> a -> again\n" + LOOP
TIMER = "start go\ncatch wait duration=P1D\ngo -> wait -> again\n" + LOOP
MANY = "start go\nuser a role=SENCO\nuser every role=SENCO times=count\ngo -> a -> every"


def deployed(lines: str) -> str:
    """A diagram in use without the checks that would refuse it, as if a check had missed it."""
    made = bundle(lines)
    content = {
        "version": 1,
        "digest": made.digest,
        "process_id": made.process_id,
        "name": made.name,
        "proposed_by": "operator",
        "approved_by": "operator",
        "note": "for tests",
        "files": _files(made),
    }
    write_record(StreamId("definition", made.key), "definition-deployed", content, command(OPERATOR))
    return made.key


def a_case(lines: str) -> Receipt:
    new = starting.NewCase(deployed(lines), "pupil1", "beacon", {}, {"enough": False})
    return starting.start(new, command(SENCO))


def opened(case: Receipt) -> list[found.Incident]:
    db.session.rollback()
    return [one for one in found.of_case(reading(), case.case_id) if one.state == "open"]


def elements(case: Receipt) -> list[str]:
    db.session.rollback()
    return [one.element for one in work.of_case(reading(), case.case_id)]


def complete(case: Receipt, variables: dict[str, object]) -> Receipt:
    db.session.rollback()
    task = work.of_case(reading(), case.case_id)[0]
    return tasks.complete(case.case_id, task.task_id, tasks.Answers(variables, variables), command(SENCO))


def test_a_completion_that_never_ends_is_an_incident_and_the_task_stays(installed: Flask) -> None:
    case = a_case(TASK)
    complete(case, {})
    (incident,) = opened(case)
    assert (incident.kind, incident.element in ("again", "s", "stop")) == ("bounds", True)
    assert incident.sentence == "The step ran more than 500 elements without anyone to wait for"
    assert elements(case) == ["a"]


def test_correcting_the_data_lets_the_case_go_on(installed: Flask) -> None:
    case = a_case(TASK)
    complete(case, {})
    incidents.correct(case.case_id, opened(case)[0].id, {"enough": True}, "It was enough", command(SENCO))
    assert opened(case) == []
    assert complete(case, {}).is_closed


def test_a_timer_that_was_given_up_is_one_incident_however_often_the_worker_looks(installed: Flask) -> None:
    # given a timer that leads into an endless loop
    case = a_case(TIMER)
    later = NOW + timedelta(days=2)
    # when the worker looks three times
    for minutes in range(3):
        sweep(later + timedelta(minutes=minutes))
    # then there is one incident, and trying again in vain leaves one
    assert len(opened(case)) == 1
    incidents.retry(case.case_id, opened(case)[0].id, "Perhaps now", command(SENCO))
    assert len(opened(case)) == 1
    # and with other data it fires
    receipt = incidents.correct(case.case_id, opened(case)[0].id, {"enough": True}, "Enough", command(SENCO))
    assert receipt is not None
    assert receipt.is_closed
    db.session.rollback()
    assert dues.timers_of(reading(), case.case_id) == []
    assert opened(case) == []


@pytest.mark.parametrize("count", [10**12, 201])
def test_a_number_typed_by_a_person_is_an_incident_at_its_element(installed: Flask, count: int) -> None:
    case = a_case(MANY)
    complete(case, {"count": count})
    (incident,) = opened(case)
    assert (incident.element, incident.kind) == ("every", "bounds")
    incidents.correct(case.case_id, incident.id, {"count": 2}, "A slip", command(SENCO))
    assert elements(case) == ["every", "every"]
    assert opened(case) == []


def test_a_case_that_cannot_go_on_is_ended(installed: Flask) -> None:
    case = a_case(TIMER)
    events.fire(case.case_id, dues.timers_of(reading(), case.case_id)[0].timer_id, command(WORKER, NOW + timedelta(2)))
    receipt = incidents.end_case(case.case_id, opened(case)[0].id, "Started by mistake", command(SENCO))
    assert receipt is not None
    assert receipt.is_closed
    assert opened(case) == []


def test_what_was_given_up_is_the_same_after_a_rebuild(installed: Flask) -> None:
    case = a_case(TIMER)
    sweep(NOW + timedelta(days=2))
    before = opened(case)
    rebuilding.rebuild()
    assert opened(case) == before
