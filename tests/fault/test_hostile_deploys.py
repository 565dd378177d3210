"""F10: hostile files are uploaded while people work: each is answered, the server keeps its memory, work goes on."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from support import installation
from support.fixtures import close
from support.own_server import OwnServer, served
from unit.diagrams.hostile_files import FILES, plain

from app.store import sessions
from app.store.db import db
from app.store.open import open_store

READERS = ("senco", "senco2", "teacher", "head", "dsl", "locality", "service-head", "auditor")
HANDFUL = ("h04", "h09", "h10b", "h13", "h30", "h33 e04", "h33 e72", "h41", "h46")
LARGEST_GROWTH_KILOBYTES = 50 * 1024
LONGEST_UPLOAD_SECONDS = 10
LONGEST_PAGE_SECONDS = 2
#: of all people together: fifty at work ask for a page every five seconds
REQUESTS_A_SECOND = 10


@dataclass
class Answers:
    """What was answered to whom, and how long it took."""

    #: (status, seconds) of every page that people asked for
    pages: list[tuple[int, float]] = field(default_factory=list)
    #: (file, status, seconds) of every upload
    uploads: list[tuple[str, int, float]] = field(default_factory=list)


@pytest.fixture
def server(template: installation.Template, tmp_path: Path) -> Iterator[tuple[OwnServer, dict[str, str]]]:
    """A server of its own, and the session of each person."""
    with installation.copy(template, tmp_path / "data") as settings:
        app = open_store(Flask("sessions"), settings)
        with app.app_context():
            tokens = {one: sessions.begin(one) for one in (*READERS, "owner1")}
            db.session.commit()
            close()
        with served(settings) as running:
            yield running, tokens


def asked(port: int, token: str, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, float, bytes]:
    """Status, seconds and body of one request."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"{installation.COOKIE}={token}", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, path, body or None, headers | ({"Content-Type": kind} if kind else {}))
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, time.monotonic() - began, text


def upload(port: int, token: str, content: bytes) -> tuple[int, float, bytes]:
    """Begin a draft of the process with this file, as the page does."""
    mark = uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="plan.bpmn"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    return asked(port, token, "POST", "/processes/graduated-approach/upload", body, kind)


@contextmanager
def at_work(server: OwnServer, tokens: dict[str, str], people: int, answers: Answers) -> Iterator[None]:
    """So many people ask for pages now and then, until the block is left."""
    done = threading.Event()

    def work(number: int) -> None:
        token = tokens[READERS[number % len(READERS)]]
        while not done.wait(people / REQUESTS_A_SECOND):
            status, seconds, _ = asked(server.port, token, "GET", "/inbox" if number % 2 else "/cases")
            answers.pages.append((status, seconds))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(people)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        done.set()
        for one in threads:
            one.join()


def attack(server: OwnServer, tokens: dict[str, str], files: list[str], people: int) -> Answers:
    answers = Answers()
    with at_work(server, tokens, people, answers):
        for name in files:
            status, seconds, body = upload(server.port, tokens["owner1"], FILES[name]())
            answers.uploads.append((name, status, seconds))
            assert status in (303, 413) or b"govuk-error-message" in body, (name, status)
    return answers


def test_people_work_while_hostile_files_are_uploaded(server: tuple[OwnServer, dict[str, str]]) -> None:
    # given a server that has read a file and shown its pages
    running, tokens = server
    assert upload(running.port, tokens["owner1"], plain())[0] == 303
    attack(running, tokens, ["h46"] * 4, people=6)
    before = running.memory_kilobytes()
    # when hostile files come while people work
    answers = attack(running, tokens, list(HANDFUL), people=6)
    # then every upload is refused, or kept as a draft that no check lets pass, and the pages are there
    assert {name: status for name, status, _ in answers.uploads if status not in (303, 413, 422)} == {}
    assert {status for status, _ in answers.pages} == {200}
    assert running.memory_kilobytes() - before < LARGEST_GROWTH_KILOBYTES


@pytest.mark.long
def test_fifty_people_work_while_every_hostile_file_is_uploaded(server: tuple[OwnServer, dict[str, str]]) -> None:
    running, tokens = server
    assert upload(running.port, tokens["owner1"], plain())[0] == 303
    attack(running, tokens, ["h46"] * 8, people=50)
    before = running.memory_kilobytes()
    answers = attack(running, tokens, list(FILES), people=50)
    grown = running.memory_kilobytes() - before
    uploads, pages = [one[2] for one in answers.uploads], [one[1] for one in answers.pages]
    print(
        f"{len(uploads)} uploads, longest {max(uploads):.2f} s; {len(pages)} pages, longest {max(pages):.2f} s; "
        f"memory +{grown / 1024:.1f} MiB"
    )
    assert {name: status for name, status, _ in answers.uploads if status not in (303, 413, 422)} == {}
    assert {status for status, _ in answers.pages} == {200}
    assert max(uploads) < LONGEST_UPLOAD_SECONDS
    assert max(pages) < LONGEST_PAGE_SECONDS
    assert grown < LARGEST_GROWTH_KILOBYTES
