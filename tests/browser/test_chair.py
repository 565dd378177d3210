"""A forum in the browser: an administrator adds a series, the chair decides twelve cases in one sitting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from support import forum, installation
from support.axe import violations

from app.store.db import db, reading
from app.store.queries import cases, meetings

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
FIRST = "north-forum-northgate-lift-2026-11-11"


def test_an_administrator_adds_a_series_and_publishes_a_term(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        forum.prepare()
        db.session.remove()
    page = page_as("sys")
    page.goto("/inbox")
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("button", name="Add a series").click()
    page.get_by_label("What do people call it?").fill("Northgate LIFT")
    page.get_by_label("Who holds it, and what is it?").select_option("north-forum:forum")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Who chairs it?").select_option(label="Petra Lund")
    page.get_by_label("Rosa Teague").check()
    page.get_by_label("How often?").select_option(label="Every week")
    page.get_by_label("On which weekday?").select_option(label="Wednesday")
    page.get_by_label("When does it begin?").fill("14:00")
    page.get_by_label("Where? A room").fill("Town hall")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("A weekday of the week before").check()
    assert violations(page) == []
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Add this series").click()
    for label, parts in (("From", ("2", "11", "2026")), ("Until", ("18", "12", "2026"))):
        for part, value in zip(("Day", "Month", "Year"), parts, strict=True):
            page.get_by_role("group", name=label).get_by_label(part).fill(value)
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name="7 new dates")).to_be_visible()
    page.get_by_role("button", name="Publish these dates").click()
    expect(page.get_by_text("7 dates were published")).to_be_visible()
    assert violations(page) == []


def test_twelve_cases_are_decided_in_one_sitting_on_a_phone_without_scripts(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        forum.prepare()
        forum.a_series(slots="12", per_school="12", minutes="10")
        for number in range(12):
            forum.request(at=installation.NOW + timedelta(minutes=number))
        installation.set_clock(datetime(2026, 11, 11, 15, tzinfo=UTC))
        db.session.remove()
    looked = page_as("chair")
    looked.goto(f"/meetings/{FIRST}/sitting")
    assert violations(looked) == []
    page = page_as("chair", phone=True, scripts=False)
    page.goto(f"/meetings/{FIRST}")
    page.get_by_role("button", name="Record outcomes").click()
    boxes = page.get_by_label("What is the advice?")
    expect(boxes).to_have_count(12)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    for number in range(11):
        boxes.nth(number).fill(f"Advice {number + 1}")
    boxes.nth(11).focus()
    page.keyboard.type("Advice 12")
    page.get_by_role("button", name="Record all outcomes").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("12 outcomes were recorded")).to_be_visible()
    expect(page.get_by_text("Recorded.", exact=True)).to_have_count(12)
    with live.app.app_context():
        decided = [cases.by_reference(reading(), one.case_id) for one in meetings.listed(reading(), FIRST)]
        assert [one.outcome for one in decided if one] == ["Advice given"] * 12
        db.session.remove()
