"""Pages of those who arrange meetings: a new series in a few questions, its dates, one list, moving and cancelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import forum, installation

from app.access.actions import Action
from app.store import reads
from app.store.db import db, reading
from app.store.queries import meetings, work

ClientOf = Callable[[str], FlaskClient]
SERIES = "north-forum-northgate-lift"
FIRST, SECOND = f"{SERIES}-2026-11-11", f"{SERIES}-2026-11-18"
WHAT = {"name": "Northgate LIFT", "held": "north-forum:forum"}
WHEN = {
    "chair": "chair", "members": "member", "often": "weekly", "weekday": "2", "nth": "1", "begins": "14:00",
    "place": "Town hall",
}  # fmt: skip
PAPERS = {
    "deadline": "weekday_before", "deadline_weekday": "2", "deadline_count": "5", "slots": "6", "minutes": "20",
    "per_school": "3", "pack_before": "3", "access_after": "10", "group-beacon": "A", "group-harbour": "B",
}  # fmt: skip
UNTIL_CHRISTMAS = {"first": "2026-11-02", "last": "2026-12-18"}


@pytest.fixture
def asked(app: Flask) -> Flask:
    """An application with a forum."""
    forum.prepare()
    return app


def answers(page: str) -> dict[str, str]:
    """Every hidden field of a page of questions: what a browser sends back with it."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@pytest.mark.parametrize("who", ["sys", "forum-admin", "chair"])
def test_a_new_series_takes_three_pages_of_questions_and_one_to_check(
    asked: Flask, client_of: ClientOf, who: str
) -> None:
    client = client_of(who)
    page = client.get("/meetings/series/add").text
    assert "What meets?" in page
    page = client.post("/meetings/series/add", data={**answers(page), **WHAT}).text
    assert "Who meets, when and where?" in page
    page = client.post("/meetings/series/add", data={**answers(page), **WHEN}).text
    assert "Schools, papers and room" in page
    page = client.post("/meetings/series/add", data={**answers(page), **PAPERS}).text
    assert "Check your answers" in page
    assert "Every Wednesday, at 14:00" in page
    assert "Wednesday of the week before" in page
    sent = answers(page)

    added = [client.post("/meetings/series/add", data=sent) for _ in range(2)]

    assert [one.status_code for one in added] == [303, 303]
    row = meetings.one_series(reading(), SERIES)
    assert row is not None
    assert (row.seq, row.record["groups"]) == (1, {"A": ["beacon"], "B": ["harbour"]})
    preview = client.get(f"/meetings/series/{SERIES}/dates?first=2026-11-02&last=2026-11-20").text
    assert "Wed 4 November 2026, group A" in preview
    assert "Thu 22 October 2026" in preview
    published = client.post(f"/meetings/series/{SERIES}/dates", data=UNTIL_CHRISTMAS, follow_redirects=True).text
    assert "7 dates were published" in published
    assert "Wed 16 December 2026" in published


def test_what_is_wrong_is_said_on_its_own_page_and_nothing_is_lost(asked: Flask, client_of: ClientOf) -> None:
    client = client_of("forum-admin")
    refused = client.post("/meetings/series/add", data={"_at": "when", **WHAT, **WHEN, "begins": "two", "place": ""})

    assert refused.status_code == 422
    assert "Enter when it begins, for example 14:00." in refused.text
    assert 'value="two"' in refused.text
    assert 'name="held" value="north-forum:forum"' in refused.text
    missing = client.post("/meetings/series/add", data={"_at": "papers", **WHAT, **WHEN, **PAPERS, "group-harbour": ""})
    assert missing.status_code == 422
    assert "Harbour School has none" in missing.text


def test_an_answer_is_changed_from_the_page_that_checks_them(asked: Flask, client_of: ClientOf) -> None:
    series_id, client = forum.a_series(), client_of("chair")
    page = client.get(f"/meetings/series/{series_id}/change").text
    sent = answers(page)
    page = client.post(f"/meetings/series/{series_id}/change", data={**sent, "_to": "when"}).text
    page = client.post(f"/meetings/series/{series_id}/change", data={**answers(page), **WHEN, "place": "Library"}).text
    assert "Library" in page
    assert client.post(f"/meetings/series/{series_id}/change", data=answers(page)).status_code == 303

    stale = client.post(f"/meetings/series/{series_id}/change", data={**answers(page), "_key": "another"})

    assert stale.status_code == 409
    row = meetings.one_series(reading(), series_id)
    assert row is not None
    assert (row.seq, row.record["place"]) == (2, "Library")


def test_the_list_shows_its_cases_to_those_who_run_it_and_that_is_recorded(asked: Flask, client_of: ClientOf) -> None:
    forum.a_series()
    reference = forum.request().reference
    page = client_of("forum-admin").get(f"/meetings/{FIRST}").text

    assert reference in page
    assert "Zadie Thornbury" in page
    assert "1 of 3 places are taken" in page
    seen = reads.of_subject(reading(), f"meeting/{FIRST}")
    assert [(row.person_id, row.action) for row in seen] == [("forum-admin", Action.RUN_MEETING)]


@pytest.mark.parametrize(
    ("who", "status"), [("sys", 403), ("member", 403), ("senco", 403), ("head", 403), ("far-chair", 404)]
)
def test_nobody_else_opens_the_list(asked: Flask, client_of: ClientOf, who: str, status: int) -> None:
    forum.a_series()
    forum.request()
    forum.a_far_forum()

    for address in (f"/meetings/{FIRST}", f"/meetings/{FIRST}/move/none"):
        answer = client_of(who).get(address)
        assert answer.status_code == status
        assert "Thornbury" not in answer.text
    if who == "far-chair":
        assert client_of(who).get(f"/meetings/series/{SERIES}").status_code == 404
        assert client_of(who).get(f"/meetings/{FIRST}/cancel").status_code == 404
        assert SERIES not in client_of(who).get("/meetings").text


def test_a_case_is_moved_to_another_date_with_a_reason(asked: Flask, client_of: ClientOf) -> None:
    forum.a_series()
    case, client = forum.request(), client_of("forum-admin")
    task = work.of_case(reading(), case.case_id)[0].task_id
    address = f"/meetings/{FIRST}/move/{task}"
    assert client.post(address, data={"to": SECOND}).status_code == 422
    late = client.post(address, data={"to": f"{SERIES}-2026-11-04", "reason": "sooner"})
    assert late.status_code == 409
    assert "Papers for Wed 4 November 2026 were due on Thu 22 October 2026" in late.text

    moved = client.post(address, data={"to": SECOND, "reason": "the school asked"}, follow_redirects=True)

    assert "Its school is told" in moved.text
    db.session.rollback()
    assert work.of_case(reading(), case.case_id)[0].due_on == date(2026, 11, 18)
    assert "goes from Wed 11 November 2026 to Northgate LIFT on Wed 18 November 2026" in (
        client_of("senco").get("/notices").text
    )
    assert "changed the meeting" in client_of("senco").get(f"/cases/{case.reference}").text


def test_a_cancelled_meeting_moves_its_cases_and_says_so(asked: Flask, client_of: ClientOf) -> None:
    forum.a_series()
    case, client = forum.request(), client_of("chair")
    page = client.get(f"/meetings/{FIRST}/cancel").text
    assert "1 case goes to the next dates" in page
    assert client.post(f"/meetings/{FIRST}/cancel", data={**answers(page), "reason": ""}).status_code == 422

    done = client.post(f"/meetings/{FIRST}/cancel", data={**answers(page), "reason": "snow"}, follow_redirects=True)

    assert "1 case went to other dates" in done.text
    assert "Cancelled: snow" in done.text
    db.session.rollback()
    found = work.of_case(reading(), case.case_id)[0]
    assert found.due is not None
    assert found.due["sentence"] == "the next meeting of Northgate LIFT: Wed 18 November 2026"


PACKS = f"/meetings/{FIRST}/pack"


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (
            datetime(2026, 11, 5, 23, 30, tzinfo=UTC),
            False,
        ),  # three school days before: Fri 6 November
        (datetime(2026, 11, 6, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), True),  # ten school days after Wed 11 November
        (datetime(2026, 11, 26, 0, 30, tzinfo=UTC), False),
    ],
)
def test_a_member_opens_the_pack_on_exactly_its_days_and_sees_nothing_else_of_the_case(
    asked: Flask, client_of: ClientOf, on: datetime, is_open: bool
) -> None:
    forum.a_series()
    case = forum.request()
    installation.set_clock(on)
    client = client_of("member")
    address = f"{PACKS}/{case.reference}"

    assert (FIRST in client.get("/meetings/packs").text) is is_open
    assert client.get(PACKS).status_code == (200 if is_open else 404)
    page = client.get(address)
    assert page.status_code == (200 if is_open else 404)
    assert ("How do we help?" in page.text) is is_open
    assert client.get(f"/cases/{case.reference}").status_code == (403 if is_open else 404)
    assert client.get(f"/cases/{case.reference}/replay").status_code in (403, 404)
    assert case.reference not in client.get("/cases").text
    seen = reads.of_subject(reading(), f"case/{case.case_id}")
    assert any((row.person_id, row.action) == ("member", Action.SEE_PACK) for row in seen) is is_open


@pytest.mark.parametrize("who", ["not-invited", "sys", "head", "far-chair", "owner1", "other-senco"])
def test_nobody_else_opens_the_pack(asked: Flask, client_of: ClientOf, who: str) -> None:
    forum.a_series()
    forum.a_far_forum()
    case = forum.request()
    installation.set_clock(datetime(2026, 11, 10, 9, tzinfo=UTC))

    for address in (PACKS, f"{PACKS}/{case.reference}"):
        answer = client_of(who).get(address)
        assert answer.status_code in (403, 404)
        assert case.reference not in answer.text.replace(address, "")
        assert "Thornbury" not in answer.text


def test_a_case_that_left_the_list_leaves_the_pack(asked: Flask, client_of: ClientOf) -> None:
    forum.a_series()
    case = forum.request()
    task = work.of_case(reading(), case.case_id)[0].task_id
    installation.set_clock(datetime(2026, 11, 10, 9, tzinfo=UTC))
    assert client_of("member").get(f"{PACKS}/{case.reference}").status_code == 200

    client_of("chair").post(f"/meetings/{FIRST}/move/{task}", data={"to": SECOND, "reason": "no time"})

    assert case.reference not in client_of("member").get(PACKS).text
    assert client_of("member").get(f"{PACKS}/{case.reference}").status_code == 404


def test_the_dates_are_a_feed_at_a_secret_address_that_names_nobody(asked: Flask, client_of: ClientOf) -> None:
    series_id = forum.a_series(date(2026, 11, 13), place="Town hall; room 2, " + "ä" * 60)
    forum.request()
    row = meetings.one_series(reading(), series_id)
    assert row is not None

    feed = asked.test_client().get(f"/meetings/feeds/{row.record['feed']}.ics")

    assert (feed.status_code, feed.mimetype) == (200, "text/calendar")
    lines = feed.text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = feed.text.replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 4
    assert "DTSTART:20261111T140000Z" in unfolded
    assert "DTSTART;VALUE=DATE:20261104" in unfolded
    assert "LOCATION:Town hall\\; room 2\\, " + "ä" * 60 in unfolded
    assert not [name for name in ("Petra", "Rosa", "Thornbury", "Beacon") if name in feed.text]
    assert asked.test_client().get("/meetings/feeds/guessed.ics").status_code == 404
    assert row.record["feed"] in client_of("chair").get(f"/meetings/series/{series_id}").text


def test_the_chair_sees_when_the_task_is_due_and_why(asked: Flask, client_of: ClientOf) -> None:
    forum.a_series()
    forum.request()

    assert "the next meeting of Northgate LIFT: Wed 11 November 2026" in client_of("chair").get("/inbox").text
