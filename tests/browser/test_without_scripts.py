"""The tasks of a SENCO with scripts switched off: rows, drafts, files, conditional questions, replay of a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from support import journeys

from app.store.db import db

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(live: Live, element: str) -> None:
    """Walk a case to a task."""
    with live.app.app_context():
        journeys.case_at(element)
        db.session.remove()


def test_a_case_starts_rows_come_and_go_and_a_draft_is_kept(live: Live, page_as: PageAs) -> None:
    page = page_as("senco", scripts=False)
    journeys.start_case(page)
    journeys.open_task(page, "Check the universal offer")
    journeys.check_offer(page, "Seat near the teacher")

    page.get_by_role("button", name="Add another strategy").click()
    second = page.get_by_role("group", name="Strategy 2")
    second.get_by_label("What was tried?").fill("Visual timetable")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Your draft is saved. Nothing is handed in yet.")
    journeys.open_task(page, "Check the universal offer")
    expect(second.get_by_label("What was tried?")).to_have_value("Visual timetable")

    # what is missing is said at its place, and what was typed is still there
    page.get_by_role("button", name="Finish this task").click()
    expect(page).to_have_title("Error: Check the universal offer, Zadie Thornbury – Waymark")
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(second.get_by_label("For how many weeks?")).to_be_focused()
    expect(second.get_by_label("What was tried?")).to_have_value("Visual timetable")

    page.get_by_role("button", name="Remove Strategy 1").click()
    expect(page.get_by_role("group", name="Strategy 2")).to_have_count(0)
    first = page.get_by_role("group", name="Strategy 1")
    expect(first.get_by_label("What was tried?")).to_have_value("Visual timetable")
    first.get_by_label("For how many weeks?").fill("4")
    first.get_by_label("Better").check()
    journeys.finish(page, "Check the universal offer")


def test_a_question_that_follows_from_another_is_asked_and_a_file_is_sent(live: Live, page_as: PageAs) -> None:
    at(live, "talk_with_family")
    page = page_as("senco", scripts=False)
    journeys.open_task(page, "Talk with the parents and the pupil")
    journeys.talk(page)
    journeys.choose(page, "Do they agree that you share information", "Yes")
    page.get_by_label("Educational psychologist").check()
    page.get_by_label("Who gave the consent?").fill("Mother")
    journeys.choose(page, "How was it given?", "In writing")
    page.get_by_label("Signed consent").set_input_files(
        {"name": "consent.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )

    # a file that was sent stays with the draft
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("consent.pdf")).to_be_visible()
    journeys.finish(page, "Talk with the parents and the pupil")
    page.get_by_role("link", name="Open the case").click()
    expect(page.get_by_role("link", name="consent.pdf")).to_be_visible()


def test_assessment_and_plan_are_finished(live: Live, page_as: PageAs) -> None:
    at(live, "assess")
    page = page_as("senco", scripts=False)
    journeys.open_task(page, "Assess the pupil's needs")
    journeys.assess(page)
    page.get_by_label("Which test or judgement?").fill("Reading test")
    journeys.fill_date(page, "When?", date(2026, 10, 20))
    page.get_by_label("Result").fill("Standard score 84")
    journeys.finish(page, "Assess the pupil's needs")

    journeys.open_task(page, "Agree the plan")
    assert journeys.shown_date(page, "When will you review the plan?") == date(2026, 12, 14)
    journeys.plan(page)
    journeys.finish(page, "Agree the plan")
    expect(page.get_by_role("main")).to_contain_text("The case waits until Mon 14 December 2026")
