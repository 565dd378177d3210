"""The inbox: what a person could do, by when, why, and what waits."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.staff import OFFER, open_task, started

from app.cases.sweep import sweep

ClientOf = Callable[[str], FlaskClient]


def counts(page: str) -> dict[str, str]:
    """Number per tab."""
    found = re.findall(r'>([A-Za-z ]+) <span class="wm-count[^"]*">([^<]+)</span>', page)
    return {name: number for name, number in found if name != "Notices"}


def test_the_inbox_opens_on_what_one_could_do_with_the_reason(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    for path in ("/", "/inbox"):
        page = client_of("senco").get(path).text
        assert "Check the universal offer" in page
        assert "Zadie Thornbury, Beacon School" in page
        assert "You are SENCO at Beacon School, and this task is for that role." in page
        assert f"/tasks/{task_id}" in page
        assert "For the SENCO; nobody has taken it yet" in page
    assert counts(page)["To do"] == "1"


def test_overdue_comes_first_and_is_said_in_words(app: Flask, client_of: ClientOf) -> None:
    started("pupil1")
    started("pupil2", at=installation.NOW - timedelta(days=60))
    page = client_of("senco").get("/").text
    assert page.index("Yusuf Applegarth") < page.index("Zadie Thornbury")
    assert "Overdue by" in page
    assert counts(page)["Overdue"] == "1"
    overdue = client_of("senco").get("/inbox?view=overdue").text
    assert "Zadie Thornbury" not in overdue


def test_taking_and_giving_back_moves_a_task_between_views(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco, colleague = client_of("senco"), client_of("senco2")
    sent = senco.post(f"/tasks/{task_id}/claim", data={"next": "/inbox?view=team"})
    assert sent.location == "/inbox?view=team"
    assert "You have it" in senco.get("/inbox?view=mine").text
    assert counts(colleague.get("/").text) | {"To do": "0", "My teams": "1"} == counts(colleague.get("/").text)
    assert "Asha Quill has it" in colleague.get("/inbox?view=team").text
    senco.post(f"/tasks/{task_id}/release", data={})
    assert counts(senco.get("/").text)["Mine"] == "0"
    assert counts(colleague.get("/").text)["To do"] == "1"


def test_going_on_leads_only_to_pages_of_ours(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    sent = client_of("senco").post(f"/tasks/{task_id}/claim", data={"next": "https://elsewhere.example/"})
    assert sent.location == "/inbox"


def test_a_case_waits_for_others_until_it_needs_me(app: Flask, client_of: ClientOf) -> None:
    started(safeguarding="yes")
    teacher = client_of("teacher")
    assert counts(teacher.get("/").text)["To do"] == "0"
    head = client_of("head").get("/inbox?view=waiting").text
    assert "There is nothing" in client_of("head").get("/").text
    assert "Consider the safeguarding" not in head
    senco = client_of("senco")
    assert counts(senco.get("/").text)["Waiting"] == "0"


def test_a_case_that_waits_for_the_family_shows_for_whom(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco, colleague = client_of("senco"), client_of("senco2")
    colleague.post(f"/tasks/{task_id}/claim", data={})
    page = senco.get("/inbox?view=waiting").text
    assert "Waiting for Bram Oyelaran" in page
    assert "Check the universal offer" in page
    assert counts(page)["Waiting"] == "1"


def test_what_one_did_is_in_done(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    senco.post(f"/tasks/{task_id}", data=OFFER)
    page = senco.get("/inbox?view=done").text
    assert "Check the universal offer" in page
    assert "You completed it." in page
    assert "Check the universal offer" not in client_of("senco2").get("/inbox?view=done").text


def test_the_list_is_narrowed_by_words_process_school_and_date(app: Flask, client_of: ClientOf) -> None:
    started("pupil1")
    started("pupil2")
    senco = client_of("senco")
    for query in ("q=thornb", "q=TES-P01-2026-00001", "q=zadie+beacon"):
        page = senco.get(f"/inbox?{query}").text
        assert "Zadie Thornbury" in page, query
        assert "Yusuf Applegarth" not in page, query
    assert "Nothing here fits" in senco.get("/inbox?q=nobody").text
    assert "Nothing here fits" in senco.get("/inbox?due=2026-11-02").text
    assert "Nothing here fits" in senco.get("/inbox?process=other").text
    assert "Nothing here fits" in senco.get("/inbox?school=harbour").text
    assert senco.get("/inbox?due=not-a-date&after=x~y&sort=odd&view=odd").status_code == 200


def test_every_order_pages_through_every_task_once(app: Flask, client_of: ClientOf) -> None:
    for n in range(28):
        started("pupil1" if n % 2 else "pupil2", at=installation.NOW - timedelta(days=n // 3, minutes=n))
    senco = client_of("senco")
    for sort in ("due", "opened", "pupil"):
        first = senco.get(f"/inbox?sort={sort}").text
        on_first = set(re.findall(r'href="/tasks/([\w-]+)"', first))
        following = re.search(r'href="(/inbox\?[^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
        on_second = set(re.findall(r'href="/tasks/([\w-]+)"', senco.get(following).text))
        assert (len(on_first), len(on_second)) == (25, 3), sort
        assert not on_first & on_second


def test_nobody_sees_work_outside_their_scope(app: Flask, client_of: ClientOf) -> None:
    started(safeguarding="yes")
    for who in ("other-senco", "far-senco", "sys", "auditor", "owner1", "locality", "teacher2"):
        for view in ("todo", "overdue", "soon", "mine", "team", "waiting", "done"):
            assert "Zadie" not in client_of(who).get(f"/inbox?view={view}").text, (who, view)
    assert "Consider the safeguarding concern" in client_of("dsl").get("/").text
    assert "Consider the safeguarding concern" not in client_of("senco").get("/").text


def test_the_fragment_says_when_nothing_changed(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    etag = re.search(r'data-etag="([^"]+)"', senco.get("/inbox").text)[1].replace("&#34;", '"').replace("&quot;", '"')
    assert senco.get("/inbox/fragment?view=todo", headers={"If-None-Match": etag}).status_code == 204
    client_of("senco2").post(f"/tasks/{task_id}/claim", data={})
    changed = senco.get("/inbox/fragment?view=todo", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "<html" not in changed.text
    assert senco.get("/inbox/fragment?view=todo", headers={"If-None-Match": changed.headers["ETag"]}).status_code == 204


def test_notices_are_counted_and_lead_to_the_task(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    assert "You have no notices" in senco.get("/notices").text
    while "You have no notices" in (page := senco.get("/notices").text):
        sweep(installation.move_clock(2))
    assert "Check the universal offer" in page
    assert f"/tasks/{task_id}" in page
    assert "in the last seven days" in page
    assert "You have no notices" in client_of("far-senco").get("/notices").text


def test_a_restricted_task_is_not_named_to_who_may_not_see_it(app: Flask, client_of: ClientOf) -> None:
    started(safeguarding="yes")
    for _ in range(6):
        sweep(installation.move_clock(3))
    assert "Consider the safeguarding concern" in client_of("dsl").get("/notices").text
    for who in ("head", "senco", "teacher", "service-head"):
        assert "Consider the safeguarding" not in client_of(who).get("/notices").text, who
