"""The task page: from the form to what happens next, and everything that may come between."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.staff import OFFER, field, move_pupil, open_task, started

from app.store.db import reading
from app.store.queries import cases, work
from app.store.tables import read_log

ClientOf = Callable[[str], FlaskClient]


def seq_of(case_id: str) -> int:
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    return case.seq


def test_a_task_is_completed_end_to_end(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    senco = client_of("senco")

    page = senco.get(f"/tasks/{task_id}")
    assert page.status_code == 200
    assert "Check the universal offer" in page.text
    assert "Leaves the room when the class is loud" in page.text
    assert "(you are here)" in page.text

    sent = senco.post(f"/tasks/{task_id}", data={**OFFER, "_key": "k1", "revision": field(page.text, "revision")})
    assert sent.status_code == 303, sent.text
    done = senco.get(sent.location)
    assert "Done: Check the universal offer" in done.text
    assert "Talk with the parents" in done.text
    assert seq_of(case_id) == 2

    again = senco.get(f"/tasks/{task_id}")
    assert "Asha Quill completed this task" in again.text
    assert "Visual timetable" in again.text


def test_wrong_answers_complete_nothing_and_name_fields_only_in_the_log(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    sent = client_of("senco").post(f"/tasks/{task_id}", data={**OFFER, "strategies_tried-0-weeks": "99 weeks"})

    assert sent.status_code == 422
    assert "<title>Error: Check the universal offer" in sent.text
    assert 'href="#strategies_tried-0-weeks"' in sent.text
    assert "Visual timetable" in sent.text
    assert "99 weeks" in sent.text
    assert seq_of(case_id) == 1
    [logged] = reading().execute(sa.select(read_log).where(read_log.c.action == "invalid_answers")).all()
    assert logged.purpose == "fields: strategies_tried:0:weeks"
    assert logged.subject == f"case/{case_id}"


def test_the_second_of_two_people_learns_who_did_it_and_keeps_what_was_typed(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    first, second = client_of("senco"), client_of("senco2")
    assert first.post(f"/tasks/{task_id}", data={**OFFER, "_key": "a"}).status_code == 303

    late = second.post(f"/tasks/{task_id}", data={**OFFER, "strategies_tried-0-what": "Quiet corner", "_key": "b"})

    assert late.status_code == 409
    assert "Asha Quill completed" in late.text
    assert "Quiet corner" in late.text
    assert "/cases/" in late.text
    assert "Quiet corner" in second.get(f"/tasks/{task_id}").text
    assert "Quiet corner" not in first.get(f"/tasks/{task_id}").text


def test_a_double_click_is_one_entry_and_the_same_page(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    senco = client_of("senco")
    first, second = (senco.post(f"/tasks/{task_id}", data={**OFFER, "_key": "same"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert seq_of(case_id) == 2


def test_a_task_that_ended_under_the_open_form_loses_nothing_typed(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    senco = client_of("senco")
    senco.get(f"/tasks/{task_id}")
    move_pupil(case_id)

    sent = senco.post(f"/tasks/{task_id}", data={**OFFER, "_key": "k"})

    assert sent.status_code == 410
    assert "Visual timetable" in sent.text
    assert "/cases/" in sent.text
    opened_again = senco.get(f"/tasks/{task_id}")
    assert opened_again.status_code == 410
    assert "Visual timetable" in opened_again.text


def test_a_task_somebody_has_is_taken_over_before_it_is_done(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    first, second = client_of("senco"), client_of("senco2")
    first.post(f"/tasks/{task_id}/claim", data={})

    page = second.get(f"/tasks/{task_id}").text
    assert "Asha Quill has this task" in page
    assert "Take this task" in page
    assert "Finish this task" not in page
    refused = second.post(f"/tasks/{task_id}", data=OFFER)
    assert refused.status_code == 409
    assert "Visual timetable" in refused.text

    second.post(f"/tasks/{task_id}/claim", data={"holder": "senco"})
    assert "Visual timetable" in second.get(f"/tasks/{task_id}").text
    assert second.post(f"/tasks/{task_id}", data={**OFFER, "revision": "1"}).status_code == 303


def test_taking_over_from_somebody_the_page_did_not_name_is_refused(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    client_of("senco").post(f"/tasks/{task_id}/claim", data={})
    refused = client_of("senco2").post(f"/tasks/{task_id}/claim", data={})
    assert refused.status_code == 409
    assert "Asha Quill has taken this task meanwhile" in refused.text


def test_a_line_lead_gives_a_task_to_somebody_who_may_do_it(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    head = client_of("head")
    page = head.get(f"/tasks/{task_id}").text
    assert "Bram Oyelaran" in page
    assert "somebody else does it" in page

    assert head.post(f"/tasks/{task_id}/reassign", data={"to_person": "teacher"}).status_code == 403
    assert head.post(f"/tasks/{task_id}/reassign", data={"to_person": "senco2", "reason": "Cover"}).status_code == 303
    found = work.one(reading(), task_id)
    assert found is not None
    assert found.assignee == "senco2"
    assert client_of("senco").post(f"/tasks/{task_id}/reassign", data={"to_person": "senco"}).status_code == 403


def test_giving_a_task_to_nobody_asks_who_it_is_for(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    sent = client_of("head").post(f"/tasks/{task_id}/reassign", data={"to_person": "", "reason": "On leave"})
    assert sent.status_code == 422
    assert sent.text.count("Choose who should do this task") == 2
    assert "Error: Check the universal offer" in sent.text


def test_a_problem_in_a_row_says_which_row(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    second = {
        "_rows.strategies_tried": "2",
        "strategies_tried-1-what": "Quiet corner",
        "strategies_tried-1-effect": "same",
    }
    sent = client_of("senco").post(f"/tasks/{task_id}", data={**OFFER, **second})
    assert sent.status_code == 422
    assert sent.text.count("Strategy 2: Enter an answer to “For how many weeks?”") == 2


def test_earlier_answers_are_headed_by_who_gave_them_and_when(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    senco = client_of("senco")
    senco.post(f"/tasks/{open_task(case_id)}", data=OFFER)
    page = senco.get(f"/tasks/{open_task(case_id, 'talk_with_family')}").text
    assert "Check the universal offer, Asha Quill, 2 Nov 2026</span></summary>" in page


def test_outside_the_scope_there_is_no_task(app: Flask, client_of: ClientOf) -> None:
    case_id = started(safeguarding="yes")
    task_id, restricted = open_task(case_id), open_task(case_id, "consider_safeguarding")
    for who in ("other-senco", "far-senco", "sys", "owner1"):
        for path in ("", "/diagram.bpmn", "/done"):
            assert client_of(who).get(f"/tasks/{task_id}{path}").status_code == 404, (who, path)
        assert client_of(who).post(f"/tasks/{task_id}", data=OFFER).status_code == 404
    for who in ("senco", "head", "teacher"):
        assert client_of(who).get(f"/tasks/{restricted}").status_code == 404
    assert client_of("dsl").get(f"/tasks/{restricted}").status_code == 200


def test_an_overdue_task_says_so_and_keeps_the_reason_it_was_late(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    installation.move_clock(60)
    senco = client_of("senco")
    page = senco.get(f"/tasks/{task_id}").text
    assert "Overdue by" in page
    assert "Why is this late?" in page
    assert senco.post(f"/tasks/{task_id}", data={**OFFER, "_late": "family"}).status_code == 303


def test_the_diagram_is_the_deployed_one_and_marks_the_step(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    diagram = senco.get(f"/tasks/{task_id}/diagram.bpmn")
    assert diagram.mimetype == "application/xml"
    assert b'id="check_universal_offer"' in diagram.data
    assert '"check_universal_offer": "active"' in senco.get(f"/tasks/{task_id}").text
