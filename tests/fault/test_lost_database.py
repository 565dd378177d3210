"""F14, F17: the database is slow, silent, gone, or cut off after COMMIT: people are told to try again, and may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from fault.completing import ANSWERS, Load, Sent, at_once, judge, prepared
from fault.proxy import Proxy, between
from fault.servers import Answer, Server, ask, looking_at, running
from support import installation

from app.config import Settings

COMMIT = (b"INSERT INTO entry", b"COMMIT")
KEY = "sent-again"
OUT_OF_REACH = (503, "urn:waymark:out-of-reach")
#: more than a server answers at the same time
MANY = 12


@dataclass
class Office:
    """A server whose way to the database can fail, with cases to work on."""

    #: the server
    server: Server
    #: its way to the database
    proxy: Proxy
    #: the installation, past the proxy
    settings: Settings
    #: what there is to do
    load: Load

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> Answer:
        """What the SENCO is answered, once."""
        return ask(self.server.until_it_answers(), self.load.tokens["senco"], method, path, body, key)

    def first_task(self) -> str:
        """The id of an open task of the first case."""
        case = self.ask("GET", f"/cases/{next(iter(self.load.cases.values()))}").body
        return str(case["tasks"][0]["id"])

    def complete(self, task_id: str) -> Answer:
        """Send that task, always with the same key."""
        body = {"answers": ANSWERS["check_universal_offer"][0]}
        return self.ask("POST", f"/tasks/{task_id}/completion", body, KEY)

    def until_done(self, task_id: str) -> Answer:
        """Send that task until an answer says what became of it."""
        body = {"answers": ANSWERS["check_universal_offer"][0]}
        return self.load.until_answered("senco", "POST", f"/tasks/{task_id}/completion", body, KEY)


@pytest.fixture
def postgres_template(postgres_url: str, tmp_path: Path) -> installation.Template:
    """An installation on PostgreSQL, which is reached over a network."""
    name, server = f"template_{tmp_path.name}"[:60].lower(), sa.make_url(postgres_url)
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return installation.prepare(tmp_path / "template", server.set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def office(postgres_template: installation.Template, tmp_path: Path) -> Iterator[Office]:
    """A real server behind a proxy."""
    with opened(postgres_template, tmp_path / "data", cases=2) as office:
        yield office


@contextmanager
def opened(template: installation.Template, folder: Path, cases: int, database_seconds: int = 10) -> Iterator[Office]:
    with installation.copy(template, folder) as copied:
        settings = replace(copied, database_seconds=database_seconds)
        url = sa.make_url(settings.database_url)
        with between(Path(str(url.query["host"])) / ".s.PGSQL.5432") as proxy:
            through = url.set(host="127.0.0.1", port=proxy.port, query={})
            behind = replace(settings, database_url=through.render_as_string(hide_password=False))
            with running(behind) as server:
                with looking_at(settings):
                    load = prepared(cases, lambda: [server.until_it_answers()])
                yield Office(server, proxy, settings, load)


def test_cut_off_after_commit_was_sent_and_sent_again_it_was_done_once(office: Office) -> None:
    # given a task that is open
    task = office.first_task()
    # when the connection ends after COMMIT reached the database and before its answer came
    office.proxy.cut_after = COMMIT
    first = office.complete(task)
    # then the same key shows what happened, whether the server tried again by itself or left it to the client
    assert office.proxy.cuts == 1
    assert first.status in (200, 503), first
    again = office.complete(task)
    assert (again.status, again.body["is_repeat"]) == (200, True)
    assert first.status == 503 or first.body == again.body
    # and when everybody goes on, every task was done once
    finish(office, task, again)


def test_a_database_that_is_gone_is_said_and_work_goes_on_when_it_is_back(office: Office) -> None:
    task = office.first_task()
    # when every connection that is tried ends at once
    with office.proxy.refusing():
        answers = [office.complete(task), office.ask("GET", "/tasks")]
    # then people are told to try again
    assert [(one.status, one.body["type"]) for one in answers] == [OUT_OF_REACH] * 2
    # and afterwards it works without anybody having done anything
    done = office.complete(task)
    assert done.status == 200
    finish(office, task, done)


def test_a_database_that_says_nothing_is_given_up_and_asked_again_once_it_speaks(
    postgres_template: installation.Template, tmp_path: Path
) -> None:
    # given a server that waits two seconds for an answer, and as long for a connection
    with opened(postgres_template, tmp_path / "data", cases=2, database_seconds=2) as office:
        task = office.first_task()
        # when the database takes everything and says nothing, and more people ask than are served at once
        with office.proxy.silent():
            began = time.monotonic()
            refused = at_once(lambda: office.complete(task), *[lambda: office.ask("GET", "/tasks")] * MANY)
            refused_after = time.monotonic() - began
        # then all are told so in time
        assert [(one.status, one.body["type"]) for one in refused] == [OUT_OF_REACH] * (MANY + 1)
        assert refused_after < 15
        # and once it speaks, the same key is done once, without anybody having done anything
        done = office.until_done(task)
        # and no thread is left that waits for what was lost
        served = at_once(*[lambda: office.ask("GET", "/tasks")] * MANY)
        assert [one.status for one in served] == [200] * MANY
        finish(office, task, done)


@pytest.mark.long
def test_three_silences_of_half_a_minute_keep_nobody_waiting_for_more_than_fifteen_seconds(
    postgres_template: installation.Template, tmp_path: Path
) -> None:
    longest: list[float] = []
    with opened(postgres_template, tmp_path / "data", cases=100) as office:
        threads = office.load.work(people=20)
        for delay_seconds in (0.0, 0.5, 0.0):
            office.proxy.delay_seconds = delay_seconds
            time.sleep(20)
            with office.proxy.silent():
                began = time.monotonic()
                while (silent_for := time.monotonic() - began) < 30:
                    longest.append(min(silent_for, office.load.longest_waiting_seconds))
                    time.sleep(0.1)
            office.proxy.delay_seconds = 0.0
        for one in threads:
            one.join()
        print(f"at most {max(longest):.1f} s of silence without an answer; {dict(office.load.failures)}")
        assert office.load.trouble == []
        assert office.load.failures["urn:waymark:out-of-reach"] > 0
        assert max(longest) < 15
        office.server.kill()
        with looking_at(office.settings):
            judge(office.load)


@pytest.mark.long
def test_a_database_that_is_slow_is_waited_for(office: Office) -> None:
    task, office.proxy.delay_seconds = office.first_task(), 0.5
    began = time.monotonic()
    done = office.complete(task)
    print(f"done after {time.monotonic() - began:.1f} s of answers half a second late")
    assert done.status == 200
    office.proxy.delay_seconds = 0
    finish(office, task, done)


def finish(office: Office, task_id: str, answer: Answer) -> None:
    """After that task, complete all the others: each was done once, and the tables are as the journal says."""
    office.load.sent.append(Sent(task_id, "senco", answer))
    for thread in office.load.work(people=4):
        thread.join()
    assert office.load.trouble == []
    office.server.kill()  # its worker would go on while it is judged
    with looking_at(office.settings):
        judge(office.load)
