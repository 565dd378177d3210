"""The list of one meeting as those who run it keep it: its cases, whether it is closed, moving one elsewhere."""

from dataclasses import dataclass
from datetime import date

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import MeetingFacts
from app.access.people import Reader
from app.cases.command import Command
from app.cases.listing import move as move_listing
from app.errors import InvalidAnswers, NotFound
from app.store.db import reading
from app.store.queries import meetings
from app.store.queries.meetings import Listed, MeetingRow


@dataclass(frozen=True)
class Line:
    """One case of the list."""

    #: the case on the list
    listed: Listed
    #: name of its school
    school: str


@dataclass(frozen=True)
class Agenda:
    """Everything on the page of one meeting."""

    #: the meeting
    held: MeetingRow
    #: its cases, oldest first
    lines: tuple[Line, ...]
    #: cases that wait because no date has room, oldest first
    waiting: tuple[Line, ...]
    #: dates a case can be moved to: id and words
    others: tuple[MeetingRow, ...]
    #: papers were due before today: only the chair takes a case now, and only an urgent one
    is_closed: bool
    #: the reader chairs it
    may_chair: bool


def facts(held: MeetingRow) -> MeetingFacts:
    """What a decision about a meeting needs to know."""
    series = meetings.one_series(reading(), held.series_id)
    return MeetingFacts(
        held.kind,
        held.organisation,
        members=frozenset(series.record["members"]) if series else frozenset(),
        pack_from=held.pack_on if held.status == "planned" else None,
        access_until=held.access_until if held.status == "planned" else None,
    )


def meeting_of(meeting_id: str, action: Action, reader: Reader) -> MeetingRow:
    """A meeting the reader may do that with. Raises NotFound for any other."""
    held = meetings.one(reading(), meeting_id)
    if held is None or not decide(reader, action, facts(held)).allowed:
        raise NotFound
    return held


def agenda(held: MeetingRow, reader: Reader) -> Agenda:
    """The list of a meeting."""
    upcoming = meetings.upcoming(reading(), held.organisation, held.kind, reader.on)
    return Agenda(
        held=held,
        lines=_lines(meetings.listed(reading(), held.id), reader),
        waiting=_lines(meetings.waiting(reading(), held.organisation, held.kind), reader),
        others=tuple(one for one in upcoming if one.id != held.id),
        is_closed=held.papers_on < reader.on,
        may_chair=decide(reader, Action.CHAIR_MEETING, facts(held)).allowed,
    )


def move(held: MeetingRow, task_id: str, to: str, reason: str, command: Command, reader: Reader) -> None:
    """Put a case of this list, or one that waits, on the list of another meeting.

    Raises InvalidAnswers, NotFound, MeetingFull, ListClosed.
    """
    found = meetings.listing_of(reading(), task_id)
    if found is None or (found.organisation, found.kind) != (held.organisation, held.kind):
        raise NotFound
    problems = {}
    if not to:
        problems["to"] = "Choose the date it goes to."
    if not reason.strip():
        problems["reason"] = "Enter why: the school reads it."
    if problems:
        raise InvalidAnswers(problems)
    may_chair = decide(reader, Action.CHAIR_MEETING, facts(held)).allowed
    move_listing(task_id, to, " ".join(reason.split())[:200], command, may_be_late=may_chair)


def mine(reader: Reader, since: date) -> tuple[MeetingRow, ...]:
    """Meetings from a day on that the reader runs or chairs, soonest first."""
    rows = meetings.series_of(reading(), {one.organisation for one in reader.memberships})
    found = [each for one in rows for each in meetings.of_series(reading(), one.id, since)]
    seen = [one for one in found if decide(reader, Action.RUN_MEETING, facts(one)).allowed]
    return tuple(sorted(seen, key=lambda one: (one.held_on, one.id)))


def _lines(found: list[Listed], reader: Reader) -> tuple[Line, ...]:
    return tuple(Line(one, reader.tree.get(one.school).name) for one in found)
