"""Erasing a case: one person asks and says why, a second types its reference; the fact stays, the content goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.installation import command
from web.test_replay import planned, text_of

from app.cases import rebuilding
from app.cases.records import write_record
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import cases

ClientOf = Callable[[str], FlaskClient]
ASKED = {"basis": "mistake", "reason": "Started for the wrong school year."}


@pytest.fixture
def officers(app: Flask) -> None:
    """Two data protection officers of the authority, and one of another."""
    for person, name, where in (
        ("dpo1", "Pia Lorne", "testshire"),
        ("dpo2", "Quentin Ash", "testshire"),
        ("far-dpo", "Rhea Moor", "elsewhere"),
    ):
        held = [{"role": "DPO", "organisation": where}]
        record = {"user_name": person, "name": name, "is_active": True, "memberships": held}
        write_record(StreamId("person", person), "person-recorded", {"person": record}, command())


def test_a_head_asks_an_officer_confirms_and_the_fact_is_found_for_good(
    app: Flask, client_of: ClientOf, officers: None
) -> None:
    # given a case whose head asks for it to be erased
    case = planned()
    head, officer = client_of("head"), client_of("dpo1")
    assert "Ask for this case to be erased" in head.get(f"/cases/{case.reference}").text
    asked = head.post(f"/cases/{case.reference}/erase", data=ASKED)
    assert asked.status_code == 303
    assert "Nothing is erased yet." in text_of(head.get(asked.location).text)

    # when the officer, who does not see whose case it is, types the reference
    assert "Waits for your decision" in officer.get("/erasures").text
    shown = text_of(officer.get(f"/erasures/{case.reference}").text)
    assert "Asked by Esme Tarn" in shown
    assert "It should not have been recorded" in shown
    assert "Zadie" not in shown
    refused = officer.post(f"/erasures/{case.reference}/confirm", data={"typed": "TES-P01-2026-00099"})
    assert refused.status_code == 422
    assert f"Enter {case.reference} to confirm" in refused.text
    done = officer.post(f"/erasures/{case.reference}/confirm", data={"typed": f" {case.reference.lower()} "})
    assert done.status_code == 303

    # then it says so everywhere, after a rebuild too, and its chain holds
    db.session.rollback()
    assert rebuilding.check() == []
    rebuilding.rebuild()
    assert rebuilding.check() == []
    line = cases.by_reference(reading(), case.reference)
    assert line is not None
    assert (line.status, line.pupil_name, line.school, line.variables) == ("erased", "erased", "beacon", {})
    assert journal.verify(reading(), StreamId("case", case.case_id))[1] == []
    listed = text_of(officer.get("/erasures").text)
    assert "Erased on Mon 2 November 2026 by Pia Lorne" in listed
    assert "Started for the wrong school year." in listed
    page = text_of(client_of("auditor").get(f"/cases/{case.reference}").text)
    assert (
        "Esme Tarn asked for it and Pia Lorne confirmed it. The reason was: Started for the wrong school year." in page
    )
    assert "Zadie" not in page


def test_whoever_asked_cannot_confirm(app: Flask, client_of: ClientOf, officers: None) -> None:
    case, first, second = planned(), client_of("dpo1"), client_of("dpo2")
    found = first.get(f"/erasures/find?reference={case.reference}")
    assert found.location.endswith(f"/cases/{case.reference}/erase")
    first.post(f"/cases/{case.reference}/erase", data=ASKED)
    assert (
        "Expected a second person to confirm this, but you asked for it."
        in first.get(f"/erasures/{case.reference}").text
    )
    refused = first.post(f"/erasures/{case.reference}/confirm", data={"typed": case.reference})
    assert refused.status_code == 403
    assert second.post(f"/erasures/{case.reference}/confirm", data={"typed": case.reference}).status_code == 303


def test_a_refusal_says_why_and_keeps_the_case(app: Flask, client_of: ClientOf, officers: None) -> None:
    case, head, officer = planned(), client_of("head"), client_of("dpo1")
    head.post(f"/cases/{case.reference}/erase", data=ASKED)
    assert officer.post(f"/erasures/{case.reference}/refuse", data={"refusal": "no"}).status_code == 422
    officer.post(f"/erasures/{case.reference}/refuse", data={"refusal": "The law wants it kept until 2050."})
    page = text_of(head.get(f"/cases/{case.reference}/erase").text)
    assert "Pia Lorne refused it on Mon 2 November 2026: The law wants it kept until 2050." in page
    assert "Zadie Thornbury" in head.get(f"/cases/{case.reference}").text
    assert officer.post(f"/erasures/{case.reference}/confirm", data={"typed": case.reference}).status_code == 403


def test_the_reason_names_nobody_because_it_stays(app: Flask, client_of: ClientOf) -> None:
    case, head = planned(), client_of("head")
    named = head.post(f"/cases/{case.reference}/erase", data={"basis": "mistake", "reason": "Orla Thornbury asked."})
    assert named.status_code == 422
    assert "Leave out the names" in named.text
    empty = head.post(f"/cases/{case.reference}/erase", data={"reason": ""})
    assert "Choose why the law allows or demands it" in empty.text
    assert "Enter why, in 10 characters or more" in empty.text
    head.post(f"/cases/{case.reference}/erase", data=ASKED)
    again = head.post(f"/cases/{case.reference}/erase", data=ASKED)
    assert again.status_code == 422


def test_nobody_else_asks_or_decides_and_other_authorities_see_nothing(
    app: Flask, client_of: ClientOf, officers: None
) -> None:
    case = planned()
    client_of("head").post(f"/cases/{case.reference}/erase", data=ASKED)
    for who, status in (("senco", 403), ("auditor", 403), ("far-senco", 404), ("far-dpo", 404)):
        assert client_of(who).post(f"/cases/{case.reference}/erase", data=ASKED).status_code == status, who
    for who, status in (("head", 403), ("sys", 403), ("far-dpo", 404)):
        posted = client_of(who).post(f"/erasures/{case.reference}/confirm", data={"typed": case.reference})
        assert posted.status_code == status, who
    assert case.reference not in client_of("far-dpo").get("/erasures").text
