"""Every route, asked for by everybody about everything they can name: the answers are those of `expected.yaml`."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from itertools import groupby

import pytest
import sqlalchemy as sa
from access.table import LAST, Question, people, questions, table
from access.world import World
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from werkzeug.test import TestResponse

from app.store.db import db, reading
from app.store.tables import definition_draft, document_content, draft, entry

#: what reading may write: that it was read, how many reads there are, when somebody was here, how scenarios went
WRITTEN_BY_READING = frozenset({"read_log", "counter", "session", "api_token", "scenario_report"})
Ask = Callable[[Question], TestResponse]


def test_every_route_is_in_the_table_and_the_table_names_no_other(app: Flask) -> None:
    written = [*table()["public"], *table()["demonstration"], *table()["routes"]]
    assert set(written) == {rule.endpoint for rule in app.url_map.iter_rules()}
    assert len(written) == len(set(written))


@pytest.mark.parametrize("person", people())
def test_every_answer_is_the_one_in_the_table(app: Flask, world: World, person: str) -> None:
    asked = list(questions(app.url_map, world, person))
    ask = _asking(app, person)

    refused = [one for one in asked if one.expected != "yes"]
    reads = [one for one in asked if one.expected == "yes" and one.is_safe]
    writes = [one for one in asked if one.expected == "yes" and not one.is_safe]
    wrong = _refused(refused, ask) + _read(reads, ask) + _written(writes, ask)

    assert len(asked) > len(app.url_map._rules)
    assert not wrong, "\n".join(wrong)


def _asking(app: Flask, person: str) -> Ask:
    client = app.test_client() if person == "anonymous" else installation.sign_in(app, person)
    program = installation.program_of(app, None if person == "anonymous" else person)

    def ask(one: Question) -> TestResponse:
        db.session.rollback()
        who: FlaskClient = client
        if one.is_program:
            sent = {"json": dict(one.fields)} if not one.is_safe else {}
            return program.open(one.address, method=one.method, **sent)
        if one.endpoint in LAST and person != "anonymous":
            who = installation.sign_in(app, person)
        headers = {"If-Match": "1"} if one.method == "PUT" else {}
        if one.expected != "yes" and not (one.is_safe and one.expected == "nothing here"):
            headers["Accept"] = (
                "application/json"  # the page of a refusal is the same everywhere: drawn only where compared
            )
        return who.open(one.address, method=one.method, data=dict(one.fields), headers=headers)

    return ask


def _refused(asked: list[Question], ask: Ask) -> list[str]:
    """Nothing may change, and what is hidden looks exactly like what is not there."""
    wrong, hidden, before = [], defaultdict[str, set[str]](set), _counts()
    for endpoint, several in groupby(asked, lambda one: one.endpoint):
        for one in several:
            answer = ask(one)
            if not _is_as_expected(one, answer):
                wrong.append(f"{one}: {answer.status_code} {answer.location or ''}")
            if answer.status_code == 404:
                hidden[f"{one.method} {endpoint}"].add(_seen(answer, one))
        if (now := _counts()) != before:
            wrong.append(f"{endpoint}: something was written")
            before = now
    return wrong + [f"{route}: pages of nothing differ" for route, pages in hidden.items() if len(pages) > 1]


def _read(asked: list[Question], ask: Ask) -> list[str]:
    before = _sums()
    wrong = [
        f"{one}: {answer.status_code}" for one in asked if (answer := ask(one)).status_code not in (200, 204, 302, 303)
    ]
    db.session.rollback()
    return wrong + [f"reading changed {name}" for name, total in _sums().items() if total != before[name]]


def _written(asked: list[Question], ask: Ask) -> list[str]:
    """Whoever may gets on with it, or is told what to put right; never that they may not, or that there is nothing."""
    answers = [(one, ask(one)) for one in asked]
    return [
        f"{one}: {answer.status_code}"
        for one, answer in answers
        if answer.status_code in (403, 404) or answer.status_code >= 500
    ]


def _is_as_expected(one: Question, answer: TestResponse) -> bool:
    if one.expected == "sign in" and one.is_program:
        return answer.status_code == 401
    if one.expected == "sign in":
        return answer.status_code == 303 and answer.location.partition("?")[0] == "/sign-in"
    return answer.status_code == {"refused": 403, "nothing here": 404}[one.expected]


def _seen(answer: TestResponse, one: Question) -> str:
    """The page without what differs from request to request and without the address that was asked for."""
    page = re.sub(r'<section class="wm-banner".*?</section>', "", answer.text, flags=re.DOTALL)
    page = re.sub(r'(nonce|content|value)="[^"]*"', r'\1=""', page)
    headers = sorted(
        set(answer.headers.keys()) - {"Set-Cookie", "Vary"}
    )  # the first page of all brings a form's cookie
    return f"{headers}{page.replace(one.address, '')}"


def _counts() -> tuple[int, ...]:
    db.session.rollback()
    counted = [sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in _WRITTEN]
    return tuple(reading().execute(sa.select(*counted)).one())


_WRITTEN = (entry, draft, definition_draft, document_content)


def _sums() -> dict[str, str]:
    """A checksum of every table that reading must leave alone."""
    db.session.rollback()
    found = {}
    for one in db.metadata.sorted_tables:
        if one.name not in WRITTEN_BY_READING:
            rows = sorted(repr(tuple(row)) for row in reading().execute(sa.select(one)))
            found[one.name] = hashlib.sha256("".join(rows).encode()).hexdigest()
    return found
