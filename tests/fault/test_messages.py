"""Messages between cases when workers die: after the receiver's commit, before the sender's, and two at once."""

import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from pickle import dumps

import pytest
import sqlalchemy as sa
from flask import Flask
from support import between, installation
from support.between import case, do, entries, linked, open_elements, start, statuses, task_of, work_off
from support.fixtures import close

from app.cases.origin import Origin
from app.clock import real_now
from app.config import Settings
from app.store import outbox as effects_kept
from app.store.db import transaction
from app.store.open import open_store
from app.store.tables import outbox
from app.worker import effects, messages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    with installation.copy(template, tmp_path / "data") as settings:
        app = open_store(Flask("messages"), settings)
        with app.app_context():
            between.deploy_both()
            yield app
            close()


def asked() -> tuple[str, str]:
    """A case that asked, and the forum that has answered it: the answer waits for the worker."""
    asker = start("asker")
    do(asker, "prepare", question="What else?")
    forum = start("p02_forum", origin=Origin(asker, task_id=task_of(asker, "ask")))
    do(forum, "discuss", advice="Morphemes", outcome="advice")
    return asker, forum


def lease_ends() -> None:
    with transaction() as connection:
        connection.execute(outbox.update().where(outbox.c.done_at.is_(None)).values(run_at=real_now()))


def test_a_worker_that_dies_between_the_receivers_commit_and_the_senders_delivers_once(app: Flask) -> None:
    # given an answer, and a worker that is killed when the asking case has it and the sender does not say so yet
    asker, forum = asked()
    settings: Settings = app.extensions["waymark_settings"]
    close()
    program = [sys.executable, "-c", _DIES, b64encode(dumps(settings)).decode()]
    died = subprocess.run(program, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "TZ": "UTC"}, check=False)
    assert died.returncode == -9
    assert len(entries(asker, "task-answered")) == 1
    assert entries(forum, "message-passed-on") == []
    assert statuses() == ["running"]
    # when its lease ends and another takes it up, with the keys of commands and without
    with transaction() as connection:
        connection.execute(sa.text("DELETE FROM idempotency"))
    lease_ends()
    assert work_off() == 1
    # then it was delivered once, and the sender says so
    assert len(entries(asker, "task-answered")) == 1
    assert open_elements(asker) == ["read"]
    assert linked(forum)[-1] == ("answered", asker, "forum.outcome")
    assert len(entries(forum, "message-passed-on")) == 1
    assert entries(asker, "answer-late") == []
    assert statuses() == ["done"]


_DIES = """
import os, pickle, signal, sys
from base64 import b64decode
from flask import Flask
from app.cases import answering
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.origin import Origin
from app.model.actor import WORKER
from app.store.open import open_store
from app.worker import effects

def act(settings, taken):
    args = taken[0].args
    given = answering.Answer(
        args["asking_task"], {"advice": "Morphemes", "by": "forum"},
        Origin(args["case"], args["seq"], 0, "forum.outcome"), "senco",
    )
    answering.answer(args["asker"], given, Command(WORKER, clock().now(), taken[0].reference + ":0:" + args["asker"]))
    os.kill(os.getpid(), signal.SIGKILL)

settings = pickle.loads(b64decode(sys.argv[1]))
with open_store(Flask("dies"), settings).app_context():
    effects.run_due(settings, {"message": effects.Kind(act, effects.KINDS["message"].taking)})
"""


def test_two_workers_that_have_the_same_message_deliver_it_once(app: Flask) -> None:
    # given a request, and a second worker that takes it because it believes the first dead
    asker = start("asker")
    do(asker, "prepare", question="What else?", way="message")
    settings: Settings = app.extensions["waymark_settings"]
    taking = {"message": effects.KINDS["message"].taking}
    first = effects_kept.take(taking, real_now())
    lease_ends()
    second = effects_kept.take(taking, real_now())
    assert first[0].reference == second[0].reference
    barrier = threading.Barrier(2)

    def deliver(taken: list[effects_kept.Effect]) -> None:
        with app.app_context():
            barrier.wait()
            messages.deliver(settings, taken)

    # when both act at the same moment
    threads = [threading.Thread(target=deliver, args=(one,)) for one in (first, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    # then one case began, and the sender says so once
    assert [role for role, _, _ in linked(asker)] == ["started"]
    [(_, forum, _)] = linked(asker)
    assert case(forum).variables["request"] == {"question": "What else?"}
    assert len(entries(asker, "message-passed-on")) == 1
    with transaction() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM case_record")) == 2
