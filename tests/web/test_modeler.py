"""A draft from its first change to its deployment by a second owner, and everything that stops it."""

import io
import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.staff import started

from app.model.entry import StreamId
from app.store import definition_drafts
from app.store.db import db, reading
from app.store.definition_drafts import DefinitionDraft
from app.store.journal import entries
from app.store.queries import cases, definitions
from app.web import formatting

KEY = "graduated-approach"
XML = "graduated-approach.bpmn"
ClientOf = Callable[[str], FlaskClient]


@pytest.fixture
def owner(client_of: ClientOf) -> FlaskClient:
    return client_of("owner1")


@pytest.fixture
def address(owner: FlaskClient) -> str:
    """Where the draft that owner1 began from version 1 is edited."""
    return owner.post(f"/processes/{KEY}/versions/1/draft").location


def draft_at(address: str) -> DefinitionDraft:
    db.session.rollback()
    found = definition_drafts.one(address.rpartition("/")[2])
    assert found is not None
    return found


def put(client: FlaskClient, address: str, xml: str, revision: int, path: str = "/diagram.bpmn"):  # type: ignore[no-untyped-def]
    headers = {"If-Match": str(revision), "Accept": "application/json"}
    return client.put(f"{address}{path}", data=xml.encode(), headers=headers)


def rename(
    owner: FlaskClient, address: str, old: str = "Check the universal offer", new: str = "Look at the offer"
) -> None:
    draft = draft_at(address)
    assert put(owner, address, draft.bpmn[XML].replace(old, new), draft.revision).status_code == 200


def submit(owner: FlaskClient, address: str) -> int:
    asked = {"note": "People say “look at”.", "revision": draft_at(address).revision}
    assert owner.post(f"{address}/submit", data=asked).status_code == 303
    return draft_at(address).revision


def shown(client: FlaskClient, address: str) -> dict[str, str]:
    """What the page of the second owner says it shows: its hidden fields."""
    page = client.get(f"{address}/review").text
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("revision", "digest")}  # type: ignore[index]


def played(client: FlaskClient, address: str) -> str:
    """The results, once they are there."""
    for _ in range(600):
        found = client.get(f"{address}/review/scenarios").text
        if "Playing" not in found:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_second_owner_approves_and_old_cases_stay_on_their_version(
    app: Flask, owner: FlaskClient, client_of: ClientOf, address: str
) -> None:
    old_case = started()
    rename(owner, address)
    submit(owner, address)
    second = client_of("owner2")

    review = second.get(f"{address}/review").text
    assert "People say “look at”." in review
    assert "name was Check the universal offer, is now Look at the offer" in review
    assert "1 open case stays on the version it started on." in review
    assert f"submitted on {formatting.moment(draft_at(address).changed_at)}" in review
    # they may be through by the time the page is drawn
    assert "Playing 16 scenarios …" in review or "All 16 scenarios pass" in review
    assert "All 16 scenarios pass" in played(second, address)
    assert "All 16 scenarios pass" in second.get(f"{address}/review").text
    answer = second.post(f"{address}/approve", data=shown(second, address))

    assert answer.status_code == 303
    assert "Version 2 is deployed." in second.get(answer.location).text
    told = owner.get("/notices").text
    assert (
        "Mina Stroud approved your draft of Graduated approach (assess, plan, do, review): it is version 2 now" in told
    )
    db.session.rollback()
    current = definitions.current(reading(), KEY)
    assert (current.number, current.proposed_by, current.approved_by) == (2, "owner1", "owner2")
    assert current.note == "People say “look at”."
    kept = cases.by_reference(reading(), old_case)
    assert kept is not None
    assert kept.bundle == definitions.versions(reading(), KEY)[1].digest
    assert definition_drafts.everything(KEY) == []
    last = entries(reading(), StreamId("definition", KEY))[-1]
    assert (last.kind, last.actor) == ("definition-deployed", "owner2")


def test_the_author_may_not_approve(owner: FlaskClient, address: str) -> None:
    rename(owner, address)
    revision = submit(owner, address)

    answer = owner.post(f"{address}/approve", data={"revision": revision})

    assert answer.status_code == 403
    assert "Expected a second process owner to approve this, but you drafted it." in answer.text
    assert "Approve and deploy" not in owner.get(f"{address}/review").text
    assert definitions.current(reading(), KEY).number == 1


def test_a_broken_condition_is_named_with_its_element_and_stops_submission(owner: FlaskClient, address: str) -> None:
    draft = draft_at(address)
    broken = draft.bpmn[XML].replace('safeguarding_concern = "yes"', "safeguarding_concern = ", 1)

    checked = owner.post(f"{address}/check", data=broken.encode()).get_json()

    errors = [one for one in checked["problems"] if one["severity"] == "error"]
    assert len({one["element"] for one in errors}) == 1
    assert errors[0]["element"] in broken
    assert errors[0]["sentence"]
    assert errors[0]["fix"]
    assert any("Is there a safeguarding concern?" in line["text"] for line in checked["outline"])
    put(owner, address, broken, draft.revision)
    refused = owner.post(f"{address}/submit", data={"note": "Broken", "revision": draft.revision + 1})
    assert refused.status_code == 422
    assert errors[0]["sentence"] in refused.get_data(as_text=True).replace("&#34;", '"')
    assert draft_at(address).status == "editing"


def test_a_save_of_an_old_revision_is_refused_and_says_so(owner: FlaskClient, address: str) -> None:
    xml = draft_at(address).bpmn[XML]
    assert put(owner, address, xml, 1).get_json() == {"revision": 2}

    answer = put(owner, address, xml, 1)

    assert answer.status_code == 409
    assert "Somebody saved this draft after you opened it" in answer.get_json()["sentence"]


@pytest.mark.parametrize("content", ["", "<html/>", "<!DOCTYPE x><x/>", "not xml"])
def test_what_is_no_diagram_is_not_saved(owner: FlaskClient, address: str, content: str) -> None:
    answer = put(owner, address, content, 1)

    assert answer.status_code == 422
    assert answer.get_json()["sentence"].startswith("Expected")
    assert draft_at(address).revision == 1


def test_nobody_else_edits_a_draft_and_outsiders_do_not_see_it(
    owner: FlaskClient, client_of: ClientOf, address: str
) -> None:
    second = client_of("owner2")

    assert second.get(address).location == f"{address}/review"
    assert put(second, address, draft_at(address).bpmn[XML], 1).status_code == 403
    assert second.post(f"{address}/discard").status_code == 403
    assert second.get(f"/processes/other/draft/{address.rpartition('/')[2]}").status_code == 404
    assert client_of("senco").get(address).status_code == 403
    assert client_of("sys").get(f"{address}/diagram.bpmn").status_code == 403


def test_a_submitted_draft_is_fixed_until_it_is_taken_back(owner: FlaskClient, address: str) -> None:
    rename(owner, address)
    revision = submit(owner, address)

    assert put(owner, address, draft_at(address).bpmn[XML], revision).status_code == 403
    assert owner.post(f"{address}/take-back").status_code == 303
    assert owner.get(address).status_code == 200


def test_approving_what_was_changed_since_is_refused(owner: FlaskClient, client_of: ClientOf, address: str) -> None:
    rename(owner, address)
    submit(owner, address)
    second = client_of("owner2")
    seen = shown(second, address)
    owner.post(f"{address}/take-back")
    rename(owner, address, "Look at the offer", "Check the offer")
    submit(owner, address)

    answers = [
        second.post(f"{address}/approve", data=seen),
        second.post(f"{address}/approve", data={**seen, "revision": draft_at(address).revision}),
        second.post(f"{address}/approve", data={"revision": draft_at(address).revision}),
    ]

    assert [one.status_code for one in answers] == [409, 409, 409]
    assert "took this draft back or changed it after this page was made" in answers[1].text
    assert definitions.current(reading(), KEY).number == 1


def test_submitting_what_was_saved_again_since_is_refused(owner: FlaskClient, address: str) -> None:
    seen = draft_at(address).revision
    rename(owner, address)

    answer = owner.post(f"{address}/submit", data={"note": "Ready", "revision": seen})

    assert answer.status_code == 409
    assert "This draft was saved again after this page was made." in answer.text
    assert draft_at(address).status == "editing"


def test_a_draft_is_sent_back_with_a_reason(owner: FlaskClient, client_of: ClientOf, address: str) -> None:
    rename(owner, address)
    revision = submit(owner, address)
    second = client_of("owner2")

    told = second.get("/notices").text
    assert "Lior Penn asks you to approve a draft of Graduated approach (assess, plan, do, review)" in told
    assert "People say “look at”." in told
    assert f'href="{address}/review"' in told
    assert '1<span class="govuk-visually-hidden"> in the last seven days' in told
    assert f'href="{address}/review"' in second.get("/inbox").text
    assert "asks you to approve" not in owner.get("/notices").text
    assert "asks you to approve" not in client_of("senco").get("/notices").text
    assert second.post(f"{address}/send-back", data={"revision": revision, "reason": " "}).status_code == 422
    assert second.post(f"{address}/send-back", data={"revision": revision, "reason": "Keep it."}).status_code == 303

    assert "Keep it." in owner.get(address).text
    assert "asks you to approve" not in second.get("/notices").text
    told = owner.get("/notices").text
    assert "Mina Stroud sent back your draft of Graduated approach" in told
    assert "What should change: Keep it." in told


def test_submitting_without_a_word_is_refused(owner: FlaskClient, address: str) -> None:
    answer = owner.post(f"{address}/submit", data={"note": "", "revision": 1})

    assert answer.status_code == 422
    assert "Say what you changed and why" in answer.text


def test_what_was_not_changed_is_not_deployed(owner: FlaskClient, client_of: ClientOf, address: str) -> None:
    submit(owner, address)
    second = client_of("owner2")

    answer = second.post(f"{address}/approve", data=shown(second, address))

    assert answer.status_code == 409
    assert "version 1 says exactly the same" in answer.text


def test_a_form_is_changed_in_the_draft_only(owner: FlaskClient, address: str) -> None:
    schema = owner.get(f"{address}/forms/hand_over.json").text.replace("handed over", "given over")

    saved = put(owner, address, schema, 1, "/forms/hand_over.json")

    assert saved.get_json() == {"revision": 2}
    assert "The form “" in owner.get(f"{address}/review").text
    assert owner.get(f"{address}/forms/hand_over").status_code == 200
    assert owner.get(f"{address}/forms/nothing").status_code == 404


def test_a_form_that_would_not_work_is_not_saved(owner: FlaskClient, address: str) -> None:
    schema = owner.get(f"{address}/forms/hand_over.json").text.replace('"type": "textfield"', '"type": "iframe"')

    refused = put(owner, address, schema, 1, "/forms/hand_over.json")

    assert refused.status_code == 422
    assert refused.get_json()["sentence"].startswith("Not saved. ")


def test_a_form_and_a_table_are_added_by_name_and_by_file(owner: FlaskClient, address: str) -> None:
    form = owner.post(f"{address}/forms", data={"title": "Call the family"})
    table = owner.post(f"{address}/decisions", data={"title": "Who calls"})
    file = (io.BytesIO((installation.ROOT / "processes" / KEY / "next-step.dmn").read_bytes()), "x.dmn")
    uploaded = owner.post(f"{address}/decisions", data={"file": file})

    assert form.location.endswith("/forms/call_the_family")
    assert table.location.endswith("/decisions/who_calls.dmn")
    assert uploaded.location.endswith("/decisions/next_step_recommendation.dmn")
    assert owner.get(table.location).status_code == 200
    source = owner.get(f"{table.location}/source").text
    assert put(owner, address, source, 4, "/decisions/who_calls.dmn/source").get_json() == {"revision": 5}
    assert "call_the_family" in owner.get(f"{address}/parts").text


@pytest.mark.parametrize("path", ["forms", "decisions"])
def test_adding_nothing_says_what_is_missing(owner: FlaskClient, address: str, path: str) -> None:
    answer = owner.post(f"{address}/{path}", data={"title": ""})

    assert answer.status_code == 422
    assert "Enter a name for the" in answer.text


def test_a_table_with_a_cell_nobody_can_evaluate_is_not_saved(owner: FlaskClient, address: str) -> None:
    source = owner.get(f"{address}/decisions/next-step.dmn/source").text

    broken = source.replace("<text>number(tier)</text>", "<text>number(</text>")
    answer = put(owner, address, broken, 1, "/decisions/next-step.dmn/source")

    assert answer.status_code == 422
    assert answer.get_json()["sentence"].startswith("Not saved. ")


def test_a_discarded_draft_is_gone(owner: FlaskClient, address: str) -> None:
    assert owner.post(f"{address}/discard").status_code == 303

    assert owner.get(address).status_code == 404


SCENARIO = """- name: Nothing is done
  start:
    on: 2026-11-02
    calendar: REF-A
  steps:
    - do: check_universal_offer
      as: SENCO
  end: Never
"""


def test_scenarios_of_a_draft_are_written_played_and_deployed(
    owner: FlaskClient, client_of: ClientOf, address: str
) -> None:
    rename(owner, address)
    assert "Sixteen" not in owner.get(f"{address}/scenarios").text
    saved = owner.post(f"{address}/scenarios", data={"scenarios": SCENARIO, "revision": draft_at(address).revision})
    assert saved.status_code == 303
    assert owner.get(f"{address}/scenarios.yaml").text == SCENARIO

    assert "The scenarios were changed" in owner.get(f"{address}/review").text
    assert "<strong>1 scenario does not pass</strong>" in played(owner, address)
    submit(owner, address)
    second = client_of("owner2")
    second.post(f"{address}/approve", data=shown(second, address))

    assert second.get(f"/processes/{KEY}/versions/2/scenarios.yaml").text == SCENARIO


def test_what_is_wrong_with_scenarios_is_said_at_its_line(owner: FlaskClient, address: str) -> None:
    before = draft_at(address)
    wrong = SCENARIO.replace("as: SENCO", "by: SENCO")

    answers = [
        owner.post(f"{address}/scenarios", data={"scenarios": wrong, "revision": before.revision}),
        owner.post(
            f"{address}/scenarios",
            data={"file": (io.BytesIO(b"- name: ["), "x.yaml"), "revision": before.revision},
        ),
    ]

    assert [one.status_code for one in answers] == [422, 422]
    assert "Line 7. Scenario 1, “Nothing is done”, step 1: Expected accept, answers, as, do" in answers[0].text
    assert "by: SENCO" in answers[0].text
    assert "Line 1. Expected YAML" in answers[1].text
    assert draft_at(address).scenarios == before.scenarios


def test_the_steps_where_open_cases_stand_are_counted(owner: FlaskClient, address: str) -> None:
    started()
    started("pupil2")
    before = owner.get(f"{address}/review").text
    rename(owner, address)
    after = owner.get(f"{address}/review").text

    row = '<td data-label="Step">Check the universal offer</td><td data-label="Open cases there">2</td>'
    assert f'{row}<td data-label="In this draft">Is there</td>' in before
    assert f'{row}<td data-label="In this draft">Is there, and is called “Look at the offer”</td>' in after
