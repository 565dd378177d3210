"""Documents of a case: taken after every check, sent as a download that no browser runs."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from support.installation import command
from web.test_cases import DSL, SENCO, a_case
from werkzeug.test import TestResponse

from app.cases.additions import Upload, add_document
from app.cases.command import Receipt
from app.model.actor import Actor
from app.store import reads
from app.store.db import reading
from app.store.queries import cases

ClientOf = Callable[[str], FlaskClient]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def send(client: FlaskClient, case: Receipt, name: str, content: bytes, **more: str) -> TestResponse:
    sent = {"file": (BytesIO(content), name), **more}
    return client.post(f"/cases/{case.reference}/documents", data=sent, content_type="multipart/form-data")


def kept(case: Receipt, name: str = "report.pdf", actor: Actor = SENCO, is_restricted: bool = False) -> str:
    add_document(case.case_id, Upload(name, "application/pdf", PDF), is_restricted, command(actor))
    found: str = cases.documents_of(reading(), case.case_id)[0].id
    return found


def test_a_document_is_added_and_comes_back_as_a_download(app: Flask, client_of: ClientOf) -> None:
    case, client = a_case(), client_of("senco")
    assert send(client, case, "Übersicht report.pdf", PDF).status_code == 303
    document = cases.documents_of(reading(), case.case_id)[0]
    response = client.get(f"/cases/{case.reference}/documents/{document.id}")
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_file_that_is_not_what_it_says_is_refused(app: Flask, client_of: ClientOf) -> None:
    case, client = a_case(), client_of("senco")
    for name, content, words in (
        ("report.pdf", b"<html><script>alert(1)</script>", "is not really a pdf file"),
        ("report.exe", PDF, "Choose a file that is one of"),
        ("empty.pdf", b"", "is empty"),
    ):
        refused = send(client, case, name, content)
        assert refused.status_code == 422
        assert words in refused.text
    assert client.post(f"/cases/{case.reference}/documents", data={}).status_code == 422
    assert cases.documents_of(reading(), case.case_id) == []


def test_opening_a_document_is_recorded(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    address = f"/cases/{case.reference}/documents/{kept(case)}"
    client_of("head").get(address)
    found = [(row.person_id, row.action) for row in reads.of_subject(reading(), f"case/{case.case_id}")]
    assert found == [("head", "see_document")]


def test_a_document_of_another_case_is_not_found_here(app: Flask, client_of: ClientOf) -> None:
    ours, other = a_case(), a_case("pupil2")
    document = kept(other)
    assert client_of("senco").get(f"/cases/{ours.reference}/documents/{document}").status_code == 404
    assert client_of("far-senco").get(f"/cases/{other.reference}/documents/{document}").status_code == 404


def test_a_restricted_document_does_not_exist_for_others(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    document = kept(case, "bruises.pdf", DSL, is_restricted=True)
    assert "bruises.pdf" not in client_of("senco").get(f"/cases/{case.reference}").text
    assert client_of("senco").get(f"/cases/{case.reference}/documents/{document}").status_code == 404
    assert client_of("dsl").get(f"/cases/{case.reference}/documents/{document}").status_code == 200


def test_an_auditor_opens_documents_only_after_revealing_names(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    document, client = kept(case, "Zadie Thornbury report.pdf"), client_of("auditor")
    assert f"Pupil {case.reference[4:]} report.pdf" in client.get(f"/cases/{case.reference}").text
    assert client.get(f"/cases/{case.reference}/documents/{document}").status_code == 403
    client.post(f"/cases/{case.reference}/reveal", data={"reason": "Complaint 12 of the family"})
    assert client.get(f"/cases/{case.reference}/documents/{document}").status_code == 200
