"""From entries to rows, one module per stream kind.

The same code runs when an entry is written and when everything is rebuilt.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from app.model.entry import Entry
from app.model.json import JsonObject
from app.store.projections import case, definitions, people, places, pupils

_BY_STREAM: Mapping[str, Callable[[Connection, Entry], None]] = {
    "pupil": pupils.project,
    "person": people.project,
    "organisation": places.project_organisation,
    "calendar": places.project_calendar,
    "definition": definitions.project,
    "installation": places.project_installation,
}


def project(connection: Connection, entry: Entry, state: JsonObject | None = None) -> None:
    """Bring the rows up to `entry`; `state` is the engine state after it, for case entries with a step."""
    if entry.content is None:
        return
    if entry.stream.kind == "case":
        case.project(connection, entry, state)
    else:
        _BY_STREAM[entry.stream.kind](connection, entry)
