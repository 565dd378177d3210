"""The operator sees what needs them and puts it right for many cases at once, without seeing any case."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation, journeys
from support.installation import PUPILS, command

from app.cases import rebuilding
from app.cases.records import write_record
from app.casework.stuck_cases import in_words
from app.clock import real_now
from app.model.entry import StreamId
from app.store import checkpoints, journal, nodes, outbox
from app.store.db import Connection, db, reading, transaction
from app.store.queries import cases, incidents
from app.store.queries.incidents import Incident

ClientOf = Callable[[str], FlaskClient]
DONE_WITH = {"which": "all", "reason": "The calendar of the school was missing"}


def text_of(page: str) -> str:
    """The words of a page, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()


@pytest.fixture
def stuck(app: Flask) -> tuple[str, str]:
    """Two cases that stand at the same step for the same cause: a plan without a date of review."""
    first = journeys.case_at("review", "pupil1", plan={"review_date": None})
    second = journeys.case_at("review", "pupil2", plan={"review_date": None})
    db.session.rollback()
    return first, second


@pytest.fixture
def working(app: Flask) -> None:
    """A process that does the background work, and every entry sealed."""
    nodes.seen("here:1", "run")
    checkpoints.make(real_now())
    db.session.rollback()


def problem_of(case_id: str) -> Incident:
    """The open problem of a case."""
    db.session.rollback()
    return next(one for one in incidents.of_case(reading(), case_id) if one.state == "open")


def cause_of(case_id: str) -> dict[str, str]:
    """The cause of its problem, as the address names it."""
    one = problem_of(case_id)
    return {"kind": one.kind, "process": "graduated-approach", "element": one.element}


def last_entry(case_id: str) -> journal.Entry:
    """The newest entry of a case."""
    db.session.rollback()
    return journal.entries(reading(), StreamId("case", case_id))[-1]


def test_nothing_needs_the_operator_where_everything_is_well(client_of: ClientOf, working: None) -> None:
    page = text_of(client_of("sys").get("/operations").text)

    assert "Nothing needs you." in page
    assert "Every case can go on." in page
    assert "here:1 Pages and background work Alive" in page


def test_what_needs_the_operator_comes_first_and_names_no_pupil(
    app: Flask, client_of: ClientOf, stuck: tuple[str, str]
) -> None:
    # given two stuck cases, a timer that nobody let fire, a mail given up and no worker
    installation.move_clock(120)
    effect = outbox.Effect("mail-1", "mail", "senco", stuck[0], {})
    with_connection(lambda connection: outbox.add(connection, [effect]))
    outbox.give_up([effect], real_now(), "The address does not exist")

    # when
    answer = client_of("sys").get("/operations")
    page = text_of(answer.text)

    # then
    needs = page[page.index("What needs you") : page.index("You see numbers")]
    assert "2 cases cannot go on and nobody has looked at why." in needs
    assert "No process does the background work" in needs
    assert "1 message was given up after many tries." in needs
    assert in_words(problem_of(stuck[0]).kind) in page
    for address in ("/operations", "/operations/queue", "/operations/late-timers", problems(stuck[0])):
        seen = client_of("sys").get(address)
        assert seen.status_code == 200
        for one in stuck:
            line = cases.by_reference(reading(), one)
            assert line is not None
            assert line.reference not in seen.text
        for name, *_ in PUPILS.values():
            assert name not in seen.text


def test_late_timers_are_listed_with_how_late_they_are(client_of: ClientOf) -> None:
    # given a case that waits for a timer, and a clock that went on without anybody letting it fire
    case = journeys.case_at("review", "pupil1")
    installation.move_clock(400)

    # when
    page = text_of(client_of("sys").get("/operations/late-timers").text)

    # then
    assert case in page
    assert "days" in page
    assert "late timers" in text_of(client_of("sys").get("/operations").text)


def test_trying_again_says_which_cases_stand_there_as_before(client_of: ClientOf, stuck: tuple[str, str]) -> None:
    # when the operator tries again although nothing was put right
    sys = client_of("sys")
    answer = sys.post("/operations/problems", data={**cause_of(stuck[0]), **DONE_WITH, "how": "retry"})

    # then the page says so, each case has its entry, and the problem stays somebody's work
    assert answer.status_code == 303
    assert "Done for 2 cases. 2 cases cannot go on, as before." in text_of(sys.get("/operations").text)
    for one in stuck:
        entry = last_entry(one)
        assert (entry.kind, entry.actor) == ("incident-resolved", "sys")
        assert entry.content is not None
        assert entry.content["resolution"] == "Tried again: The calendar of the school was missing"
        assert problem_of(one).state == "open"


def test_giving_up_hands_the_problem_to_the_people_of_the_case_and_ends_no_case(
    client_of: ClientOf, stuck: tuple[str, str]
) -> None:
    # when the operator gives up on one of two
    sys, one = client_of("sys"), problem_of(stuck[0])
    ticked = {"which": "some", "incident": one.id, "how": "give-up", "reason": "The plan has no date of review"}
    answer = sys.post("/operations/problems", data={**cause_of(stuck[0]), **ticked})

    # then it is open still, its history says before, after, who and why
    assert answer.status_code == 303
    entry = last_entry(stuck[0])
    assert (entry.kind, entry.actor) == ("incident-handed-over", "sys")
    assert entry.content is not None
    assert entry.content["before"] == {"problem": "operator"}
    assert entry.content["after"] == {"problem": "people of the case"}
    assert entry.content["resolution"] == "Handed over: The plan has no date of review"
    assert problem_of(stuck[0]).state == "open"
    line = cases.by_reference(reading(), stuck[0])
    assert line is not None
    assert line.status == "open"

    # and those who can solve it are told, and the other one still waits for the operator
    told = text_of(client_of("senco").get("/notices").text)
    assert "The operator cannot put a problem of this case right." in told
    page = text_of(sys.get("/operations").text)
    assert "1 case cannot go on and nobody has looked at why." in page
    assert "2, 1 with the people of the case" in page
    timeline = text_of(client_of("senco").get(f"/cases/{line.reference}").text)
    assert "Noor Fenn gave a problem to the people of the case." in timeline

    # and a rebuild says the same
    assert rebuilding.check() == []


def test_a_case_that_cannot_go_on_is_not_called_dealt_with(client_of: ClientOf, stuck: tuple[str, str]) -> None:
    sys, before = client_of("sys"), last_entry(stuck[0]).seq
    sys.post("/operations/problems", data={**cause_of(stuck[0]), **DONE_WITH, "how": "resolve"})

    assert "Not possible for 2 cases" in text_of(sys.get("/operations").text)
    assert last_entry(stuck[0]).seq == before
    assert problem_of(stuck[0]).state == "open"


def test_without_a_choice_or_a_reason_nothing_happens(client_of: ClientOf, stuck: tuple[str, str]) -> None:
    before = last_entry(stuck[0]).seq
    answer = client_of("sys").post("/operations/problems", data=cause_of(stuck[0]))

    assert answer.status_code == 422
    page = text_of(answer.text)
    assert "Choose what to do" in page
    assert "Enter why, so that whoever reads the history of these cases understands" in page
    assert last_entry(stuck[0]).seq == before


def test_sent_twice_it_is_one_entry_in_each_case(client_of: ClientOf, stuck: tuple[str, str]) -> None:
    sys, before = client_of("sys"), last_entry(stuck[0]).seq
    sent = {**cause_of(stuck[0]), **DONE_WITH, "how": "give-up", "_key": "a-key-of-the-page"}
    for _ in range(2):
        sys.post("/operations/problems", data=sent)

    assert last_entry(stuck[0]).seq == before + 1


def test_the_operator_of_one_authority_sees_no_problem_of_another(
    app: Flask, client_of: ClientOf, stuck: tuple[str, str]
) -> None:
    held = [{"role": "SYS", "organisation": "elsewhere"}]
    record = {"user_name": "far-sys", "name": "Rhea Moor", "is_active": True, "memberships": held}
    write_record(StreamId("person", "far-sys"), "person-recorded", {"person": record}, command())

    assert "Every case can go on." in text_of(client_of("far-sys").get("/operations").text)
    page = client_of("far-sys").get(problems(stuck[0])).text
    assert "Nothing stands here any more" in page
    assert stuck[0] not in page


def test_the_administrator_of_a_school_does_not_run_the_installation(app: Flask, client_of: ClientOf) -> None:
    held = [{"role": "SYS", "organisation": "beacon"}]
    record = {"user_name": "school-sys", "name": "Rhea Moor", "is_active": True, "memberships": held}
    write_record(StreamId("person", "school-sys"), "person-recorded", {"person": record}, command())

    answer = client_of("school-sys").get("/operations")
    assert answer.status_code == 403
    assert "Operations" not in client_of("school-sys").get("/people").text


def test_what_was_given_up_can_be_sent_again(app: Flask, client_of: ClientOf) -> None:
    effect = outbox.Effect("mail-1", "mail", "senco", None, {})
    with_connection(lambda connection: outbox.add(connection, [effect]))
    outbox.give_up([effect], real_now(), "The address does not exist")
    sys = client_of("sys")
    assert "The address does not exist" in sys.get("/operations/queue").text

    sys.post("/operations/queue", data={"reference": "mail-1"})

    page = text_of(sys.get("/operations/queue").text)
    assert "It is tried again." in page
    assert "Nothing was given up." in page


def with_connection(write: Callable[[Connection], None]) -> None:
    """Write something in a transaction."""
    with transaction() as connection:
        write(connection)


def problems(case_id: str) -> str:
    """Address of the page about the cause of its problem."""
    cause = cause_of(case_id)
    return f"/operations/problems?kind={cause['kind']}&process={cause['process']}&element={cause['element']}"


def test_the_operator_of_another_authority_acts_on_nothing(
    app: Flask, client_of: ClientOf, stuck: tuple[str, str]
) -> None:
    held = [{"role": "SYS", "organisation": "elsewhere"}]
    record = {"user_name": "far-sys", "name": "Rhea Moor", "is_active": True, "memberships": held}
    write_record(StreamId("person", "far-sys"), "person-recorded", {"person": record}, command())
    before, one = last_entry(stuck[0]).seq, problem_of(stuck[0])
    named = {"which": "some", "incident": one.id, "how": "give-up", "reason": "Not mine to give"}

    answer = client_of("far-sys").post("/operations/problems", data={**cause_of(stuck[0]), **named})

    assert answer.status_code == 422
    assert last_entry(stuck[0]).seq == before
