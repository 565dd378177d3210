"""Everybody chooses for themselves how e-mail about cases comes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support.installation import command

from app.cases.records import write_record
from app.model.entry import StreamId
from app.store import mail_choices
from app.store.db import db
from app.store.mail_choices import MailChoice

ClientOf = Callable[[str], FlaskClient]


def test_a_choice_is_kept_for_its_person_alone_and_shown_on_the_account(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    assert "At once" in senco.get("/account").text

    assert senco.post("/account/mail", data={"choice": "daily"}).status_code == 303

    page = senco.get("/account").text
    assert "Once a day, at 8 in the morning" in page
    assert "You have no e-mail address here" in page
    assert 'value="daily" checked' in senco.get("/account/mail").text
    db.session.rollback()
    assert mail_choices.of("senco") is MailChoice.DAILY
    assert mail_choices.of("senco2") is MailChoice.AT_ONCE


def test_nothing_that_is_not_offered_is_kept(app: Flask, client_of: ClientOf) -> None:
    answer = client_of("senco").post("/account/mail", data={"choice": "never"})

    assert answer.status_code == 422
    assert "Choose when you want mail" in answer.text
    assert mail_choices.of("senco") is MailChoice.AT_ONCE


def test_whoever_has_an_address_reads_where_mail_goes_and_that_this_installation_sends_none(
    app: Flask, client_of: ClientOf
) -> None:
    held = [{"role": "SENCO", "organisation": "beacon"}]
    record = {"user_name": "senco", "name": "Asha Quill", "is_active": True, "memberships": held,
              "email": "asha@beacon.example"}  # fmt: skip
    write_record(StreamId("person", "senco"), "person-recorded", {"person": record}, command())

    assert "You have no e-mail address here" not in client_of("senco").get("/account").text
    assert "This installation sends no e-mail." in client_of("senco").get("/account/mail").text
