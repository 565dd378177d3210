"""Where a SQLite database may lie: on a disk of this machine, never on a network drive."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.store.db import db, reading, transaction
from app.store.places import network_drive

MOUNTS = """overlay / overlay rw 0 0
//server/share /srv/school\\040share cifs rw 0 0
server:/export /srv/nfs nfs4 rw 0 0
/dev/sdb1 /srv/nfs/local ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/waymark", None),
        ("/srv/school share/waymark", "cifs"),
        ("/srv/nfs/waymark", "nfs4"),
        ("/srv/nfs/local/waymark", None),
        ("/srv/nfsother", None),
    ],
)
def test_the_nearest_mount_says_whether_a_folder_is_on_a_network_drive(folder: str, kind: str | None) -> None:
    assert network_drive(Path(folder), MOUNTS) == kind


def test_connections_are_set_up_as_written_down(installed: Flask) -> None:
    def shown(name: str) -> str:
        statement = f"PRAGMA {name}" if db.engine.dialect.name == "sqlite" else f"SHOW {name}"
        return str(reading().scalar(sa.text(statement)))

    if db.engine.dialect.name == "sqlite":
        wanted = {"journal_mode": "wal", "busy_timeout": "30000", "foreign_keys": "1", "trusted_schema": "0",
                  "cell_size_check": "1", "wal_autocheckpoint": "1000"}  # fmt: skip
    else:
        wanted = {"transaction_isolation": "read committed", "statement_timeout": "8s", "lock_timeout": "5s",
                  "idle_in_transaction_session_timeout": "30s"}  # fmt: skip
    assert {name: shown(name) for name in wanted} == wanted


def test_a_writer_that_passes_the_lock_loses_by_version(installed: Flask) -> None:
    from support.installation import NOW, command

    from app.errors import Stale
    from app.model.entry import StreamId
    from app.store import journal
    from app.store.keys import keyring

    case = StreamId("case", "one")
    keyring().make(case, NOW)

    def write(head: journal.Head) -> journal.Head:
        with transaction() as connection:
            entry = journal.append(
                connection, case, head, kind="note-added", actor=command().actor, at=NOW, meta={}, content={"text": "x"}
            )
            return journal.Head(entry.seq, entry.hash)

    seen = write(journal.Head(0, b"origin"))
    write(seen)
    with pytest.raises(Stale):
        write(seen)
    assert [one.seq for one in journal.entries(reading(), case)] == [1, 2]
