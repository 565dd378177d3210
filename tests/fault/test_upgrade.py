"""F13: an installation of an earlier version goes on in this one; a migration that fails leaves it as it was."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from fault import kept_database
from fault.servers import looking_at
from flask import Flask
from support.installation import NOW, command
from support.walking import SENCO, Walk

from app.cases import events, rebuilding
from app.config import Settings
from app.model.entry import StreamId
from app.store import journal, schema
from app.store.db import db, reading
from app.store.open import SETTINGS
from app.store.queries import dues
from app.store.tables import case_record, stream

WORKS = 'op.execute("CREATE TABLE later (n INTEGER)")'
FAILS = f'{WORKS}\n    op.execute("DELETE FROM case_record")\n    op.execute("INSERT INTO nowhere VALUES (1)")'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of a later version; what its own one does is written by the test."""
    return Path(shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations"))


def later(folder: Path, what: str) -> str:
    """One more migration at their end; its name."""
    head = ScriptDirectory.from_config(schema.configuration(folder)).get_current_head()
    text = f'"""Later."""\n\nfrom alembic import op\n\nrevision = "9999"\ndown_revision = "{head}"\n\n\n'
    (folder / "versions" / "9999_later.py").write_text(f"{text}def upgrade() -> None:\n    {what}\n")
    return str(head)


def heads() -> set[tuple[str, str, int, bytes]]:
    db.session.rollback()
    return {(row.kind, row.id, row.seq, row.hash) for row in reading().execute(sa.select(stream))}


def rows_of_cases() -> set[tuple[object, ...]]:
    db.session.rollback()
    chosen = (case_record.c.id, case_record.c.seq, case_record.c.status)
    return {tuple(row) for row in reading().execute(sa.select(*chosen))}


def heads_in(path: Path) -> set[tuple[str, str, int, bytes]]:
    connection = sqlite.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = set(connection.execute("SELECT kind, id, seq, hash FROM stream"))
    connection.close()
    return found


def copies(settings: Settings) -> Iterator[Path]:
    return (settings.data_dir / "backups").glob("before-*")


def test_every_case_of_an_earlier_version_is_finished_in_this_one(tmp_path: Path) -> None:
    settings = kept_database.unpack(tmp_path / "data")
    before = heads_in(settings.data_dir / "waymark.db")
    with looking_at(settings):
        # given cases in different stages, opened by this version: nothing that happened is changed by that
        assert heads() == before
        open_cases = [case_id for case_id, _, status in rows_of_cases() if status == "open"]
        assert len(open_cases) >= 5
        assert rebuilding.check() == []
        # when each goes on, and its pupil moves away
        for number, case_id in enumerate(sorted(open_cases)):  # type: ignore[type-var]
            finish(str(case_id), number)
        # then all end, and their histories hold
        assert {status for _, _, status in rows_of_cases()} == {"closed"}
        assert rebuilding.check() == []
        assert [one for one in open_cases if journal.verify(reading(), StreamId("case", str(one)))[1]] == []


def finish(case_id: str, seed: int) -> None:
    walk = Walk("graduated-approach", random.Random(seed), NOW.replace(year=2027), case_id)
    if found := walk.open_tasks():
        walk.complete(found[0])
    if not walk.is_closed() and any(one.message == "pupil.moved" for one in dues.subscriptions(reading(), case_id)):
        moved = {"on": "2026-11-02", "new_school": "Harbour School", "reason": "The family moved."}
        events.deliver(case_id, "pupil.moved", moved, command(SENCO, walk.now))
    while not walk.is_closed():
        assert walk.open_tasks(), walk.done
        walk.complete(walk.open_tasks()[0])


def test_a_migration_keeps_a_copy_first_and_changes_no_head(installed: Flask, folder: Path) -> None:
    settings: Settings = installed.extensions[SETTINGS]
    before = heads()
    later(folder, WORKS)
    schema.upgrade(settings.data_dir, folder)
    assert (schema.revision(), heads()) == ("9999", before)
    assert reading().scalar(sa.text("SELECT count(*) FROM later")) == 0
    if db.engine.dialect.name == "sqlite":
        [copy] = copies(settings)
        assert heads_in(copy / "waymark.db") == before
        assert [one.stat().st_mode & 0o777 for one in (copy, copy / "waymark.db", copy / "keys.db")] == [
            0o700,
            0o600,
            0o600,
        ]


def test_a_migration_that_fails_changes_nothing_and_says_what_to_do(installed: Flask, folder: Path) -> None:
    settings: Settings = installed.extensions[SETTINGS]
    before, rows = heads(), rows_of_cases()
    head = later(folder, FAILS)
    with pytest.raises(schema.MigrationFailed) as refused:
        schema.upgrade(settings.data_dir, folder)
    assert (schema.revision(), heads(), rows_of_cases()) == (head, before, rows)
    assert not sa.inspect(db.engine).has_table("later")
    said = str(refused.value)
    assert f"from {head} to 9999" in said
    assert "Nothing was changed: start the version of Waymark that you had" in said
    assert [str(one) in said for one in copies(settings)] == [True] * (db.engine.dialect.name == "sqlite")
    # and this version, which has not that migration, goes on
    schema.upgrade(settings.data_dir)
    assert rebuilding.check() == []
