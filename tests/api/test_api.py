"""Programs do what people do on the pages, judged by the same rules; refusals tell programs and people what to do."""

import random
from base64 import b64encode

import pytest
from api.conftest import ProgramOf
from flask import Flask
from sqlalchemy import event
from support import between, installation
from support.walking import Walk, answers_by_element

from app.cases.additions import Upload, add_document, add_note
from app.cases.history import Happening, entries_of, history, history_page
from app.cases.sight import Sight
from app.model.actor import Actor
from app.store import tokens
from app.store.db import db, reading
from app.store.queries import cases

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
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


def test_documents_are_listed_and_read_with_the_access_of_the_pages(program_of: ProgramOf, walk: Walk) -> None:
    # given an open document and a restricted one
    dsl = Actor("dsl", "Farid Lowe", "DSL", "beacon")
    for name, is_restricted in (("Report.pdf", False), ("Concern.pdf", True)):
        add_document(walk.case_id, Upload(name, "application/pdf", PDF), is_restricted, installation.command(dsl))
    address = f"/api/v1/cases/{reference(walk)}/documents"
    # when
    seen = {who: program_of(who).get(address) for who in ("senco", "dsl", "auditor", "far-senco")}
    # then
    assert [one["name"] for one in seen["senco"].json["items"]] == ["Report.pdf"]
    assert {one["name"] for one in seen["dsl"].json["items"]} == {"Report.pdf", "Concern.pdf"}
    assert seen["far-senco"].status_code == 404
    ids = {one["name"]: one["id"] for one in seen["dsl"].json["items"]}
    given = program_of("senco").get(f"{address}/{ids['Report.pdf']}")
    assert (given.data, given.mimetype) == (PDF, "application/octet-stream")
    assert "Report.pdf" in given.headers["Content-Disposition"]
    assert program_of("senco").get(f"{address}/{ids['Concern.pdf']}").status_code == 404
    assert program_of("auditor").get(f"{address}/{ids['Report.pdf']}").status_code == 403
    narrow = program_of("senco", {"tasks:read"})
    assert narrow.get(address).status_code == narrow.get(f"{address}/{ids['Report.pdf']}").status_code == 403


def test_a_file_comes_with_the_answers_of_its_task(program_of: ProgramOf, walk: Walk) -> None:
    # given the talk with the parents, which asks for signed consent
    senco = program_of("senco")
    offer = walk.open_tasks()[0]
    senco.post(f"/api/v1/tasks/{offer.task_id}/completion", json={"answers": ANSWERS[offer.element][0]})
    task = next(one for one in walk.open_tasks() if one.element == "talk_with_family")
    address, consent = f"/api/v1/tasks/{task.task_id}/completion", {"question": "consent_evidence", "name": "c.pdf"}
    answers = {**ANSWERS["talk_with_family"][0], "consent_form": "written"}
    body = {"answers": {key: value for key, value in answers.items() if key != "witness"}}
    # when what is sent is no file, not what its name says, or not asked for
    for wrong in (
        {**consent, "content": "no base64!"},
        {**consent, "content": b64encode(b"MZ\x90\x00").decode()},
        {**consent, "question": "talked_on", "content": b64encode(PDF).decode()},
    ):
        refused = senco.post(address, json={**body, "files": [wrong]})
        assert (refused.status_code, list(refused.json["errors"])) == (422, [wrong["question"]]), refused.text
    # and when it is right
    files = [{**consent, "content": b64encode(PDF).decode()}]
    done = senco.post(address, json={**body, "files": files})
    # then the case has it
    assert done.status_code == 200, done.text
    documents = senco.get(f"/api/v1/cases/{reference(walk)}/documents").json["items"]
    assert [one["name"] for one in documents] == ["c.pdf"]


@pytest.mark.parametrize("who", ["senco", "auditor"])
def test_a_history_in_pages_says_what_the_whole_says(program_of: ProgramOf, who: str) -> None:
    # given a long case with restricted parts
    walk = Walk(KEY, random.Random(7))
    walk.start()
    for _ in range(40):
        walk.step()
    case = cases.by_reference(reading(), walk.case_id)
    assert case is not None
    for sight in (Sight(), Sight(may_see_restricted=True)):
        whole, paged, after = history(entries_of(case.id), sight), list[Happening](), 0
        # when it is read three entries at a time
        while after is not None:
            page, after = history_page(case, sight, after, 3)
            assert len(page) <= 3
            paged += page
        # then it is the same
        assert paged == whole
    # and over the API, too
    program, told, following = program_of(who), list[dict[str, object]](), 0
    while following is not None:
        found = program.get(f"/api/v1/cases/{case.reference}/entries?limit=7&after={following}").json
        told, following = told + found["items"], found["next"]
    assert [one["entry"] for one in told] == list(range(1, case.seq + 1))


def test_a_page_of_a_history_reads_no_other_entry(program_of: ProgramOf, walk: Walk) -> None:
    for number in range(30):
        add_note(walk.case_id, f"Note {number}", False, installation.command())
    case = cases.by_reference(reading(), walk.case_id)
    assert case is not None
    opened = list[str]()

    def count(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "FROM entry" in statement and "payload" in statement:
            opened.append(f"{statement} {parameters}")

    event.listen(db.engine, "before_cursor_execute", count)
    page, after = history_page(case, Sight(), 20, 5)
    event.remove(db.engine, "before_cursor_execute", count)
    assert ([one.entry.seq for one in page], after) == ([21, 22, 23, 24, 25], 25)
    [statement] = opened
    assert "LIMIT" in statement


def reference(walk: Walk) -> str:
    """What people call the case."""
    case = cases.by_reference(reading(), walk.case_id)
    assert case is not None
    return case.reference


def test_a_case_is_started_for_a_task_of_another_and_both_name_each_other(program_of: ProgramOf) -> None:
    # given a task that asks another process
    between.deploy_both()
    asker = between.start("asker")
    between.do(asker, "prepare", question="What else?")
    senco, own = program_of("senco"), between.case(asker).reference
    task = between.task_of(asker, "ask")
    body = {
        "process": "p02_forum",
        "pupil": "pupil1",
        "teacher": "teacher",
        "task": task,
        "answers": {"question": "Why?"},
    }
    # when a program starts that for it, and once more
    begun = senco.post("/api/v1/cases", json=body)
    again = senco.post("/api/v1/cases", json=body | {"accepted": {"duplicate": "Once more"}})
    # then each names the other, and there is one
    assert begun.status_code == 201, begun.text
    assert (again.status_code, again.json["type"]) == (409, "urn:waymark:already-asked")
    [link] = senco.get(f"/api/v1/cases/{own}").json["links"]
    assert (link["role"], link["case"]) == ("asked", begun.json["case"])
    [link] = senco.get(f"/api/v1/cases/{begun.json['case']}").json["links"]
    assert (link["role"], link["case"]) == ("asked by", own)
    assert senco.get("/api/v1/tasks").json["items"][0]["element"] == "discuss"
