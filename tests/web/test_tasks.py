"""The task page: from the form to what happens next, and everything that may come between."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support import installation

from app.cases.command import Command
from app.cases.starting import NewCase, start
from app.model.actor import Actor
from app.store.db import reading
from app.store.queries import cases, work

ClientOf = Callable[[str], FlaskClient]
OFFER = {
    "_rows.strategies_tried": "1",
    "strategies_tried-0-what": "Visual timetable",
    "strategies_tried-0-weeks": "6",
    "strategies_tried-0-effect": "same",
}


def started(named: tuple[str, ...] = ("teacher",), safeguarding: str = "no") -> str:
    """The id of a fresh case of pupil1, started by the SENCO."""
    answers = {"concern_areas": ["semh"], "description": "Leaves the room when the class is loud", "raised_by": "staff"}
    new = NewCase(
        process_key="graduated-approach",
        pupil_id="pupil1",
        school="beacon",
        answers={**answers, "safeguarding_concern": safeguarding},
        variables={"concern_areas": ["semh"], "safeguarding_concern": safeguarding},
        named=named,
    )
    return start(new, Command(Actor("senco", "Asha Quill", "SENCO", "beacon"), installation.NOW)).case_id


def open_task(case_id: str, element: str) -> str:
    """The id of the open task of an element."""
    return next(one.task_id for one in work.of_case(reading(), case_id) if one.element == element)


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def test_a_task_is_completed_end_to_end(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id, "check_universal_offer")
    senco = client_of("senco")

    page = senco.get(f"/tasks/{task_id}")
    assert page.status_code == 200
    assert "Check the universal offer" in page.text
    assert "Leaves the room when the class is loud" in page.text

    sent = senco.post(f"/tasks/{task_id}", data={**OFFER, "_key": "k1", "revision": "0"})
    assert sent.status_code == 303, sent.text
    done = senco.get(sent.location)
    assert "Done: Check the universal offer" in done.text
    assert "Talk with the parents" in done.text
    assert cases.by_reference(reading(), case_id).seq == 2
