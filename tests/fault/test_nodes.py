"""Two web nodes and two workers, started as docs/operations.md says, on one PostgreSQL: whatever dies, work goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fault.completing import ANSWERS, Load, judge, prepared
from fault.servers import GONE, ask, token
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
from app.store.db import db, let_go, reading
from app.store.open import open_store
from app.store.queries import effects as seen
from app.store.tables import entry, outbox, stream, work_item

CASES = 24
#: at most sixty mails a minute leave, so the last of them may have to wait that long
PATIENCE_SECONDS = 150
#: commands that wait for somebody's lock
WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
#: how long the mail server takes over each mail, so that a worker can be caught at it
SLOWLY = 0.7


@dataclass
class Node:
    """One process of the installation."""

    #: web or worker
    kind: str
    #: where a web node listens
    port: int
    #: it
    process: subprocess.Popen[bytes]


@dataclass
class Office:
    """Everything there is, with nodes that come and go."""

    #: the database server
    cluster: postgres.Cluster
    #: what each node is told
    settings: Settings
    #: where mail goes
    mails: MailServer
    #: nodes that were started and not killed
    nodes: list[Node] = field(default_factory=list)

    def begin(self, kind: str) -> Node:
        """Start a node as an operator does."""
        port = free_port()
        words = [kind, "--port", str(port)] if kind == "web" else [kind]
        program = [sys.executable, "manage.py", *words, "--data", str(self.settings.data_dir)]
        process = subprocess.Popen(program, cwd=installation.ROOT, env=self._environment(), stdout=subprocess.DEVNULL)
        self.nodes.append(Node(kind, port, process))
        return self.nodes[-1]

    def kill(self, node: Node) -> None:
        """End it in the middle of whatever it does."""
        self.nodes.remove(node)
        node.process.kill()
        node.process.wait()

    def of(self, kind: str) -> list[Node]:
        """The nodes of a kind, the oldest first."""
        return [one for one in self.nodes if one.kind == kind]

    def another(self, kind: str) -> None:
        """Kill the oldest of a kind, and start another."""
        self.kill(self.of(kind)[0])
        self.begin(kind)

    def restart_postgres(self) -> None:
        """As for an update of it."""
        self.cluster.stop()
        self.cluster.start()

    def ports(self) -> list[int]:
        """Where web nodes are, or will be in a moment."""
        return [one.port for one in self.of("web")]

    def until_complete(self) -> None:
        """Two of each are there, and every page says so."""
        wanted = ["web", "web", "worker", "worker"]
        until(lambda: sorted(alive()) == wanted, "every node says that it is there")
        for port in self.ports():
            until(lambda port=port: states(port).count("Alive") == len(wanted), "the page shows all of them")

    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")},
            "TZ": "UTC",
            "WAYMARK_DATABASE_URL": self.settings.database_url,
            "WAYMARK_KEYS_URL": self.settings.keys_url,
            "WAYMARK_SMTP_URL": self.settings.smtp_url,
            "WAYMARK_MAIL_FROM": self.settings.mail_from,
            "WAYMARK_PUBLIC_URL": self.settings.public_url,
            "WAYMARK_SECURE_COOKIES": "no",
        }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Four nodes that know of each other, and who works there."""
    mails = MailServer(seconds=SLOWLY)
    mails.on()
    with postgres.cluster(postgres.DURABLE) as cluster:
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("nodes"),
            database_url=database(cluster.url),
            keys_url=database(cluster.url),
            secure_cookies=False,
            smtp_url=mails.url,
            mail_from="waymark@testshire.example",
            public_url="https://waymark.testshire.example",
        )
        office = Office(cluster, settings, mails)
        with people_at_work(settings):
            try:
                for kind in ("worker", "worker", "web", "web"):
                    office.begin(kind)
                office.until_complete()
                yield office
            finally:
                ended_in_order(office.nodes)
    mails.off()


def database(server: str) -> str:
    name = f"n_{uuid4().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def people_at_work(settings: Settings) -> Iterator[None]:
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
        try:
            yield
        finally:
            close()


def ended_in_order(nodes: list[Node]) -> None:
    for one in nodes:
        one.process.terminate()
    for one in nodes:
        assert one.process.wait(40) == 0, f"a {one.kind} did not end in order"


def until(what: Callable[[], bool], said: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not happens(what):
        assert time.monotonic() < give_up, said
        time.sleep(0.1)


def happens(what: Callable[[], bool]) -> bool:
    try:
        return what()
    except (*GONE, sa.exc.DBAPIError):
        return False
    finally:
        let_go()


def alive() -> list[str]:
    return [one.kind for one in nodes.known(reading()) if one.is_alive]


def page(port: int, person_id: str, path: str) -> tuple[int, str]:
    cookie = f"{COOKIE}={sessions.begin(person_id, has_second_step=True)}"
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def states(port: int) -> list[str]:
    """What the page of operations says of each node that was there today."""
    return re.findall(r'data-label="State">(\w+)<', page(port, "sys", "/operations")[1])


def notices(case_ids: list[str]) -> list[int]:
    """How many notices each case gave, where it gave any."""
    query = sa.select(sa.func.count()).where(entry.c.kind == "notice-given", entry.c.stream_id.in_(case_ids))
    return list(reading().scalars(query.group_by(entry.c.stream_id)))


def mailed(case_ids: list[str]) -> set[str]:
    """How far the mails about these cases are."""
    return set(reading().scalars(sa.select(outbox.c.status).where(outbox.c.case_id.in_(case_ids))))


def at_work() -> list[int]:
    """Process ids of the workers that are sending a mail."""
    query = sa.select(outbox.c.taken_by).where(outbox.c.status == "running", outbox.c.bundled_in.is_(None))
    return [int(one.rpartition(":")[2]) for one in reading().scalars(query)]


def a_case() -> str:
    answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
    new = NewCase("graduated-approach", "pupil1", "beacon", answers, answers, named=("teacher",))
    return start(new, command()).case_id


def test_a_worker_killed_at_work_loses_nothing_and_doubles_nothing(office: Office) -> None:
    cases = [a_case() for _ in range(CASES)]
    # when a notice of every case falls due, and the worker that sends a mail is killed in the middle of it
    installation.set_clock(NOW.replace(day=20))
    until(lambda: bool(at_work()), "a mail is being sent")
    [killed, *_] = at_work()
    office.kill(next(one for one in office.of("worker") if one.process.pid == killed))
    # then the other does what is left
    until(lambda: len(notices(cases)) == CASES, "every case gave its notice")
    until(lambda: set(seen.counts(reading())) == {"done"}, "every mail was sent")
    # and the pages of both web nodes know that it is gone
    for port in office.ports():
        until(lambda port=port: sorted(states(port)) == ["Alive"] * 3 + ["Gone"], "the dead one is known to be gone")
    assert [page(port, "senco", "/inbox")[0] for port in office.ports()] == [200, 200]
    # nothing was doubled: each case told once, each person mailed once of each; what was being sent, perhaps again
    assert set(notices(cases)) == {1}
    assert reading().scalar(sa.select(sa.func.count()).select_from(outbox)) == 2 * CASES
    repeated = len(office.mails.message_ids) - len(set(office.mails.message_ids))
    assert repeated <= 1
    # and it is known how late everything was
    assert seen.how_late_effects(reading(), NOW.replace(year=2000)) is not None
    # the queue keeps nothing
    assert reading().scalar(sa.text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")) == 0
    # and another worker is welcome
    office.begin("worker")
    office.until_complete()


def test_a_request_whose_node_is_killed_is_done_once_on_the_other_node(office: Office) -> None:
    case_id, key, sencos = a_case(), str(uuid4()), token("senco")
    task_id = reading().scalar(
        sa.select(work_item.c.task_id).where(
            work_item.c.case_id == case_id, work_item.c.element == "check_universal_offer"
        )
    )
    let_go()
    one, other = office.of("web")
    answers = list[object]()

    def complete(node: Node) -> None:
        body = {"answers": ANSWERS["check_universal_offer"][0]}
        try:
            answers.append(ask(node.port, sencos, "POST", f"/tasks/{task_id}/completion", body, key))
        except GONE as gone:
            answers.append(type(gone))

    # given that somebody holds the case, so that a request stands in the middle of its transaction
    with db.engine.begin() as holding:
        holding.execute(sa.select(stream).where(stream.c.id == case_id).with_for_update())
        asking = threading.Thread(target=complete, args=(one,))
        asking.start()
        until(lambda: reading().scalar(WAITING) == 1, "the request waits for the case")
        # when its node is killed
        office.kill(one)
        asking.join()
    assert isinstance(answers[0], type), answers
    # then the same key is done by the other node
    complete(other)
    complete(other)
    assert [(one.status, one.body["is_repeat"]) for one in answers[1:]] == [(200, False), (200, True)]
    # once
    done = sa.select(sa.func.count()).where(entry.c.stream_id == case_id, entry.c.kind == "task-completed")
    assert reading().scalar(done) == 1
    let_go()
    office.begin("web")
    office.until_complete()


def test_postgres_started_again_under_all_nodes_loses_nothing(office: Office) -> None:
    load = at_work_while(office, cases=4, blows=[office.restart_postgres])
    assert load.failures["urn:waymark:out-of-reach"] > 0, "nobody noticed"


@pytest.mark.long
def test_a_thousand_completions_outlive_whatever_happens_to_nodes_and_database(office: Office) -> None:
    blows = [lambda: office.another("web"), lambda: office.another("worker"), office.restart_postgres] * 6
    load = at_work_while(office, cases=200, blows=blows)
    print(f"{len(load.acknowledged)} acknowledged, {len(load.doubles)} doubles, unanswered: {dict(load.failures)}")


def at_work_while(office: Office, cases: int, blows: list[Callable[[], None]]) -> Load:
    """People complete tasks on both web nodes while that happens; nothing is lost, and afterwards all are there."""
    installation.set_clock(NOW)
    load = prepared(cases, office.ports)
    let_go()
    load.outlive(blows, people=8)
    office.until_complete()
    # workers work, too: what falls due now happens
    later = [a_case() for _ in range(2)]
    installation.set_clock(NOW.replace(day=20))
    until(lambda: len(notices(later)) == len(later), "what fell due afterwards happened")
    # and mail goes out; what was being sent meanwhile is taken again when its five minutes are over
    until(lambda: mailed(later) == {"done"}, "what fell due afterwards was mailed")
    assert "given up" not in seen.counts(reading())
    judge(load)
    return load
