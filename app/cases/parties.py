"""Who is around a pupil, one place for all their cases: parents and carers, the young person, professionals.

Every change is an entry of the pupil's stream, under the pupil's key. Whether somebody may be written to, and how, says
`app.model.party`: whoever sends something asks `writing_to` of each of `parties_of`.
"""

from app.cases.command import Command
from app.cases.records import write_record
from app.errors import Stale
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.party import Party, Writing, writing_to
from app.store.db import Connection, reading
from app.store.queries import parties


def parties_of(connection: Connection, pupil_id: str) -> list[Party]:
    """Everybody on record around a pupil; those who have nothing to do with them any more come last."""
    return parties.of_pupil(connection, pupil_id) if pupil_id else []


def writings(connection: Connection, pupil_id: str) -> list[tuple[Party, Writing]]:
    """Each of them with whether they may be written to, and how."""
    return [(one, writing_to(one)) for one in parties_of(connection, pupil_id)]


def record(pupil_id: str, party: Party, seen: int, command: Command) -> None:
    """Put on record what is known of somebody now. `seen`: the entry that the person who writes had seen, 0: none.

    The same again writes nothing. Raises Stale where somebody else recorded something of them meanwhile.
    """
    if parties.one(reading(), pupil_id, party.id) == party:
        return

    def check(connection: Connection) -> None:
        if parties.seq_of(connection, party.id) != seen:
            raise Stale(None, party_id=party.id)

    stream = StreamId("pupil", pupil_id)
    meta: JsonObject = {"party": party.id}
    write_record(stream, "party-recorded", {"party": party.to_json()}, command, meta=meta, check=check)
