"""Deadline rules in the browser: one table, a local rule changed at once, one of law by two owners, authorities apart.

Worked out by hand for REF-A: a risk of exclusion flagged on Mon 2 November 2026 wants the same-day call within one
school day, by Tue 3 Nov; two school days make that Wed 4 Nov.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation

from app.cases import rebuilding, starting
from app.cases.command import Receipt
from app.cases.dates import dates_for, rules_of
from app.cases.records import write_record
from app.model.entry import StreamId
from app.store import journal
from app.store.db import reading
from app.store.queries import dues, rules

ClientOf = Callable[[str], FlaskClient]
CALL = {"count": "2", "unit": "school_day", "remind": "", "source": "", "valid_from": "2/11/2026",
        "reason": "Schools asked for one more day"}  # fmt: skip
BOARD = {"count": "20", "unit": "school_day", "remind": "5, 1", "source": "SI 2026/999 reg 6", "valid_from": "1/1/2027",
         "reason": "The regulation was amended"}  # fmt: skip
TUESDAY, WEDNESDAY = date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture
def case(app: Flask) -> Receipt:
    """A flagged risk of exclusion at Beacon School."""
    installation.deploy("exclusion-risk")
    return starting.start(starting.NewCase("exclusion-risk", "pupil1", "beacon", {}, {}), installation.command())


def due_days(case: Receipt) -> list[date]:
    return [one.due_on for one in dues.running(reading(), case.case_id)]


def kinds(stream: StreamId) -> list[str]:
    return [one.kind for one in journal.entries(reading(), stream)]


def confirmed(typed: dict[str, str], seq: int = 0, key: str = "k") -> dict[str, str]:
    return {**typed, "confirm": "yes", "_key": key, "seq": str(seq)}


def proposed(client_of: ClientOf, who: str = "owner1") -> None:
    assert client_of(who).post("/rules/ex.board15/change", data=confirmed(BOARD)).status_code == 303


def test_every_rule_stands_in_one_table_with_its_value_basis_source_and_processes(
    client_of: ClientOf, case: Receipt
) -> None:
    page = client_of("owner1").get("/rules")

    assert page.status_code == 200
    assert page.text.count('<th scope="row">') == len(rules_of(reading(), "beacon").keys)
    assert "15 school days after: notice to the board" in page.text
    assert "statutory: SI 2012/1033 reg 6" in page.text
    row = page.text.split("Risk of exclusion: pex.call<")[1].split("</tr>")[0]
    assert "1 school day after: risk flagged" in row
    assert "None in use" not in row
    assert "xclusion" in row.rpartition("Processes")[2]


@pytest.mark.parametrize(
    ("asked", "shown", "not_shown"),
    [
        ({"area": "Forum requests"}, "forum.pack", "ex.board15"),
        ({"mark": "S"}, "ex.board15", "forum.pack"),
        ({"q": "governing board 50"}, "ex.board50", "ex.board15"),
        ({"only": "used"}, "apdr.first_plan", "ehc.final20"),
    ],
)
def test_the_table_is_narrowed(client_of: ClientOf, asked: dict[str, str], shown: str, not_shown: str) -> None:
    page = client_of("sys").get("/rules", query_string=asked).text

    assert f">{asked.get('area', '')}" in page
    assert shown in page
    assert not_shown not in page


def test_a_rule_is_tried_from_a_day_by_a_calendar_of_the_authority(client_of: ClientOf) -> None:
    given = {"from-day": "12", "from-month": "10", "from-year": "2026", "calendar": "beacon"}
    page = client_of("owner1").get("/rules/ex.board15", query_string=given)
    foreign = client_of("owner1").get("/rules/ex.board15", query_string={**given, "calendar": "faraway"})

    assert page.status_code == 200
    assert "Tue 10 November 2026" in page.text  # worked example 6
    assert foreign.status_code == 422
    assert "Choose a calendar" in foreign.text


def test_a_change_shows_what_it_would_move_and_moves_nothing_before_it_is_confirmed(
    client_of: ClientOf, case: Receipt
) -> None:
    owner, administrator = (client_of(who).post("/rules/pex.call/change", data=CALL) for who in ("owner1", "sys"))

    assert owner.status_code == 200
    assert "1 running date would move." in owner.text
    assert "Wed 4 November 2026" in owner.text
    assert case.reference not in owner.text  # owners see counts, never a case
    assert case.reference in administrator.text
    assert due_days(case) == [TUESDAY]
    assert rules.changes(reading(), "testshire") == []


def test_a_local_rule_changes_at_once_and_running_dates_follow_with_their_history(
    client_of: ClientOf, case: Receipt
) -> None:
    done = client_of("sys").post("/rules/pex.call/change", data=confirmed(CALL), follow_redirects=True)

    assert "The dates of 1 case moved" in done.text
    assert due_days(case) == [WEDNESDAY]
    moved = journal.entries(reading(), StreamId("case", case.case_id))[-1]
    assert moved.kind == "deadlines-moved"
    assert moved.content is not None
    assert "1 school day after → 2 school days after" in str(moved.content["reason"])
    assert kinds(StreamId("rule", "testshire:pex.call")) == ["rule-changed"]
    assert "Schools asked for one more day" in done.text
    assert rebuilding.check() == []


def test_what_is_counted_from_an_earlier_day_keeps_its_date(client_of: ClientOf, case: Receipt) -> None:
    later = {**CALL, "valid_from": "3/11/2026"}
    page = client_of("sys").post("/rules/pex.call/change", data=later).text
    client_of("sys").post("/rules/pex.call/change", data=confirmed(later))

    assert "No running date would move." in page
    assert "1 running date by this rule stays as it is" in page
    assert due_days(case) == [TUESDAY]
    dates = dates_for(reading(), "beacon", TUESDAY)
    assert dates.due("pex.call", TUESDAY - timedelta(days=1)).on == TUESDAY
    assert dates.due("pex.call", TUESDAY).on == date(2026, 11, 5)


def test_sent_twice_it_is_changed_once(client_of: ClientOf, case: Receipt) -> None:
    for _ in range(2):
        assert client_of("sys").post("/rules/pex.call/change", data=confirmed(CALL)).status_code == 303

    assert kinds(StreamId("rule", "testshire:pex.call")) == ["rule-changed"]


def test_a_second_persons_change_is_not_gone_over(client_of: ClientOf) -> None:
    client_of("sys").post("/rules/pex.call/change", data=confirmed(CALL))
    other = {**CALL, "count": "3", "valid_from": "1/12/2026"}
    page = client_of("owner1").post("/rules/pex.call/change", data=confirmed(other, key="other"))

    assert page.status_code == 409
    assert "Somebody changed this rule while you were working on it" in page.text


def test_a_slip_is_put_right_from_the_same_day_on(client_of: ClientOf, case: Receipt) -> None:
    client_of("sys").post("/rules/pex.call/change", data=confirmed({**CALL, "count": "20"}))
    right = {**CALL, "reason": "Twenty was a slip of the pen"}
    page = client_of("sys").post("/rules/pex.call/change", data=confirmed(right, 1, "again"), follow_redirects=True)

    assert due_days(case) == [WEDNESDAY]
    assert "Mon 2 November 2026: put right" in page.text
    asked = {"rule": "pex.call", "from": "2/11/2026", "calendar": "beacon"}
    assert "Wed 4 November 2026" in client_of("sys").get("/calendars", query_string=asked).text


def test_a_rule_of_law_counts_only_once_a_second_owner_approved_it(client_of: ClientOf) -> None:
    proposed(client_of)
    before = rules_of(reading(), "beacon").at("ex.board15", date(2027, 1, 5)).count
    own = client_of("owner1").post("/rules/ex.board15/approve", data={"seq": "1"})
    page = client_of("owner2").get("/rules/ex.board15").text
    approved = client_of("owner2").post("/rules/ex.board15/approve", data={"seq": "1"}, follow_redirects=True)
    again = client_of("owner2").post("/rules/ex.board15/approve", data={"seq": "1"})

    assert before == 15
    assert own.status_code == 403
    assert "you proposed it" in own.text
    assert "15 school days after → 20 school days after" in page
    assert "Approve this change" in page
    assert "approved by Mina Stroud" in approved.text
    assert again.status_code == 409
    book = rules_of(reading(), "beacon")
    assert book.at("ex.board15", date(2026, 12, 31)).count == 15
    assert book.at("ex.board15", date(2027, 1, 1)).count == 20
    assert book.at("ex.board15", date(2027, 1, 1)).legal == "S"
    assert rebuilding.check() == []


def test_an_administrator_alone_changes_no_law(client_of: ClientOf) -> None:
    shown = client_of("sys").get("/rules/ex.board15").text
    refused = client_of("sys").post("/rules/ex.board15/change", data=confirmed(BOARD))

    assert "Propose a change" not in shown
    assert refused.status_code == 403
    assert rules.changes(reading(), "testshire") == []


def test_a_refused_change_is_kept_with_its_reason_and_another_may_follow(client_of: ClientOf) -> None:
    proposed(client_of)
    meanwhile = client_of("owner2").get("/rules/ex.board15/change")
    unexplained = client_of("owner2").post("/rules/ex.board15/refuse", data={"seq": "1", "refusal": "no"})
    refused = {"seq": "1", "refusal": "The instrument is not in force"}
    page = client_of("owner2").post("/rules/ex.board15/refuse", data=refused, follow_redirects=True)

    assert meanwhile.status_code == 409
    assert unexplained.status_code == 422
    assert "The instrument is not in force" in page.text
    assert rules_of(reading(), "beacon").at("ex.board15", date(2027, 1, 5)).count == 15
    second = client_of("owner2").post("/rules/ex.board15/change", data=confirmed(BOARD, seq=2, key="second"))
    assert second.status_code == 303


def test_whoever_proposed_a_change_may_take_it_back(client_of: ClientOf) -> None:
    proposed(client_of)
    page = client_of("owner1").post(
        "/rules/ex.board15/refuse", data={"seq": "1", "refusal": "Typed the wrong number"}, follow_redirects=True
    )

    assert page.status_code == 200
    assert kinds(StreamId("rule", "testshire:ex.board15")) == ["rule-proposed", "rule-refused"]


def test_the_rules_of_one_authority_say_nothing_in_another(app: Flask, client_of: ClientOf) -> None:
    client_of("sys").post("/rules/pex.call/change", data=confirmed(CALL))
    person = {"user_name": "far-sys", "name": "Far Away", "is_active": True,
              "memberships": [{"role": "SYS", "organisation": "elsewhere"}]}  # fmt: skip
    write_record(StreamId("person", "far-sys"), "person-recorded", {"person": person}, installation.command())
    page = client_of("far-sys").get("/rules/pex.call").text.split("<main")[1]

    assert rules_of(reading(), "faraway").at("pex.call", date(2026, 11, 2)).count == 1
    assert dates_for(reading(), "faraway", TUESDAY).due("pex.call", TUESDAY).rule_version == "1"
    assert "Schools asked" not in page
    assert "1 school day after" in page
    assert "Beacon School" not in page


def test_the_administrator_of_a_school_alone_sees_no_rules(client_of: ClientOf) -> None:
    person = {"user_name": "school-sys", "name": "School Only", "is_active": True,
              "memberships": [{"role": "SYS", "organisation": "beacon"}]}  # fmt: skip
    write_record(StreamId("person", "school-sys"), "person-recorded", {"person": person}, installation.command())

    assert client_of("school-sys").get("/rules").status_code == 403


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("pex.call", {"count": "some"}, "Enter how many, as a whole number"),
        ("pex.call", {"count": "401"}, "Enter a number from 0 to 400"),
        ("pex.call", {"unit": "fortnight"}, "Choose what is counted"),
        ("pex.call", {"valid_from": "31/2/2027"}, "Enter the first day it applies to"),
        ("pex.call", {"valid_from": "31/8/2014"}, "Enter Mon 1 September 2014 or a later day"),
        ("pex.call", {"valid_from": "1/1/2030"}, "Enter a day no later than 2028"),
        ("pex.call", {"reason": "why"}, "Enter why, in 10 to 300 characters"),
        ("pex.call", {"count": "1"}, "Change something: the rule says exactly this already"),
        ("pex.call", {"remind": "soon"}, "Enter school days before"),
        ("apdr.review", {"count": "6", "unit": "week", "floor_days": "50", "cap_days": "56"}, "around 42 days"),
        ("forum.deadline_lift", {"weekday": "6"}, "Choose a day from Monday to Friday"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    client_of: ClientOf, key: str, typed: dict[str, str], said: str
) -> None:
    page = client_of("sys").post(f"/rules/{key}/change", data={**CALL, **typed})

    assert page.status_code == 422
    assert said in page.text
    assert "There is a problem" in page.text


def test_a_law_needs_its_source(client_of: ClientOf) -> None:
    page = client_of("owner1").post("/rules/ex.board15/change", data={**BOARD, "source": ""})

    assert page.status_code == 422
    assert "Enter where the law says so" in page.text


def test_an_authority_counts_reviews_in_school_weeks_instead(client_of: ClientOf) -> None:
    typed = {"count": "6", "unit": "school_week", "remind": "5, 1", "source": "", "valid_from": "2/11/2026",
             "reason": "Our partnership counts school weeks"}  # fmt: skip
    client_of("sys").post("/rules/apdr.review/change", data=confirmed(typed))

    due = dates_for(reading(), "beacon", TUESDAY).due
    assert due("apdr.review", date(2027, 2, 12)).on == date(2027, 4, 16)  # worked example 51


def test_an_unknown_rule_is_not_there(client_of: ClientOf) -> None:
    assert client_of("owner1").get("/rules/ex.bored").status_code == 404
    assert client_of("owner1").get("/rules/ex.bored/change").status_code == 404
