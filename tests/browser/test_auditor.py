"""The auditor's journey: replay a case to the step before the plan was agreed and see it as it was then."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import Live
from playwright.sync_api import Page, expect
from web.test_replay import planned

from app.cases.history import entries_of
from app.store.db import db

PageAs = Callable[..., Page]


def a_planned_case(live: Live) -> tuple[str, int]:
    """Reference of a case whose last entry is the agreed plan, and the number of that entry."""
    with live.app.app_context():
        case = planned()
        last = len(entries_of(case.case_id))
        db.session.remove()
    return case.reference, last


def test_the_auditor_replays_to_the_step_before_the_plan(live: Live, page_as: PageAs) -> None:
    reference, last = a_planned_case(live)
    page = page_as("auditor")
    page.goto(f"/cases/{reference}")
    page.get_by_role("link", name="Replay this case").click()
    expect(page.locator("body[data-ready=replay]")).to_be_attached()
    panel = page.locator("[data-replay-panel]")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Agree the plan")
    expect(page.locator("[data-element-id=plan].is-done")).to_be_attached()

    # one step back by keyboard: the plan is still to be agreed
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Assess the pupil's needs")
    expect(page.locator("[data-element-id=plan].is-active")).to_be_attached()
    expect(page.locator("[data-element-id=assess].is-done")).to_be_attached()
    assert page.url.endswith(f"entry={last - 1}")
    expect(panel).to_contain_text("Agree the plan")
    expect(panel).to_contain_text("plan, version 1 (")
    expect(panel).not_to_contain_text("A good storyteller.")
    assert "Zadie" not in page.content()

    # with a reason, the names of this case
    page.get_by_role("link", name="Reveal names").click()
    page.get_by_label("Why do you need the names?").fill("short")
    page.get_by_role("button", name="Reveal names").click()
    expect(page.get_by_role("alert")).to_contain_text("in 10 characters or more")
    page.get_by_label("Why do you need the names?").fill("Complaint 12 of the family")
    page.get_by_role("button", name="Reveal names").click()
    expect(page.locator("main")).to_contain_text("Zadie Thornbury")
    expect(panel).to_contain_text("Orla Thornbury reads with Zadie.")


def test_replay_works_without_scripts_and_by_keyboard(live: Live, page_as: PageAs) -> None:
    reference, last = a_planned_case(live)
    page = page_as("auditor", scripts=False, phone=True)
    page.goto(f"/cases/{reference}/replay")
    back = page.get_by_role("button", name="Back")
    back.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-replay-panel]").get_by_role("heading", level=2)).to_contain_text("Assess the pupil")
    assert page.url.endswith(f"entry={last - 1}")
    page.get_by_role("link", name="1. Asha Quill started").click()
    expect(page.locator("[data-replay-panel]")).to_contain_text("Check the universal offer")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
