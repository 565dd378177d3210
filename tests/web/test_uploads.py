"""Files of a task: checked, kept through a refusal, handed in, and never somebody else's."""

import io
import re
import zipfile
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support.staff import OFFER, open_task, started

from app.store import files
from app.store.db import reading
from app.store.queries import cases

ClientOf = Callable[[str], FlaskClient]
PDF = b"%PDF-1.7\n" + b"0" * 500
CONCERN = {
    "considered_on-day": "2",
    "considered_on-month": "11",
    "considered_on-year": "2026",
    "reason": "",
}


def restricted(client_of: ClientOf) -> tuple[str, str, FlaskClient]:
    """(case id, task with a file question, who does it)."""
    case_id = started(safeguarding="yes")
    return case_id, open_task(case_id, "consider_safeguarding"), client_of("dsl")


def sent(client: FlaskClient, task_id: str, name: str, content: bytes, **fields: str) -> tuple[int, str]:
    """Status and page after sending one file with the form."""
    answer = client.post(f"/tasks/{task_id}", data={**CONCERN, **fields, "evidence": (io.BytesIO(content), name)})
    return answer.status_code, answer.text


def test_a_file_is_kept_through_a_refusal_and_handed_in_after_it(app: Flask, client_of: ClientOf) -> None:
    case_id, task_id, dsl = restricted(client_of)
    status, page = sent(dsl, task_id, "notes.pdf", PDF)
    assert status == 422
    assert "notes.pdf" in page
    file_id = re.search(r'name="evidence" value="([^"]+)"', page)[1]
    assert files.get(case_id, file_id) == PDF

    reopened = dsl.get(f"/tasks/{task_id}").text
    assert f'value="{file_id}"' in reopened
    removed = dsl.post(f"/tasks/{task_id}", data={**CONCERN, "evidence": file_id, "_drop": f"evidence:{file_id}"}).text
    assert f'name="evidence" value="{file_id}"' not in removed


def test_a_file_of_a_completed_task_is_a_document_of_the_case(app: Flask, client_of: ClientOf) -> None:
    case_id, task_id, dsl = restricted(client_of)
    status, page = sent(dsl, task_id, "notes.pdf", PDF, action="no_action", reason="Spoke with the class teacher today")
    assert status == 303, re.findall(r"govuk-error-message[^>]*>(.*?)</p>", page, re.S)
    [document] = cases.documents_of(reading(), case_id)
    assert (document.name, document.is_restricted, document.task_id) == ("notes.pdf", True, task_id)
    assert files.get(case_id, document.id) == PDF


def test_wrong_and_large_files_are_refused_and_everything_typed_stays(app: Flask, client_of: ClientOf) -> None:
    _, task_id, dsl = restricted(client_of)
    wrong = sent(dsl, task_id, "run.exe", b"MZ" * 50, reason="Keep these words")
    assert wrong[0] == 415
    assert "run.exe" in wrong[1]
    assert "Keep these words" in wrong[1]
    disguised = sent(dsl, task_id, "notes.pdf", b"MZ" * 50)
    assert disguised[0] == 415
    assert "not really a pdf" in disguised[1]
    large = sent(dsl, task_id, "large.pdf", PDF + b"0" * 20_000_000, reason="Keep these words")
    assert large[0] == 413
    assert "Keep these words" in large[1]


def test_an_archive_that_hides_something_is_refused(app: Flask, client_of: ClientOf) -> None:
    _, task_id, dsl = restricted(client_of)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr("word/vbaProject.bin", "x")
    status, page = sent(dsl, task_id, "letter.docx", packed.getvalue())
    assert status == 415
    assert "without macros" in page


def test_a_file_of_another_case_cannot_be_named(app: Flask, client_of: ClientOf) -> None:
    _, task_id, dsl = restricted(client_of)
    page = sent(dsl, task_id, "notes.pdf", PDF)[1]
    file_id = re.search(r'name="evidence" value="([^"]+)"', page)[1]
    other_case = started("pupil2", safeguarding="yes")
    other = open_task(other_case, "consider_safeguarding")
    answer = dsl.post(
        f"/tasks/{other}", data={**CONCERN, "evidence": file_id, "action": "no_action", "reason": "x" * 30}
    )
    assert not cases.documents_of(reading(), other_case)
    assert answer.status_code in (303, 422)


def test_files_sent_where_none_are_asked_for_are_dropped(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    task_id = open_task(case_id)
    answer = client_of("senco").post(f"/tasks/{task_id}", data={**OFFER, "stray": (io.BytesIO(PDF), "notes.pdf")})
    assert answer.status_code == 303
    assert not cases.documents_of(reading(), case_id)
