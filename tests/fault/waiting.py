"""Cases that wait for a timer and nothing else, and processes that look for what is due."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from engine.drawing import bundle
from flask import Flask
from support import installation
from support.installation import NOW, command

from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.cases.sweep import sweep
from app.config import Settings
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.open import open_store
from app.store.tables import entry
from app.studio.deploying import _files

#: a timer at the moment that the case was given; somebody goes on after it
UNTIL = 'start go\ncatch wait date="when"\nuser after role=SENCO\ngo -> wait -> after'


def deployed(key: str, lines: str, **types: str) -> str:
    """A diagram in use without the checks of a deployment."""
    made = replace(bundle(lines), key=key)
    content = {
        "version": 1,
        "digest": made.digest,
        "process_id": made.process_id,
        "name": made.name,
        "proposed_by": "operator",
        "approved_by": "operator",
        "note": "for tests",
        "files": _files(made),
    }
    write_record(StreamId("definition", key), "definition-deployed", content, command(OPERATOR))
    return key


def a_case(key: str, at: datetime = NOW, **variables: Any) -> str:
    """A case of a deployed diagram; its id."""
    return start(NewCase(key, "pupil1", "beacon", {}, variables), command(OPERATOR, at)).case_id


def cases_until(moments: Sequence[datetime]) -> list[str]:
    """A case for each moment, that waits until then."""
    key = deployed("until", UNTIL)
    return [a_case(key, when=moment.isoformat()) for moment in moments]


def fired(case_ids: Sequence[str]) -> list[list[tuple[datetime, datetime]]]:
    """When each case's timer fired: (by the case clock, written down), one for each entry about it."""
    db.session.rollback()
    rows = reading().execute(
        sa.select(entry.c.stream_id, entry.c.at, entry.c.recorded_at).where(entry.c.kind == "timer-fired")
    )
    found: dict[str, list[tuple[datetime, datetime]]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row.stream_id].append((row.at, row.recorded_at))
    return list(found.values())


def chains_hold(case_ids: Sequence[str]) -> bool:
    """Whether the history of every case is whole."""
    db.session.rollback()
    return not any(journal.verify(reading(), StreamId("case", one))[1] for one in case_ids)


class Sweeper:
    """A process that opens the installation, waits to be told, and sweeps once."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        """It starts; nothing is swept yet."""
        argument = b64encode(pickle.dumps((settings, now))).decode()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fault.waiting", argument],
            cwd=installation.ROOT / "tests",
            env={"PYTHONPATH": str(installation.ROOT), "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> None:
        """Wait until it could sweep."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def go(self) -> None:
        """Tell it to sweep now."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def swept(self) -> dict[str, int]:
        """What it did, once it is done."""
        said, _ = self._process.communicate(timeout=3600)
        done: dict[str, int] = json.loads(said)
        return done


def swept_at_once(settings: Settings, *clocks: datetime) -> list[dict[str, int]]:
    """A process for each clock, all sweeping at the same moment; what each did."""
    sweepers = [Sweeper(settings, now) for now in clocks]
    for one in sweepers:
        one.ready()
    for one in sweepers:
        one.go()
    return [one.swept() for one in sweepers]


def main() -> None:
    """Sweep once when told to."""
    settings, now = pickle.loads(b64decode(sys.argv[1]))
    with open_store(Flask("sweeper"), settings).app_context():
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(asdict(sweep(now))))


if __name__ == "__main__":
    main()
