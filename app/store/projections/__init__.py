"""From entries to rows, one module per stream kind.

The same code runs when an entry is written and when everything is rebuilt.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from app.model.entry import Entry
from app.model.json import JsonObject
from app.store.projections import (
    case,
    definitions,
    erased,
    meetings,
    people,
    placements,
    places,
    pupils,
    rules,
    settings,
    webhooks,
)
from app.store.rows import CaseRow

_BY_STREAM: Mapping[str, Callable[[Connection, Entry], None]] = {
    "pupil": pupils.project,
    "person": people.project,
    "organisation": places.project_organisation,
    "calendar": places.project_calendar,
    "definition": definitions.project,
    "installation": places.project_installation,
    "series": meetings.project_series,
    "meeting": meetings.project_meeting,
    "centre": placements.project_centre,
    "quota": placements.project_quota,
    "webhook": webhooks.project,
    "rule": rules.project,
    "setting": settings.project,
}


def project(
    connection: Connection, entry: Entry, state: JsonObject | None = None, known: CaseRow | None = None
) -> None:
    """Bring the rows up to `entry`.

    For entries of a case: `state` is the engine state after a step, `known` the case where the caller has read it.
    """
    if entry.kind == "case-erased":
        erased.project(connection, entry)
        return
    if entry.content is None or entry.stream.kind == "erasure":
        return
    if entry.stream.kind == "case":
        case.project(connection, entry, state, known)
    else:
        _BY_STREAM[entry.stream.kind](connection, entry)
