"""The pack of a meeting as its members read it: which cases, and of each the answers that its process puts into it.

Nothing else of a case is here. Who may open it on which day is decided in `app.access`, for the meeting and the case.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Reader
from app.cases.definitions import definition_of
from app.casework.meetings.agenda import facts, meeting_of
from app.casework.task_pages import answer_lines
from app.errors import NotFound
from app.forms import Line
from app.store import reads
from app.store.db import reading
from app.store.queries import cases, meetings
from app.store.queries.cases import CaseLine
from app.store.queries.meetings import Listed, MeetingRow


@dataclass(frozen=True)
class Paper:
    """One form of the pack with its answers."""

    #: what the task was called
    name: str
    #: when it was answered, UTC
    at: datetime
    #: the answers in words
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Pack:
    """What members see of one case."""

    #: the meeting
    held: MeetingRow
    #: the case on its list
    listed: Listed
    #: name of its school
    school: str
    #: the newest answers to each form of the pack
    papers: tuple[Paper, ...]


def open_to(reader: Reader) -> tuple[MeetingRow, ...]:
    """Meetings whose pack the reader may open today, soonest first."""
    found = meetings.with_open_pack(reading(), {one.organisation for one in reader.memberships}, reader.on)
    return tuple(one for one in found if decide(reader, Action.OPEN_PACK, facts(one)).allowed)


def cases_of(meeting_id: str, reader: Reader) -> tuple[MeetingRow, tuple[tuple[Listed, str], ...]]:
    """The cases of a pack by reference and school, as far as the reader may open them today. Raises NotFound."""
    held = meeting_of(meeting_id, Action.OPEN_PACK, reader)
    listed = [one for one in meetings.listed(reading(), held.id) if _case_for(one, reader) is not None]
    return held, tuple((one, reader.tree.get(one.school).name) for one in listed)


def pack(meeting_id: str, reference: str, reader: Reader) -> Pack:
    """What the reader sees of one case; that it was opened is recorded. Raises NotFound."""
    held = meeting_of(meeting_id, Action.OPEN_PACK, reader)
    one = next((each for each in meetings.listed(reading(), held.id) if each.reference == reference.upper()), None)
    case = _case_for(one, reader) if one is not None else None
    if one is None or case is None:
        raise NotFound
    reads.record(reader.id, Action.SEE_PACK, f"case/{case.id}", "allowed", f"meeting {held.id}")
    return Pack(held, one, reader.tree.get(one.school).name, _papers(case, one, reader.on))


def _case_for(one: Listed, reader: Reader) -> CaseLine | None:
    case = cases.by_reference(reading(), one.case_id)
    if case is None:
        return None
    known = cases.facts(reading(), case, reader.tree, reader.on, reader.id)
    return case if decide(reader, Action.SEE_PACK, known).allowed else None


def _papers(case: CaseLine, one: Listed, on: date) -> tuple[Paper, ...]:
    element = definition_of(case.bundle).elements[one.element]
    rows = [row for row in cases.answers_of(reading(), case.id) if not row.is_restricted]
    newest = [next((row for row in rows if row.form_key == key), None) for key in element.pack]
    return tuple(Paper(row.name, row.at, answer_lines(case, row, on)) for row in newest if row is not None)
