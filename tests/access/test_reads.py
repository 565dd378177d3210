"""Reads are recorded: who looked at what, with what outcome; and nobody edits that record unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from access.world import World
from flask.testing import FlaskClient

from app.store import reads
from app.store.db import db, reading, transaction
from app.store.tables import read_log

ClientOf = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("person", "page", "action"),
    [
        ("senco", "/cases/{case}", "see_case"),
        ("senco", "/tasks/{task}", "see_task"),
        ("teacher", "/cases/{case}/documents/{document}", "see_document"),
        ("auditor", "/started/{case}", "see_case"),
        ("auditor", "/cases/{case}/replay", "replay_case"),
        ("auditor", "/cases/{case}/replay/entries/3", "replay_case"),
        ("auditor", "/cases/{case}/replay/events.json", "replay_case"),
        ("auditor", "/cases/{case}/evidence.json", "replay_case"),
    ],
)
def test_opening_what_a_case_holds_is_recorded(
    world: World, client_of: ClientOf, person: str, page: str, action: str
) -> None:
    before = len(_recorded(world))
    assert client_of(person).get(_filled(page, world)).status_code == 200
    assert (person, action, "allowed") in _recorded(world)[before:]


@pytest.mark.parametrize(
    ("person", "method", "page", "action"),
    [
        ("far-senco", "GET", "/cases/{case}", "see_case"),
        ("sys", "GET", "/cases/{case}", "see_case"),
        ("senco", "GET", "/cases/{case}/replay", "replay_case"),
        ("senco", "GET", "/tasks/{restricted task}", "see_task"),
        ("far-senco", "GET", "/cases/{case}/documents/{document}", "see_document"),
        ("owner1", "GET", "/cases/{case}/evidence.json", "replay_case"),
        ("teacher2", "POST", "/cases/{case}/notes", "add_note"),
    ],
)
def test_a_refused_attempt_is_recorded_too(
    world: World, client_of: ClientOf, person: str, method: str, page: str, action: str
) -> None:
    before = len(_recorded(world))
    answer = client_of(person).open(_filled(page, world), method=method)
    assert answer.status_code in (403, 404)
    assert _recorded(world)[before:] == [(person, action, "refused")]


def test_asking_for_a_restricted_document_is_recorded_as_refused(world: World, client_of: ClientOf) -> None:
    before = len(_recorded(world))
    page = f"/cases/{world.references['beacon']}/documents/{world.documents['restricted']}"
    assert client_of("senco").get(page).status_code == 404
    assert ("senco", "see_document", "refused") in _recorded(world)[before:]


def test_tampering_with_the_record_of_reads_is_found(world: World, client_of: ClientOf) -> None:
    client = client_of("senco")
    for _ in range(3):
        client.get(f"/cases/{world.references['beacon']}")
    db.session.rollback()
    [day] = reads.days(reading())
    assert reads.verify(reading(), day) == []

    with transaction() as connection:
        connection.execute(read_log.update().where(read_log.c.n == 2).values(person_id="somebody else"))
    assert any("altered" in one for one in reads.verify(reading(), day))
    with transaction() as connection:
        connection.execute(sa.delete(read_log).where(read_log.c.n == 2))
    assert any("missing" in one for one in reads.verify(reading(), day))


def _filled(page: str, world: World) -> str:
    names = {
        "case": world.references["beacon"],
        "task": world.tasks["assess"],
        "restricted task": world.tasks["dsl"],
        "document": world.documents["open"],
    }
    return page.format_map(names)


def _recorded(world: World) -> list[tuple[str, str, str]]:
    db.session.rollback()
    query = sa.select(read_log).where(read_log.c.subject == f"case/{world.cases['beacon']}").order_by(read_log.c.n)
    return [(row.person_id, row.action, row.outcome) for row in reading().execute(query)]
