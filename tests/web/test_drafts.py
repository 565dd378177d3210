"""Drafts: saved by scripts and by a button, going with the task, never silently overwritten."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support.staff import OFFER, field, open_task, started

from app.store import drafts

ClientOf = Callable[[str], FlaskClient]
JSON = {"Accept": "application/json"}


def test_what_is_typed_is_saved_and_offered_again(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    first = senco.post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    assert first.status_code == 200
    assert first.json is not None
    assert first.json["revision"] == 1
    half = {**OFFER, "strategies_tried-0-weeks": "abc", "revision": "1"}
    assert senco.post(f"/tasks/{task_id}/draft", data=half, headers=JSON).json["revision"] == 2

    page = senco.get(f"/tasks/{task_id}").text
    assert 'value="abc"' in page
    assert field(page, "revision") == "2"


def test_the_button_saves_without_scripts(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    sent = senco.post(f"/tasks/{task_id}", data={**OFFER, "_save": "yes", "revision": "0"})
    assert sent.status_code == 303
    page = senco.get(sent.location).text
    assert "Your draft is saved" in page
    assert "Visual timetable" in page


def test_rows_are_added_and_removed_without_scripts(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    added = senco.post(f"/tasks/{task_id}", data={**OFFER, "_add": "strategies_tried", "revision": "0"}).text
    assert 'name="strategies_tried-1-what"' in added
    assert "Visual timetable" in added
    two = {**OFFER, "_rows.strategies_tried": "2", "strategies_tried-1-what": "Quiet corner", "revision": "1"}
    removed = senco.post(f"/tasks/{task_id}", data={**two, "_remove": "strategies_tried:0"}).text
    assert "Quiet corner" in removed
    assert "Visual timetable" not in removed


def test_a_draft_goes_with_the_task_to_the_next_person(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    client_of("senco").post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    client_of("head").post(f"/tasks/{task_id}/reassign", data={"to_person": "senco2"})
    page = client_of("senco2").get(f"/tasks/{task_id}").text
    assert "Visual timetable" in page
    assert "Asha Quill filled in part of this" in page


def test_a_stale_save_by_script_is_refused_in_words(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    client_of("senco").post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    mine = {**OFFER, "strategies_tried-0-what": "Quiet corner", "revision": "0"}
    refused = client_of("senco2").post(f"/tasks/{task_id}/draft", data=mine, headers=JSON)
    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["sentence"].startswith("Asha Quill saved this form at")
    kept = drafts.one(task_id)
    assert kept is not None
    assert kept.by == "senco"


def test_a_stale_draft_shows_both_versions_and_then_lets_me_decide(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    client_of("senco").post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    second = client_of("senco2")
    mine = {**OFFER, "strategies_tried-0-what": "Quiet corner", "_save": "yes"}
    page = second.post(f"/tasks/{task_id}", data={**mine, "revision": "0"})

    assert page.status_code == 409
    assert "Somebody saved a newer version" in page.text
    assert "Visual timetable" in page.text
    assert 'value="Quiet corner"' in page.text
    again = second.post(f"/tasks/{task_id}", data={**mine, "revision": field(page.text, "revision")})
    assert again.status_code == 303


def test_handing_in_over_a_newer_draft_of_somebody_else_is_asked_about_first(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    client_of("senco").post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    second = client_of("senco2")
    mine = {**OFFER, "strategies_tried-0-what": "Quiet corner"}
    page = second.post(f"/tasks/{task_id}", data={**mine, "revision": "0"})
    assert page.status_code == 409
    assert "Visual timetable" in page.text
    assert second.post(f"/tasks/{task_id}", data={**mine, "revision": "1"}).status_code == 303
    assert drafts.one(task_id) is None


def test_a_script_saving_while_one_hands_in_does_not_stand_in_the_way(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    senco = client_of("senco")
    senco.post(f"/tasks/{task_id}/draft", data={**OFFER, "revision": "0"}, headers=JSON)
    assert senco.post(f"/tasks/{task_id}", data={**OFFER, "revision": "0"}).status_code == 303


def test_nobody_outside_saves_a_draft(app: Flask, client_of: ClientOf) -> None:
    task_id = open_task(started())
    assert client_of("head").post(f"/tasks/{task_id}/draft", data=OFFER, headers=JSON).status_code == 403
    assert client_of("far-senco").post(f"/tasks/{task_id}/draft", data=OFFER, headers=JSON).status_code == 404
