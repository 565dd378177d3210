"""Keeping a pupil apart for safeguarding: never as a sanction, in no total, the allegation for one person alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.staff import open_task

from app.store.db import db, reading
from app.store.queries import cases
from app.store.queries.exclusions import suspensions_of

ClientOf = Callable[[str], FlaskClient]
KEY = "safeguarding-separation"
BEGUN = {"because": "safety", "from": "2026-11-02", "where": "site", "told": "The mother, by telephone at noon"}
ALLEGED = {"allegation": "Bruisewort was said about the bus in September", "raised_on": "2026-11-02",
           "referred": "social_care", "risk": "The two pupils do not meet on the way in"}  # fmt: skip


@pytest.fixture(autouse=True)
def deployed(app: Flask) -> None:
    installation.deploy(KEY)


def begin(client: FlaskClient, **changed: str) -> tuple[int, str]:
    sent = client.post(f"/start/{KEY}/pupil1", data={**BEGUN, "teacher": "teacher", **changed})
    return sent.status_code, sent.location.rpartition("/")[2] if sent.location else sent.text


def test_it_cannot_begin_because_of_what_the_pupil_did(client_of: ClientOf) -> None:
    status, page = begin(client_of("head"), because="conduct")
    assert status == 422
    assert "start the exclusion procedure instead" in page


def test_the_allegation_is_read_by_the_safeguarding_lead_alone_and_no_day_is_counted(client_of: ClientOf) -> None:
    status, reference = begin(client_of("head"))
    assert status == 303, reference
    case = cases.by_reference(reading(), reference)
    assert case is not None
    task = open_task(case.id, "record_allegation")
    assert client_of("head").get(f"/tasks/{task}").status_code == 404
    assert client_of("dsl").post(f"/tasks/{task}", data=ALLEGED).status_code == 303
    assert "Bruisewort" in client_of("dsl").get(f"/cases/{reference}").text
    for person in ("head", "teacher", "senco", "auditor"):
        assert "Bruisewort" not in client_of(person).get(f"/cases/{reference}?timeline=all").text, person
    db.session.rollback()
    assert suspensions_of(reading(), "pupil1", None) == []
