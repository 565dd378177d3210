"""The auditor's journey: replay a case to the step before the plan was agreed and see it as it was then."""

from __future__ import annotations

from collections.abc import Callable

from browser.conftest import Live
from playwright.sync_api import Locator, Page, expect
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


def _is_inside(inner: Locator, outer: Locator) -> bool:
    one, frame = inner.bounding_box(), outer.bounding_box()
    assert one is not None
    assert frame is not None
    middle = (one["x"] + one["width"] / 2 - frame["x"], one["y"] + one["height"] / 2 - frame["y"])
    return 0 <= middle[0] <= frame["width"] and 0 <= middle[1] <= frame["height"]


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
    expect(panel).to_contain_text("The form of “Agree the plan” as it was in version 1 (")
    expect(panel).not_to_contain_text("A good storyteller.")
    assert "Zadie" not in page.content()

    # arrows work from anywhere on the page, and the diagram follows to where the case stood then
    frame = page.locator("[data-replay-canvas]")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowLeft")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Say how it goes in class")
    expect(page.locator("[data-element-id=assess].is-active")).to_be_attached()
    assert _is_inside(page.locator("[data-element-id=assess].is-active").first, frame)
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Assess the pupil's needs")

    # with a reason, the names of this case
    page.get_by_role("link", name="Reveal names").click()
    page.get_by_label("Why do you need the names?").fill("short")
    page.get_by_role("button", name="Reveal names").click()
    expect(page.get_by_role("alert")).to_contain_text("in 10 characters or more")
    page.get_by_label("Why do you need the names?").fill("Complaint 12 of the family")
    page.get_by_role("button", name="Reveal names").click()
    expect(page.locator("main")).to_contain_text("Zadie Thornbury")
    expect(panel).to_contain_text("Orla Thornbury reads with Zadie.")

    # until they are masked again; both are on the list of who looked
    shown = page.get_by_role("form", name="Names are shown")
    expect(shown).to_contain_text("Your reason, which is recorded: “Complaint 12 of the family”")
    shown.get_by_role("button", name="Mask again").click()
    expect(shown).to_have_count(0)
    assert "Zadie" not in page.content()
    page.get_by_role("link", name="Who looked at this case").click()
    expect(page.locator("main")).to_contain_text("Complaint 12 of the family")
    expect(page.locator("main")).to_contain_text("Had names masked again")


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
