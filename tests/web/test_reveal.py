"""Names under masks for auditors, and their reveal: a reason, recorded, for one case and one person."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from web.test_replay import a_case, planned

from app.store import reads
from app.store.db import reading

ClientOf = Callable[[str], FlaskClient]
NAMES = re.compile("Zadie|Thornbury|Orla")


def test_an_auditor_sees_no_known_name_anywhere(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    client = client_of("auditor")
    pages = ["/cases", f"/cases/{case.reference}", f"/cases/{case.reference}/replay", f"/cases/{case.reference}/verify"]
    pages += [f"/cases/{case.reference}/replay/entries/{n}" for n in range(1, 7)]
    pages += [f"/cases/{case.reference}/replay/events.json", f"/cases/{case.reference}/reveal"]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        assert not NAMES.search(response.text), address
    shown = client.get(f"/cases/{case.reference}/replay/entries/3").text
    assert f"Parent 1 reads with Pupil {case.reference[4:]}." in shown
    assert "may name people" in shown


def test_an_auditor_does_not_find_a_case_by_the_name_of_its_pupil(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("auditor")
    assert case.reference not in client.get("/cases?search=zadie").text
    assert case.reference in client.get(f"/cases?search={case.reference[-5:]}").text


def test_a_short_reason_reveals_nothing(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("auditor")
    refused = client.post(f"/cases/{case.reference}/reveal", data={"reason": "  because  "})
    assert refused.status_code == 422
    assert "Error: " in refused.text
    assert not NAMES.search(client.get(f"/cases/{case.reference}/replay").text)


def test_a_reason_is_recorded_and_reveals_the_names_of_that_case_to_that_person(
    app: Flask, client_of: ClientOf
) -> None:
    case, other = planned(), a_case()
    client = client_of("auditor")
    revealed = client.post(
        f"/cases/{case.reference}/reveal", data={"reason": "Complaint 12 of the family", "entry": "3"}
    )
    assert revealed.status_code == 303
    assert revealed.location.endswith(f"/cases/{case.reference}/replay?entry=3")
    assert "Zadie Thornbury" in client.get(f"/cases/{case.reference}/replay").text
    assert not NAMES.search(client.get(f"/cases/{other.reference}/replay").text)
    kept = [row for row in reads.of_subject(reading(), f"case/{case.case_id}") if row.action == "reveal_names"]
    assert [(row.person_id, row.purpose, row.outcome) for row in kept] == [
        ("auditor", "Complaint 12 of the family", "allowed")
    ]


def test_looking_at_the_reveal_page_reveals_nothing(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("auditor")
    client.get(f"/cases/{case.reference}/reveal")
    assert not NAMES.search(client.get(f"/cases/{case.reference}").text)


def test_nobody_else_can_reveal(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    for who, status in (("senco", 403), ("far-senco", 404)):
        posted = client_of(who).post(f"/cases/{case.reference}/reveal", data={"reason": "I would like to know"})
        assert posted.status_code == status
    assert not NAMES.search(client_of("auditor").get(f"/cases/{case.reference}").text)
