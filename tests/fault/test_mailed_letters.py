"""Letters over a real mail server: sent once with their PDF, refused for good, refused for a while, sent again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from support import between, installation, letters
from support.between import do, entries, sentences, start, task_of, work_off
from support.fixtures import close
from support.installation import NOW, command
from support.mail_server import MailServer

from app.cases import incidents
from app.cases.letters import Dispatch, OnItsWay, dispatch, make
from app.store.db import db, reading
from app.store.open import open_store
from app.store.queries import incidents as problems
from app.store.queries import letters as queries
from app.store.queries.letters import LetterRow
from app.store.tables import told

TO = "parent@family.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    made.on()
    yield made
    made.off()


@pytest.fixture
def case_id(template: installation.Template, server: MailServer, tmp_path: Path) -> Iterator[str]:
    with installation.copy(template, tmp_path / "data") as settings:
        sending = replace(
            settings,
            demo=False,
            smtp_url=server.url,
            mail_from="waymark@testshire.example",
            public_url="https://waymark.testshire.example",
        )
        app = open_store(Flask("letters"), sending)
        with app.app_context():
            letters.deploy()
            made = start(letters.KEY)
            do(made, "say", what="Ink on the wall", serious="yes", more="Nothing")
            work_off()
            yield made
            close()


def newest(case_id: str) -> LetterRow:
    task_id = task_of(case_id, "tell")
    found = queries.of_task(reading(), task_id)[0]
    db.session.rollback()
    return found


def send(case_id: str, key: str = "k1", to: str = TO) -> None:
    dispatch(case_id, newest(case_id).id, Dispatch("email", to), command(between.SENCO, key=key))
    db.session.rollback()


def open_problems(case_id: str) -> list[problems.Incident]:
    found = [one for one in problems.of_case(reading(), case_id) if one.state == "open"]
    db.session.rollback()
    return found


def test_a_letter_is_mailed_once_with_its_words_and_its_pdf(case_id: str, server: MailServer) -> None:
    send(case_id)
    send(case_id)  # a second click
    assert newest(case_id).state == "sending"

    work_off()
    between.do_all_again()  # as if the worker had died before it wrote that down
    work_off()

    first, second = server.taken  # at least once; the same Message-ID tells that it is the same
    assert len(set(server.message_ids)) == 1
    address, mail = first
    assert address == TO
    assert second[0] == TO
    assert mail["Subject"] == "A letter from Beacon School"
    words, pdf = mail.get_payload()
    assert "Ink on the wall" in words.get_payload(decode=True).decode()
    assert "Please answer by Monday 9 November 2026." in words.get_payload(decode=True).decode()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_payload(decode=True).startswith(b"%PDF-")
    letter = newest(case_id)
    assert (letter.state, letter.given_on) == ("sent", NOW.date())
    assert len(entries(case_id, "letter-delivered")) == 1


def test_an_address_that_is_refused_for_good_is_a_problem_of_the_case(case_id: str, server: MailServer) -> None:
    server.opinion = lambda _address: "550 No such person"
    send(case_id)

    work_off()

    assert newest(case_id).state == "failed"
    [problem] = open_problems(case_id)
    assert problem.kind == "letter"
    assert "could not be delivered by e-mail: The address was refused (550). Correct the address" in problem.sentence
    notices = reading().scalars(sa.select(told.c.sentence).where(told.c.person_id == "senco"))
    assert any("A letter could not be delivered by e-mail" in one for one in notices)
    db.session.rollback()
    assert "The address was refused (550)" in sentences(case_id)[-1]

    dispatch(case_id, newest(case_id).id, Dispatch("post", on=NOW.date()), command(between.SENCO))
    assert open_problems(case_id) == []
    assert newest(case_id).state == "posted"


def test_a_server_that_is_away_is_waited_for(case_id: str, server: MailServer) -> None:
    server.off()
    send(case_id)
    work_off()
    assert newest(case_id).state == "sending"
    with pytest.raises(OnItsWay):
        send(case_id, "k2")

    server.on()
    between.do_all_again()
    work_off()
    assert newest(case_id).state == "sent"


def test_a_letter_that_failed_can_be_tried_again_as_it_is(case_id: str, server: MailServer) -> None:
    server.opinion = lambda _address: "550 Full"
    send(case_id)
    work_off()
    [problem] = open_problems(case_id)

    server.opinion = lambda _address: None
    incidents.retry(case_id, problem.id, "The mailbox is there again", command(between.SENCO))
    work_off()

    assert newest(case_id).state == "sent"
    assert open_problems(case_id) == []


def test_a_new_version_ends_the_problem_of_the_old_one(case_id: str, server: MailServer) -> None:
    server.opinion = lambda _address: "550 No"
    send(case_id)
    work_off()

    make(case_id, task_of(case_id, "tell"), command(between.SENCO), "The address was wrong")

    assert open_problems(case_id) == []
    assert (newest(case_id).version, newest(case_id).state) == (2, "made")
