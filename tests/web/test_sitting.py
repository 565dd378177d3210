"""The chair's sitting: twelve outcomes on one page, two people at once, cases that ended or were moved meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import forum, installation
from support.installation import NOW

from app.cases.erasing import erase
from app.store.db import db, reading
from app.store.queries import cases, meetings, work

ClientOf = Callable[[str], FlaskClient]
SERIES = "north-forum-northgate-lift"
FIRST, SECOND = f"{SERIES}-2026-11-11", f"{SERIES}-2026-11-18"
PAGE = f"/meetings/{FIRST}/sitting"
DAY = datetime(2026, 11, 11, 15, tzinfo=UTC)


@pytest.fixture
def asked(app: Flask) -> Flask:
    """A forum with room for twelve cases."""
    forum.prepare()
    forum.a_series(slots="12", per_school="12", minutes="10")
    return app


def seated(count: int) -> list[str]:
    """Cases on the list of the first meeting; the ids of their tasks. It is the day of the meeting afterwards."""
    opened = [forum.request(at=NOW + timedelta(minutes=number)).opened[0] for number in range(count)]
    installation.set_clock(DAY)
    return opened


def filled(page: str, **advice: str) -> dict[str, object]:
    """The hidden fields of the page, with advice typed for some tasks."""
    sent: dict[str, object] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    sent["_seat"] = re.findall(r'name="_seat" value="([^"]+)"', page)
    return {**sent, **{f"{task.replace(':', '-')}.advice": words for task, words in advice.items()}}


def status(task_id: str) -> str:
    db.session.rollback()
    found = work.one(reading(), task_id)
    assert found is not None
    return found.status


def test_twelve_cases_are_decided_in_one_sitting_and_each_goes_on(asked: Flask, client_of: ClientOf) -> None:
    opened, client = seated(12), client_of("chair")
    page = client.get(PAGE).text
    sent = filled(page, **{task: f"Advice {number}" for number, task in enumerate(opened)})

    done = [client.post(PAGE, data={**sent, "_save": "all"}) for _ in range(2)]

    assert [one.status_code for one in done] == [303, 303]
    assert {status(one) for one in opened} == {"done"}
    closed = [cases.by_reference(reading(), one.case_id) for one in meetings.listed(reading(), FIRST)]
    assert [(one.status, one.outcome) for one in closed if one] == [("closed", "Advice given")] * 12
    answers = [cases.answers_of(reading(), one.id)[0].answers for one in closed if one]
    assert answers == [{"advice": f"Advice {number}"} for number in range(12)]
    assert "12 outcomes were recorded" in client.get(PAGE).text


def test_one_is_saved_and_what_was_typed_for_another_is_kept(asked: Flask, client_of: ClientOf) -> None:
    (one, other, empty), client = seated(3), client_of("chair")
    sent = filled(client.get(PAGE).text, **{one: "Try a quiet corner", other: "Half a sentence"})

    client.post(PAGE, data={**sent, "_save": one})

    assert [status(each) for each in (one, other, empty)] == ["done", "open", "open"]
    assert "Half a sentence" in client.get(PAGE).text


def test_all_leaves_out_what_nobody_filled_in_and_one_that_is_wrong_stops_no_other(
    asked: Flask, client_of: ClientOf
) -> None:
    (one, empty), client = seated(2), client_of("chair")
    page = client.get(PAGE).text

    assert client.post(PAGE, data={**filled(page, **{one: "Advice"}), "_save": "all"}).status_code == 303
    assert (status(one), status(empty)) == ("done", "open")

    refused = client.post(PAGE, data={**filled(client.get(PAGE).text), "_save": empty})
    assert refused.status_code == 422
    assert f'href="#{empty.replace(":", "-")}.advice"' in refused.text


def test_an_outcome_that_somebody_else_recorded_meanwhile_says_who_and_shows_what_was_typed(
    asked: Flask, client_of: ClientOf
) -> None:
    (one, other), client = seated(2), client_of("chair")
    page = client.get(PAGE).text
    client_of("forum-admin").post(f"/tasks/{one}", data={"advice": "Done already", "_key": "admin"})
    assert status(one) == "done"

    late = client.post(PAGE, data={**filled(page, **{one: "My own words", other: "Advice"}), "_save": "all"})

    assert late.status_code == 422
    assert "Quinn Ashby completed “Record the outcome”" in late.text
    assert "My own words" in late.text
    assert status(other) == "done"


def test_a_case_that_was_moved_or_erased_meanwhile_stops_no_other(asked: Flask, client_of: ClientOf) -> None:
    (one, gone, other), client = seated(3), client_of("chair")
    page = client.get(PAGE).text
    client_of("forum-admin").post(f"/meetings/{FIRST}/move/{one}", data={"to": SECOND, "reason": "no time"})
    listed = meetings.listing_of(reading(), gone)
    assert listed is not None
    sent = filled(page, **{one: "For a moved case", gone: "For an erased case", other: "Advice"})
    erase(listed.case_id, "the parents asked", "dpo", installation.command(forum.CHAIR))

    late = client.post(PAGE, data={**sent, "_save": "all"})

    assert late.status_code == 422
    assert "It was moved to another meeting" in late.text
    assert "For a moved case" in late.text
    assert (status(one), status(other)) == ("open", "done")


def test_what_was_not_decided_goes_to_the_next_meeting(asked: Flask, client_of: ClientOf) -> None:
    (one,), client = seated(1), client_of("chair")

    answer = client.post(PAGE, data={**filled(client.get(PAGE).text), "_defer": one}, follow_redirects=True)

    assert "goes to the next meeting that has room" in answer.text
    db.session.rollback()
    found = work.one(reading(), one)
    assert found is not None
    assert found.due_on == date(2026, 11, 18)


@pytest.mark.parametrize("who", ["forum-admin", "member", "sys", "senco"])
def test_nobody_but_the_chair_holds_the_sitting(asked: Flask, client_of: ClientOf, who: str) -> None:
    seated(1)

    assert client_of(who).get(PAGE).status_code == 403
    assert client_of(who).post(PAGE, data={"_save": "all"}).status_code == 403
