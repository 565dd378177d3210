"""One pupil's story in a browser: a risk of exclusion, a permanent exclusion, its board, and a place under fair access.

Dates by REF-A, worked out by hand (domain examples 2 and 7): the sixth day of an exclusion from Tue 20 Oct 2026 is Wed
4 Nov, the fifteenth school day after it Wed 18 Nov; twenty school days after Thu 19 Nov, without the training day Fri
4 Dec, end on Fri 18 Dec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from playwright.sync_api import Page, expect
from support import installation, journeys
from support.answering import accept, answer
from support.between import work_off

from app.cases import rebuilding
from app.cases.definitions import form_of, start_of
from app.cases.records import write_record
from app.cases.sweep import sweep
from app.forms import Form
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import cases, definitions, pupils, work
from app.store.queries.work import TaskLine
from app.store.tables import case_record

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
#: who is needed beside the people of the small authority
OTHERS = {
    "exclusions": ("Rhea Stone", "EXO", "testshire"),
    "clerk": ("Silas Wood", "GOVCLK", "beacon"),
    "fair-access": ("Tess Moor", "FAO", "testshire"),
}
FLAG: JsonObject = {
    "what": ["behaviour"],
    "description": "Leaves lessons daily since September.",
    "days_suspended_term": 0,
    "days_suspended_year": 0,
    "looked_after": "no",
    "has_plan": "no",
}
DECISION: JsonObject = {
    "kind": "permanent",
    "decided_on": "2026-10-20",
    "incident_on": "2026-10-19",
    "first_day_on": "2026-10-20",
    "exam_missed": "no",
    "reasons": ["weapon"],
    "narrative": "A knife was shown to two pupils in the yard; three adults and a camera saw it.",
    "looked_after": "no",
    "social_worker": "no",
    "has_ehc_plan": "no",
}


CALL: JsonObject = {
    "called_on": "2026-10-19",
    "spoke_with": "Head",
    "advice": "Plan the support anew and invite the parents this week.",
    "to_invite": ["parents", "dsl"],
}
DISCUSSION: JsonObject = {
    "held": "yes",
    "held_on": "2026-10-19",
    "present": ["head", "senco", "parents", "pupil"],
    "options": [
        {"way": "apdr", "state": "considered", "why": "The plan is of September"},
        {"way": "managed_move", "state": "unsuitable", "why": "The pupil wants to stay"},
    ],
    "parent_view": "We want to try a shorter day for two weeks.",
}
PLAN: JsonObject = {
    "route": "exclusion",
    "plan_summary": "Permanent exclusion for one serious incident.",
    "plan_agreed_on": "2026-10-20",
}
PARENTS: JsonObject = {"parents_told_on": "2026-10-20", "how": ["voice", "hand"], "who": "Head"}
TOLD: JsonObject = {"told": ["authority", "board"], "notified_board_on": "2026-10-20"}
WORK: JsonObject = {"set_on": "2026-10-20", "work": "The tutor sends work in five subjects and marks it."}
SIXTH_DAY: JsonObject = {
    "needed": "yes",
    "where": "Harbour Centre",
    "starts_on": "2026-11-04",
    "details_on": "2026-10-20",
}
MEETING: JsonObject = {
    "board_meets_on": "2026-11-18",
    "invited": ["parents", "pupil", "head", "authority"],
    "meets": "together",
}
STANDS: JsonObject = {"head_says": "stands", "case": "The statements of the three adults."}
DECLINED: JsonObject = {
    "board_outcome": "declined",
    "board_met_on": "2026-11-18",
    "members": 3,
    "conflict": "no",
    "reasons": "The board finds it more likely than not, and that no smaller step would keep others safe.",
}
LETTER: JsonObject = {"letter_given_on": "2026-11-18", "says": ["reasons", "review", "expert", "discrimination"]}
ELIGIBLE: JsonObject = {
    "eligible": "yes",
    "clock_started_on": "2026-11-19",
    "reason": "Category d: permanently excluded, suitable for a mainstream school.",
}
READY: JsonObject = {
    "ready_for_mainstream": "yes",
    "gathered": ["attainment", "attendance"],
    "helps": "A key adult in the first weeks.",
}
PANEL: JsonObject = {"panel_on": "2026-11-19", "invited": "Harbour School\nOak School", "all_told": True}
PLACE: JsonObject = {
    "allocated_on": "2026-11-19",
    "placed_at": "Harbour School",
    "was_invited": True,
    "year_group": "3",
    "start_on": "2026-11-30",
    "reason": "It has admitted one child under fair access in three years.",
}


@dataclass(frozen=True)
class Story:
    """The people at their pages."""

    #: the installation
    live: Live
    #: a page of a person
    page_as: PageAs
    #: pages that are open, by person
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, person: str) -> Page:
        """Their page."""
        if person not in self.pages:
            self.pages[person] = self.page_as(person)
        return self.pages[person]

    def it_is(self, day: datetime) -> None:
        """The day comes, with everything that is due by then."""
        with self.live.app.app_context():
            installation.set_clock(day)
            sweep(day, as_they_were_due=True)
            db.session.remove()

    def do(self, person: str, element: str, answers: JsonObject, due: str = "", **reasons: str) -> None:
        """Somebody opens a task from their inbox, where its date stands, finishes it, and the worker passes on."""
        page = self.page(person)
        with self.live.app.app_context():
            task, form = _asked(element)
            db.session.remove()
        page.goto(journeys.INBOX)
        expect(journeys.card(page, task.name)).to_contain_text(due)
        journeys.open_task(page, task.name)
        answer(page, form, answers)
        if reasons:
            page.get_by_role("button", name="Finish this task").click()
            accept(page, {name.replace("__", ":"): why for name, why in reasons.items()})
        journeys.finish(page, task.name)
        with self.live.app.app_context():
            work_off()
            db.session.remove()

    def start(self, person: str, process: str, answers: JsonObject) -> None:
        """Somebody starts a case for the pupil."""
        page = self.page(person)
        page.goto(f"/start/{process}/pupil1")
        with self.live.app.app_context():
            version = definitions.current(reading(), process)
            event = start_of(version.digest)
            assert event is not None
            form = form_of(version.digest, event.form_key or "")
            db.session.remove()
        answer(page, form, answers)
        self.begin(page)

    def begin(self, page: Page) -> None:
        """Press the button of a page that starts a case."""
        page.get_by_role("button", name="Start the case").click()
        expect(page.get_by_role("heading", name="The case has started")).to_be_visible()


def _asked(element: str) -> tuple[TaskLine, Form]:
    """The open task of an element, whichever case of the pupil it belongs to, and its form."""
    for case_id, _ in pupils.open_cases(reading(), "pupil1"):
        case = cases.by_reference(reading(), case_id)
        for task in work.of_case(reading(), case_id):
            if case is not None and task.element == element:
                return task, form_of(case.bundle, task.form_key or "")
    raise LookupError(element)


def test_from_a_risk_of_exclusion_to_a_place_at_another_school(live: Live, page_as: PageAs) -> None:
    # given the four processes and everybody they need, on Mon 19 Oct 2026
    with live.app.app_context():
        for key in ("exclusion-risk", "exclusion", "fair-access"):
            installation.deploy(key)
        for person, (name, role, where) in OTHERS.items():
            held = [{"role": role, "organisation": where}]
            record = {"user_name": person, "name": name, "is_active": True, "memberships": held}
            write_record(StreamId("person", person), "person-recorded", {"person": record}, installation.command())
        db.session.remove()
    story = Story(live, page_as)
    story.it_is(datetime(2026, 10, 19, 8, tzinfo=UTC))

    # the SENCO flags the risk; the same day the officer calls, and the school talks about alternatives
    story.start("senco", "exclusion-risk", FLAG)
    story.do("exclusions", "same_day_call", CALL, "Tue 20 October")
    story.do("senco", "hold_discussion", DISCUSSION)
    story.it_is(datetime(2026, 10, 20, 8, tzinfo=UTC))
    story.do("head", "agree_plan", PLAN)

    # the head excludes, from the task of the talks
    head = story.page("head")
    journeys.open_task(head, "Start the exclusion procedure")
    head.get_by_role("button", name="Start: ").click()
    story.begin(head)
    story.do("head", "record_decision", DECISION, "Wed 21 October")
    story.do("head", "tell_parents", PARENTS, "Tue 20 October")
    story.do("head", "tell_others", TOLD, "Tue 20 October")
    story.do("senco", "set_work", WORK)
    story.do("exclusions", "educate_authority", SIXTH_DAY, "Wed 4 November")

    # the board: papers five school days before, the meeting by the fifteenth
    story.do("clerk", "arrange_meeting", MEETING)
    story.do(
        "head", "head_case", {"head_says": "stands", "case": "The statements of the three adults."}, "Wed 11 November"
    )
    story.do("clerk", "send_papers", {"papers_sent_on": "2026-10-20"}, "Wed 11 November")
    story.it_is(datetime(2026, 11, 18, 8, tzinfo=UTC))
    story.do("clerk", "meet_15", DECLINED, "Wed 18 November")
    story.do("clerk", "send_decision", LETTER, "Thu 19 November")
    story.do("exclusions", "find_place", {"way": "fair_access", "referred_on": "2026-11-18"}, "Thu 19 November")

    # fair access began by itself; the child is placed within twenty school days of Thu 19 Nov
    story.it_is(datetime(2026, 11, 19, 8, tzinfo=UTC))
    story.do("fair-access", "check_eligible", ELIGIBLE)
    story.do("fair-access", "clock_starts", READY)
    story.do("fair-access", "call_panel", PANEL)
    story.do("fair-access", "decide_place", PLACE, "Fri 18 December")
    story.do("fair-access", "tell_parents", {"told_on": "2026-11-19", "school_answer": "admits"})
    story.it_is(datetime(2026, 12, 1, 9, tzinfo=UTC))
    story.do("fair-access", "check_on_roll", {"on_roll": "yes", "on_roll_on": "2026-11-30"})

    # all three are linked, and each can be replayed
    auditor = story.page("auditor")
    with live.app.app_context():
        found = list(reading().scalars(sa.select(case_record.c.reference)))
        assert rebuilding.check() == []
        db.session.remove()
    assert len(found) == 3
    for reference in found:
        auditor.goto(f"/cases/{reference}")
        expect(auditor.get_by_role("region", name="Linked cases").get_by_role("link")).not_to_have_count(0)
        auditor.goto(f"/cases/{reference}/replay")
        expect(auditor.locator("body[data-ready]")).to_be_attached()
