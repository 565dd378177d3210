"""Two web nodes and two workers as processes of their own on one PostgreSQL: one dies at work, the rest go on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from support import installation, postgres
from support.fixtures import close
from support.installation import COOKIE, NOW, command
from support.mail_server import MailServer, free_port

from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.config import Settings
from app.model.entry import StreamId
from app.store import nodes, sessions
from app.store.db import db, reading
from app.store.open import open_store
from app.store.queries import effects as seen
from app.store.tables import entry, outbox

ROOT = Path(__file__).resolve().parents[2]
CASES = 24
PATIENCE_SECONDS = 60
#: how long the mail server takes over each mail, so that a worker can be caught at it
SLOWLY = 0.7


@pytest.fixture
def mails() -> Iterator[MailServer]:
    made = MailServer(seconds=SLOWLY)
    made.on()
    yield made
    made.off()


@pytest.fixture
def settings(tmp_path: Path, mails: MailServer) -> Iterator[Settings]:
    with postgres.server() as server:
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        urls = []
        for kind in ("main", "keys"):
            name = f"{kind}_{uuid4().hex}"
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            urls.append(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
        engine.dispose()
        yield Settings(
            data_dir=tmp_path / "data",
            database_url=urls[0],
            keys_url=urls[1],
            secure_cookies=False,
            smtp_url=mails.url,
            mail_from="waymark@testshire.example",
            public_url="https://waymark.testshire.example",
        )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = open_store(Flask("nodes"), settings)
    with app.app_context():
        installation.a_small_authority()
        installation.deploy("graduated-approach")
        for person_id in ("senco", "senco2"):
            name, roles = installation.PEOPLE[person_id]
            held = [{"role": role, "organisation": where} for role, where in roles]
            record = {"user_name": person_id, "name": name, "is_active": True, "memberships": held,
                      "email": f"{person_id}@beacon.example"}  # fmt: skip
            write_record(StreamId("person", person_id), "person-recorded", {"person": record}, command())
        answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
        for _ in range(CASES):
            start(NewCase("graduated-approach", "pupil1", "beacon", answers, answers, named=("teacher",)), command())
        yield app
        close()


@contextmanager
def node(settings: Settings, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A node as an operator starts it, until the block is left."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")},
        "PYTHONPATH": str(ROOT),
        "TZ": "UTC",
        "WAYMARK_DATABASE_URL": settings.database_url,
        "WAYMARK_KEYS_URL": settings.keys_url,
        "WAYMARK_SMTP_URL": settings.smtp_url,
        "WAYMARK_MAIL_FROM": settings.mail_from,
        "WAYMARK_PUBLIC_URL": settings.public_url,
        "WAYMARK_SECURE_COOKIES": "no",
    }
    program = [sys.executable, "-m", "app", *words, "--data", str(settings.data_dir)]
    process = subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(40)


def until(what: Callable[[], bool], said: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not what():
        db.session.rollback()
        assert time.monotonic() < give_up, said
        time.sleep(0.1)
    db.session.rollback()


def alive() -> list[str]:
    return [one.kind for one in nodes.known(reading()) if one.is_alive]


def notices() -> dict[str, int]:
    """How many notices each case gave."""
    query = sa.select(entry.c.stream_id, sa.func.count().label("n")).where(entry.c.kind == "notice-given")
    return {row.stream_id: row.n for row in reading().execute(query.group_by(entry.c.stream_id))}


def at_work() -> list[int]:
    """Process ids of the workers that are sending a mail."""
    query = sa.select(outbox.c.taken_by).where(outbox.c.status == "running", outbox.c.bundled_in.is_(None))
    return [int(one.rpartition(":")[2]) for one in reading().scalars(query)]


def inbox(port: int, token: str) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/inbox", headers={"Cookie": f"{COOKIE}={token}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_a_worker_killed_at_work_loses_nothing_and_doubles_nothing(
    app: Flask, settings: Settings, mails: MailServer
) -> None:
    ports = free_port(), free_port()
    token = sessions.begin("senco", has_second_step=True)
    with (
        node(settings, "worker") as one,
        node(settings, "worker") as other,
        node(settings, "web", "--port", str(ports[0])),
        node(settings, "web", "--port", str(ports[1])),
    ):
        # given four nodes that know of each other
        until(lambda: sorted(alive()) == ["web", "web", "worker", "worker"], "every node says that it is there")
        # when a notice of every case falls due
        installation.set_clock(NOW.replace(day=20))
        # and the worker that sends a mail is killed in the middle of it
        until(lambda: bool(at_work()), "a mail is being sent")
        [killed, *_] = at_work()
        assert killed in (one.pid, other.pid)
        os.kill(killed, signal.SIGKILL)
        # then the other does what is left
        until(lambda: len(notices()) == CASES, "every case gave its notice")
        until(lambda: set(seen.counts(reading())) == {"done"}, "every mail was sent")
        until(lambda: sorted(alive()) == ["web", "web", "worker"], "the dead one is known to be gone")
        # and the pages of both web nodes show the same
        pages = [inbox(port, token) for port in ports]
    assert [status for status, _ in pages] == [200, 200]
    # nothing was doubled: each case told once, each person mailed once of each; what was being sent, perhaps again
    assert set(notices().values()) == {1}
    assert reading().scalar(sa.select(sa.func.count()).select_from(outbox)) == 2 * CASES
    repeated = len(mails.message_ids) - len(set(mails.message_ids))
    assert repeated <= 1
    # and it is known how late everything was
    assert seen.how_late_effects(reading(), NOW.replace(year=2000)) is not None
    # the queue keeps nothing
    assert reading().scalar(sa.text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")) == 0
