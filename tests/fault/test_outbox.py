"""E-mail after commits (F6): servers that refuse, are away and come back, workers that die in between."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pickle import dumps

import pytest
import sqlalchemy as sa
from flask import Flask
from support import installation
from support.fixtures import close
from support.installation import command
from support.mail_server import MailServer
from support.staff import open_task, started

from app.cases import tasks
from app.cases.dates import is_law, rule_book
from app.cases.erasing import erase
from app.cases.events import deliver
from app.cases.mailing import announce, next_digest
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.cases.sweep import sweep
from app.clock import real_now
from app.config import Settings, UnusableSettings, from_environment
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store import mail_choices, outbox
from app.store.db import db, reading, transaction
from app.store.mail_choices import MailChoice
from app.store.open import open_store
from app.store.outbox import Effect
from app.store.queries import effects as seen
from app.store.tables import outbox as table
from app.worker import effects

ROOT = Path(__file__).resolve().parents[2]
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)
SENDS = "waymark@testshire.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.off()


@pytest.fixture
def app(template: installation.Template, server: MailServer, tmp_path: Path) -> Iterator[Flask]:
    with installation.copy(template, tmp_path / "data") as settings:
        sending = replace(
            settings, demo=False, smtp_url=server.url, mail_from=SENDS, public_url="https://waymark.testshire.example"
        )
        app = open_store(Flask("outbox"), sending)
        with app.app_context():
            yield app
            close()


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["waymark_settings"]
    return found


def gets_mail(person_id: str) -> None:
    name, roles = installation.PEOPLE[person_id]
    record = {"user_name": person_id, "name": name, "is_active": True, "email": f"{person_id}@beacon.example",
              "memberships": [{"role": role, "organisation": where} for role, where in roles]}  # fmt: skip
    write_record(StreamId("person", person_id), "person-recorded", {"person": record}, command())


def told_cases(*pupils: str) -> list[str]:
    """Cases whose first task is late, with their notices given."""
    answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
    made = [
        start(NewCase("graduated-approach", pupil, "beacon", answers, answers, named=("teacher",)), command()).case_id
        for pupil in pupils
    ]
    assert sweep(LATER).failures == 0
    return made


def wait(number: int, to: str = "senco") -> list[Effect]:
    """Mails that wait for a person, as some entries would have added them."""
    [case_id] = told_cases("pupil1") if number else [""]
    made = [
        Effect(outbox.reference_of("mail", "test", to, one), "mail", to, case_id, {"names_case": True})
        for one in range(number)
    ]
    with transaction() as connection:
        connection.execute(sa.delete(table))
        outbox.add(connection, made)
    return made


def time_passes() -> None:
    """Every pause and every lease is over, and so is the minute that is counted."""
    with transaction() as connection:
        past = real_now() - timedelta(hours=2)
        connection.execute(table.update().where(table.c.done_at.is_(None)).values(run_at=past))
        connection.execute(table.update().values(taken_at=past))


def counts() -> dict[str, int]:
    found = seen.counts(reading())
    db.session.rollback()
    return found


def test_a_mail_names_the_case_by_its_reference_and_nobody(app: Flask, server: MailServer) -> None:
    # given somebody with an address, and others without
    gets_mail("senco")
    server.on()
    told_cases("pupil1")
    # when the worker has effects
    assert effects.run_due(settings_of(app)) == 1
    # then one mail went out, with a reference and a link
    [(address, message)] = server.taken
    text = message.get_payload()
    assert address == "senco@beacon.example"
    [reference] = reading().scalars(sa.text("SELECT reference FROM case_record"))
    assert reference in text
    assert "https://waymark.testshire.example/notices" in text
    assert not any(word in str(message) for word in ("Zadie", "Thornbury", "Asha", "semh", "Beacon School"))
    assert counts() == {"done": 1}
    # and it is known how long it took
    how_late = seen.how_late_effects(reading(), datetime(2000, 1, 1, tzinfo=UTC))
    assert how_late is not None
    assert how_late.number == 1


def test_without_a_server_no_mail_is_made(template: installation.Template, tmp_path: Path) -> None:
    with installation.copy(template, tmp_path / "data") as settings:
        app = open_store(Flask("outbox"), settings)
        with app.app_context():
            gets_mail("senco")
            told_cases("pupil1")
            assert counts() == {}
            close()


def test_the_same_notice_again_is_the_same_mail(app: Flask) -> None:
    one = wait(1)
    with transaction() as connection:
        outbox.add(connection, one)
    assert counts() == {"waiting": 1}


def test_what_is_taken_back_makes_no_mail(app: Flask) -> None:
    def adding_and_failing() -> None:
        with transaction() as connection:
            outbox.add(connection, [Effect("mail-1", "mail", "senco", None, {"names_case": False})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        adding_and_failing()
    assert counts() == {}


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_given_up_at_once(app: Flask, server: MailServer) -> None:
    # given an address that is refused twice, and one that is refused for good
    gets_mail("senco"), gets_mail("senco2")
    refusals = ["451 Later", "451 Later"]
    server.opinion = lambda to: "550 Unknown" if to.startswith("senco2") else (refusals or [None]).pop()
    server.on()
    told_cases("pupil1")
    # when it is tried, and again each time the pause is over
    for _ in range(3):
        effects.run_due(settings_of(app))
        time_passes()
    # then the first arrived once, and of the second a person learns
    assert [to for to, _ in server.taken] == ["senco@beacon.example"]
    assert counts() == {"done": 1, "given up": 1}
    [trouble] = seen.given_up(reading())
    assert (trouble.attempts, trouble.trouble) == (1, "The address was refused (550)")
    # and where somebody sets it right, it has its tries anew
    db.session.rollback()
    server.opinion = lambda _to: None
    assert outbox.try_again(trouble.reference, real_now())
    effects.run_due(settings_of(app))
    assert counts() == {"done": 2}


def test_after_eight_tries_it_is_given_up(app: Flask, server: MailServer) -> None:
    gets_mail("senco")
    server.opinion = lambda _to: "451 Later"
    server.on()
    wait(1)
    for _ in range(9):
        effects.run_due(settings_of(app))
        time_passes()
    [trouble] = seen.given_up(reading())
    assert trouble.attempts == 8
    assert server.taken == []


def test_after_an_outage_many_notices_for_one_person_are_one_mail(app: Flask, server: MailServer) -> None:
    # given a server that is away, nine notices for one person, two for another
    gets_mail("senco"), gets_mail("senco2")
    nine = wait(9)
    with transaction() as connection:
        two = [
            Effect(outbox.reference_of("other", one), "mail", "senco2", None, {"names_case": False}) for one in (1, 2)
        ]
        outbox.add(connection, two)
    for _ in range(10):  # more tries than a fault of their own would have
        effects.run_due(settings_of(app))
        time_passes()
    assert counts() == {"waiting": 11}
    # when it is back
    server.on()
    effects.run_due(settings_of(app))
    # then one mail says that there are nine, the others come one by one
    assert counts() == {"done": 11}
    assert sorted(to for to, _ in server.taken) == ["senco2@beacon.example"] * 2 + ["senco@beacon.example"]
    [many] = [message for to, message in server.taken if to == "senco@beacon.example"]
    assert many["Subject"] == "Waymark: 9 notices for you"
    assert any(str(many["Message-ID"]).strip().startswith(f"<{one.reference}-of-9@") for one in nine)


def test_sixty_a_minute_and_no_more(app: Flask, server: MailServer) -> None:
    gets_mail("senco")
    server.on()
    with transaction() as connection:
        waiting = [Effect(f"mail-{one}", "mail", f"person{one}", None, {"names_case": False}) for one in range(70)]
        outbox.add(connection, waiting)
    assert effects.run_due(settings_of(app)) == 60
    time_passes()
    assert effects.run_due(settings_of(app)) == 10


def test_a_worker_that_dies_leaves_its_mail_to_another(app: Flask, server: MailServer) -> None:
    # given a worker that is killed after the server took the mail and before that is recorded
    gets_mail("senco")
    server.on()
    wait(1)
    close()
    program = [sys.executable, "-c", _DIES, b64encode(dumps(settings_of(app))).decode()]
    died = subprocess.run(program, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "TZ": "UTC"}, check=False)
    assert died.returncode == -9
    # then nobody else touches it while it may still be at it
    assert effects.run_due(settings_of(app)) == 0
    assert counts() == {"running": 1}
    # and afterwards it goes out again, recognisable as the same mail
    time_passes()
    assert effects.run_due(settings_of(app)) == 1
    assert counts() == {"done": 1}
    assert len(server.message_ids) == 2
    assert len(set(server.message_ids)) == 1


_DIES = """
import os, pickle, signal, sys
from base64 import b64decode
from flask import Flask
from app.store.open import open_store
from app.worker import effects, mail

def act(settings, taken):
    mail.send(settings, taken)
    os.kill(os.getpid(), signal.SIGKILL)

settings = pickle.loads(b64decode(sys.argv[1]))
with open_store(Flask("dies"), settings).app_context():
    effects.run_due(settings, {"mail": effects.Kind(act, effects.KINDS["mail"].taking)})
"""


def test_whoever_kills_every_worker_is_given_up(app: Flask) -> None:
    wait(1)
    kinds = {"mail": effects.KINDS["mail"].taking}
    for _ in range(8):
        assert outbox.take(kinds, real_now())
        time_passes()
    assert outbox.take(kinds, real_now()) == []
    [trouble] = seen.given_up(reading())
    assert trouble.trouble == "Whoever did this ended in the middle of it"


def test_what_somebody_else_took_meanwhile_is_not_disturbed(app: Flask) -> None:
    # given a worker that is slow, and another that took its mail when the lease was over
    wait(1)
    kinds = {"mail": effects.KINDS["mail"].taking}
    slow = outbox.take(kinds, real_now())
    time_passes()
    quick = outbox.take(kinds, real_now())
    # when the slow one fails, it says nothing of the quick one's try
    outbox.put_back(slow, real_now(), "too late")
    assert counts() == {"running": 1}
    outbox.done(quick, real_now())
    outbox.put_back(slow, real_now(), "much too late")
    assert counts() == {"done": 1}


def test_an_erased_case_mails_nobody(app: Flask, server: MailServer) -> None:
    gets_mail("senco")
    [case_id] = told_cases("pupil1")
    assert counts() == {"waiting": 1}
    erase(case_id, "head", "by order", command())
    assert counts() == {}


def test_a_task_given_to_somebody_is_mailed_to_them_and_nobody_else(app: Flask, server: MailServer) -> None:
    gets_mail("senco")
    gets_mail("senco2")
    server.on()
    case_id = started()
    task_id = open_task(case_id)
    head = Actor("head", "Esme Tarn", "HT", "beacon")
    tasks.reassign(case_id, task_id, "senco2", "Asha is away", command(head))
    tasks.reassign(case_id, task_id, "senco", "She is back", command(Actor("senco", "Asha Quill", "SENCO", "beacon")))
    effects.run_due(settings_of(app))
    [(address, message)] = server.taken
    [reference] = reading().scalars(sa.text("SELECT reference FROM case_record"))
    assert address == "senco2@beacon.example"
    assert message["Subject"] == f"Waymark: a task was given to you, {reference}"
    text = str(message.get_payload())
    assert "https://waymark.testshire.example/inbox?view=3Dmine" in text or "/inbox?view=mine" in text
    assert not any(word in str(message) for word in ("Asha", "away", "Zadie", "universal"))


def test_an_outcome_is_mailed_to_whoever_leads_the_case_or_is_named_in_it(app: Flask, server: MailServer) -> None:
    for one in ("senco", "teacher", "senco2"):
        gets_mail(one)
    server.on()
    case_id = started()
    deliver(case_id, "pupil.moved", {}, command())
    tasks.complete(case_id, open_task(case_id, "hand_over"), tasks.Answers({}), command())
    effects.run_due(settings_of(app))
    assert sorted(address for address, _ in server.taken) == ["senco@beacon.example", "teacher@beacon.example"]
    [reference] = reading().scalars(sa.text("SELECT reference FROM case_record"))
    assert {message["Subject"] for _, message in server.taken} == {f"Waymark: a case came to its outcome, {reference}"}
    assert all(f"/cases/{reference}" in str(message.get_payload()) for _, message in server.taken)


def test_who_chose_one_mail_a_day_gets_it_at_eight_in_england(app: Flask, server: MailServer) -> None:
    # given two notices for somebody who wants one mail a day
    gets_mail("senco")
    mail_choices.choose("senco", MailChoice.DAILY)
    server.on()
    told_cases("pupil1", "pupil2")
    # then nothing goes before its time, and nothing is late meanwhile
    assert effects.run_due(settings_of(app)) == 0
    assert seen.oldest_waiting(reading()) is None
    moments = {row.run_at for row in reading().execute(sa.select(table.c.run_at))}
    db.session.rollback()
    assert moments == {next_digest(real_now())}
    # and then it is one mail
    time_passes()
    effects.run_due(settings_of(app))
    [(_, message)] = server.taken
    assert message["Subject"] == "Waymark: 2 notices for you"
    assert "This is your daily mail." in str(message.get_payload())
    assert counts() == {"done": 2}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 11, 2, 7, 59), (2026, 11, 2, 8)),
        ((2026, 11, 2, 8, 0), (2026, 11, 3, 8)),
        ((2026, 7, 1, 6, 59), (2026, 7, 1, 7)),  # eight o'clock in summer
        ((2026, 7, 1, 7, 30), (2026, 7, 2, 7)),
        ((2026, 3, 28, 9, 0), (2026, 3, 29, 7)),  # the clocks go forward that night
        ((2026, 10, 24, 9, 0), (2026, 10, 25, 8)),  # and back
    ],
)
def test_the_morning_is_that_of_england(now: tuple[int, ...], then: tuple[int, ...]) -> None:
    assert next_digest(datetime(*now, tzinfo=UTC)) == datetime(*then, tzinfo=UTC)


def test_who_wants_only_what_the_law_requires_is_mailed_of_dates_of_law(app: Flask, server: MailServer) -> None:
    gets_mail("senco")
    mail_choices.choose("senco", MailChoice.REQUIRED)
    told_cases("pupil1")
    assert counts() == {}
    # a date of the partnership's own papers is none, one of statute is
    statute = next(key for key in rule_book().keys if rule_book().at(key, LATER.date()).legal == "S")
    other = next(key for key in rule_book().keys if rule_book().at(key, LATER.date()).legal != "S")
    assert [is_law({"rule": key, "on": "2026-11-20"}) for key in (statute, other, "15 school days", None)] == [
        True, False, False, False,
    ]  # fmt: skip
    with transaction() as connection:
        announce(connection, "a case", ("one",), ["senco"], names_case=True, is_required=True)
        announce(connection, "a case", ("two",), ["senco"], names_case=True)
    assert counts() == {"waiting": 1}


def test_a_mail_server_needs_a_sender_and_an_address_of_our_own() -> None:
    with pytest.raises(UnusableSettings, match="WAYMARK_MAIL_FROM"):
        from_environment({"WAYMARK_SMTP_URL": "smtp://localhost"})
    with pytest.raises(UnusableSettings, match="smtps"):
        from_environment({"WAYMARK_SMTP_URL": "localhost:25"})
