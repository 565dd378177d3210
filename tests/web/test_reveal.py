"""Names under masks for auditors, and their reveal: a reason, recorded, for one case and one person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from web.test_replay import a_case, planned, text_of

from app.access.masking import REVEAL_LASTS
from app.store import reads
from app.store.db import db, reading, transaction
from app.store.tables import read_log

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


def test_masks_tell_pupils_of_a_list_apart_and_stay_the_same_inside_the_case(app: Flask, client_of: ClientOf) -> None:
    first, second = planned(), a_case()
    client = client_of("auditor")
    shown = client.get("/cases").text
    masks = [f"Pupil {case.reference[4:]}" for case in (first, second)]
    assert masks == ["Pupil P01-2026-00001", "Pupil P01-2026-00002"]
    assert all(mask in shown for mask in masks)
    assert all(masks[0] in client.get(f"/cases/{first.reference}{page}").text for page in ("", "/replay"))
    assert masks[1] not in client.get(f"/cases/{first.reference}/replay").text


def test_revealed_names_say_until_when_and_why_and_can_be_masked_again(app: Flask, client_of: ClientOf) -> None:
    case, client = planned(), client_of("auditor")
    address = f"/cases/{case.reference}"
    client.post(f"{address}/reveal", data={"reason": "Complaint 12 of the family"})
    page = text_of(client.get(f"{address}/replay").text)
    assert re.search(
        r"are shown to you until \d\d:\d\d \(real time\)\. Your reason, .*“Complaint 12 of the family”", page
    )
    masked = client.post(f"{address}/mask-again", data={"entry": "2"})
    assert masked.location.endswith(f"{address}/replay?entry=2")
    page = client.get(f"{address}/replay").text
    assert "Names are shown to you" not in page
    assert not NAMES.search(page)
    assert not NAMES.search(client.get("/cases").text)


def test_a_reveal_is_over_after_a_working_day(app: Flask, client_of: ClientOf) -> None:
    case, client = planned(), client_of("auditor")
    client.post(f"/cases/{case.reference}/reveal", data={"reason": "Complaint 12 of the family"})
    assert NAMES.search(client.get(f"/cases/{case.reference}").text)
    db.session.rollback()
    with transaction() as connection:
        is_reveal = read_log.c.action == "reveal_names"
        earlier = connection.scalars(sa.select(read_log.c.at).where(is_reveal)).one() - REVEAL_LASTS
        connection.execute(read_log.update().where(is_reveal).values(at=earlier - timedelta(minutes=1)))
    assert not NAMES.search(client.get(f"/cases/{case.reference}").text)


def test_who_looked_and_who_had_names_shown_is_listed_and_checked(app: Flask, client_of: ClientOf) -> None:
    case, client = a_case(), client_of("auditor")
    address = f"/cases/{case.reference}"
    client_of("senco").get(address)
    client_of("far-senco").get(address)
    client.post(f"{address}/reveal", data={"reason": "Complaint 12 of the family"})
    client.post(f"{address}/mask-again")
    page = client.get(f"{address}/reads").text
    plain = text_of(page)
    assert "Asha Quill Opened the case Allowed" in plain
    assert "Hugo Vale Opened the case Refused" in plain
    assert "Kira Bloom Had names shown “Complaint 12 of the family” may name people" in plain
    assert "Kira Bloom Had names masked again" in plain
    assert "Kira Bloom Looked at this list Allowed" in plain
    assert "Nothing in this list was changed or taken out." in plain
    assert not NAMES.search(page)


def test_a_read_that_was_altered_is_named_on_the_list(app: Flask, client_of: ClientOf) -> None:
    case, client = a_case(), client_of("auditor")
    client_of("senco").get(f"/cases/{case.reference}")
    db.session.rollback()
    with transaction() as connection:
        connection.execute(read_log.update().where(read_log.c.person_id == "senco").values(person_id="head"))
    page = text_of(client.get(f"/cases/{case.reference}/reads").text)
    assert "This list was altered" in page
    assert "Read 1 of " in page


def test_reads_come_in_pages(app: Flask, client_of: ClientOf) -> None:
    case, client = a_case(), client_of("auditor")
    for _ in range(60):
        reads.record("senco", "see_case", f"case/{case.case_id}", "allowed")
    first = client.get(f"/cases/{case.reference}/reads").text
    following = re.search(r'href="([^"]*before=[^"]*)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert first.count("Opened the case") == 49  # and one line that says that the list was looked at
    assert second.count("Opened the case") == 11
    assert client.get(f"/cases/{case.reference}/reads?before=x|1").status_code == 404


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
