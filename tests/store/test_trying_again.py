"""A command whose connection ends, or that waits too long for others: tried again with its key, or said to be busy."""

from typing import Any

import pysqlite3.dbapi2
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from support.installation import command
from support.staff import started

from app.cases.unit import TRIES, Decision, Work, write
from app.errors import Busy
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading, transaction


class Ending:
    """Decides a note, but ends its own connection first, so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def __call__(self, work: Work) -> Decision:
        self.asked += 1
        if self.asked <= self.times and work.connection.dialect.name == "postgresql":
            work.connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return Decision("note-added", content={"text": "said once", "restricted": False})


def test_a_lost_connection_is_tried_again_and_is_one_entry(installed: Flask) -> None:
    case_id, ending = started(), Ending(TRIES - 1)
    receipt = write(case_id, command(key="one key"), "note", ["said once"], ending)
    assert receipt is not None
    assert receipt.seq == 2
    assert ending.asked == (TRIES if db.engine.dialect.name == "postgresql" else 1)
    assert len(journal.entries(reading(), StreamId("case", case_id))) == 2


def test_without_a_key_or_again_and_again_it_fails_and_nothing_is_written(installed: Flask) -> None:
    case_id = started()
    if db.engine.dialect.name == "postgresql":
        for key, times in ((None, 1), ("another key", TRIES)):
            with pytest.raises(DBAPIError):
                write(case_id, command(key=key), "note", ["said once"], Ending(times))
    db.session.rollback()
    assert len(journal.entries(reading(), StreamId("case", case_id))) == 1


def test_a_writer_who_waits_too_long_for_another_process_is_told_so(installed: Flask) -> None:
    if db.engine.dialect.name == "sqlite":

        @sa.event.listens_for(db.engine, "checkout")
        def impatient(connection: Any, _record: object, _proxy: object) -> None:
            connection.execute("PRAGMA busy_timeout = 50")

        # given another process that writes
        other = sa.create_engine(db.engine.url, module=pysqlite3.dbapi2, connect_args={"isolation_level": None})
        with other.connect() as writing:
            writing.exec_driver_sql("BEGIN IMMEDIATE")
            # then whoever would begin is told to try again, as whoever waits for a lock within a transaction is
            with pytest.raises(Busy), transaction():
                raise AssertionError("unreachable: nobody may write")
            writing.exec_driver_sql("ROLLBACK")
        other.dispose()
        with transaction() as connection:
            connection.execute(sa.text("DELETE FROM idempotency"))
