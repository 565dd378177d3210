"""The letter of a task: written by the worker, read and sent by whoever does the task, kept version by version."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import between, letters
from support.between import case, do, entries, sentences, start, task_of, work_off
from support.installation import command

from app.cases import parties, rebuilding
from app.casework.letters import dispatch
from app.errors import InvalidAnswers
from app.model.party import Party
from app.store import files
from app.store.db import db, reading
from app.store.queries import letters as queries
from app.store.queries.letters import LetterRow

ClientOf = Callable[[str], FlaskClient]


def told(case_id: str) -> list[LetterRow]:
    task_id = task_of(case_id, "tell")
    found = queries.of_task(reading(), task_id)
    db.session.rollback()
    return found


@pytest.fixture
def case_id(app: Flask) -> str:
    letters.deploy()
    made = start(letters.KEY)
    do(made, "say", what="Ink on the *wall*", serious="no", more="#read it")
    return made


def test_the_worker_writes_the_letter_once_when_its_task_opens(case_id: str) -> None:
    assert told(case_id) == []

    work_off()
    between.do_all_again()
    work_off()

    [letter] = told(case_id)
    assert (letter.version, letter.state, letter.recipient, letter.gaps) == (1, "made", "parents", ())
    words = files.get(case_id, letter.text_id).decode()
    assert "Dear parent or carer\n\nInk on the *wall*\n\nIt is not serious.\n\n#read it\n" in words
    assert letter.pdf_id is not None
    assert files.get(case_id, letter.pdf_id).startswith(b"%PDF-")
    assert len(entries(case_id, "letter-made")) == 1
    assert sentences(case_id)[-1].startswith("Waymark wrote the letter “About ")


def test_whoever_does_the_task_reads_it_and_says_that_it_was_posted(case_id: str, client_of: ClientOf) -> None:
    work_off()
    senco, task_id, [letter] = client_of("senco"), task_of(case_id, "tell"), told(case_id)

    assert "The letter of this task" in senco.get(f"/tasks/{task_id}").text
    page = senco.get(f"/tasks/{task_id}/letter")
    assert "Ink on the *wall*" in page.text
    assert "By e-mail" not in page.text  # this installation sends none
    pdf = senco.get(f"/tasks/{task_id}/letter/1.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert "Dear parent or carer" in senco.get(f"/tasks/{task_id}/letter/1.txt").text
    assert senco.get(f"/tasks/{task_id}/letter/2.pdf").status_code == 404

    late = {"how": "post", "on-day": "3", "on-month": "11", "on-year": "2026"}
    refused = senco.post(f"/tasks/{task_id}/letter/{letter.id}/sent", data=late)
    assert refused.status_code == 422
    assert "Enter today or an earlier day" in refused.text
    sent = senco.post(f"/tasks/{task_id}/letter/{letter.id}/sent", data={**late, "on-day": "2"})
    assert sent.status_code == 303
    assert "Posted on 2 November 2026; it counts as received on 4 November 2026" in senco.get(sent.location).text
    shown = senco.get(f"/cases/{case(case_id).reference}").text
    assert "posted the letter “About" in shown
    assert "Letters</h2>" in shown


def test_it_is_to_who_may_be_written_to_and_nothing_is_mailed_to_who_may_not(app: Flask, client_of: ClientOf) -> None:
    # given a mother to whom it is safe to write, and an uncle whom nobody contacts
    mother = Party("mother", "parent", "Orla Thornbury", "mother", "yes", email="orla@example.org", safe="yes")
    uncle = Party("uncle", "parent", "Kit Thornbury", "uncle", "no", email="Kit@example.org", safe="no")
    for one in (mother, uncle):
        parties.record("pupil1", one, 0, command(between.SENCO))
    letters.deploy()
    case_id = start(letters.KEY)
    do(case_id, "say", what="Ink on the wall", serious="no", more="")
    # when the worker writes the letter
    work_off()
    # then it is to the mother, the page warns, and the uncle's address is refused
    [letter] = told(case_id)
    assert "Dear Orla Thornbury\n" in files.get(case_id, letter.text_id).decode()
    page = client_of("senco").get(f"/tasks/{task_of(case_id, 'tell')}/letter").text
    assert "Do not contact Kit Thornbury (uncle)." in page
    for address, is_refused in (("kit@example.org", True), ("orla@example.org", False)):
        with pytest.raises(InvalidAnswers) as refused:
            dispatch(case_id, "pupil1", letter.id, {"how": "email", "address": address}, command(between.SENCO))
        assert ("Do not contact Kit Thornbury (uncle)" in refused.value.problems.values()) is is_refused


def test_a_new_version_needs_a_reason_and_the_old_one_stays(case_id: str, client_of: ClientOf) -> None:
    work_off()
    senco, task_id = client_of("senco"), task_of(case_id, "tell")

    assert "Enter why a new version is needed" in senco.post(f"/tasks/{task_id}/letter", data={"reason": ""}).text
    made = senco.post(f"/tasks/{task_id}/letter", data={"reason": "A name was wrong", "_key": "k1"})
    assert made.status_code == 303
    senco.post(f"/tasks/{task_id}/letter", data={"reason": "A name was wrong", "_key": "k1"})

    newest, first = told(case_id)
    assert (newest.version, newest.reason, first.state) == (2, "A name was wrong", "replaced")
    assert files.get(case_id, first.text_id)
    page = senco.get(f"/tasks/{task_id}/letter").text
    assert "Replaced before it was sent" in page
    assert "Why it was written: A name was wrong" in page
    old = senco.post(
        f"/tasks/{task_id}/letter/{first.id}/sent",
        data={"how": "hand", "on-day": "2", "on-month": "11", "on-year": "2026"},
    )
    assert old.status_code == 409
    assert "There is a newer version of this letter" in old.text


def test_only_those_who_may_see_the_task_see_its_letter(case_id: str, client_of: ClientOf) -> None:
    work_off()
    task_id, [letter] = task_of(case_id, "tell"), told(case_id)

    for stranger in ("other-senco", "far-senco", "owner1"):
        for path in ("", "/1.pdf", "/1.txt"):
            assert client_of(stranger).get(f"/tasks/{task_id}/letter{path}").status_code == 404, (stranger, path)
    head = client_of("head")
    assert head.get(f"/tasks/{task_id}/letter").status_code == 200
    assert head.post(f"/tasks/{task_id}/letter", data={"reason": "Not mine to do"}).status_code == 403
    assert head.post(f"/tasks/{task_id}/letter/{letter.id}/sent", data={"how": "hand"}).status_code == 403


def test_the_letter_of_a_restricted_task_is_of_its_compartment(case_id: str, client_of: ClientOf) -> None:
    do(case_id, "tell")
    work_off()
    task_id, reference = task_of(case_id, "look"), case(case_id).reference

    assert "For the file" in client_of("dsl").get(f"/tasks/{task_id}/letter").text
    assert client_of("senco").get(f"/tasks/{task_id}/letter").status_code == 404
    assert "For the file" not in client_of("senco").get(f"/cases/{reference}").text
    assert "For the file" not in client_of("auditor").get(f"/cases/{reference}").text
    assert "For the file" in client_of("dsl").get(f"/cases/{reference}").text


def test_a_task_without_a_letter_leads_back_to_the_task(case_id: str, client_of: ClientOf) -> None:
    do(case_id, "tell")
    other = start(letters.KEY, "pupil2")
    task_id = task_of(other, "say")

    assert client_of("senco").get(f"/tasks/{task_id}/letter").location.endswith(f"/tasks/{task_id}")


def test_letters_are_rebuilt_from_the_journal(case_id: str) -> None:
    work_off()
    before = told(case_id)

    rebuilding.rebuild()

    assert told(case_id) == before
    assert before
