"""The clock of a demonstration: whoever moves it is told what became due, or that nothing did."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support.staff import started

ClientOf = Callable[[str], FlaskClient]


def banner_after(client: FlaskClient, step: str, at: str = "/inbox?view=mine") -> str:
    sent = client.post("/demo/clock", data={"step": step, "next": at})
    assert sent.status_code == 303
    page = client.get(sent.location).text
    banner = page[page.index('class="wm-banner"') : page.index("Sign in as somebody else")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", banner))


def test_the_banner_says_what_became_due_and_where(app: Flask, client_of: ClientOf) -> None:
    started()
    senco = client_of("senco")

    said = banner_after(senco, "next")

    # five school days after Mon 2 November
    # the case clock goes on while the tests before this one run, so the minute it moved from is any
    assert re.search(r"The clock moved from Mon 2 November 2026 at 09:\d\d to Mon 9 November 2026 at 09:00\.", said)
    assert "Mon 9 November 2026: “Check the universal offer” is due in TES-P01-2026-00001" in said
    assert "Anybody may move the clock forward; it moves for everybody." in said


def test_it_says_plainly_when_nothing_became_due(app: Flask, client_of: ClientOf) -> None:
    started()
    assert "Nothing became due in the cases you may see." in banner_after(client_of("senco"), "day")


def test_nobody_learns_of_cases_they_may_not_see(app: Flask, client_of: ClientOf) -> None:
    started(safeguarding="yes")
    assert "Nothing became due in the cases you may see." in banner_after(client_of("other-senco"), "week")
    assert "Consider the safeguarding concern" not in banner_after(client_of("dsl"), "week")


def test_what_was_said_about_the_clock_is_not_said_again_after_the_next_move(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    sent = senco.post("/demo/clock", data={"step": "day", "next": "/cases?status=open"})
    assert sent.location.startswith("/cases?status=open&moved=2026-11-02")
    page = senco.get(sent.location).text
    assert '<input type="hidden" name="next" value="/cases?status=open">' in page


def test_an_unreadable_moment_says_nothing(app: Flask, client_of: ClientOf) -> None:
    assert "The clock moved" not in client_of("senco").get("/inbox?moved=yesterday").text
