"""The pages of processes: what is deployed, earlier versions again, new ones begun."""

import io
import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from support import installation
from support.staff import started
from unit.studio.tiny import BPMN, FORM

from app.model.definition import Bundle
from app.store import definition_drafts, scenario_reports
from app.store.db import db, reading
from app.store.queries import definitions
from app.studio import reports
from app.studio.bundles import ProcessFiles, bundle_of

KEY = "graduated-approach"
ClientOf = Callable[[str], FlaskClient]


def renamed(old: str, new: str) -> Bundle:
    bundle = installation.bundle_of(installation.ROOT / "processes" / KEY)
    bpmn = {name: xml.replace(old.encode(), new.encode()) for name, xml in bundle.bpmn.items()}
    return replace(bundle, bpmn=bpmn)


def test_the_list_names_each_process_with_its_version_and_live_cases(client_of: ClientOf) -> None:
    page = client_of("owner1").get("/processes").text

    assert "Graduated approach (assess, plan, do, review)" in page
    assert "Version 1, deployed Mon 2 November 2026" in page
    assert "Begin a new process" in page


def test_a_process_shows_its_diagram_in_words_its_rules_and_their_source(client_of: ClientOf) -> None:
    page = client_of("owner1").get(f"/processes/{KEY}").text

    assert f'data-src="/processes/{KEY}/versions/1.bpmn"' in page
    assert "Task: Check the universal offer" in page
    assert "apdr.review" in page
    assert "agreed in the partnership: partnership agreement: six-weekly reviews" in page
    assert "<code>pupil.moved</code>" in page


def test_whoever_works_under_the_authority_sees_what_is_deployed_and_cannot_change_it(client_of: ClientOf) -> None:
    senco = client_of("senco")

    assert senco.get(f"/processes/{KEY}").status_code == 200
    assert "Edit</button>" not in senco.get(f"/processes/{KEY}").text
    assert senco.post(f"/processes/{KEY}/versions/1/draft").status_code == 403
    assert senco.post("/processes/new", data={"how": "blank", "name": "Mine"}).status_code == 403


def test_an_unknown_process_or_version_is_not_found(client_of: ClientOf) -> None:
    owner = client_of("owner1")

    assert owner.get("/processes/nothing").status_code == 404
    assert owner.get(f"/processes/{KEY}/versions/9").status_code == 404
    assert owner.get(f"/processes/{KEY}/versions/9.bpmn").status_code == 404


def test_the_diagram_of_a_version_can_be_downloaded(client_of: ClientOf) -> None:
    answer = client_of("owner1").get(f"/processes/{KEY}/versions/1.bpmn?save=1")

    bundle = installation.bundle_of(installation.ROOT / "processes" / KEY)
    assert answer.data == bundle.bpmn["graduated-approach.bpmn"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="graduated-approach-1.bpmn"'


def test_an_earlier_version_is_deployed_again_and_new_cases_start_on_it(client_of: ClientOf) -> None:
    installation.deploy(KEY, renamed("Check the universal offer", "Look at the universal offer"))
    owner = client_of("owner1")
    assert definitions.current(reading(), KEY).number == 2
    started()

    assert f'href="/processes/{KEY}/versions/1/deploy"' in owner.get(f"/processes/{KEY}/versions/1").text
    asked = owner.get(f"/processes/{KEY}/versions/1/deploy").text
    assert "New cases start on version 2 now. After this they start on version 1" in asked
    assert "name was Look at the universal offer, is now Check the universal offer" in asked
    assert "1 open case stays on version 2" in asked
    assert definitions.current(reading(), KEY).number == 2
    answer = owner.post(f"/processes/{KEY}/versions/1/deploy")

    assert answer.status_code == 303
    db.session.rollback()
    assert definitions.current(reading(), KEY).number == 1
    again = owner.post(f"/processes/{KEY}/versions/1/deploy")
    assert again.status_code == 409
    assert "New cases start on version 1 already." in again.text


def test_a_new_process_begins_as_a_draft_that_has_no_errors(client_of: ClientOf) -> None:
    owner = client_of("owner1")

    answer = owner.post("/processes/new", data={"how": "blank", "name": "Ask for a buddy"})

    assert answer.status_code == 303
    draft = definition_drafts.everything("ask-for-a-buddy")[0]
    checked = owner.post(f"{answer.location}/check", data=draft.bpmn["ask-for-a-buddy.bpmn"]).get_json()
    assert [one for one in checked["problems"] if one["severity"] == "error"] == []
    assert "Ask for a buddy" in owner.get("/processes").text
    assert owner.get("/processes/ask-for-a-buddy").status_code == 200


@pytest.mark.parametrize(
    ("form", "uploaded", "sentence"),
    [
        ({"how": "blank", "name": " "}, None, "Enter a name for the process, with letters."),
        ({"how": "blank", "name": "Graduated approach"}, None, "There is a process “graduated-approach” already"),
        ({"how": "upload"}, None, "Choose a .bpmn file."),
        ({"how": "upload"}, b"<html/>", "Expected a BPMN diagram"),
    ],
)
def test_a_new_process_that_cannot_begin_says_why(
    client_of: ClientOf, form: dict[str, str], uploaded: bytes | None, sentence: str
) -> None:
    # Sending a form closes its file, so each run of this test needs one of its own.
    file = {} if uploaded is None else {"file": (io.BytesIO(uploaded), "x.bpmn")}
    answer = client_of("owner1").post("/processes/new", data=form | file)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<title>Error: " in answer.text.replace("\n", "").replace("  ", "")


def test_an_uploaded_diagram_becomes_a_draft_with_the_forms_in_use(client_of: ClientOf) -> None:
    changed = renamed("Check the universal offer", "Look at the universal offer").bpmn["graduated-approach.bpmn"]
    owner = client_of("owner1")

    answer = owner.post(f"/processes/{KEY}/upload", data={"file": (io.BytesIO(changed), "mine.bpmn")})

    assert answer.status_code == 303
    review = owner.get(f"{answer.location}/review").text
    assert "name was Check the universal offer, is now Look at the universal offer" in review
    assert "Nothing stands in the way of deploying it." in review


def test_the_scenarios_of_a_version_are_played_and_shown(client_of: ClientOf) -> None:
    owner, address = client_of("owner1"), f"/processes/{KEY}/versions/1/scenarios"
    first = owner.get(address).text
    for _ in range(600):
        if "Playing" not in (results := owner.get(f"{address}/results").text):
            break
        time.sleep(0.1)

    whole = r"All \d+ scenarios pass\. Together they go through (\d+) of \1 arrows of the diagram \(100 %\)"
    assert re.search(whole, results)
    assert "Playing" in first or re.search(whole, first)
    assert re.search(whole, owner.get(address).text)
    kept = owner.get(f"{address}.yaml")
    assert kept.data == (installation.ROOT / "processes" / KEY / "scenarios.yaml").read_bytes()


def test_a_report_holds_for_another_process_and_not_for_another_program(client_of: ClientOf) -> None:
    client_of("owner1")
    scenario = (
        b"- {name: It is agreed, start: {on: 2026-11-02, calendar: REF-A},"
        b" steps: [{do: look, as: SENCO, answers: {agreed: 'yes'}}], end: Agreed}"
    )
    bundle = bundle_of(ProcessFiles("tiny", {"tiny.bpmn": BPMN}, {}, {"look": FORM}, scenario))

    report = reports.play(bundle)
    kept = scenario_reports.one(bundle.digest, reports.program())

    assert [one.passed for one in report.results] == [True]
    assert kept is not None
    assert kept["results"] == [["It is agreed", True, "", ""]]
    assert scenario_reports.one(bundle.digest, "another program") is None
    scenario_reports.keep(bundle.digest, "another program", kept)
    assert scenario_reports.one(bundle.digest, reports.program()) is None


def test_staff_read_a_process_without_ids_and_owners_find_them_on_request(client_of: ClientOf) -> None:
    staff, owner = (client_of(one).get(f"/processes/{KEY}").text for one in ("senco", "owner1"))

    assert "“Yes” when “Is there a safeguarding concern?” is “Yes” → go to 3" in staff
    assert "due 20 school days after talk with parents and pupil" in staff
    for written in ("safeguarding_concern", "talked_on", "pupil.moved", "next-step.dmn", "<code>"):
        assert (written, written in staff.partition("About this process")[0]) == (written, False)
    assert "For owners: the diagram in words" in owner
    assert "“Yes” when safeguarding_concern = &#34;yes&#34; → go to 3 <code>" in owner


def test_who_may_start_a_case_is_what_the_diagram_says(client_of: ClientOf) -> None:
    owner, second = client_of("owner1"), client_of("owner2")
    address = owner.post("/processes/new", data={"how": "blank", "name": "Ask for a buddy"}).location
    owner.post(f"{address}/submit", data={"note": "New", "revision": 1})
    page = second.get(f"{address}/review").text
    assert "At the pupil’s school: SENCO." in page
    seen = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("revision", "digest")}  # type: ignore[index]
    assert second.post(f"{address}/approve", data=seen).status_code == 303

    assert "Ask for a buddy" in client_of("senco").get("/start").text
    assert "Ask for a buddy" not in client_of("teacher").get("/start").text
    assert client_of("senco").get("/start/ask-for-a-buddy/pupil1").status_code == 200
    assert client_of("teacher").get("/start/ask-for-a-buddy/pupil1").status_code == 404


def test_a_process_that_nobody_may_start_is_not_submitted(client_of: ClientOf) -> None:
    owner = client_of("owner1")
    address = owner.post("/processes/new", data={"how": "blank", "name": "Ask for a buddy"}).location
    xml = owner.get(f"{address}/diagram.bpmn").text.replace(
        'name="startRoles" value="SENCO"', 'name="startRoles" value=""'
    )
    assert owner.put(f"{address}/diagram.bpmn", data=xml.encode(), headers={"If-Match": "1"}).status_code == 200

    refused = owner.post(f"{address}/submit", data={"note": "New", "revision": 2})

    assert refused.status_code == 422
    assert "Nobody may start a case: “Started” names no role" in refused.text
    assert "Select the start event and tick the roles that may start a case." in refused.text
