"""Whoever owns the database may drop its guards and write what they like: each time, the right place is named.

Twice over: by the installation itself, and by the auditor's program, run as `docs/verify_journal.py` says.
"""

from __future__ import annotations

import io
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from support import installation
from support.fixtures import close
from support.installation import NOW, ROOT, command

from app.model.checkpoint import NOTHING_BEFORE, Leaf, in_order, seal
from app.model.entry import StreamId
from app.store import checkpoints, export, journal, proof
from app.store.db import Connection, db, reading, transaction
from app.store.keys import keyring
from app.store.open import open_store
from app.store.signing import Signer, signer
from app.store.tables import checkpoint, checkpoint_leaf, entry, stream

ONE, TWO = StreamId("case", "one"), StreamId("case", "two")
SQLITE_GUARDS = (
    "entry_no_update", "entry_no_delete", "entry_no_replace", "checkpoint_no_update", "checkpoint_no_delete",
    "checkpoint_leaf_no_update", "checkpoint_leaf_no_delete",
)  # fmt: skip
PROGRAM = ROOT / "docs" / "verify_journal.py"
Tampering = Callable[[Connection], None]


@dataclass(frozen=True)
class Kept:
    """What the auditor keeps where the owner of the database cannot write."""

    #: every checkpoint that was published
    published: Path
    #: name of the log
    log: str
    #: public key, hex
    key: str


@pytest.fixture(scope="module")
def installed(template: installation.Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One installation for all of this: whatever a test does to it is rolled back."""
    with installation.copy(template, tmp_path_factory.mktemp("installed") / "data") as settings:
        app = open_store(Flask("installed"), settings)
        with app.app_context():
            yield app
            close()


@pytest.fixture(scope="module")
def kept(installed: Flask, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two cases: three entries, a checkpoint, two entries, a checkpoint; both checkpoints published."""
    keyring().make(ONE, NOW)
    keyring().make(TWO, NOW)
    published = tmp_path_factory.mktemp("elsewhere") / "kept by the auditor" / "list.jsonl"
    for numbers in ((1, 2, 3), (4, 5)):
        for number in numbers:
            write(ONE, number)
            write(TWO, number)
        checkpoints.make_and_publish(NOW + timedelta(hours=numbers[0]), str(published))
    return Kept(published, signer().log, signer().public_key.hex())


def write(to: StreamId, number: int) -> None:
    with transaction() as connection:
        head = journal.lock(connection, to)
        content = {"text": f"note {number}"}
        journal.append(
            connection, to, head, kind="note-added", actor=command().actor, at=NOW, meta={"n": number}, content=content
        )


def drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            connection.execute(sa.text(f"DROP TRIGGER {guard}"))
    else:
        for table in ("entry", "checkpoint", "checkpoint_leaf"):
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def at(of: StreamId, seq: int) -> sa.ColumnElement[bool]:
    return sa.and_(entry.c.stream_kind == of.kind, entry.c.stream_id == of.id, entry.c.seq == seq)


def change(connection: Connection, of: StreamId, seq: int, **values: object) -> None:
    connection.execute(entry.update().where(at(of, seq)).values(**values))


def chain_again(connection: Connection, of: StreamId) -> None:
    """Work out every hash of a stream anew, and its head, as an owner who read our source would."""
    previous, seq = journal.origin(of), 0
    for row in list(journal._raw(connection, of)):
        seq = row.seq
        previous = journal.chain_hash(
            previous, of, seq, row.at, row.recorded_at, row.actor, row.kind, row.meta, row.payload
        )
        change(connection, of, seq, hash=previous)
    is_stream = sa.and_(stream.c.kind == of.kind, stream.c.id == of.id)
    connection.execute(stream.update().where(is_stream).values(seq=seq, hash=previous))


def seal_again(connection: Connection, by: Signer) -> None:
    """Make every checkpoint anew over the entries as they are now, signed by whoever."""
    numbers = [one.n for one in checkpoints.listed(connection)]
    sealed = {n: checkpoints.leaves_of(connection, n) for n in numbers}
    moments = {one.n: one.unsigned.at for one in checkpoints.listed(connection)}
    connection.execute(sa.delete(checkpoint))
    connection.execute(sa.delete(checkpoint_leaf))
    previous = NOTHING_BEFORE
    for n in numbers:
        found = [(one, journal.hash_of(connection, one.stream, one.seq)) for one in sealed[n]]
        leaves = in_order([Leaf(one.stream, one.seq, digest) for one, digest in found if digest])
        made = by.sign(seal(signer().log, n, moments[n], previous, leaves))
        checkpoints._keep(connection, made, leaves)
        previous = made.hash


def renumber(connection: Connection, of: StreamId, seq: int, to: int) -> None:
    connection.execute(entry.update().where(at(of, seq)).values(seq=to))


def swapped(connection: Connection, first: tuple[StreamId, int], second: tuple[StreamId, int]) -> None:
    payloads = [connection.scalar(sa.select(entry.c.payload).where(at(*one))) for one in (first, second)]
    change(connection, *first, payload=payloads[1])
    change(connection, *second, payload=payloads[0])


# What an owner may do. Each returns nothing; the place that must be named is beside it below.


def changed_field(c: Connection) -> None:
    change(c, ONE, 2, kind="note-removed")


def changed_field_chained_again(c: Connection) -> None:
    change(c, ONE, 4, kind="note-removed")
    chain_again(c, ONE)


def dropped_last(c: Connection) -> None:
    c.execute(sa.delete(entry).where(at(ONE, 5)))


def dropped_last_with_its_head(c: Connection) -> None:
    dropped_last(c)
    chain_again(c, ONE)


def dropped_middle(c: Connection) -> None:
    c.execute(sa.delete(entry).where(at(ONE, 2)))


def dropped_middle_closed_up(c: Connection) -> None:
    dropped_middle(c)
    for seq in (3, 4, 5):
        renumber(c, ONE, seq, seq - 1)
    chain_again(c, ONE)


def dropped_case(c: Connection) -> None:
    c.execute(sa.delete(entry).where(entry.c.stream_kind == "case", entry.c.stream_id == "one"))
    c.execute(sa.delete(stream).where(stream.c.kind == "case", stream.c.id == "one"))


def dropped_case_and_what_sealed_it(c: Connection) -> None:
    dropped_case(c)
    c.execute(sa.delete(checkpoint_leaf).where(checkpoint_leaf.c.stream_id == "one"))


def swapped_entries(c: Connection) -> None:
    renumber(c, ONE, 2, 99)
    renumber(c, ONE, 3, 2)
    renumber(c, ONE, 99, 3)


def swapped_ciphertexts(c: Connection) -> None:
    swapped(c, (ONE, 2), (TWO, 2))


def swapped_ciphertexts_chained_again(c: Connection) -> None:
    swapped(c, (ONE, 2), (TWO, 2))
    chain_again(c, ONE)
    chain_again(c, TWO)


def inserted(c: Connection) -> None:
    for seq in (5, 4, 3):
        renumber(c, ONE, seq, seq + 1)
    row = dict(c.execute(sa.select(entry).where(at(ONE, 2))).mappings().one())
    c.execute(entry.insert().values(**{**row, "seq": 3}))


def inserted_chained_again(c: Connection) -> None:
    inserted(c)
    chain_again(c, ONE)


def rewritten_actor(c: Connection) -> None:
    change(c, ONE, 3, actor="somebody-else")


def rewritten_time(c: Connection) -> None:
    change(c, ONE, 3, at=NOW - timedelta(days=30))


def rewritten_time_of_writing(c: Connection) -> None:
    change(c, ONE, 3, recorded_at=NOW - timedelta(days=30))


def rewritten_with_another_key(c: Connection) -> None:
    changed_field_chained_again(c)
    seal_again(c, Signer(signer().log, Ed25519PrivateKey.generate().private_bytes_raw()))


def rewritten_with_the_stolen_key(c: Connection) -> None:
    changed_field_chained_again(c)
    seal_again(c, signer())


def old_backup(c: Connection) -> None:
    """Everything as it was at the first checkpoint."""
    for one in (ONE, TWO):
        c.execute(sa.delete(entry).where(sa.or_(at(one, 4), at(one, 5))))
        chain_again(c, one)
    c.execute(sa.delete(checkpoint_leaf).where(checkpoint_leaf.c.n == 2))
    c.execute(sa.delete(checkpoint).where(checkpoint.c.n == 2))


#: what was done → the place to name, and words of its sentence
TAMPERINGS: list[tuple[Tampering, str, str]] = [
    (changed_field, "case/one entry 2", "altered"),
    (changed_field_chained_again, "case/one entry 5", "from 4 to 5 was rewritten after checkpoint 2"),
    (dropped_last, "case/one entry 5", "gone"),
    (dropped_last_with_its_head, "case/one entry 5", "gone"),
    (dropped_middle, "case/one entry 2", "missing"),
    (dropped_middle_closed_up, "case/one entry 3", "from 1 to 3 was rewritten after checkpoint 1"),
    (dropped_case, "case/one entry 3", "gone"),
    (dropped_case_and_what_sealed_it, "case/one entry 5", "gone"),
    (swapped_entries, "case/one entry 2", "altered"),
    (swapped_ciphertexts, "case/two entry 2", "altered"),
    (swapped_ciphertexts_chained_again, "case/two entry 3", "from 1 to 3 was rewritten after checkpoint 1"),
    (inserted, "case/one entry 3", "altered"),
    (inserted_chained_again, "case/one entry 3", "from 1 to 3 was rewritten after checkpoint 1"),
    (rewritten_actor, "case/one entry 3", "altered"),
    (rewritten_time, "case/one entry 3", "altered"),
    (rewritten_time_of_writing, "case/one entry 3", "altered"),
    (rewritten_with_another_key, "checkpoint 2", "did not sign"),
    (rewritten_with_another_key, "case/one entry 5", "rewritten after checkpoint 2"),
    (rewritten_with_the_stolen_key, "checkpoint 2", "another root"),
    (rewritten_with_the_stolen_key, "case/one entry 5", "rewritten after checkpoint 2"),
    (old_backup, "checkpoint 2", "older state was restored"),
    (old_backup, "case/one entry 5", "gone"),
]
TITLES = [f"{one.__name__}-{place}" for one, place, _ in TAMPERINGS]


@contextmanager
def tampered(tampering: Tampering) -> Iterator[Connection]:
    """The database as its owner leaves it; put back afterwards, guards and all."""
    with suppress(PutBack), transaction() as connection:
        drop_guards(connection)
        tampering(connection)
        yield connection
        raise PutBack


class PutBack(Exception):
    """Roll back."""


@pytest.mark.parametrize(("tampering", "place", "words"), TAMPERINGS, ids=TITLES)
def test_what_an_owner_of_the_database_does_is_found_at_its_place(
    kept: Kept, tmp_path: Path, tampering: Tampering, place: str, words: str
) -> None:
    # given somebody who owns the database, and so takes its guards away
    with tampered(tampering) as connection:
        # when the installation checks itself, and the auditor checks an export
        found = proof.check(connection, signer().log, signer().public_key, kept.published)
        told = audited_here(exported(connection, tmp_path / "export.jsonl"), kept)
    # then both name the place
    assert [one for one in found.findings if one.place == place and words in one.sentence], found.findings
    assert [line for line in told if line.startswith(f"{place}: ") and words in line], told
    # and nothing but what was touched
    named = {re.match(r"(.*?)(?: entry \d+)?$", one.place)[1] for one in found.findings}  # type: ignore[index]
    assert named <= {"case/one", "case/two", "checkpoint 1", "checkpoint 2"}


def test_what_nobody_touched_holds(kept: Kept, tmp_path: Path) -> None:
    found = proof.check(reading(), signer().log, signer().public_key, kept.published)
    told = audited(exported(reading(), tmp_path / "export.jsonl"), kept)
    assert (found.findings, found.checkpoints) == ((), 2)
    assert (told.returncode, told.stdout.splitlines()[-1]) == (0, "Everything holds."), told
    assert f"{found.entries} entries, {found.streams} streams, 2 checkpoints" in told.stdout


def test_an_erased_case_still_holds(kept: Kept, tmp_path: Path) -> None:
    keyring().destroy(TWO, NOW)
    assert proof.check(reading(), signer().log, signer().public_key, kept.published).holds
    assert audited(exported(reading(), tmp_path / "export.jsonl"), kept).returncode == 0


def test_the_log_of_another_installation_is_not_taken_for_this_one(kept: Kept, tmp_path: Path) -> None:
    # given an export that is whole in itself, but of a log that the auditor does not know
    other = Kept(tmp_path / "empty.jsonl", "waymark/0000000000000000", kept.key)
    other.published.touch()
    told = audited(exported(reading(), tmp_path / "export.jsonl"), other)
    # then it is refused
    assert told.returncode == 1
    assert f"checkpoint 1: it belongs to the log {kept.log}, but yours is {other.log}" in told.stdout


def test_roots_alone_are_enough_to_find_a_rewriting_with_the_stolen_key(kept: Kept, tmp_path: Path) -> None:
    # given an auditor who wrote down nothing but number and root
    lines = [json.loads(line) for line in kept.published.read_text(encoding="utf-8").splitlines()]
    short = tmp_path / "roots.jsonl"
    short.write_text("\n".join(json.dumps({"n": one["n"], "root": one["root"]}) for one in lines), encoding="utf-8")
    with tampered(rewritten_with_the_stolen_key) as connection:
        told = audited(exported(connection, tmp_path / "export.jsonl"), Kept(short, kept.log, kept.key))
    assert "checkpoint 2: your list has another root" in told.stdout
    assert told.returncode == 1


@pytest.mark.parametrize("cut", ["an entry", "the end"])
def test_an_export_that_was_cut_says_so(kept: Kept, tmp_path: Path, cut: str) -> None:
    whole = exported(reading(), tmp_path / "export.jsonl")
    lines = whole.read_text(encoding="utf-8").splitlines()
    del lines[-2 if cut == "an entry" else -1]
    whole.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "export: it was cut off" in audited(whole, kept).stdout


def test_the_database_itself_refuses_to_change_a_checkpoint(kept: Kept) -> None:
    for statement in ("UPDATE checkpoint SET size = 1", "DELETE FROM checkpoint", "DELETE FROM checkpoint_leaf"):
        with pytest.raises(sa.exc.DBAPIError), transaction() as connection:
            connection.execute(sa.text(statement))
    db.session.rollback()
    assert proof.check(reading(), signer().log, signer().public_key, kept.published).holds


def exported(connection: Connection, to: Path) -> Path:
    with to.open("w", encoding="utf-8") as file:
        export.export(connection, signer(), NOW, file)
    return to


def audited(exported_to: Path, kept: Kept) -> subprocess.CompletedProcess[str]:
    """The command of the documentation."""
    program = [sys.executable, "-I", str(PROGRAM), *words(exported_to, kept)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def audited_here(exported_to: Path, kept: Kept) -> list[str]:
    """The same program without a process of its own; what it prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert runpy.run_path(str(PROGRAM))["main"](words(exported_to, kept)) == 1
    return printed.getvalue().splitlines()


def words(exported_to: Path, kept: Kept) -> list[str]:
    return [str(exported_to), "--published", str(kept.published), "--log", kept.log, "--key", kept.key]
