"""Messages between cases: started, woken, answered; nobody there; repeated; both ends say so, and a rebuild agrees."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from support import between
from support.between import case, do, entries, linked, open_elements, sentences, start, statuses, task_of, work_off
from support.installation import command

from app.cases import incidents, rebuilding
from app.cases.erasing import erase
from app.cases.events import deliver
from app.cases.origin import Origin
from app.cases.starting import AlreadyAsked
from app.errors import AlreadyDone
from app.store.db import db, reading
from app.store.queries import incidents as incident_rows
from app.store.tables import case_record, told, work_item


@pytest.fixture
def both(installed: Flask) -> Flask:
    between.deploy_both()
    return installed


def other(case_id: str) -> str:
    """The only other case there is."""
    db.session.rollback()
    [found] = reading().scalars(sa.select(case_record.c.id).where(case_record.c.id != case_id))
    db.session.rollback()
    return str(found)


def asked_by(asker: str) -> str:
    """A forum case that a person started to answer the task of a case."""
    return start("p02_forum", origin=Origin(asker, task_id=task_of(asker, "ask")))


def the_same_after_rebuild() -> bool:
    db.session.rollback()
    found = rebuilding.check()
    assert found == []
    return not found


def test_a_message_starts_a_case_and_its_outcome_comes_back(both: Flask) -> None:
    # given a case that sends a request
    asker = start("asker")
    do(asker, "prepare", question="What else?", way="message")
    assert statuses() == ["waiting"]
    # when the worker passes it on
    assert work_off() == 1
    # then a case of the forum began, with what was asked, for the same pupil and school
    forum = other(asker)
    assert case(forum).variables["request"] == {"question": "What else?"}
    assert (case(forum).pupil_id, case(forum).school, case(forum).lead) == ("pupil1", "beacon", "worker")
    assert linked(asker) == [("started", forum, "request.forum")]
    assert linked(forum) == [("started by", asker, "request.forum")]
    # and when it advises, the case that asked goes on
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    work_off()
    assert open_elements(asker) == ["read"]
    assert case(asker).variables["advice"] == {"advice": "Morphemes", "by": "forum"}
    assert linked(asker)[1:] == [("told by", forum, "forum.outcome")]
    assert linked(forum)[1:] == [("told", asker, "forum.outcome")]
    # and both say so in words, to whoever sees the other and to whoever does not
    assert "Waymark passed on a request for advice to the forum: it started F-1." in sentences(asker, **{forum: "F-1"})
    assert "A case you may not see told the case: wait." in sentences(asker)
    assert any(
        "because of a request for advice to the forum from A-1." in one for one in sentences(forum, **{asker: "A-1"})
    )
    assert the_same_after_rebuild()


def test_a_task_waits_for_the_case_that_was_started_to_answer_it(both: Flask) -> None:
    # given a task that asks another process
    asker = start("asker")
    do(asker, "prepare", question="What else?")
    task_id = task_of(asker, "ask")
    # when a person starts that process for it
    forum = asked_by(asker)
    # then both say so at once, and nobody starts a second one
    assert linked(asker) == [("asked", forum, None)]
    assert linked(forum) == [("asked by", asker, None)]
    with pytest.raises(AlreadyAsked):
        asked_by(asker)
    # and when it advises, the task is done with what its own form asks
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    assert work_off() == 1
    assert open_elements(asker) == ["read"]
    assert case(asker).variables["advice"] == "Morphemes"
    [answered] = entries(asker, "task-answered")
    assert (answered.actor, answered.meta["on_behalf_of"], answered.meta["from"]) == ("worker", "senco", forum)
    assert answered.content is not None
    assert answered.content["task"]["answers"] == {"advice": "Morphemes"}
    # and once: that the forum ended then is no second answer
    assert [role for role, _, _ in linked(asker)] == ["asked", "answered by"]
    assert [role for role, _, _ in linked(forum)] == ["asked by", "answered"]
    assert "A case you may not see answered “Ask the forum”." in sentences(asker)
    row = reading().execute(sa.select(work_item.c.status, work_item.c.closed_by).where(work_item.c.task_id == task_id))
    assert row.one() == ("done", "worker")
    assert the_same_after_rebuild()


def test_a_case_that_ends_without_a_word_answers_by_its_end(both: Flask) -> None:
    asker = start("asker")
    do(asker, "prepare")
    forum = asked_by(asker)
    do(forum, "discuss", outcome="nothing")
    work_off()
    assert open_elements(asker) == ["read"]
    [answered] = entries(asker, "task-answered")
    assert answered.content is not None
    assert answered.content["payload"] == {"outcome": "Nothing to say"}
    assert case(asker).variables.get("advice") is None
    assert sentences(forum)[-1] == "Waymark passed on that this case ended: it answers a case you may not see."
    assert the_same_after_rebuild()


@pytest.mark.parametrize("how", ["ended after a problem", "erased"])
def test_where_no_answer_will_come_the_task_is_for_people_again(both: Flask, how: str) -> None:
    asker = start("asker")
    do(asker, "prepare")
    forum = asked_by(asker)
    if how == "erased":
        erase(forum, "head", "by order", command())
    else:
        db.session.rollback()
        incident_id = _incident(forum)
        incidents.end_case(forum, incident_id, "It was a mistake", command(between.SENCO))
    work_off()
    # then it can be done by hand, or asked again, and whoever does it was told
    assert open_elements(asker) == ["ask"]
    assert (
        sentences(asker)[-1] == "A case you may not see ended without an answer. “Ask the forum” is for people again."
    )
    [notice] = reading().scalars(sa.select(told.c.sentence).where(told.c.person_id == "senco", told.c.kind == "ended"))
    assert notice == "The case that was to answer “Ask the forum” ended without an answer. The task is yours again."
    assert the_same_after_rebuild()
    again = asked_by(asker)
    do(again, "discuss", advice="Morphemes", outcome="advice")
    work_off()
    assert open_elements(asker) == ["read"]


def _incident(case_id: str) -> str:
    """A problem of a case, as one that cannot be read has it."""
    from app.cases.unit import Decision, write

    def decide(_work: object) -> Decision:
        said = {"incident_id": f"problem-{case_id}", "kind": "damage", "sentence": "Something is wrong"}
        return Decision("damage-found", {"incident": said["incident_id"]}, said)

    write(case_id, command(), "damage", [], decide)
    return f"problem-{case_id}"


def test_an_answer_after_somebody_did_it_by_hand_is_kept_and_said(both: Flask) -> None:
    # given a task that somebody did by hand while the other case ran
    asker = start("asker")
    do(asker, "prepare")
    forum = asked_by(asker)
    do(asker, "ask", advice="They rang")
    do(asker, "read")
    assert case(asker).status == "closed"
    # when the answer comes
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    work_off()
    # then both cases say so, nothing was changed, and whoever did it was told
    assert case(asker).variables["advice"] == "They rang"
    [late] = entries(asker, "answer-late")
    assert late.content is not None
    assert late.content["payload"] == {"advice": "Morphemes", "by": "forum"}
    assert (
        sentences(asker)[-1] == "A case you may not see answered “Ask the forum” when nothing waited for it any more."
    )
    assert linked(forum)[-1] == ("answered", asker, "forum.outcome")
    assert reading().scalar(sa.select(told.c.person_id).where(told.c.deadline_id.like("%:answer:%"))) == "senco"
    assert the_same_after_rebuild()


def test_an_answer_to_an_erased_case_is_said_where_it_was_given(both: Flask) -> None:
    asker = start("asker")
    do(asker, "prepare")
    forum = asked_by(asker)
    erase(asker, "head", "by order", command())
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    work_off()
    assert sentences(forum)[-1] == "Nobody received what the forum advises. The case that asked was erased."
    assert linked(asker) == []
    assert linked(forum) == [("asked by", asker, None)]
    assert the_same_after_rebuild()


def test_all_cases_of_the_pupil_that_wait_are_woken_and_no_others(both: Flask) -> None:
    # given a case whose plan is final, two of the pupil that wait for that, and one of another pupil
    between.deploy("p10_transition", between.ASKER, "Transition")
    waiting = [start("p10_transition"), start("graduated-approach"), start("p10_transition", pupil="pupil2")]
    forum = start("p02_forum")
    do(forum, "discuss", outcome="plan")
    # when the worker passes it on
    work_off()
    # then those two know, and it knows them
    assert [len(entries(one, "message-received")) for one in waiting] == [1, 1, 0]
    assert sorted(linked(forum)) == sorted(("told", one, "plan.final") for one in waiting[:2])
    assert the_same_after_rebuild()


def test_that_the_pupil_moved_is_told_once_and_reaches_every_open_case(both: Flask) -> None:
    cases = [start("asker"), start("p02_forum"), start("graduated-approach")]
    told_of = {"on": "2026-11-02", "new_school": "Harbour School", "reason": "Mum rang: they had to leave"}
    deliver(cases[0], "pupil.moved", told_of, command(between.SENCO))
    work_off()
    # then all know, by one who told it, and only what they need to know
    payloads = [(one.content or {})["payload"] for case_id in cases for one in entries(case_id, "message-received")]
    assert payloads == [told_of, *[{"on": "2026-11-02", "new_school": "Harbour School"}] * 2]
    assert case(cases[1]).status == "closed"
    assert "hand_over" in open_elements(cases[0])
    # and it goes no further
    assert work_off() == 0
    assert set(statuses()) == {"done"}
    assert the_same_after_rebuild()


def test_a_move_that_ends_the_asked_case_reaches_the_case_that_asked_and_answers_it(both: Flask) -> None:
    asker = start("asker")
    do(asker, "prepare")
    forum = asked_by(asker)
    deliver(forum, "pupil.moved", {"on": "2026-11-02"}, command(between.SENCO))
    work_off()
    assert set(statuses()) == {"done"}
    assert open_elements(asker) == ["hand_over"]
    assert [role for role, _, _ in linked(asker)] == ["asked", "told by", "answered by"]
    assert [role for role, _, _ in linked(forum)] == ["asked by", "told", "answered"]
    assert the_same_after_rebuild()


def test_a_message_that_reaches_nobody_is_said_and_where_it_matters_it_is_a_problem(installed: Flask) -> None:
    # given a case that asks a forum which does not run here, and waits for its outcome
    between.deploy("asker", between.ASKER, "Asking")
    asker = start("asker")
    do(asker, "prepare", question="What else?", way="message")
    work_off()
    # then it says so and has a problem
    nobody = "Nobody received a request for advice to the forum. The process p02_forum does not run here."
    assert sentences(asker)[-1] == nobody
    [problem] = incident_rows.of_case(reading(), asker)
    assert (problem.kind, problem.state) == ("undelivered", "open")
    assert "this case waits for the reply" in problem.sentence
    db.session.rollback()
    assert the_same_after_rebuild()
    # and when the forum runs here and somebody tries again, it arrives
    between.deploy("p02_forum", between.FORUM, "Forum")
    incidents.retry(asker, problem.id, "It runs here now", command(between.SENCO))
    work_off()
    forum = other(asker)
    assert linked(forum) == [("started by", asker, "request.forum")]
    assert incident_rows.of_case(reading(), asker)[0].state == "resolved"
    assert the_same_after_rebuild()


def test_what_goes_nowhere_says_why(both: Flask) -> None:
    # given outcomes that nobody asked for, a plan that nobody waits for, and a message without a route
    forum, planner = start("p02_forum"), start("p02_forum", pupil="pupil2")
    between.deploy("loud", "start go\nthrow cry message=no.route\nend quiet\ngo -> cry -> quiet", "Loud")
    do(forum, "discuss", outcome="advice")
    do(planner, "discuss", outcome="plan")
    loud = start("loud")
    work_off()
    assert sentences(forum)[-1] == "Nobody received what the forum advises. No case asked for it."
    assert sentences(planner)[-1].endswith("final. No open case of this pupil waits for it.")
    assert sentences(loud)[-1] == "Nobody received “no.route”. No route says where “no.route” goes."


def test_whatever_is_repeated_happens_once(both: Flask) -> None:
    # given everything that can be sent
    asker, second = start("asker"), start("asker", pupil="pupil2")
    do(asker, "prepare", question="What else?", way="message")
    do(second, "prepare")
    work_off()
    forum = asked_by(second)
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    deliver(asker, "pupil.moved", {"on": "2026-11-02"}, command(between.SENCO))
    work_off()
    with db.engine.connect() as connection:
        before = connection.scalar(sa.text("SELECT count(*) FROM entry"))
    # when every effect is had again, with and without the keys of its commands
    between.do_all_again()
    work_off()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM idempotency"))
    between.do_all_again()
    work_off()
    # then nothing was written
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM entry")) == before
    assert set(statuses()) == {"done"}


def test_a_task_that_is_done_asks_nobody(both: Flask) -> None:
    asker = start("asker")
    do(asker, "prepare")
    origin = Origin(asker, task_id=task_of(asker, "ask"))
    do(asker, "ask", advice="They rang")
    with pytest.raises(AlreadyDone):
        start("p02_forum", origin=replace(origin))
    assert reading().scalar(sa.select(sa.func.count()).where(case_record.c.process_key == "p02_forum")) == 0
