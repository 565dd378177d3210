"""F18: people work for hours: the server grows no larger, keeps no more files open, and its WAL stays small."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

import pytest
from fault.completing import ANSWERS
from fault.servers import TIMEOUT_SECONDS, Answer, ask, looking_at, running, token
from support import installation
from support.installation import PUPILS, command

from app.cases import rebuilding
from app.cases.records import write_record
from app.config import Settings
from app.model.entry import StreamId
from app.store import journal, sessions
from app.store.db import reading

USERS = 20
#: a request that got no answer is sent again so often
PATIENCE = 5
LARGEST_WAL_BYTES = 64 * 1024 * 1024
MOST_GROWTH = 1.10
#: of the whole time: until then caches and connections fill up; then, and at the end, so long is looked at
WARM_UP, WINDOW = 0.2, 0.1
#: a connection to SQLite has the database, its WAL and its index open
FILES_OF_A_CONNECTION = 3
#: tasks of one case before the pupil moves away, and who does them; everything else by the SENCO
BEFORE = ("check_universal_offer", "talk_with_family", "describe_class", "assess", "plan")
MOVED = {"on": "2026-11-02", "new_school": "Harbour School", "reason": "The family moved on Monday."}


@dataclass(frozen=True)
class Sample:
    """What the server holds at one moment."""

    #: seconds since the beginning
    at: float
    #: memory that is its own, not shared with the page cache
    memory_bytes: int
    #: files, without the connections of people
    files: int
    #: size of the WAL of the main database
    wal_bytes: int


@dataclass
class Soak:
    """People at work, and what the server held meanwhile."""

    #: whom they work for: (person, their pupil)
    people: Sequence[tuple[str, str]]
    #: person → token
    tokens: dict[str, str]
    #: person → cookie of their session
    cookies: dict[str, str]
    #: where the server is
    port: int
    #: seconds between two acts of one person
    pause: float
    #: when everybody stops, by the monotonic clock
    until: float
    #: requests by what they were
    done: Counter[str] = field(default_factory=Counter)
    #: cases that went through to their end
    references: list[str] = field(default_factory=list)
    #: what went wrong
    trouble: list[BaseException] = field(default_factory=list)

    def work(self) -> list[threading.Thread]:
        """Everybody begins; the threads end when the time is over."""
        threads = [threading.Thread(target=self._work, args=one, daemon=True) for one in self.people]
        for one in threads:
            one.start()
        return threads

    def _work(self, person: str, pupil: str) -> None:
        dice = random.Random(person)
        try:
            time.sleep(dice.uniform(0, self.pause))
            while time.monotonic() < self.until:
                for _ in self._case(person, pupil):
                    time.sleep(dice.uniform(0.5, 1.5) * self.pause)
        except BaseException as trouble:
            self.trouble.append(trouble)
            raise

    def _case(self, person: str, pupil: str) -> Iterator[None]:
        """One case from its beginning to its end, a request or a few at a time."""
        new = {"process": "graduated-approach", "pupil": pupil, "teacher": "teacher", "answers": ANSWERS[""][0],
               "accepted": {"duplicate": "Another need"}}  # fmt: skip
        case = self._api(person, "POST", "/cases", new).body["case"]
        yield
        for element in BEFORE:
            self._page(person, "/inbox")
            self._do(person, case, element)
            yield
            self._page(person, f"/cases/{case}")
            yield
        self._api(person, "POST", f"/cases/{case}/messages", {"message": "pupil.moved", "answers": MOVED})
        yield
        self._do(person, case, "hand_over")
        yield
        self._api(person, "GET", f"/cases/{case}/entries")
        self._api("auditor", "GET", f"/cases/{case}/entries/3")
        self.references.append(case)

    def _do(self, person: str, case: str, element: str) -> None:
        open_tasks = self._api(person, "GET", f"/cases/{case}").body["tasks"]
        task = next(one for one in open_tasks if one["element"] == element and one["status"] == "open")
        who = "teacher" if element == "describe_class" else person
        self._page(who, f"/tasks/{task['id']}")
        self._api(who, "POST", f"/tasks/{task['id']}/completion", {"answers": ANSWERS[element][0]})

    def _api(self, person: str, method: str, path: str, body: object = None) -> Answer:
        key = f"{person} {next(_keys)}" if body else ""
        answer = self._patiently(lambda: ask(self.port, self.tokens[person], method, path, body, key))
        assert answer.status in {200, 201}, (path, answer)
        self.done[method] += 1
        return answer

    def _patiently(self, act: Callable[[], Answer]) -> Answer:
        """Ask again where a busy machine gave no answer in a minute: that is counted, and not what is tested here."""
        for _ in range(PATIENCE):
            try:
                return act()
            except TimeoutError:
                self.done["no answer in a minute"] += 1
        return act()

    def _page(self, person: str, path: str) -> None:
        answer = self._patiently(lambda: self._got(person, path))
        assert answer.status == 200, (path, answer)
        self.done["page"] += 1

    def _got(self, person: str, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("GET", path, headers={"Cookie": f"__Host-{installation.COOKIE}={self.cookies[person]}"})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read()[:200])
        finally:
            connection.close()


_keys = itertools.count()


@pytest.fixture
def template(tmp_path: Path) -> installation.Template:
    """On SQLite: there the database is part of the server."""
    return installation.prepare(tmp_path / "template")


def test_ten_seconds_of_work_leave_no_file_open_and_a_small_wal(
    template: installation.Template, tmp_path: Path
) -> None:
    soak, samples = soaked(template, tmp_path / "data", users=4, seconds=10, pause=0.05)
    assert len(soak.references) >= 1
    judge_files(samples)


@pytest.mark.long
def test_hours_of_work_make_the_server_no_larger(
    template: installation.Template, tmp_path: Path, soak_minutes: float
) -> None:
    soak, samples = soaked(template, tmp_path / "data", USERS, seconds=soak_minutes * 60, pause=2)
    first, last = windows(samples)
    before, after = mean(one.memory_bytes for one in first), mean(one.memory_bytes for one in last)
    print(
        f"{soak_minutes:g} min: {len(soak.references)} cases, {dict(soak.done)}, memory {before / 2**20:.1f} to"
        f" {after / 2**20:.1f} MiB, files {first[-1].files} to {last[-1].files},"
        f" WAL at most {max(one.wal_bytes for one in samples) / 2**20:.1f} MiB"
    )
    judge_files(samples)
    assert after < MOST_GROWTH * before


def judge_files(samples: list[Sample]) -> None:
    """No more files at the end than once everybody was connected, and a WAL that was never large."""
    first, last = windows(samples)
    assert max(one.files for one in last) <= max(one.files for one in first) + FILES_OF_A_CONNECTION
    assert max(one.wal_bytes for one in samples) < LARGEST_WAL_BYTES


def windows(samples: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """What was seen after the warm-up, and what was seen at the end."""
    whole = samples[-1].at
    first = [one for one in samples if WARM_UP * whole <= one.at <= (WARM_UP + WINDOW) * whole]
    last = [one for one in samples if one.at >= (1 - WINDOW) * whole]
    return first, last


def soaked(
    template: installation.Template, folder: Path, users: int, seconds: float, pause: float
) -> tuple[Soak, list[Sample]]:
    """So many people work for so long on one server; what they did, and what the server held every now and then."""
    with installation.copy(template, folder) as copied:
        settings = replace(copied, fast_commits=False)
        with looking_at(settings):
            people = [_employed(number) for number in range(users)]
            everybody = [*(person for person, _ in people), "teacher", "auditor"]
            tokens = {one: token(one) for one in everybody}
            cookies = {one: sessions.begin(one, has_second_step=True) for one in everybody}
        with running(settings) as server:
            begun = time.monotonic()
            soak = Soak(people, tokens, cookies, server.until_it_answers(), pause, begun + seconds)
            threads, samples = soak.work(), []
            while any(one.is_alive() for one in threads):
                samples.append(_sample(server.pid, settings, time.monotonic() - begun))
                time.sleep(min(5, seconds / 100))
        assert soak.trouble == []
        with looking_at(settings):
            assert rebuilding.check() == []
            streams = [one for one in journal.streams(reading()) if one.kind == "case"]
            assert [one for one in streams if journal.verify(reading(), one)[1]] == []
    return soak, samples


def _employed(number: int) -> tuple[str, str]:
    """A SENCO of Beacon School with a pupil of their own."""
    person, pupil = f"soak{number}", f"soaked{number}"
    held = [{"role": "SENCO", "organisation": "beacon"}]
    record = {"user_name": person, "name": f"Colleague {number}", "is_active": True, "memberships": held}
    write_record(StreamId("person", person), "person-recorded", {"person": record}, command())
    name, school, _ = PUPILS["pupil1"]
    known = {"upn": None, "name": f"{name} {number}", "school": school, "year_group": "3", "born_on": "2019-03-14",
             "sen_status": "K", "primary_need": "SLCN", "teacher": "teacher"}  # fmt: skip
    write_record(StreamId("pupil", pupil), "pupil-recorded", {"pupil": known}, command())
    return person, pupil


def _sample(pid: int, settings: Settings, at: float) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text()
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:")) * 1024
    wal = settings.data_dir / "waymark.db-wal"
    return Sample(at, memory, _files(pid), wal.stat().st_size if wal.exists() else 0)


def _files(pid: int) -> int:
    number = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            number += not str(one.readlink()).startswith("socket:")
        except FileNotFoundError:  # closed since the list was made
            continue
    return number
