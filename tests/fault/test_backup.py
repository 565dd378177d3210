"""Backups taken while people work are whole; what was erased stays erased; what is missing is said, with its file."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from support.fixtures import close
from support.installation import NOW, command

from app.__main__ import commands
from app.cases import erasing, rebuilding
from app.cases.additions import add_note
from app.cases.starting import NewCase, start
from app.clock import real_now
from app.config import Settings
from app.model.entry import StreamId
from app.store import checkpoints, drafts, files, journal
from app.store.backups import checking, filling, parts, taking
from app.store.db import db, reading
from app.store.open import SETTINGS, open_store
from app.store.queries import cases
from app.store.tables import case_key, entry, read_log


@dataclass(frozen=True)
class Backed:
    """An installation and a backup of it."""

    #: its settings
    settings: Settings
    #: the backup
    backup: Path
    #: the keys
    keys: Path


def a_case(pupil: str) -> str:
    answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
    new = NewCase("graduated-approach", pupil, "beacon", answers, answers, named=("teacher",))
    return start(new, command()).case_id


def waymark(settings: Settings, *words: object) -> Result:
    """A command, in the environment of that installation."""
    environment = {
        "WAYMARK_DATABASE_URL": settings.database_url,
        "WAYMARK_CHECKPOINT_FILE": settings.checkpoint_file,
        "WAYMARK_DEMO": "yes",
        "WAYMARK_FAST_COMMITS": "yes",
    }
    return CliRunner().invoke(commands, [*map(str, words), "--data", str(settings.data_dir)], env=environment)


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions[SETTINGS]
    return found


def backed_up(app: Flask, folder: Path) -> Backed:
    settings = settings_of(app)
    taken = waymark(settings, "backup", folder, "--json")
    assert taken.exit_code == 0, taken.output
    said = json.loads(taken.stdout)
    return Backed(settings, folder / said["file"], folder / said["keys"])


@contextmanager
def empty_target(like: Settings, folder: Path, escrow: bool = True) -> Iterator[Settings]:
    """Settings of an installation that is not there yet, on the same kind of database, with `kek` and `signing`."""
    folder.mkdir()
    if escrow:
        for path in (like.kek_path, like.signing_path):
            shutil.copy(path, folder / path.name)
    if not like.database_url:
        yield replace(like, data_dir=folder)
        return
    url = sa.make_url(like.database_url)
    server, name = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT"), f"r_{uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield replace(like, data_dir=folder, database_url=url.set(database=name).render_as_string(hide_password=False))
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    app = open_store(Flask("restored"), settings)
    with app.app_context():
        yield
        close()


def test_a_backup_restores_to_what_it_was_and_what_was_erased_since_stays_erased(
    installed: Flask, tmp_path: Path
) -> None:
    # given two cases, a file and an unfinished answer, and a backup
    kept, erased = a_case("pupil1"), a_case("pupil2")
    files.put(kept, "file-1", "Zadie's plan.pdf", "application/pdf", b"a plan", NOW)
    drafts.save("task-1", kept, {"text": "half an answer"}, "senco", 0, NOW)
    before = journal.entries(reading(), StreamId("case", kept))
    backed = backed_up(installed, tmp_path / "backups")
    # and afterwards one case is erased, and a third begins
    erasing.erase(erased, "senco", "asked by the family", command())
    later = a_case("pupil1")
    db.session.rollback()
    # when the backup is restored into an empty place
    with empty_target(backed.settings, tmp_path / "restored") as target:
        listed = backed.settings.erasure_path
        done = waymark(target, "restore", backed.backup, "--erasures", listed, "--json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["erased_again"] == [f"case/{erased}"]
        with opened(target):
            # then what it held is there, to the byte, and its tables are what the journal says
            assert journal.entries(reading(), StreamId("case", kept)) == before
            assert files.get(kept, "file-1") == b"a plan"
            assert reading().scalar(sa.text("SELECT count(*) FROM draft")) == 1
            assert rebuilding.check() == []
            assert cases.by_reference(reading(), later) is None
            # and the erased case has no content, no rows and no key
            assert {one.content is None for one in journal.entries(reading(), StreamId("case", erased))[:-1]} == {True}
            assert cases.by_reference(reading(), erased).status == "erased"  # type: ignore[union-attr]
            with db.engines["keys"].connect() as vault:
                wrapped = sa.select(case_key.c.wrapped).where(case_key.c.stream == f"case/{erased}")
                assert vault.scalar(wrapped) is None
            # and work goes on
            add_note(kept, "Still here", False, command(at=real_now()))
        assert waymark(target, "verify").exit_code == 0
        # and nothing is restored over it
        again = waymark(target, "restore", backed.backup, "--erasures", listed)
        assert (again.exit_code, "Expected an empty installation" in again.output) == (1, True)


def test_a_backup_holds_nothing_of_a_case_that_can_be_read(installed: Flask, tmp_path: Path) -> None:
    case_id = a_case("pupil1")
    add_note(case_id, "Xylophone lessons help", False, command())
    files.put(case_id, "file-1", "Zadie Thornbury plan.pdf", "application/pdf", b"Xylophone", NOW)
    backed = backed_up(installed, tmp_path / "backups")
    with parts.unpacked(backed.backup) as (_, database):
        held = database.read_bytes()
    assert b"case-started" in held
    assert [word for word in (b"Thornbury", b"Xylophone", b"Zadie", b"plan.pdf") if word in held] == []


def test_a_backup_taken_under_load_is_whole(installed: Flask, tmp_path: Path) -> None:
    _back_up_under_load(installed, tmp_path, writers=3, backups=2)


@pytest.mark.long
def test_twenty_backups_taken_under_load_are_whole(installed: Flask, tmp_path: Path) -> None:
    _back_up_under_load(installed, tmp_path, writers=8, backups=20)


def _back_up_under_load(app: Flask, folder: Path, writers: int, backups: int) -> None:
    """Cases begin and grow while backups are taken; each backup holds what was acknowledged before it began."""
    settings, stop = settings_of(app), threading.Event()
    acknowledged: list[str] = []

    def work() -> None:
        with app.app_context():
            while not stop.is_set():
                case_id = a_case("pupil1")
                add_note(case_id, "grown", False, command())
                acknowledged.append(case_id)

    threads = [threading.Thread(target=work) for _ in range(writers)]
    for one in threads:
        one.start()
    try:
        for number in range(backups):
            known = list(acknowledged)
            taken = taking.take(settings, folder, NOW + timedelta(seconds=number))
            assert checking.check(taken.backup).findings == ()
            assert checking.check_keys(taken.keys, taken.backup).findings == ()
            with parts.unpacked(taken.backup) as (_, database), parts.opened_database(database) as held:
                there = set(held.scalars(sa.select(entry.c.stream_id).where(entry.c.seq == 2)))
            assert set(known) <= there
    finally:
        stop.set()
        for one in threads:
            one.join()
    assert acknowledged


def test_a_plain_copy_of_the_file_lacks_what_was_acknowledged(installed: Flask, tmp_path: Path) -> None:
    if installed.extensions[SETTINGS].database_url:
        return  # a copy of PostgreSQL's files is not even offered
    # given an acknowledged case, still in the write-ahead log
    case_id = a_case("pupil1")
    shutil.copy(settings_of(installed).data_dir / "waymark.db", tmp_path / "copied.db")
    # then a copy of the file alone does not have it, which is why the documentation forbids copying
    with parts.opened_database(tmp_path / "copied.db") as copied:
        assert copied.scalar(sa.select(entry.c.seq).where(entry.c.stream_id == case_id)) is None


def test_every_changed_byte_of_a_backup_is_noticed(installed: Flask, tmp_path: Path) -> None:
    a_case("pupil1")
    backed = backed_up(installed, tmp_path / "backups")
    whole = backed.backup.read_bytes()
    for place in range(len(whole) // 20, len(whole), len(whole) // 10):
        backed.backup.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        result = waymark(backed.settings, "verify", backed.backup)
        assert (result.exit_code, str(backed.backup) in result.stdout) == (1, True), (place, result.output)
    backed.backup.write_bytes(whole)
    assert waymark(backed.settings, "verify", backed.backup).exit_code == 0


def test_an_entry_changed_inside_a_backup_is_named(installed: Flask, tmp_path: Path) -> None:
    # given somebody who changes an entry in a backup and makes its manifest fit
    case_id = a_case("pupil1")
    backed = backed_up(installed, tmp_path / "backups")
    with parts.unpacked(backed.backup) as (manifest, database):
        engine = sa.create_engine(f"sqlite:///{database}")
        with engine.begin() as connection:
            connection.execute(entry.update().where(entry.c.stream_id == case_id).values(actor="somebody"))
        engine.dispose()
        parts.pack(replace(manifest, digest=parts.digest_of(database)), database, backed.backup)
    # then the chain still finds it
    found = checking.check(backed.backup).findings
    assert [one.place for one in found] == [f"case/{case_id} entry 1"]


@pytest.mark.parametrize("missing", ["kek", "signing"])
def test_restoring_without_the_escrow_names_the_file_that_is_needed(
    installed: Flask, tmp_path: Path, missing: str
) -> None:
    backed = backed_up(installed, tmp_path / "backups")
    with empty_target(backed.settings, tmp_path / "restored") as target:
        (target.data_dir / missing).unlink()
        refused = waymark(target, "restore", backed.backup, "--nothing-erased")
        assert refused.exit_code == 1
        assert f"{target.data_dir / missing}, but it is missing" in refused.output
        assert {one.name for one in target.data_dir.iterdir()} <= {"kek", "signing"}


def test_restoring_with_another_key_file_is_refused(installed: Flask, tmp_path: Path) -> None:
    backed = backed_up(installed, tmp_path / "backups")
    with empty_target(backed.settings, tmp_path / "restored") as target:
        target.kek_path.write_bytes(bytes(32))
        refused = waymark(target, "restore", backed.backup, "--nothing-erased")
        assert f"Expected the key file that opens these keys in {target.kek_path}" in refused.output


def test_restoring_without_the_keys_or_the_list_of_erasures_is_refused(installed: Flask, tmp_path: Path) -> None:
    backed = backed_up(installed, tmp_path / "backups")
    with empty_target(backed.settings, tmp_path / "restored") as target:
        unlisted = waymark(target, "restore", backed.backup)
        assert f"list of what was erased in {target.erasure_path}, but it is missing" in unlisted.output
        backed.keys.unlink()
        keyless = waymark(target, "restore", backed.backup, "--nothing-erased")
        assert f"copy of the keys in {backed.keys}, but it is missing" in keyless.output
        assert (unlisted.exit_code, keyless.exit_code) == (1, 1)


def test_keys_older_than_35_days_are_refused(installed: Flask, tmp_path: Path) -> None:
    backed = backed_up(installed, tmp_path / "backups")
    filling.prepare(backed.backup, backed.keys, backed.settings, real_now() + timedelta(days=34))
    with pytest.raises(filling.NotRestorable, match=rf"no older than 35 days, but {backed.keys} is from 2\d\d\d-"):
        filling.prepare(backed.backup, backed.keys, backed.settings, real_now() + timedelta(days=36))


@pytest.mark.parametrize("missing", ["kek", "signing"])
def test_an_installation_that_lost_a_key_does_not_start(installed: Flask, missing: str) -> None:
    a_case("pupil1")
    checkpoints.make(NOW)
    settings = settings_of(installed)
    (settings.data_dir / missing).unlink()
    with pytest.raises(SystemExit, match=str(settings.data_dir / missing)):
        open_store(Flask("again"), settings)


def test_after_a_restore_no_number_of_a_checkpoint_is_given_twice(installed: Flask, tmp_path: Path) -> None:
    # given a backup after checkpoint 1, and checkpoint 2 published after it
    listed = str(tmp_path / "list.jsonl")
    settings = replace(settings_of(installed), checkpoint_file=listed)
    checkpoints.make_and_publish(NOW, listed)
    backed = backed_up(installed, tmp_path / "backups")
    a_case("pupil1")
    checkpoints.make_and_publish(NOW, listed)
    # when the backup is restored
    with empty_target(settings, tmp_path / "restored") as target:
        assert waymark(target, "restore", backed.backup, "--nothing-erased").exit_code == 0
        # then the list goes on after 2, and says for good that an older state was restored
        assert [one.n for one in checkpoints.read_list(Path(listed))] == [1, 2, 3]
        told = waymark(target, "verify")
        assert told.exit_code == 1
        assert "checkpoint 2\tit was published, but is not here: an older state was restored" in told.stdout


def test_a_backup_of_one_database_restores_into_the_other(
    installed: Flask, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if settings_of(installed).database_url:
        return  # the other direction is the same code
    case_id = a_case("pupil1")
    before = journal.entries(reading(), StreamId("case", case_id))
    count = reading().scalar(sa.select(sa.func.count()).select_from(read_log))
    backed = backed_up(installed, tmp_path / "backups")
    url = request.getfixturevalue("postgres_url")
    with empty_target(replace(backed.settings, database_url=url), tmp_path / "restored") as target:
        done = waymark(target, "restore", backed.backup, "--nothing-erased")
        assert done.exit_code == 0, done.output
        with opened(target):
            assert journal.entries(reading(), StreamId("case", case_id)) == before
            assert reading().scalar(sa.select(sa.func.count()).select_from(read_log)) == count


def test_what_is_not_a_backup_is_refused(installed: Flask, tmp_path: Path) -> None:
    other = tmp_path / "other.backup"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("readme.txt", "not a backup")
    assert "Expected a backup in" in waymark(settings_of(installed), "verify", other).stdout
