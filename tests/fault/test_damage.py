"""Bytes of stored states change under us: exactly those cases become incidents, and their history makes them again."""

from __future__ import annotations

import json
import random
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from support.installation import NOW, command

from app.__main__ import commands
from app.cases import damage, rebuilding
from app.cases.additions import add_note
from app.cases.starting import NewCase, start
from app.config import Settings
from app.model.actor import WORKER
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading, transaction
from app.store.open import SETTINGS
from app.store.queries import incidents, work
from app.store.tables import case_record, entry, incident


def a_case(pupil: str) -> str:
    answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
    new = NewCase("graduated-approach", pupil, "beacon", answers, answers, named=("teacher",))
    return start(new, command()).case_id


def stored_states() -> dict[str, bytes]:
    db.session.rollback()
    raw = sa.type_coerce(case_record.c.state, sa.LargeBinary)
    return {row[0]: bytes(row[1]) for row in reading().execute(sa.select(case_record.c.id, raw))}


def flip(case_id: str, place: float, bit: int) -> None:
    """Change one bit of the stored state, `place` of the way through it."""
    stored = bytearray(stored_states()[case_id])
    stored[int(place * len(stored))] ^= 1 << bit
    with transaction() as connection:
        # as a disk would: past everything that the program does to a state
        table = sa.table("case_record", sa.column("id"), sa.column("state", sa.LargeBinary))
        connection.execute(table.update().where(table.c.id == case_id).values(state=bytes(stored)))


def rebuild(app: Flask, *words: str) -> Result:
    settings: Settings = app.extensions[SETTINGS]
    environment = {"WAYMARK_DATABASE_URL": settings.database_url, "WAYMARK_DEMO": "yes", "WAYMARK_FAST_COMMITS": "yes"}
    return CliRunner().invoke(
        commands, ["projection", "rebuild", *words, "--data", str(settings.data_dir)], env=environment
    )


def open_incidents() -> set[str]:
    db.session.rollback()
    return set(reading().scalars(sa.select(incident.c.case_id).where(incident.c.state == "open")))


def test_exactly_the_damaged_cases_become_incidents_and_history_makes_them_again(installed: Flask) -> None:
    _damage_and_rebuild(installed, of=10, damaged=3)


@pytest.mark.long
def test_a_hundred_of_a_thousand_damaged_cases_are_made_again(installed: Flask) -> None:
    _damage_and_rebuild(installed, of=1_000, damaged=100)


def _damage_and_rebuild(app: Flask, of: int, damaged: int) -> None:
    # given cases, and bits flipped in the states of some of them
    dice = random.Random(20261102)
    cases = [a_case("pupil1" if number % 2 else "pupil2") for number in range(of)]
    whole = stored_states()
    chosen = sorted(dice.sample(cases, damaged))
    for case_id in chosen:
        flip(case_id, 0.9 * dice.random(), dice.randrange(8))
    # when the worker looks, and looks again
    assert damage.report(command(WORKER, NOW)) == chosen
    assert damage.report(command(WORKER, NOW + timedelta(hours=1))) == chosen
    # then exactly those are incidents, once, and the others go on
    assert open_incidents() == set(chosen)
    assert [len(incidents.of_case(reading(), one)) for one in chosen] == [1] * damaged
    add_note(next(one for one in cases if one not in chosen), "Nothing wrong here", False, command())
    # when each is made again from its history
    for case_id in chosen:
        damage.rebuild_case(case_id, command())
    # then its state is what it was to the byte, its problem is resolved, and every table is as the journal says
    assert stored_states() == whole
    assert open_incidents() == set()
    assert rebuilding.check() == []
    add_note(chosen[0], "Works again", False, command())
    assert work.of_case(reading(), chosen[0]) != []


@pytest.mark.parametrize("bit", range(0, 8, 3))
def test_wherever_the_bit_is_it_is_noticed_or_means_nothing(installed: Flask, bit: int) -> None:
    case_id = a_case("pupil1")
    whole = zlib.decompress(stored_states()[case_id])
    for place in (0, 0.001, 0.01, 0.3, 0.6, 0.99, 0.9999):
        flip(case_id, place, bit)
        if damage.report(command(WORKER, NOW)) == []:  # one of the few bits that fill the last byte
            assert zlib.decompress(stored_states()[case_id]) == whole, place
        damage.rebuild_case(case_id, command())
    assert damage.report(command(WORKER, NOW)) == []


def test_the_operator_finds_it_and_makes_it_again_by_commands(installed: Flask) -> None:
    case_id = a_case("pupil1")
    flip(case_id, 0.5, 1)
    settings: Settings = installed.extensions[SETTINGS]
    environment = {"WAYMARK_DATABASE_URL": settings.database_url, "WAYMARK_DEMO": "yes"}
    words = ["verify", "--json", "--data", str(settings.data_dir)]
    found = CliRunner().invoke(commands, words, env=environment)
    assert [one["place"] for one in json.loads(found.stdout)["findings"]] == [f"case/{case_id} state"]
    assert rebuild(installed, "--case", case_id).exit_code == 0
    assert CliRunner().invoke(commands, words, env=environment).exit_code == 0


def test_a_case_whose_history_is_damaged_too_is_not_made_from_it(installed: Flask) -> None:
    # given a case whose state is damaged, and whose third entry somebody cut short
    case_id = a_case("pupil1")
    for text in ("one", "two", "three"):
        add_note(case_id, text, False, command())
    flip(case_id, 0.5, 1)
    with transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER entry_no_update"))
        else:
            connection.execute(sa.text("ALTER TABLE entry DISABLE TRIGGER ALL"))
        third = sa.and_(entry.c.stream_id == case_id, entry.c.seq == 3)
        payload = connection.scalar(sa.select(entry.c.payload).where(third))
        connection.execute(entry.update().where(third).values(payload=payload[:-1]))  # type: ignore[index]
    # then rebuilding refuses and names the entry, and nothing changed
    refused = rebuild(installed, "--case", case_id)
    assert (refused.exit_code, "entry 3 was altered" in refused.output) == (1, True), refused.output
    db.session.rollback()
    _, breaks = journal.verify(reading(), StreamId("case", case_id))
    assert [one.seq for one in breaks] == [3]
    assert damage.report(command(WORKER, NOW)) == [case_id]
