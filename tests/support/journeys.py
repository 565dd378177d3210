"""What a person does on the pages of the graduated approach: finds a task, fills its form, finishes it.

Functions take a signed-in page and find things by what people read. They assert nothing but that a step succeeded.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.walking import Walk

PUPIL = "Zadie Thornbury"
INBOX = "/inbox"
REASON = "Agreed with the teacher and the family at the meeting."

#: answers given on the way to a task by `case_at`, in order; for the rest what the scenarios say
ON_THE_WAY: dict[str, dict[str, Any]] = {
    "check_universal_offer": {},
    "talk_with_family": {
        "talked_on": "2026-11-02",
        "parents_told": True,
        "parent_view": "We read together every evening.",
        "pupil_view": "I like stories.",
        "consent_to_share": "not_asked",
    },
    "describe_class": {},
    "assess": {},
    "plan": {
        "agreed_on": "2026-11-02",
        "profile": "A good storyteller who wants to read to the baby brother.",
        "outcomes": [
            {
                "outcome": "Reads 60 words a minute",
                "measure": "One minute reading",
                "baseline": "38 words",
                "target": "60 words",
                "by": "2027-03-25",
            }
        ],
        "provision": [{"what": "Precision teaching", "who": "Teaching assistant", "frequency": "daily", "minutes": 50}],
        "pupil_view": "I want to read to my brother.",
        "parent_view": "We want to help at home.",
        "proposed_tier": "2",
        "review_date": "2026-12-14",
    },
}


def case_at(element: str, pupil: str = "pupil1", **changed: dict[str, Any]) -> str:
    """The id of a case walked to a task of its first round by use cases, at test time. Needs the application.

    `changed` has answers that differ, by element.
    """
    walk = Walk("graduated-approach", random.Random(1))
    walk.start(pupil)
    for passed, answers in ON_THE_WAY.items():
        if passed == element:
            break
        task = next(one for one in walk.open_tasks() if one.element == passed)
        walk.complete(task, {**(answers or walk.answers[passed][0]), **changed.get(passed, {})})
    return walk.case_id


def start_case(page: Page, pupil: str = PUPIL, teacher: str = "Cleo Marsh") -> None:
    """From the inbox: look the pupil up, choose them, log the concern, start the case."""
    page.goto(INBOX)
    page.get_by_role("button", name="Start a case").click()
    page.get_by_label("Pupil’s name or UPN").fill(pupil[:3])
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("button", name=f"Choose {pupil}").click()
    expect(page.get_by_role("heading", name=f"Start a case for {pupil}")).to_be_visible()
    page.get_by_label("Class teacher").select_option(label=teacher)
    page.get_by_label("Cognition and learning").check()
    page.get_by_label("What do you see?").fill("Reads slowly and loses the line, every day since September.")
    page.get_by_label("Who raised the concern?").select_option(label="A member of staff")
    choose(page, "Is there a safeguarding concern?", "No")
    page.get_by_role("button", name="Start the case").click()
    expect(page.get_by_role("heading", name="The case has started")).to_be_visible()


def open_task(page: Page, task: str, pupil: str = PUPIL) -> None:
    """From the inbox."""
    page.goto(INBOX)
    page.get_by_role("button", name=f"Open {task} for {pupil}").click()
    expect(page.get_by_role("heading", name=task, level=1)).to_be_visible()


def finish(page: Page, task: str) -> None:
    """Press the main button, and see that it is done."""
    page.get_by_role("button", name="Finish this task").click()
    expect(page.get_by_role("heading", name=f"Done: {task}")).to_be_visible()


def check_offer(page: Page, what: str = "Seat near the teacher") -> None:
    """Answer “Check the universal offer”."""
    page.get_by_label("What was tried?").first.fill(what)
    page.get_by_label("For how many weeks?").first.fill("6")
    choose(page, "What was the effect?", "The same")


def talk(page: Page) -> None:
    """Answer “Talk with the parents and the pupil”; the day offered is kept."""
    page.get_by_label("I told the parents").check()
    page.get_by_label("What do the parents say?").fill("We read together every evening.")
    page.get_by_label("What does the pupil say?").fill("I like stories, not reading aloud.")
    choose(page, "Do they agree that you share information", "Not asked yet")


def describe_class(page: Page) -> None:
    """Answer “Say how it goes in class”."""
    page.get_by_label("What goes well?").fill("Listens well and tells good stories.")
    page.get_by_label("What is hard?").fill("Reading instructions alone.")


def assess(page: Page) -> None:
    """Answer “Assess the pupil's needs”."""
    page.get_by_label("Cognition and learning").check()
    page.get_by_label("What is the pupil good at?").fill("Spoken language.")
    page.get_by_label("What gets in the way of learning?").fill("Decoding takes all the attention.")


def plan(page: Page, tier: str = "Tier 2", by: date = date(2027, 3, 25)) -> None:
    """Answer “Agree the plan”; the day it was agreed and the review date are kept as offered."""
    page.get_by_label("One-page profile").fill("A good storyteller who wants to read to the baby brother.")
    page.get_by_role("textbox", name="Outcome", exact=True).fill("Reads 60 words a minute")
    page.get_by_label("How will you measure it?").fill("One minute reading")
    page.get_by_label("Where are they now?").fill("38 words")
    page.get_by_label("Where should they be?").fill("60 words")
    fill_date(page, "By when?", by)
    page.get_by_label("What?", exact=True).fill("Precision teaching")
    page.get_by_label("Who gives it?").fill("Teaching assistant")
    page.get_by_label("How often?").select_option(label="Every day")
    page.get_by_label("Minutes a week").fill("50")
    page.get_by_label("What does the pupil want?").fill("I want to read to my brother.")
    page.get_by_label("What do the parents want?").fill("We want to help at home.")
    choose(page, "Which tier does the plan propose?", tier)


def review(page: Page, progress: str) -> None:
    """Answer “Hold the review meeting” for a plan with one outcome; the day offered is kept."""
    page.get_by_label("SENCO", exact=True).check()
    page.get_by_label("Parent or carer").check()
    choose(page, "Is it met?", progress)
    page.get_by_label("What shows it?").fill("51 words on Friday.")
    page.get_by_label("What do the parents say?").fill("Better evenings.")
    page.get_by_label("What does the pupil say?").fill("It is easier.")
    choose(page, "Compared with the plan", "The same")


def decide(page: Page, step: str) -> None:
    """Answer “Decide the next step”."""
    choose(page, "What happens next?", step)
    page.get_by_label("Why?").fill(REASON)
    choose(page, "Did the review show that staff need training?", "No")


def meet_parents(page: Page) -> None:
    """Answer “Meet the parents this term”; the day offered is kept."""
    choose(page, "How?", "In person")
    page.get_by_label("Who took part?").fill("Both parents and the class teacher")
    page.get_by_label("What was said and agreed?").fill("They are glad, and go on reading every evening.")


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one answer of a question."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=answer in ("Met", "No", "Yes")).check()


def fill_date(page: Page, question: str, on: date) -> None:
    """Type a day into its three boxes."""
    boxes = page.get_by_role("group", name=question)
    for label, number in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        boxes.get_by_label(label).fill(str(number))


def shown_date(page: Page, question: str) -> date:
    """The day that stands in its three boxes."""
    boxes = page.get_by_role("group", name=question)
    return date(*(int(boxes.get_by_label(label).input_value()) for label in ("Year", "Month", "Day")))


def card(page: Page, task: str, pupil: str = PUPIL) -> Locator:
    """The card of a task in a list of tasks."""
    return page.get_by_role("listitem").filter(has_text=pupil).filter(has=page.get_by_role("heading", name=task))
