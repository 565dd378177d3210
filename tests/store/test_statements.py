"""What a completed task and an opened form cost in statements and commits over HTTP, with few people or many."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fault.waiting import cases_until
from flask import Flask
from support import installation
from support.fixtures import close
from support.installation import NOW, command
from support.staff import OFFER, field, open_task, started

from app.cases import tasks
from app.cases.records import write_record
from app.cases.sweep import sweep
from app.model.entry import StreamId
from app.store import drafts, versions
from app.store.counting import counted
from app.store.db import db, reading, transaction
from app.store.keys import keyring
from app.store.queries import organisations, people
from app.web.application import create_app

MOST_IN_UNIT, MOST_IN_REQUEST, MOST_FOR_FORM, MOST_FOR_TIMER = 15, 20, 10, 12


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    with installation.copy(template, tmp_path / "data") as settings:
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            yield app
            close()


def complete_first_task(app: Flask, revision: int = 0) -> tuple[int, int, int]:
    """Statements for the form and for handing it in, and commits of the latter."""
    task_id = open_task(started())
    if revision:
        drafts.save(task_id, None, {}, "senco", 0, NOW)
    client = installation.sign_in(app, "senco")
    client.get(f"/tasks/{task_id}")
    with counted() as form:
        page = client.get(f"/tasks/{task_id}").text
    with counted() as handing_in:
        given = {**OFFER, "_key": "one key", "revision": field(page, "revision")}
        assert client.post(f"/tasks/{task_id}", data=given).status_code == 303
    return form.number, handing_in.number, handing_in.commits


def test_completing_a_task_takes_one_commit_and_few_statements(app: Flask) -> None:
    form, handing_in, commits = complete_first_task(app)
    assert form <= MOST_FOR_FORM
    assert handing_in <= MOST_IN_REQUEST
    assert commits == 1


def test_the_draft_goes_in_the_same_commit(app: Flask) -> None:
    _, handing_in, commits = complete_first_task(app, revision=1)
    assert (commits, reading().scalar(sa.text("SELECT count(*) FROM draft"))) == (1, 0)
    assert handing_in <= MOST_IN_REQUEST


def test_two_hundred_colleagues_cost_nothing(app: Flask) -> None:
    before = complete_first_task(app)
    for number in range(200):
        record = {"user_name": f"colleague{number}", "name": f"Colleague {number}", "is_active": True,
                  "memberships": [{"role": "SENCO", "organisation": "beacon"}]}  # fmt: skip
        write_record(StreamId("person", f"colleague{number}"), "person-recorded", {"person": record}, command())
    with transaction() as connection:
        connection.execute(sa.text("DELETE FROM idempotency"))
    assert complete_first_task(app) == before


def test_the_unit_of_work_alone_stays_within_its_statements(app: Flask) -> None:
    case_id = started()
    task_id = open_task(case_id)
    db.session.rollback()
    with counted() as unit:
        answers = tasks.Answers({"a": 1}, draft=task_id)
        tasks.complete(case_id, task_id, answers, command(key="one key"))
    assert unit.number <= MOST_IN_UNIT


def test_a_timer_takes_one_commit_and_a_sweep_asks_once_for_the_keys_of_all(app: Flask) -> None:
    cases_until([NOW] * 3)
    keyring().forget()
    asked = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engines["keys"], "before_cursor_execute", note)
    with counted() as swept:
        assert sweep(NOW).timers == 3
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    assert swept.commits == 3
    looked_up = 4  # what is due, before and after
    assert swept.number <= looked_up + 3 * MOST_FOR_TIMER


def test_a_changed_organisation_is_seen_by_the_next_transaction(app: Flask) -> None:
    assert organisations.tree(reading()).get("beacon").name == "Beacon School"
    record = {**installation.ORGANISATIONS["beacon"], "name": "Beacon Academy"}
    write_record(StreamId("organisation", "beacon"), "organisation-recorded", {"organisation": record}, command())
    assert organisations.tree(reading()).get("beacon").name == "Beacon Academy"


def test_what_is_undone_leaves_nothing_in_memory(app: Flask) -> None:
    def rename(connection: sa.Connection, name: str) -> None:
        versions.moved(connection, "organisation")
        connection.execute(sa.text("UPDATE organisation SET name = :name WHERE id = 'beacon'"), {"name": name})

    def undone() -> None:
        with transaction() as connection:
            rename(connection, "Never")
            assert organisations.tree(connection).get("beacon").name == "Never"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    with transaction() as connection:
        rename(connection, "Kept")
    assert organisations.tree(reading()).get("beacon").name == "Kept"


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(app: Flask) -> None:
    client = installation.sign_in(app, "senco")
    task_id = open_task(started())
    assert client.get(f"/tasks/{task_id}").status_code == 200
    record = {"user_name": "senco", "name": "Asha Quill", "is_active": True, "memberships": []}
    write_record(StreamId("person", "senco"), "person-recorded", {"person": record}, command())
    assert client.get(f"/tasks/{task_id}").status_code == 404
    db.session.rollback()
    known = people.known(reading(), "senco")
    assert known is not None
    assert known.memberships == ()
