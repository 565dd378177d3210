"""Events to other programs: what they say, what they are signed with, receivers that refuse, are away, come back."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from support import installation
from support.fixtures import close
from support.installation import command
from support.receiver import Receiver, documented
from support.staff import open_task, started

from app.access.people import Reader
from app.cases import tasks
from app.cases.erasing import erase
from app.cases.events import deliver
from app.cases.publishing import TYPES, WEBHOOK
from app.cases.rebuilding import check
from app.casework import webhooks
from app.casework.webhook_addresses import Place, RefusedAddress, place_of
from app.casework.webhooks import WebhookForm
from app.clock import real_now
from app.config import Settings
from app.errors import AlreadyDone
from app.model.actor import Actor
from app.store import outbox
from app.store.counting import counted
from app.store.db import db, reading, transaction
from app.store.open import open_store
from app.store.queries import effects as seen
from app.store.queries import organisations, people
from app.store.tables import outbox as table
from app.worker import effects
from app.worker.webhooks import AWAY, post

SYS = Actor("sys", "Noor Fenn", "SYS", "testshire")
PUBLIC = "https://waymark.testshire.example"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.on()
    yield made
    made.off()


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    with installation.copy(template, tmp_path / "data") as settings:
        app = open_store(Flask("webhooks"), replace(settings, public_url=PUBLIC, webhook_hosts="localhost"))
        with app.app_context():
            yield app
            close()


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["waymark_settings"]
    return found


def reader() -> Reader:
    person = people.one(reading(), "sys")
    assert person is not None
    return Reader(person, organisations.tree(reading()), installation.NOW.date())


def subscribed(app: Flask, address: str, *, types: tuple[str, ...] = tuple(TYPES), to: str = "testshire") -> str:
    """A webhook with a secret."""
    form = WebhookForm("Data warehouse", address, types, to)
    return webhooks.add(form, command(SYS), reader(), settings_of(app))


def secret_of(webhook_id: str) -> bytes:
    return base64.b64decode(webhooks.new_secret(webhook_id, reader()).removeprefix("whsec_"))


def run(app: Flask) -> int:
    db.session.rollback()
    return effects.run_due(settings_of(app))


def rows() -> list[Any]:
    db.session.rollback()
    found = list(reading().execute(sa.select(table).where(table.c.kind == WEBHOOK).order_by(table.c.made_at)))
    db.session.rollback()
    return found


def time_passes(hours: float = 40) -> None:
    """Every pause and every lease is over, and so is the minute that is counted."""
    with transaction() as connection:
        past = real_now() - timedelta(hours=hours)
        connection.execute(table.update().where(table.c.done_at.is_(None)).values(run_at=past))
        connection.execute(table.update().values(taken_at=past))


def test_an_event_says_which_step_of_which_case_and_nothing_of_anybody(app: Flask, receiver: Receiver) -> None:
    # given a subscription, and a case whose first task was completed
    secret_of(subscribed(app, receiver.address))
    case_id = started()
    task_id = open_task(case_id)
    tasks.complete(case_id, task_id, tasks.Answers({"a": "Zadie listens well"}), command())
    # when
    run(app)
    # then
    by_type = {one["type"]: one for one in receiver.events}
    assert len(receiver.events) == len({one["id"] for one in receiver.events}) == 4
    assert sorted(one["type"] for one in receiver.events) == [
        "waymark.case.started", "waymark.task.completed", "waymark.task.opened", "waymark.task.opened",
    ]  # fmt: skip
    [reference] = reading().scalars(sa.text("SELECT reference FROM case_record"))
    done = by_type["waymark.task.completed"]
    assert done == {
        "specversion": "1.0",
        "id": done["id"],
        "source": f"{PUBLIC}/api/v1",
        "type": "waymark.task.completed",
        "subject": reference,
        "time": "2026-11-02T09:00:00+00:00",
        "datacontenttype": "application/json",
        "data": {
            "case": reference,
            "process": "graduated-approach",
            "version": 1,
            "school": "beacon",
            "entry": 2,
            "kind": "task-completed",
            "task": task_id,
            "element": "check_universal_offer",
            "link": f"{PUBLIC}/api/v1/cases/{reference}",
        },
    }
    assert {headers["content-type"] for headers, _ in receiver.taken} == {"application/cloudevents+json"}
    said = json.dumps(receiver.events)
    assert not any(word in said for word in ("Zadie", "Thornbury", "Asha", "Quill", "semh", "listens", "Beacon School"))


def test_what_is_restricted_is_never_sent(app: Flask, receiver: Receiver) -> None:
    # given a case with a restricted task, one of them answered, and a concern raised
    secret_of(subscribed(app, receiver.address))
    case_id = started(safeguarding="yes")
    [restricted] = (
        reading().scalars(sa.text("SELECT task_id FROM work_item WHERE is_restricted = :yes"), {"yes": True}).all()
    )
    tasks.complete(case_id, restricted, tasks.Answers({"action": "monitor"}), command())
    deliver(case_id, "safeguarding.alert", None, command())
    # when
    run(app)
    # then
    assert {one["data"].get("element") for one in receiver.events} == {None, "check_universal_offer"}
    assert restricted not in json.dumps(receiver.events)


def test_what_ended_undone_and_the_end_of_a_case_are_told(app: Flask, receiver: Receiver) -> None:
    secret_of(subscribed(app, receiver.address, types=("task.ended", "case.ended")))
    case_id = started()
    undone = open_task(case_id)
    deliver(case_id, "pupil.moved", {}, command())
    tasks.complete(case_id, open_task(case_id, "hand_over"), tasks.Answers({}), command())
    run(app)
    assert [(one["type"], one["data"].get("task")) for one in receiver.events] == [
        ("waymark.task.ended", undone),
        ("waymark.case.ended", None),
    ]
    assert "moved" not in json.dumps(receiver.events[-1])


def test_only_what_was_asked_for_and_only_of_that_organisation(app: Flask, receiver: Receiver) -> None:
    secret_of(subscribed(app, receiver.address, types=("case.started",), to="harbour"))
    secret_of(subscribed(app, f"{receiver.address}/2", types=("task.opened",), to="north"))
    started()
    run(app)
    assert [one["type"] for one in receiver.events] == ["waymark.task.opened"]


def test_nobody_listening_costs_nothing_and_everybody_listening_one_statement(app: Flask, receiver: Receiver) -> None:
    def completing() -> int:
        case_id = started()
        task_id = open_task(case_id)
        db.session.rollback()
        with counted() as unit:
            tasks.complete(case_id, task_id, tasks.Answers({"a": 1}), command())
        return unit.number

    completing()
    without = completing()
    assert rows() == []
    for number in range(3):
        subscribed(app, f"{receiver.address}/{number}")
    completing()
    assert completing() == without + 1


def test_a_command_sent_twice_is_one_event(app: Flask, receiver: Receiver) -> None:
    secret_of(subscribed(app, receiver.address, types=("task.completed",)))
    case_id = started()
    task_id = open_task(case_id)
    for _ in range(2):
        tasks.complete(case_id, task_id, tasks.Answers({"a": 1}), command(key="one key"))
    with pytest.raises(AlreadyDone):
        tasks.complete(case_id, task_id, tasks.Answers({"a": 1}), command(key="another key"))
    run(app)
    assert len(receiver.events) == 1


def test_the_signature_is_that_of_standard_webhooks_with_each_secret_that_holds(app: Flask, receiver: Receiver) -> None:
    # given a secret that was changed
    webhook_id = subscribed(app, receiver.address, types=("case.started",))
    old, new = secret_of(webhook_id), secret_of(webhook_id)
    started()
    run(app)
    # then both sign, over id, time and the very body
    [(headers, event)] = receiver.taken
    body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = [
        "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode() for secret in (new, old)
    ]
    assert headers["webhook-signature"].split() == expected
    assert headers["webhook-id"] == event["id"]
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    # and the table holds neither
    kept = b"".join(reading().scalars(sa.text("SELECT secret FROM webhook_secret")))
    assert old not in kept
    assert new not in kept


def test_a_repeat_has_the_same_id_and_the_same_body(app: Flask, receiver: Receiver) -> None:
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    started()
    receiver.answers = [500, 204]
    run(app)
    [failed] = rows()
    assert (failed.status, failed.attempts, failed.trouble) == ("waiting", 1, "The receiver answered 500")
    assert timedelta(seconds=40) < failed.run_at - real_now() < timedelta(seconds=80)
    time_passes()
    run(app)
    first, second = receiver.events
    assert first == second
    assert [one.status for one in rows()] == ["done"]


def test_eight_refusals_and_it_is_given_up_until_somebody_lets_it_be_tried_again(
    app: Flask, receiver: Receiver
) -> None:
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    started()
    receiver.answers = [400]
    for _ in range(10):
        run(app)
        time_passes()
    assert len(receiver.taken) == 8
    [trouble] = seen.given_up(reading())
    assert (trouble.kind, trouble.attempts, trouble.trouble) == (WEBHOOK, 8, "The receiver answered 400")
    receiver.answers = [204]
    outbox.try_again(trouble.reference, real_now())
    run(app)
    assert [one.status for one in rows()] == ["done"]


def test_a_redirect_is_not_followed(app: Flask, receiver: Receiver) -> None:
    other = Receiver()
    other.on()
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    started()
    receiver.answers = [302]
    run(app)
    other.off()
    assert (len(receiver.taken), other.taken) == (1, [])
    assert [one.trouble for one in rows()] == ["The receiver is elsewhere (302): enter its new address"]


def test_a_receiver_that_is_gone_gets_no_more_of_that_event(app: Flask, receiver: Receiver) -> None:
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    started()
    receiver.answers = [410]
    run(app)
    assert [one.status for one in rows()] == ["given up"]


def test_what_waits_for_a_receiver_that_is_away_costs_one_try_and_goes_when_it_is_back(
    app: Flask, receiver: Receiver
) -> None:
    # given a receiver that is away, and another one that is not
    receiver.off()
    other = Receiver()
    other.on()
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    secret_of(subscribed(app, other.address, types=("case.started",)))
    for pupil in ("pupil1", "pupil2", "pupil1"):
        started(pupil)
    # when: one try for all three, and the other receiver hears at once
    assert run(app) == 4
    other.off()
    assert len(other.events) == 3
    waiting = [one for one in rows() if one.status == "waiting"]
    assert [(one.attempts, one.trouble) for one in waiting] == [(1, AWAY)] * 3
    # and when it is back, one that arrives brings the others
    receiver.on()
    with transaction() as connection:
        connection.execute(table.update().where(table.c.reference == waiting[0].reference).values(run_at=real_now()))
    run(app)
    assert len(receiver.events) == 3
    assert {one.status for one in rows()} == {"done"}


def test_what_nobody_ever_took_is_given_up_together(app: Flask, receiver: Receiver) -> None:
    receiver.off()
    secret_of(subscribed(app, receiver.address, types=("case.started",)))
    started("pupil1")
    started("pupil2")
    tries = 0
    for _ in range(10):
        tries += run(app)
        time_passes()
    assert tries <= 9
    assert [(one.status, one.attempts) for one in rows()] == [("given up", 8)] * 2


def test_what_was_switched_off_hears_nothing_and_what_it_had_not_taken_is_dropped(
    app: Flask, receiver: Receiver
) -> None:
    webhook_id = subscribed(app, receiver.address, types=("case.started",))
    secret_of(webhook_id)
    started()
    assert webhooks.switch(webhook_id, is_on=False, command=command(SYS), reader=reader()) == 1
    started("pupil2")
    assert run(app) == 0
    assert (receiver.taken, rows()) == ([], [])
    webhooks.switch(webhook_id, is_on=True, command=command(SYS), reader=reader())
    started()
    run(app)
    assert len(receiver.taken) == 1
    assert check() == []


def test_an_erased_case_takes_what_was_not_sent_along_and_says_that_it_was_erased(
    app: Flask, receiver: Receiver
) -> None:
    secret_of(subscribed(app, receiver.address))
    case_id = started()
    assert len(rows()) == 2
    erase(case_id, "head", "by order", command())
    run(app)
    assert [one["type"] for one in receiver.events] == ["waymark.case.erased"]


def test_a_name_that_leads_inside_is_given_up_without_a_connection(app: Flask, receiver: Receiver) -> None:
    # given an address that was listed when it was entered and is no more
    secret_of(subscribed(app, f"https://localhost:{receiver.port}/", types=("case.started",)))
    started()
    effects.run_due(replace(settings_of(app), webhook_hosts=""))
    # then nobody was spoken to
    assert receiver.taken == []
    [row] = rows()
    assert row.status == "given up"
    assert row.trouble == "The address leads into a network that is not public, and its host is not listed"


def test_a_test_of_the_address_says_nothing_of_any_case(app: Flask, receiver: Receiver) -> None:
    webhook_id = subscribed(app, receiver.address)
    secret_of(webhook_id)
    webhooks.ping(webhook_id, command(SYS, key="sys:one"), reader())
    webhooks.ping(webhook_id, command(SYS, key="sys:one"), reader())
    run(app)
    [event] = receiver.events
    assert (event["type"], event["data"]) == ("waymark.ping", {})


def test_a_receiver_that_answers_a_letter_at_a_time_is_cut_off(receiver: Receiver) -> None:
    receiver.drips = 0.05
    place = place_of(receiver.address, {"localhost"})
    began = time.monotonic()
    with pytest.raises((OSError, HTTPException)):
        post(place, b"{}", {}, seconds=1)
    assert 0.9 < time.monotonic() - began < 5


def test_the_receiver_of_the_documentation_takes_each_event_once_and_nothing_else(app: Flask) -> None:
    with documented("whsec_" + base64.b64encode(b"not this one" * 3).decode()) as (address, _):
        secret_of(subscribed(app, address, types=("case.started",)))
        started()
        _until_it_listens(address)
        run(app)
        assert [one.trouble for one in rows()] == ["The receiver answered 401"]
    with transaction() as connection:
        connection.execute(sa.delete(table))
    webhook_id = subscribed(app, "http://localhost:9/", types=("case.started",))
    with documented(webhooks.new_secret(webhook_id, reader())) as (address, program):
        form = WebhookForm("Data warehouse", address, ("case.started",), "testshire")
        found = webhooks.one(webhook_id, reader())
        webhooks.change(webhook_id, form, found.seq, command(SYS), reader(), settings_of(app))
        started()
        _until_it_listens(address)
        run(app)
        with transaction() as connection:
            connection.execute(table.update().values(status="waiting", done_at=None, run_at=real_now()))
        run(app)
        assert {one.status for one in rows() if one.recipient == webhook_id} == {"done"}
        program.kill()
        assert program.stdout is not None
        printed = program.stdout.read().splitlines()
    assert [json.loads(one)["type"] for one in printed] == ["waymark.case.started"]


def _until_it_listens(address: str) -> None:
    port = int(address.rpartition(":")[2].partition("/")[0])
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def _certificate(folder: Path, name: str) -> Path:
    """A certificate for that name with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = (
        [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))] if name == "localhost" else [x509.DNSName(name)]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("name", "is_taken"), [("localhost", True), ("elsewhere.example", False)])
def test_over_tls_the_certificate_must_be_that_of_the_name(tmp_path: Path, name: str, is_taken: bool) -> None:
    file = _certificate(tmp_path, name)
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(file)
    receiver = Receiver(speaking)
    receiver.on()
    trusted = ssl.create_default_context(cafile=str(file))
    place = Place("https", "localhost", receiver.port, "/hook", is_listed=True)
    if is_taken:
        assert post(place, b"{}", {}, trusted) == 204
        assert receiver.taken[0][0]["host"] == f"localhost:{receiver.port}"
    else:
        with pytest.raises(ssl.SSLCertVerificationError):
            post(place, b"{}", {}, trusted)
        assert receiver.taken == []
    with pytest.raises(ssl.SSLError):
        post(place, b"{}", {})
    with pytest.raises(RefusedAddress):
        post(replace(place, is_listed=False), b"{}", {}, trusted)
    receiver.off()
