"""The operator lets other programs hear of cases: an address, a secret shown once, whether events arrive."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support.installation import command
from support.staff import started

from app.cases import rebuilding
from app.cases.records import write_record
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import webhooks

ClientOf = Callable[[str], FlaskClient]
GIVEN = {
    "name": "Data warehouse",
    "address": "https://hooks.example.org/waymark",
    "types": ["case.started", "case.ended"],
    "organisation": "testshire",
}


def text_of(page: str) -> str:
    """The words of a page, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def added(sys: FlaskClient, **other: object) -> tuple[str, str]:
    """Id and secret of a webhook."""
    page = sys.post("/operations/webhooks/add", data={**GIVEN, **other})
    assert page.status_code == 200
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)
    assert found is not None
    db.session.rollback()
    newest = max(webhooks.every(reading()), key=lambda one: one.name == other.get("name", GIVEN["name"]))
    return newest.id, found[0]


def test_the_secret_is_shown_once_and_everything_else_is_in_the_journal(app: Flask, client_of: ClientOf) -> None:
    sys = client_of("sys")
    webhook_id, secret = added(sys)

    page = sys.get(f"/operations/webhooks/{webhook_id}").text
    assert "hooks.example.org/waymark" in page
    assert "by Noor Fenn" in text_of(page)
    assert secret not in page
    [entry] = journal.entries(reading(), StreamId("webhook", webhook_id))
    assert (entry.kind, entry.actor) == ("webhook-recorded", "sys")
    assert secret not in str(entry)
    assert rebuilding.check() == []


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Enter what receives the events"),
        ("address", "http://hooks.example.org/", "begins with https://"),
        ("address", "https://169.254.169.254/latest", "not public"),
        ("address", "https://localhost:99999/", "Enter a whole address"),
        ("types", ["case.started", "everything"], "Select what it hears of"),
        ("types", [], "Select what it hears of"),
        ("organisation", "faraway", "Choose whose cases"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_written(
    app: Flask, client_of: ClientOf, field: str, typed: object, words: str
) -> None:
    answer = client_of("sys").post("/operations/webhooks/add", data={**GIVEN, field: typed})

    assert answer.status_code == 422
    assert words in text_of(answer.text)
    db.session.rollback()
    assert webhooks.every(reading()) == ()


def test_sent_twice_it_is_one_webhook(app: Flask, client_of: ClientOf) -> None:
    sys = client_of("sys")
    added(sys, _key="a-key-of-the-page")
    added(sys, _key="a-key-of-the-page")

    assert len(webhooks.every(reading())) == 1


def test_it_is_changed_switched_off_and_on_again(app: Flask, client_of: ClientOf) -> None:
    sys = client_of("sys")
    webhook_id, _ = added(sys)
    here = f"/operations/webhooks/{webhook_id}"

    # given one event that nobody took
    started()
    assert "A case started" in text_of(sys.get(here).text)

    # when it is changed, and changed again by somebody who saw it before
    assert sys.post(f"{here}/change", data={**GIVEN, "name": "Warehouse", "seq": "1"}).status_code == 303
    stale = sys.post(f"{here}/change", data={**GIVEN, "name": "Other", "seq": "1"})
    assert (stale.status_code, "Somebody changed it meanwhile" in stale.text) == (409, True)

    # and switched off
    assert sys.post(here, data={"how": "off"}).status_code == 303
    page = text_of(sys.get(here).text)
    assert "It is off. 1 event that it had not taken will not be sent." in page
    assert "Nothing was sent in the last five weeks." in page
    assert "Send a test" not in page
    started("pupil2")
    db.session.rollback()
    assert reading().scalar(sa.text("SELECT count(*) FROM outbox")) == 0
    assert sys.post(here, data={"how": "ping"}).status_code == 422

    # and on
    sys.post(here, data={"how": "on"})
    sys.post(here, data={"how": "ping"})
    page = text_of(sys.get(here).text)
    assert "A test event is on its way." in page
    assert "Test Waiting" in page
    names = [one.content["webhook"]["name"] for one in journal.entries(reading(), StreamId("webhook", webhook_id))
             if one.content]  # fmt: skip
    assert names == ["Data warehouse", "Warehouse", "Warehouse", "Warehouse"]


def test_another_secret_is_another_one(app: Flask, client_of: ClientOf) -> None:
    sys = client_of("sys")
    webhook_id, first = added(sys)

    page = sys.post(f"/operations/webhooks/{webhook_id}", data={"how": "secret"}).text

    assert "whsec_" in page
    assert first not in page
    assert reading().scalar(sa.text("SELECT count(*) FROM webhook_secret")) == 2


def test_the_operator_of_another_authority_neither_sees_nor_switches_it(app: Flask, client_of: ClientOf) -> None:
    webhook_id, _ = added(client_of("sys"))
    held = [{"role": "SYS", "organisation": "elsewhere"}]
    record = {"user_name": "far-sys", "name": "Rhea Moor", "is_active": True, "memberships": held}
    write_record(StreamId("person", "far-sys"), "person-recorded", {"person": record}, command())
    far = client_of("far-sys")

    assert "Data warehouse" not in far.get("/operations/webhooks").text
    assert far.get(f"/operations/webhooks/{webhook_id}").status_code == 404
    assert far.post(f"/operations/webhooks/{webhook_id}", data={"how": "off"}).status_code == 404
