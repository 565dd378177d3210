"""The journal refuses every change, notices every tampering, and survives the loss of a key."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from support.installation import NOW, command

from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading, transaction
from app.store.keys import keyring

CASE = StreamId("case", "one")


def _three_entries(stream: StreamId = CASE) -> None:
    keyring().make(stream, NOW)
    for number in (1, 2, 3):
        with transaction() as connection:
            head = journal.lock(connection, stream)
            journal.append(
                connection,
                stream,
                head,
                kind="note-added",
                actor=command().actor,
                at=NOW,
                meta={"number": number},
                content={"text": f"note {number}"},
            )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET actor = 'somebody'",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE seq = 3",
        "TRUNCATE entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "INSERT INTO entry SELECT * FROM entry ON CONFLICT (stream_kind, stream_id, seq) DO UPDATE SET actor = 'x'",
    ],
)
def test_the_database_itself_refuses_every_change_to_the_journal(installed: Flask, statement: str) -> None:
    _three_entries()
    before = journal.entries(reading(), CASE)
    with pytest.raises(DBAPIError), transaction() as connection:
        connection.execute(sa.text(statement))
    assert journal.entries(reading(), CASE) == before


def test_an_entry_reads_back_as_it_was_written(installed: Flask) -> None:
    _three_entries()
    entries = journal.entries(reading(), CASE)
    assert [(entry.seq, entry.meta["number"], entry.content) for entry in entries] == [
        (1, 1, {"text": "note 1"}),
        (2, 2, {"text": "note 2"}),
        (3, 3, {"text": "note 3"}),
    ]
    assert journal.verify(reading(), CASE) == (3, [])


def test_personal_content_is_not_in_the_database_in_the_clear(installed: Flask) -> None:
    _three_entries()
    payloads = reading().scalars(sa.text("SELECT payload FROM entry WHERE stream_kind = 'case'")).all()
    assert all(b"note" not in bytes(payload) for payload in payloads)


def test_a_destroyed_key_erases_the_content_and_the_chain_still_verifies(installed: Flask) -> None:
    _three_entries()
    keyring().destroy(CASE, NOW)
    db.session.rollback()
    assert [entry.content for entry in journal.entries(reading(), CASE)] == [None, None, None]
    assert journal.verify(reading(), CASE) == (3, [])


@pytest.mark.parametrize(
    ("tampering", "entry", "sentence"),
    [
        ("UPDATE entry SET actor = 'somebody' WHERE stream_id = 'one' AND seq = 2", 2, "altered"),
        ("UPDATE entry SET meta = '{}' WHERE stream_id = 'one' AND seq = 1", 1, "altered"),
        ("UPDATE entry SET payload = (SELECT e.payload FROM entry e WHERE e.stream_id = 'one' AND e.seq = 1) "
         "WHERE stream_id = 'one' AND seq = 2", 2, "altered"),
        ("DELETE FROM entry WHERE stream_id = 'one' AND seq = 2", 2, "missing"),
        ("DELETE FROM entry WHERE stream_id = 'one' AND seq = 3", 3, "ends at entry 2"),
    ],
)  # fmt: skip
def test_an_owner_of_the_database_who_takes_the_guards_away_is_found_out(
    installed: Flask, tampering: str, entry: int, sentence: str
) -> None:
    _three_entries()
    with transaction() as connection:
        for guard in ("entry_no_update", "entry_no_delete", "entry_no_replace"):
            if connection.dialect.name == "sqlite":
                connection.execute(sa.text(f"DROP TRIGGER {guard}"))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ALTER TABLE entry DISABLE TRIGGER ALL"))
        connection.execute(sa.text(tampering))
    _, breaks = journal.verify(reading(), CASE)
    assert (breaks[0].seq, sentence in breaks[0].sentence) == (entry, True)


def test_content_cannot_be_moved_to_another_case(installed: Flask) -> None:
    other = StreamId("case", "two")
    _three_entries()
    _three_entries(other)
    with pytest.raises(Exception, match=r"^$"):
        keyring().open(other, keyring().seal(CASE, b"secret", "case/one|1|x"), "case/two|1|x")
