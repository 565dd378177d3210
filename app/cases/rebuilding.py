"""Rebuilding every projection from the journal, and checking that the live ones equal what a rebuild gives.

The same code projects a new entry and a rebuilt one; the engine folds the deltas, it never runs again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app import engine
from app.model.entry import Entry
from app.model.json import JsonObject
from app.store import journal, projections, scratch, versions
from app.store.db import Connection, snapshot, transaction


@dataclass(frozen=True)
class Difference:
    """A row that is not what the journal says."""

    #: projection table
    table: str
    #: its primary key, readable
    key: str
    #: what is wrong, in one sentence
    sentence: str


def rebuild() -> int:
    """Empty every projection and fill it from the journal, in one transaction; how many entries were read."""
    with transaction() as connection:
        scratch.empty(connection)
        versions.moved(connection, versions.REBUILT)
        return _fill(connection, connection)


def check() -> list[Difference]:
    """Rebuild beside the live projections and compare them row by row; nothing is changed."""
    with scratch.database() as beside, snapshot() as live:
        _fill(live, beside)
        return [Difference(*found) for found in scratch.differences(live, beside)]


def _fill(source: Connection, target: Connection) -> int:
    read = 0
    for stream in journal.streams(source):
        for entry, state in with_states(journal.entries(source, stream)):
            projections.project(target, entry, state)
            read += 1
    return read


def with_states(entries: list[Entry]) -> Iterator[tuple[Entry, JsonObject | None]]:
    """Each entry with the engine state after it, where it holds a step; an erased entry has neither."""
    state: JsonObject | None = None
    for entry in entries:
        delta = (entry.content or {}).get("delta")
        if isinstance(delta, dict):
            state = engine.apply(state, delta)
            yield entry, state
        else:
            yield entry, None
