"""A process owner changes a process in the browser; a second one approves; old cases stay where they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from support import axe
from support.staff import started

from app.store.db import db, reading
from app.store.queries import cases, definitions

if TYPE_CHECKING:
    from browser.conftest import Live

KEY = "graduated-approach"
#: the server checks the diagram after each pause in the work; a busy machine takes a while
CHECKED_MS = 20_000
#: scenarios are played beside the page, once
PLAYED_MS = 90_000
PageAs = Callable[..., Page]


def edited(page: Page) -> None:
    """Open the editor on version 1."""
    page.goto(f"/processes/{KEY}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_selector("body[data-ready=modeler]")


def choose(page: Page, line: str) -> None:
    """Go to an element by its line of the outline, with the keyboard."""
    page.locator("#outline").get_by_role("button", name=line).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel :focus")).to_be_visible()


def test_rename_break_repair_submit_approve_deploy(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        old_case = started()
        db.session.remove()
    page = page_as("owner1")
    page.goto("/processes")
    page.get_by_role("link", name="Graduated approach").click()
    edited(page)
    expect(page.locator("#problem-count")).to_have_text(re.compile("warning|No problems"), timeout=CHECKED_MS)

    # rename a task
    choose(page, "Task: Check the universal offer")
    page.locator("#panel").get_by_label("Name").first.fill("Look at the universal offer")
    page.keyboard.press("Tab")
    expect(page.locator("#outline").get_by_role("button", name="Task: Look at the universal offer")).to_be_visible(
        timeout=CHECKED_MS
    )

    # break a condition: it is listed with its sentence and marked on the diagram
    choose(page, "“Yes” when safeguarding_concern")
    condition = page.get_by_label("Taken when (FEEL)")
    right = condition.input_value()
    condition.fill("safeguarding_concern = ")
    page.keyboard.press("Tab")
    broken = page.locator("#problems .is-error").first
    expect(broken).to_contain_text(
        'Error: The condition of the branch “Yes” cannot be read. Expected a value after "="', timeout=CHECKED_MS
    )
    element = broken.get_by_role("button").get_attribute("data-element")
    expect(page.locator(f'.djs-overlays[data-container-id="{element}"] .wm-problem-mark')).to_have_count(1)

    # its entry leads back to the field, where it is put right
    broken.get_by_role("button").press("Enter")
    assert page.evaluate("modeler.get('selection').get()[0].id") == element
    page.get_by_label("Taken when (FEEL)").fill(right)
    page.keyboard.press("Tab")
    expect(page.locator("#problems .is-error")).to_have_count(0, timeout=CHECKED_MS)

    # what was typed is saved on the way to the review
    expect(page.locator("#status")).to_have_text("Not saved yet")
    page.get_by_role("link", name="Review and submit").click()
    expect(page.get_by_text("name was Check the universal offer, is now Look at the universal offer")).to_be_visible()
    page.get_by_label("What did you change, and why?").fill("The word people use.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("It waits for the approval of a second process owner.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and deploy")).to_have_count(0)
    address = page.url

    second = page_as("owner2")
    second.goto("/notices")
    expect(second.get_by_role("link", name="Notices 1")).to_be_visible()
    second.get_by_role("link", name="Review the draft of Graduated approach").click()
    assert second.url == address
    expect(second.get_by_role("heading", name="Approve Graduated approach")).to_be_visible(timeout=CHECKED_MS)
    expect(second.get_by_text("1 open case stays on the version it started on.")).to_be_visible()
    expect(second.get_by_text("All 16 scenarios pass")).to_be_visible(timeout=PLAYED_MS)
    assert axe.violations(second) == []
    second.get_by_role("button", name="Approve and deploy").click()
    expect(second.get_by_text("Version 2 is deployed.")).to_be_visible()

    with live.app.app_context():
        kept = cases.by_reference(reading(), old_case)
        assert kept is not None
        assert kept.version == 1
        case_id = started("pupil2")
        new_case = cases.by_reference(reading(), case_id)
        assert new_case is not None
        assert new_case.version == 2
        assert definitions.current(reading(), KEY).approved_by == "owner2"
        db.session.remove()


def test_a_small_screen_reads_and_does_not_edit(live: Live, page_as: PageAs) -> None:
    page = page_as("owner1", phone=True)
    edited(page)

    expect(page.get_by_text("This screen is too small to edit on")).to_be_visible()
    expect(page.get_by_role("button", name="Save draft")).to_be_hidden()
    expect(page.locator("#outline").get_by_text("Task: Check the universal offer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_form_and_a_table_of_a_draft_are_edited_and_saved(live: Live, page_as: PageAs) -> None:
    page = page_as("owner1")
    edited(page)
    page.get_by_role("link", name="Forms, tables and scenarios").click()
    page.get_by_role("link", name="Hand over").click()
    page.wait_for_selector("body[data-ready=formeditor]")
    page.get_by_role("button", name="Save form").click()
    expect(page.locator("#status")).to_contain_text("Saved")

    page.get_by_role("link", name="Back to forms and tables").click()
    page.get_by_role("link", name="next-step.dmn").click()
    page.wait_for_selector("body[data-ready=decisions]")
    page.get_by_role("button", name="Save table").click()
    expect(page.locator("#status")).to_contain_text("Saved")


def test_axe_finds_nothing_on_the_pages_of_a_process_owner(live: Live, page_as: PageAs) -> None:
    page = page_as("owner1")
    for address in ("/processes", f"/processes/{KEY}", f"/processes/{KEY}/versions/1/scenarios"):
        page.goto(address)
        assert (address, axe.violations(page)) == (address, [])
    edited(page)
    choose(page, "Task: Check the universal offer")
    assert axe.violations(page) == []
    for link in ("Forms, tables and scenarios", "Back to the diagram", "Review and submit"):
        page.get_by_role("link", name=link).click()
        assert (link, axe.violations(page)) == (link, [])
