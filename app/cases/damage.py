"""Cases whose stored state was damaged: each becomes an incident, and is made again from its history.

The journal is the truth and the state only made from it, so nothing is lost: unless the journal of that very case is
damaged too, and then the entry is named.
"""

from uuid import uuid4

from app.cases.command import Command
from app.cases.rebuilding import with_states
from app.cases.unit import Decision, record_unread
from app.errors import Rejected
from app.model.entry import StreamId
from app.store import damage, due_tries, journal, projections
from app.store.db import Connection, reading, transaction
from app.store.queries import incidents

#: kind of its incidents
KIND = "damaged-state"
_SENTENCE = "The stored state of this case cannot be read. It can be made again from its history."


class CannotRebuild(Rejected):
    """The history of this case is damaged too."""


def report(command: Command) -> list[str]:
    """Make every case with a damaged state an incident, once; the ids of all cases that have one."""
    found = damage.unreadable(reading())
    for case_id in found:
        with transaction() as connection:
            if _open_incident(connection, case_id) is None:
                content = {"incident_id": str(uuid4()), "kind": KIND, "sentence": _SENTENCE}
                record_unread(connection, case_id, command, Decision("damage-found", content=content))
    return found


def rebuild_case(case_id: str, command: Command, reason: str = "") -> int:
    """Make every row of one case again from its history; how many entries that is. Raises CannotRebuild."""
    stream = StreamId("case", case_id)
    with transaction() as connection:
        journal.lock(connection, stream)
        _, breaks = journal.verify(connection, stream)
        if breaks:
            raise CannotRebuild(f"Expected a history that holds, but {breaks[0].sentence}. Restore a backup.")
        damage.empty_case(connection, case_id)
        due_tries.forget_case(connection, case_id)  # what failed may do so no longer
        entries = journal.entries(connection, stream)
        for entry, state in with_states(entries):
            projections.project(connection, entry, state)
        open_incident = _open_incident(connection, case_id)
        if open_incident is not None:
            resolution = f"Made again from the history: {reason}" if reason else "Made again from the history"
            content = {"incident_id": open_incident, "resolution": resolution}
            record_unread(connection, case_id, command, Decision("case-rebuilt", content=content))
        return len(entries)


def _open_incident(connection: Connection, case_id: str) -> str | None:
    known = incidents.of_case(connection, case_id)
    return next((one.id for one in known if one.kind == KIND and one.state == "open"), None)
