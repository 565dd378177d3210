"""Everything staff and auditors do, with the keys alone: Tab, Enter, Space and the arrows. Nothing is clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect
from support import journeys

from app.store.db import db

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
#: steps of Tab within which everything on a page must be reached
FAR = 150
#: the focus is seen: an outline, or a shadow in its place
IS_MARKED = """element => {
  const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  const marked = style => outlined(style) || style.boxShadow !== 'none'
  if (marked(getComputedStyle(element))) return true
  const label = element.labels?.[0]
  return !!label && (marked(getComputedStyle(label, '::before')) || marked(getComputedStyle(label)))
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, marking it visibly."""
    wanted = target.element_handle()
    assert wanted is not None
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate(IS_MARKED), f"no visible focus on {target}"
            return
    raise AssertionError(f"{target} is not reached by Tab")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to a control and press a key on it."""
    tab_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Go to a field and type into it."""
    tab_to(page, target)
    page.keyboard.type(text)


def open_task(page: Page, task: str) -> None:
    """From the inbox."""
    page.goto("/inbox")
    press(page, page.get_by_role("button", name=f"Open {task} for"))
    expect(page.get_by_role("heading", name=task, level=1)).to_be_visible()


def finish(page: Page, task: str) -> None:
    """Press the main button."""
    press(page, page.get_by_role("button", name="Finish this task"))
    expect(page.get_by_role("heading", name=f"Done: {task}")).to_be_visible()


def at(live: Live, element: str) -> str:
    """Walk a case to a task; its id."""
    with live.app.app_context():
        case_id = journeys.case_at(element)
        db.session.remove()
    return case_id


def radio(page: Page, question: str, answer: str) -> Locator:
    """One answer of a question."""
    return page.get_by_role("group", name=question).get_by_label(answer)


def test_the_skip_link_leads_past_the_header(live: Live, page_as: PageAs) -> None:
    at(live, "check_universal_offer")
    page = page_as("senco")
    page.goto("/inbox")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_senco_starts_a_case_checks_the_offer_and_talks(live: Live, page_as: PageAs) -> None:
    page = page_as("senco")
    page.goto("/inbox")
    press(page, page.get_by_role("link", name="Start a case"))
    write(page, page.get_by_label("Pupil’s name or UPN"), "zad")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Choose Zadie Thornbury"))
    press(page, page.get_by_label("Cognition and learning"), "Space")
    write(page, page.get_by_label("What do you see?"), "Reads slowly and loses the line, every day.")
    write(page, page.get_by_label("Who raised the concern?"), "A member")
    tab_to(page, radio(page, "Is there a safeguarding concern?", "Yes"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Start the case"))
    expect(page.get_by_role("heading", name="The case has started")).to_be_visible()
    press(page, page.get_by_role("button", name="Next: Check the universal offer"))

    # rows are added and removed, and the focus follows
    write(page, page.get_by_label("What was tried?"), "Seat near the teacher")
    write(page, page.get_by_label("For how many weeks?"), "6")
    press(page, radio(page, "What was the effect?", "Better"), "Space")
    press(page, page.get_by_role("button", name="Add another strategy"))
    expect(page.get_by_role("group", name="Strategy 2").get_by_label("What was tried?")).to_be_focused()
    press(page, page.get_by_role("button", name="Remove Strategy 2"))
    expect(page.get_by_role("button", name="Add another strategy")).to_be_focused()
    finish(page, "Check the universal offer")

    press(page, page.get_by_role("button", name="Next: Talk with the parents"))
    press(page, page.get_by_label("I told the parents"), "Space")
    write(page, page.get_by_label("What do the parents say?"), "We read together.")
    write(page, page.get_by_label("What does the pupil say?"), "I like stories.")
    tab_to(page, radio(page, "Do they agree that you share", "Yes"))
    page.keyboard.press("ArrowUp")
    finish(page, "Talk with the parents and the pupil")


def test_a_mistake_is_reached_from_the_summary(live: Live, page_as: PageAs) -> None:
    at(live, "describe_class")
    page = page_as("teacher")
    open_task(page, "Say how it goes in class")
    write(page, page.get_by_label("What goes well?"), "Listens well and tells stories.")
    press(page, page.get_by_role("button", name="Finish this task"))
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    press(page, summary.get_by_role("link"))
    expect(page.get_by_label("What is hard?")).to_be_focused()
    page.keyboard.type("Reading instructions alone.")
    finish(page, "Say how it goes in class")


def test_a_plan_is_agreed_and_the_head_agrees_the_tier(live: Live, page_as: PageAs) -> None:
    at(live, "assess")
    page = page_as("senco")
    open_task(page, "Assess the pupil's needs")
    expect(page.get_by_label("Cognition and learning")).to_be_checked()
    write(page, page.get_by_label("What is the pupil good at?"), "Spoken language.")
    write(page, page.get_by_label("What gets in the way of learning?"), "Decoding takes all the attention.")
    finish(page, "Assess the pupil's needs")

    press(page, page.get_by_role("button", name="Next: Agree the plan"))
    write(page, page.get_by_label("One-page profile"), "A good storyteller who wants to read.")
    write(page, page.get_by_role("textbox", name="Outcome", exact=True), "Reads 60 words a minute")
    write(page, page.get_by_label("How will you measure it?"), "One minute reading")
    write(page, page.get_by_label("Where are they now?"), "38 words")
    write(page, page.get_by_label("Where should they be?"), "60 words")
    for part, typed in (("Day", "25"), ("Month", "3"), ("Year", "2027")):
        write(page, page.get_by_role("group", name="By when?").get_by_label(part), typed)
    write(page, page.get_by_label("What?", exact=True), "Precision teaching")
    write(page, page.get_by_label("Who gives it?"), "Teaching assistant")
    write(page, page.get_by_label("How often?"), "Every d")
    write(page, page.get_by_label("Minutes a week"), "50")
    write(page, page.get_by_label("What does the pupil want?"), "I want to read.")
    write(page, page.get_by_label("What do the parents want?"), "We want to help.")
    press(page, radio(page, "Which tier does the plan propose?", "Tier 1"), "Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    write(page, page.get_by_label("Why two tiers at once?"), "The outside service has assessed the pupil.")
    finish(page, "Agree the plan")

    head = page_as("head")
    open_task(head, "Agree the tier")
    press(head, radio(head, "Do you agree the proposed tier?", "Yes"), "Space")
    write(head, head.get_by_label("Why do you agree two tiers"), "The need is plain and well evidenced.")
    finish(head, "Agree the tier")


def test_a_review_is_held_and_the_next_step_decided(live: Live, page_as: PageAs) -> None:
    at(live, "review")
    page = page_as("senco")
    live.move_clock(42)
    open_task(page, "Hold the review meeting")
    press(page, page.get_by_label("SENCO", exact=True), "Space")
    press(page, page.get_by_role("radio", name="Met", exact=True), "Space")
    page.keyboard.press("ArrowDown")
    write(page, page.get_by_label("What shows it?"), "51 words on Friday.")
    write(page, page.get_by_label("What do the parents say?"), "Better evenings.")
    write(page, page.get_by_label("What does the pupil say?"), "It is easier.")
    tab_to(page, radio(page, "Compared with the plan", "Less"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    finish(page, "Hold the review meeting")

    press(page, page.get_by_role("button", name="Next: Decide the next step"))
    expect(page.get_by_label("Another round, same tier")).not_to_be_checked()
    press(page, radio(page, "What happens next?", "Outcomes met"), "Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Another round, same tier")).to_be_checked()
    write(page, page.get_by_label("Why?"), "Agreed with the teacher and the family.")
    press(page, radio(page, "staff need training", "Yes"), "Space")
    page.keyboard.press("ArrowDown")
    finish(page, "Decide the next step")


def test_a_task_is_taken_given_back_and_given_on_and_a_note_is_added(live: Live, page_as: PageAs) -> None:
    at(live, "check_universal_offer")
    page = page_as("senco")
    page.goto("/inbox")
    press(page, page.get_by_role("button", name="Take it Check the universal offer"))
    press(page, page.get_by_role("link", name="Mine 1"))
    press(page, page.get_by_role("button", name="Give back Check the universal offer"))
    page.goto("/inbox")
    press(page, page.locator("summary", has_text="Why this, why then"))
    expect(page.get_by_text("You are SENCO at Beacon School")).to_be_visible()

    page.goto("/cases")
    press(page, page.get_by_role("link", name="Zadie Thornbury"))
    write(page, page.get_by_label("Add a note"), "Telephoned the parents.")
    press(page, page.get_by_role("button", name="Add note"))
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Telephoned the parents.")
    press(page, page.get_by_role("button", name="Raise a safeguarding concern"))
    write(page, page.get_by_label("What are you worried about?"), "A bruise on the arm, seen on Monday.")
    press(page, page.get_by_role("button", name="Raise the concern"))
    expect(page.get_by_role("main")).to_contain_text("Farid Lowe has a task to act on it.")


def test_an_auditor_replays_and_reveals(live: Live, page_as: PageAs) -> None:
    at(live, "plan")
    page = page_as("auditor")
    page.goto("/cases")
    press(page, page.get_by_role("main").get_by_role("link", name="case"))
    press(page, page.get_by_role("link", name="Replay this case"))
    expect(page.locator("body[data-ready=replay]")).to_be_attached()
    panel = page.locator("[data-replay-panel]")
    tab_to(page, page.get_by_role("slider"))
    page.keyboard.press("ArrowLeft")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Entry 4")
    page.keyboard.press("Home")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Entry 1")
    press(page, page.get_by_role("button", name="Forward"))
    expect(panel.get_by_role("heading", level=2)).to_contain_text("Entry 2")
    page.reload()
    press(page, page.get_by_role("link", name="Reveal names"))
    write(page, page.get_by_label("Why do you need the names?"), "Complaint 12 of the family")
    press(page, page.get_by_role("button", name="Reveal names"))
    expect(page.get_by_role("main")).to_contain_text("Zadie Thornbury")
    press(page, page.get_by_role("link", name="Check that nothing was altered"))
    expect(page.get_by_role("heading", name="Check of")).to_be_visible()
