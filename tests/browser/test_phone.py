"""On a phone, 375 px wide: no page scrolls sideways, and a task is finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from support import journeys, partnership

from app.store.db import db

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_task_is_found_and_finished(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        journeys.case_at("plan")
        db.session.remove()
    page = page_as("senco", phone=True)
    page.goto("/inbox")
    assert fits(page)
    main_button = page.get_by_role("button", name="Open Agree the plan for Zadie Thornbury")
    main_button.scroll_into_view_if_needed()
    expect(main_button).to_be_in_viewport(ratio=1)
    main_button.click()
    assert fits(page)
    journeys.plan(page)
    page.get_by_role("button", name="Add another outcome").click()
    assert fits(page)
    page.get_by_role("button", name="Remove Outcome 2").click()
    finish = page.get_by_role("button", name="Finish this task")
    finish.scroll_into_view_if_needed()
    box = finish.bounding_box()
    assert box is not None
    assert box["height"] >= 24, "WCAG 2.5.8"
    journeys.finish(page, "Agree the plan")
    assert fits(page)
    page.get_by_role("link", name="Open the case").click()
    expect(page.get_by_role("heading", name="Zadie Thornbury")).to_be_visible()
    assert fits(page)


def test_the_coordinators_page_and_the_register_fit(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        partnership.prepare()
        partnership.a_centre()
        partnership.decide(partnership.wanted(), partnership.asked())
        db.session.remove()
    page = page_as("coordinator", phone=True)
    for address in ("/places/partners", "/places/partners/cases?of=costs", "/centres", "/centres/quotas/partners"):
        page.goto(address)
        assert fits(page), address
    page.goto("/places/partners/register")
    assert fits(page)
    page.get_by_label("Morning of Zadie Thornbury").select_option("present")
    page.get_by_role("button", name="Keep these marks").click()
    expect(page.get_by_text("Marks of 1 pupil were kept.")).to_be_visible()
