"""Programs do what people do on the pages, judged by the same rules; refusals tell programs and people what to do."""

import random

import pytest
from api.conftest import ProgramOf
from flask import Flask
from support import installation
from support.walking import Walk, answers_by_element

from app.store import tokens

KEY = "graduated-approach"
ANSWERS = answers_by_element(KEY)


@pytest.fixture
def walk(app: Flask) -> Walk:
    """A case that just started."""
    walk = Walk(KEY, random.Random(1))
    walk.start()
    return walk


def test_a_task_is_found_taken_and_finished(program_of: ProgramOf, walk: Walk) -> None:
    senco = program_of("senco")
    # given the only open task
    (task,) = senco.get("/api/v1/tasks").json["items"]
    assert (task["element"], task["due"]["on"]) == ("check_universal_offer", "2026-11-09")
    # when a program takes it, and finishes it with what its form asks
    assert senco.post(f"/api/v1/tasks/{task['id']}/claim").json["assignee"] == "senco"
    asked = senco.get(f"/api/v1/tasks/{task['id']}").json["form"]["components"]
    answers = ANSWERS[task["element"]][0]
    assert set(answers) <= {one.get("key") or one.get("path") for one in asked}
    receipt = senco.post(f"/api/v1/tasks/{task['id']}/completion", json={"answers": answers})
    # then the next task is open and the case knows
    assert receipt.status_code == 200, receipt.text
    case = senco.get(f"/api/v1/cases/{receipt.json['case']}").json
    assert [one["id"] for one in case["tasks"]] == receipt.json["opened"]
    assert case["pupil"] == "Zadie Thornbury"


def test_answers_are_judged_as_on_the_page_and_nothing_is_written(program_of: ProgramOf, walk: Walk) -> None:
    senco, address = program_of("senco"), f"/api/v1/tasks/{walk.open_tasks()[0].task_id}/completion"
    missing = senco.post(address, json={"answers": {}})
    unknown = senco.post(address, json={"answers": {"favourite_colour": "blue"}})
    misspelt = senco.post(address, json={"answer": {}})
    text = senco.post(address, data="answers", content_type="text/plain")
    assert [one.status_code for one in (missing, unknown, misspelt, text)] == [422, 422, 422, 415]
    assert missing.mimetype == "application/problem+json"
    assert missing.json["errors"] == {"strategies_tried": "Add at least one strategy that was tried"}
    assert unknown.json["errors"] == {"favourite_colour": "The form has no question with this key. Leave it out."}
    assert misspelt.json["errors"] == {"answer": "Unknown field."}
    assert [one.element for one in walk.open_tasks()] == ["check_universal_offer"]


def test_a_request_sent_twice_is_done_once(program_of: ProgramOf, walk: Walk) -> None:
    senco, task = program_of("senco"), walk.open_tasks()[0]
    body = {"answers": ANSWERS[task.element][0]}

    def send(key: str, sent: dict[str, object]):
        address = f"/api/v1/tasks/{task.task_id}/completion"
        return senco.post(address, json=sent, headers={"Idempotency-Key": key})

    first, second = send("one", body), send("one", body)
    changed, new = send("one", body | {"late": "workload"}), send("two", body)
    assert second.json == first.json | {"is_repeat": True}
    assert (changed.status_code, changed.json["type"]) == (422, "urn:waymark:different-request")
    assert (new.status_code, new.json["type"]) == (409, "urn:waymark:already-done")


def test_a_case_is_started_once_for_a_key_and_a_second_one_needs_a_reason(program_of: ProgramOf) -> None:
    senco = program_of("senco")
    body = {"process": KEY, "pupil": "pupil2", "teacher": "teacher", "answers": ANSWERS[""][0]}
    first = senco.post("/api/v1/cases", json=body, headers={"Idempotency-Key": "one"})
    again = senco.post("/api/v1/cases", json=body, headers={"Idempotency-Key": "one"})
    doubtful = senco.post("/api/v1/cases", json=body)
    reasoned = senco.post("/api/v1/cases", json=body | {"accepted": {"duplicate": "Another need"}})
    assert (first.status_code, first.headers["Location"]) == (201, f"/api/v1/cases/{first.json['case']}")
    assert again.json == first.json | {"is_repeat": True}
    assert (doubtful.status_code, list(doubtful.json["warnings"])) == (422, ["duplicate"])
    assert reasoned.status_code == 201


def test_a_message_reaches_the_case_and_its_history_tells(program_of: ProgramOf, walk: Walk) -> None:
    senco = program_of("senco")
    (case,) = senco.get("/api/v1/cases").json["items"]
    address = f"/api/v1/cases/{case['reference']}"
    told = {"on": "2026-11-02", "withdrawn_by": "The mother", "reason": "By letter"}
    receipt = senco.post(f"{address}/messages", json={"message": "consent.withdrawn", "answers": told})
    assert receipt.status_code == 200, receipt.text
    entries = senco.get(f"{address}/entries", query_string={"limit": 1}).json
    assert entries["next"] == 1
    rest = senco.get(f"{address}/entries", query_string={"after": 1}).json
    assert [one["kind"] for one in rest["items"]] == ["message-received"]
    assert rest["next"] is None
    nowhere = senco.post(f"{address}/messages", json={"message": "plan.lost", "answers": {}})
    assert nowhere.status_code == 404


def test_an_auditor_reads_a_case_as_it_was_under_masks(program_of: ProgramOf, walk: Walk) -> None:
    auditor = program_of("auditor")
    (case,) = auditor.get("/api/v1/cases").json["items"]
    then = auditor.get(f"/api/v1/cases/{case['reference']}/entries/1")
    assert then.status_code == 200
    assert [one["name"] for one in then.json["tasks"]] == ["Check the universal offer"]
    assert "Thornbury" not in then.text + auditor.get(f"/api/v1/cases/{case['reference']}").text + str(case)


def test_lists_go_on_where_the_page_before_ended(program_of: ProgramOf, app: Flask) -> None:
    senco, references = program_of("senco"), []
    for _ in range(28):
        walk = Walk(KEY, random.Random(1))
        walk.start()
    first = senco.get("/api/v1/tasks").json
    second = senco.get("/api/v1/tasks", query_string={"after": first["next"]}).json
    references = [one["case"] for one in first["items"] + second["items"]]
    assert (len(first["items"]), len(set(references)), second["next"]) == (25, 28, None)
    lost = senco.get("/api/v1/tasks", query_string={"after": "yesterday"})
    assert (lost.status_code, list(lost.json["errors"])) == (422, ["after"])


def test_a_token_does_only_what_it_was_made_for(program_of: ProgramOf, walk: Walk) -> None:
    reads = program_of("senco", ["tasks:read"])
    refused = reads.post(f"/api/v1/tasks/{walk.open_tasks()[0].task_id}/claim")
    assert reads.get("/api/v1/tasks").status_code == 200
    assert refused.status_code == 403
    assert "tasks:write" in refused.json["detail"]


def test_a_token_ends_and_a_cookie_is_no_token(app: Flask, program_of: ProgramOf) -> None:
    senco = program_of("senco")
    assert senco.get("/api/v1/tasks").status_code == 200
    tokens.end_all("senco")
    ended, cookie = senco.get("/api/v1/tasks"), installation.sign_in(app, "senco").get("/api/v1/tasks")
    for answer in (ended, cookie):
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json["type"] == "urn:waymark:no-token"


def test_a_draft_is_sent_in_by_one_owner_and_approved_by_another(program_of: ProgramOf) -> None:
    bundle = installation.bundle_of(installation.ROOT / "processes" / KEY)
    bpmn = bundle.bpmn[f"{KEY}.bpmn"].decode().replace("Check the universal offer", "Look at the universal offer")
    author, second = program_of("owner1"), program_of("owner2")
    # when one owner sends a changed diagram in
    sent = author.post(f"/api/v1/processes/{KEY}/drafts", json={"bpmn": bpmn, "note": "Clearer words"})
    assert sent.status_code == 201, sent.text
    approval = {"revision": sent.json["revision"], "digest": sent.json["digest"]}
    address = f"{sent.headers['Location']}/approval"
    # then they cannot approve it themselves, nor can anybody approve something else
    assert author.post(address, json=approval).status_code == 403
    assert second.post(address, json=approval | {"digest": "0" * 64}).status_code == 409
    approved = second.post(address, json=approval)
    assert approved.json == {"process": KEY, "version": 2, "bundle": sent.json["digest"]}
    (process,) = author.get("/api/v1/processes").json["items"]
    assert process["version"] == 2


def test_a_diagram_with_an_error_is_not_taken(program_of: ProgramOf) -> None:
    owner = program_of("owner1")
    answer = owner.post(f"/api/v1/processes/{KEY}/drafts", json={"bpmn": "<html/>", "note": "Look"})
    assert answer.status_code == 422
    assert answer.json["detail"]
