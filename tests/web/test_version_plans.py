"""The page that takes open cases to another version: counts and reasons, a second owner, how it went, the history."""

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.installation import command
from support.staff import started

from app.cases.changing_version import carry_out
from app.model.actor import WORKER
from app.store.db import db, reading
from app.store.queries import cases

KEY = "graduated-approach"
ADDRESS = f"/processes/{KEY}/open-cases"
ClientOf = Callable[[str], FlaskClient]


def deployed(old: str, new: str) -> None:
    bundle = installation.bundle_of(installation.ROOT / "processes" / KEY)
    bpmn = {name: xml.replace(old.encode(), new.encode()) for name, xml in bundle.bpmn.items()}
    installation.deploy(KEY, replace(bundle, bpmn=bpmn))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_plan_is_shown_approved_by_a_second_owner_done_and_told_in_the_case(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    deployed("Check the universal offer", "Look at the universal offer")
    owner, second, senco = (client_of(one) for one in ("owner1", "owner2", "senco"))
    assert f'href="{ADDRESS}"' in owner.get(f"/processes/{KEY}").text

    page = text_of(owner.get(f"{ADDRESS}?from=1&to=2").text)
    assert "1 open case can go on in version 2 as it stands" in page
    assert "0 cases stay on version 1" in page
    assert "Zadie" not in page
    assert owner.post(ADDRESS, data={"from": "1", "to": "2", "note": ""}).status_code == 422
    assert owner.get(f"{ADDRESS}?from=1&to=1").status_code == 200
    sent = {"from": "1", "to": "2", "note": "The step has another name"}
    assert owner.post(ADDRESS, data=sent).status_code == 303
    assert owner.post(ADDRESS, data=sent).status_code == 409
    found = re.search(rf'action="({ADDRESS}/[^"]+/approve)"', second.get(ADDRESS).text)
    assert found is not None
    assert found[1] not in owner.get(ADDRESS).text
    assert owner.post(found[1]).status_code == 403
    assert senco.post(found[1]).status_code == 403
    assert second.post(found[1]).status_code == 303
    assert second.post(found[1]).status_code == 409
    assert "Being done: 0 cases were taken there, 1 on version 1" in text_of(owner.get(ADDRESS).text)

    db.session.rollback()
    assert carry_out(command(WORKER), {}) == 1

    assert "Done: 1 case was taken there, 0 stayed" in text_of(owner.get(ADDRESS).text)
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    page = text_of(senco.get(f"/cases/{case.reference}").text)
    assert "The case goes on in version 2 of its process, after version 1" in page
    assert "The step has another name" in page
    assert "Look at the universal offer" in page
    auditor = client_of("auditor")
    then, now = (auditor.get(f"/cases/{case.reference}/replay/diagram.bpmn?entry={n}").text for n in (1, 2))
    assert ("Check the universal offer" in then, "Look at the universal offer" in now) == (True, True)
    assert auditor.get(f"/cases/{case.reference}/replay?entry=2").status_code == 200


def test_a_case_that_cannot_go_on_there_is_counted_with_its_step_and_why(app: Flask, client_of: ClientOf) -> None:
    started()
    deployed("check_universal_offer", "check_the_offer")
    page = text_of(client_of("owner1").get(f"{ADDRESS}?from=1&to=2").text)
    assert "1 case stays on version 1" in page
    assert "“Check the universal offer” is not there any more (1 case)" in page


def test_only_owners_plan_and_only_for_a_process_that_is_there(app: Flask, client_of: ClientOf) -> None:
    assert client_of("senco").get(ADDRESS).status_code == 403
    assert client_of("owner1").get("/processes/nothing/open-cases").status_code == 404
    assert "Choose another version" in client_of("owner1").get(f"{ADDRESS}?from=1&to=9").text
    assert "Choose the version the cases are on" in client_of("owner1").get(f"{ADDRESS}?from=&to=").text
