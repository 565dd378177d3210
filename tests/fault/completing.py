"""People who complete tasks over HTTP while servers come and go: some press twice, some race for the same task."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fault.servers import GONE, Answer, ask, token
from support.installation import command
from support.walking import answers_by_element

from app.cases import rebuilding
from app.cases.starting import NewCase, start
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading

KEY = "graduated-approach"
#: tasks of one case that are completed, with whoever may race for them
ELEMENTS = {
    "check_universal_offer": ("senco", "senco2"),
    "talk_with_family": ("senco", "senco2"),
    "describe_class": ("teacher", "teacher"),
    "assess": ("senco", "senco2"),
    "plan": ("senco", "senco2"),
}
SHARE_OF_DOUBLES = SHARE_OF_RIVALS = 0.05
#: a server that is gone is asked again after this long
PAUSE_SECONDS = 0.05
GIVE_UP_SECONDS = 300


def pass_by() -> None:
    """Leave everything as it is."""


@dataclass(frozen=True)
class Sent:
    """One completion that somebody got a definite answer to."""

    #: the task
    task_id: str
    #: who sent it
    person: str
    #: what they were answered
    answer: Answer


@dataclass
class Load:
    """People at work on cases, until every listed task of them is done."""

    #: case id → reference
    cases: dict[str, str]
    #: person → token
    tokens: dict[str, str]
    #: ports that may answer now
    ports: Callable[[], list[int]]
    #: draws who presses twice and who races
    dice: random.Random = field(default_factory=lambda: random.Random(20261102))
    #: definite answers
    sent: list[Sent] = field(default_factory=list)
    #: answers of the same key sent twice at once
    doubles: list[tuple[Answer, Answer]] = field(default_factory=list)
    #: tries without a definite answer
    failures: Counter[str] = field(default_factory=Counter)
    #: thread → since when it waits for an answer
    asking: dict[int, float] = field(default_factory=dict)
    #: what went wrong with the load itself
    trouble: list[BaseException] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[Sent]:
        """Completions that were answered as done."""
        return [one for one in self.sent if one.answer.status == 200]

    @property
    def longest_waiting_seconds(self) -> float:
        """For how long the one who waits longest has had no answer of any kind."""
        return max((time.monotonic() - began for began in list(self.asking.values())), default=0.0)

    def work(self, people: int) -> list[threading.Thread]:
        """So many people begin; the threads end when there is nothing left to do."""
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for reference in self.cases.values():
            waiting.put(reference)
        threads = [threading.Thread(target=self._work, args=(waiting,), daemon=True) for _ in range(people)]
        for one in threads:
            one.start()
        return threads

    def outlive(self, blows: Sequence[Callable[[], None]], people: int, tend: Callable[[], None] = pass_by) -> None:
        """So many people do everything there is, while the blows fall evenly spread over it; `tend` puts things right.

        Returns when all is done and every blow has fallen.
        """
        threads, dealt = self.work(people), 0
        every = len(self.cases) * len(ELEMENTS) // (len(blows) + 1)
        while any(one.is_alive() for one in threads):
            tend()
            if dealt < len(blows) and len(self.acknowledged) >= every * (dealt + 1):
                blows[dealt]()
                dealt += 1
            time.sleep(0.01)
        assert self.trouble == []
        assert dealt == len(blows)

    def _work(self, waiting: queue.SimpleQueue[str]) -> None:
        try:
            while True:
                reference = waiting.get_nowait()
                while task := self._next(reference):
                    self._do(task)
        except queue.Empty:
            return
        except BaseException as trouble:
            self.trouble.append(trouble)
            raise

    def _next(self, reference: str) -> dict[str, Any] | None:
        case = self.until_answered("senco", "GET", f"/cases/{reference}").body
        return next((one for one in case["tasks"] if one["element"] in ELEMENTS and one["status"] == "open"), None)

    def _do(self, task: dict[str, Any]) -> None:
        person, rival = ELEMENTS[task["element"]]
        drawn = self.dice.random()
        if drawn < SHARE_OF_DOUBLES:
            key = str(uuid4())
            both = at_once(*[lambda: self._complete(task, person, key)] * 2)
            self.doubles.append((both[0], both[1]))
        elif drawn < SHARE_OF_DOUBLES + SHARE_OF_RIVALS:
            at_once(*(lambda who=who: self._complete(task, who, str(uuid4())) for who in (person, rival)))
        else:
            self._complete(task, person, str(uuid4()))

    def _complete(self, task: dict[str, Any], person: str, key: str) -> Answer:
        body = {"answers": ANSWERS[task["element"]][0]}
        answer = self.until_answered(person, "POST", f"/tasks/{task['id']}/completion", body, key)
        assert answer.status in (200, 409), answer  # anything else would be sent again for ever
        self.sent.append(Sent(task["id"], person, answer))
        return answer

    def until_answered(self, person: str, method: str, path: str, body: object = None, key: str = "") -> Answer:
        """Ask with the same key until an answer says what happened: no answer and 503 do not."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up:
            self.asking[threading.get_ident()] = time.monotonic()
            try:
                if not (ports := self.ports()):
                    raise ConnectionRefusedError
                answer = ask(self.dice.choice(ports), self.tokens[person], method, path, body, key)
                if answer.status < 500:
                    return answer
                assert answer.status == 503, answer
                self.failures[answer.body["type"]] += 1
            except GONE as gone:
                self.failures[type(gone).__name__] += 1
            finally:
                del self.asking[threading.get_ident()]
            time.sleep(PAUSE_SECONDS)
        raise TimeoutError(f"No answer to {method} {path} in {GIVE_UP_SECONDS} s: {self.failures}")


ANSWERS = answers_by_element(KEY)


def prepared(cases: int, ports: Callable[[], list[int]]) -> Load:
    """Cases to work on, and the people's tokens; in an installation that is being looked at."""
    begun = {}
    for number in range(cases):
        answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
        pupil = "pupil1" if number % 2 else "pupil2"
        new = NewCase(KEY, pupil, "beacon", answers, answers, named=("teacher",))
        receipt = start(new, command())
        begun[receipt.case_id] = receipt.reference
    return Load(begun, {one: token(one) for one in ("senco", "senco2", "teacher")}, ports)


def judge(load: Load) -> None:
    """Nothing that was acknowledged is lost, nothing was done twice, chains hold, and the tables are as the journal."""
    db.session.rollback()
    completed: dict[str, tuple[str, int]] = {}
    for case_id in load.cases:
        stream = StreamId("case", case_id)
        breaks = journal.verify(reading(), stream)[1]
        assert breaks == [], breaks
        for one in journal.entries(reading(), stream):
            if one.kind == "task-completed":
                assert one.meta["task_id"] not in completed, "done twice"
                completed[one.meta["task_id"]] = (one.actor, one.seq)
    acknowledged = {(one.task_id, one.person, one.answer.body["entry"]) for one in load.acknowledged}
    assert acknowledged == {(task_id, *written) for task_id, written in completed.items()}
    assert len(completed) == len(load.cases) * len(ELEMENTS)
    assert [both for both in load.doubles if {one.status for one in both} != {200}] == []
    refused = Counter((one.answer.status, one.answer.body["type"]) for one in load.sent if one.answer.status != 200)
    assert set(refused) <= {(409, "urn:waymark:already-done")}, refused
    differences = rebuilding.check()
    assert differences == [], differences


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """What is answered where all act at the same moment."""
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda act=act: answers.append(act()), daemon=True) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(answers) == len(acts)
    return answers
