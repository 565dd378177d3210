"""A SENCO takes a pupil from the first concern through two rounds to “Outcomes met”, in the browser.

Dates by the reference calendar of Beacon School, worked out by hand. The last school day before Christmas is
Fri 18 December 2026, the first one after it Mon 4 January 2027; half-term is 15–19 February 2027.
- Six weeks after Mon 9 November are Mon 21 December, in the holidays. The next school day is Mon 4 January, 56 days
  after the plan: no more than eight weeks, so it is taken.
- Six weeks after Mon 4 January are Mon 15 February, in half-term. The next school day is Mon 22 February, 49 days
  after the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from support import journeys

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
REVIEW, MEETING = "Hold the review meeting", "Meet the parents this term"


def do(page: Page, task: str, fill: Callable[[Page], None]) -> None:
    """Open a task from the inbox, fill it and finish it."""
    journeys.open_task(page, task)
    fill(page)
    journeys.finish(page, task)


def a_round(senco: Page, teacher: Page, review_on: date) -> None:
    """Assess, with the teacher's part, and agree the plan with the review date the form offers."""
    do(teacher, "Say how it goes in class", journeys.describe_class)
    do(senco, "Assess the pupil's needs", journeys.assess)
    journeys.open_task(senco, "Agree the plan")
    assert journeys.shown_date(senco, "When will you review the plan?") == review_on
    expect(senco.get_by_label("One-page profile")).to_have_value("")
    journeys.plan(senco)
    journeys.finish(senco, "Agree the plan")


def waits_until(page: Page, day: str) -> None:
    """The list of waiting cases and the case page say until when."""
    page.goto("/inbox?view=waiting")
    expect(page.get_by_role("main")).to_contain_text(f"Waiting until {day}")
    page.get_by_role("button", name="Open the case of Zadie Thornbury").click()
    expect(page.get_by_role("region", name="What happens next")).to_contain_text(f"Waiting until {day}")


def has_no(page: Page, task: str) -> None:
    """The inbox does not hold the task."""
    page.goto("/inbox")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=task)).to_have_count(0)


@pytest.mark.both_databases
def test_two_rounds_from_the_first_concern_until_the_outcomes_are_met(live: Live, page_as: PageAs) -> None:
    senco, teacher = page_as("senco"), page_as("teacher")
    journeys.start_case(senco)
    expect(senco.get_by_role("main")).to_contain_text("Check the universal offer")
    do(senco, "Check the universal offer", journeys.check_offer)
    do(senco, "Talk with the parents and the pupil", journeys.talk)

    # the plan is agreed a week later, on Mon 9 November
    live.move_clock(7)
    a_round(senco, teacher, review_on=date(2027, 1, 4))
    waits_until(senco, "Mon 4 January 2027")

    # Sunday 3 January: nothing yet; on the Monday the review is there, with its reason
    live.move_clock(55)
    has_no(senco, REVIEW)
    live.move_clock(1)
    senco.goto("/inbox")
    found = journeys.card(senco, REVIEW)
    expect(found).to_contain_text("Due today")
    found.get_by_text("Why this, why then").click()
    expect(found).to_contain_text(
        "You are SENCO at Beacon School, and this task is for that role. The date: agreed for Mon 4 January 2027."
    )
    do(senco, REVIEW, lambda page: journeys.review(page, "Partly met"))
    journeys.open_task(senco, "Decide the next step")
    assert not senco.get_by_label("Another round, same tier").is_checked()
    journeys.decide(senco, "Another round, same tier")
    journeys.finish(senco, "Decide the next step")

    # the term began, too: meet the parents
    do(senco, MEETING, journeys.meet_parents)

    # the second round, planned on Mon 4 January and reviewed on Mon 22 February
    a_round(senco, teacher, review_on=date(2027, 2, 22))
    waits_until(senco, "Mon 22 February 2027")
    live.move_clock(48)
    has_no(senco, REVIEW)
    live.move_clock(1)
    do(senco, REVIEW, lambda page: journeys.review(page, "Met"))
    do(senco, "Decide the next step", lambda page: journeys.decide(page, "Outcomes met"))
    expect(senco.get_by_role("main")).to_contain_text("The case is closed: Outcomes met")

    senco.get_by_role("link", name="Open the case").click()
    expect(senco.get_by_role("main")).to_contain_text("This case closed on Mon 22 February 2027: Outcomes met.")
    has_no(senco, MEETING)
