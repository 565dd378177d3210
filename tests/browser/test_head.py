"""A headteacher sends a plan at tier 3 back with a reason, and agrees the second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect
from support import journeys

from app.store.db import db

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
WHAT_TO_CHANGE = "Say who gives the daily sessions when the assistant is away."


def test_the_head_sends_a_plan_back_and_then_agrees_it(live: Live, page_as: PageAs) -> None:
    with live.app.app_context():
        journeys.case_at("plan")
        db.session.remove()
    senco, head = page_as("senco"), page_as("head")
    journeys.open_task(senco, "Agree the plan")
    expect(senco.get_by_text("What the head asked you to change")).to_be_hidden()
    journeys.plan(senco, "Tier 3")
    senco.get_by_label("Why two tiers at once?").fill("The outside service has assessed the pupil already.")
    journeys.finish(senco, "Agree the plan")
    expect(senco.get_by_role("main")).to_contain_text("Agree the tier: for the headteacher")

    # the head finds the plan beside the question, and sends it back
    journeys.open_task(head, "Agree the tier")
    said_before = head.get_by_role("complementary", name="What was said before")
    expect(said_before).to_contain_text("A good storyteller who wants to read to the baby brother.")
    journeys.choose(head, "Do you agree the proposed tier?", "No, I send the plan back")
    expect(head.get_by_label("Why do you agree two tiers at once?")).to_be_hidden()
    head.get_by_label("What should change?").fill(WHAT_TO_CHANGE)
    journeys.finish(head, "Agree the tier")

    # the SENCO sees the reason and their own plan, and needs to type only what changes
    journeys.open_task(senco, "Agree the plan")
    expect(senco.locator("form[data-autosave]")).to_contain_text(WHAT_TO_CHANGE)
    expect(senco.get_by_label("One-page profile")).to_have_value(
        "A good storyteller who wants to read to the baby brother."
    )
    expect(senco.get_by_label("Who gives it?")).to_have_value("Teaching assistant")
    expect(senco.get_by_label("Tier 3")).to_be_checked()
    senco.get_by_label("Who gives it?").fill("Two teaching assistants in turn")
    journeys.finish(senco, "Agree the plan")

    journeys.open_task(head, "Agree the tier")
    expect(said_before).to_contain_text("Two teaching assistants in turn")
    journeys.choose(head, "Do you agree the proposed tier?", "Yes, I agree")
    head.get_by_label("Why do you agree two tiers at once?").fill("The need is plain and the sessions are secured.")
    journeys.finish(head, "Agree the tier")
    senco.goto("/inbox?view=waiting")
    expect(senco.get_by_role("main")).to_contain_text("Waiting until Mon 14 December 2026")
