"""The queue that wakes workers on PostgreSQL: it learns of effects with their entry, and nothing depends on it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from procrastinate import App, PsycopgConnector
from support.fixtures import close

from app.config import Settings
from app.store import outbox
from app.store.db import db, reading, transaction
from app.store.open import open_store
from app.store.outbox import Effect
from app.store.queries import effects as seen
from app.worker import queue

PATIENCE_SECONDS = 30


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"queue_{uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    settings = Settings(data_dir=tmp_path, database_url=url)
    app = open_store(Flask("queue"), settings)
    with app.app_context():
        queue.wake_from_now_on(app, settings)
        yield app
        close()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["waymark_settings"]
    return found


def add(*references: str) -> None:
    """Mails to somebody who is not there any more: nothing is sent, so they are done at once."""
    with transaction() as connection:
        outbox.add(
            connection, [Effect(one, "mail", f"whoever {one}", None, {"names_case": False}) for one in references]
        )


def jobs() -> int:
    found = reading().scalar(sa.text("SELECT count(*) FROM procrastinate_jobs"))
    db.session.rollback()
    return int(found or 0)


def counts() -> dict[str, int]:
    found = seen.counts(reading())
    db.session.rollback()
    return found


def test_the_queue_learns_of_an_effect_with_its_entry_or_not_at_all(app: Flask) -> None:
    # given a transaction that is taken back after adding an effect
    def adding_and_failing() -> None:
        with transaction() as connection:
            outbox.add(connection, [Effect("mail-1", "mail", "senco", None, {"names_case": False})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        adding_and_failing()
    # then the queue knows of none, and of others once they are written
    assert (jobs(), counts()) == (0, {})
    add("mail-2", "mail-3")
    assert (jobs(), counts()) == (2, {"waiting": 2})


def test_an_entry_is_written_even_where_the_queue_is_gone(app: Flask) -> None:
    with transaction() as connection:
        connection.execute(sa.text("DROP TABLE procrastinate_jobs CASCADE"))
    add("mail-1")
    assert counts() == {"waiting": 1}


def test_a_second_node_finds_the_queue_there(app: Flask) -> None:
    add("mail-1")
    queue.wake_from_now_on(app, settings_of(app))
    assert jobs() == 1


def test_a_worker_is_woken_without_looking(app: Flask) -> None:
    # given a worker that never looks by itself
    worker = queue.QueueWorker(app, replace(settings_of(app)), lambda: None, "this node")
    worker.start()
    try:
        # when an effect is added
        add("mail-1")
        # then it is done, and the queue forgets it
        give_up = time.monotonic() + PATIENCE_SECONDS
        while counts() != {"done": 1}:
            assert time.monotonic() < give_up
            time.sleep(0.05)
    finally:
        worker.stop()
    assert jobs() == 0


def test_what_a_dead_worker_was_at_is_given_to_others(app: Flask) -> None:
    # given a job that a worker took, which was not heard of for a minute
    add("mail-1")
    with transaction() as connection:
        gone = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        worker = connection.scalar(sa.text(gone))
        taken = sa.text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker")
        connection.execute(taken, {"worker": worker})

    async def give_away() -> int:
        connector = PsycopgConnector(conninfo=queue.address(settings_of(app)), min_size=1, max_size=2)
        async with App(connector=connector).open_async() as opened:
            return await queue.give_away_stalled(opened)

    # when it is looked for
    assert asyncio.run(give_away()) == 1
    # then others may take it
    [status] = reading().scalars(sa.text("SELECT status FROM procrastinate_jobs"))
    assert status == "todo"
