"""Cases, tasks and fields for tests of the staff's pages. Real cases, started and moved by the write path."""

from __future__ import annotations

import re
from datetime import datetime

from app.cases.command import Command
from app.cases.events import deliver
from app.cases.starting import NewCase, start
from app.model.actor import Actor
from app.store.db import reading
from app.store.queries import work
from support import installation

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
#: answers to “Check the universal offer”
OFFER = {
    "_rows.strategies_tried": "1",
    "strategies_tried-0-what": "Visual timetable",
    "strategies_tried-0-weeks": "6",
    "strategies_tried-0-effect": "same",
}


def started(
    pupil: str = "pupil1",
    named: tuple[str, ...] = ("teacher",),
    safeguarding: str = "no",
    at: datetime = installation.NOW,
    school: str = "beacon",
) -> str:
    """The id of a fresh case, started by the SENCO."""
    answers = {"concern_areas": ["semh"], "description": "Leaves the room when the class is loud", "raised_by": "staff"}
    new = NewCase(
        process_key="graduated-approach",
        pupil_id=pupil,
        school=school,
        answers={**answers, "safeguarding_concern": safeguarding},
        variables={"concern_areas": ["semh"], "safeguarding_concern": safeguarding},
        named=named,
    )
    return start(new, Command(SENCO, at)).case_id


def open_task(case_id: str, element: str = "check_universal_offer") -> str:
    """The id of the open task of an element."""
    return next(one.task_id for one in work.of_case(reading(), case_id) if one.element == element)


def move_pupil(case_id: str) -> None:
    """Tell the case that the pupil moved: every task of it ends."""
    deliver(case_id, "pupil.moved", {}, Command(SENCO, installation.NOW))


def field(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]
