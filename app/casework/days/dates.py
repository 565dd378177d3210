"""The meetings that somebody arranges or chairs, as their day shows them: when, papers, how many cases, list, pack."""

from dataclasses import dataclass

from app.access.meetings import MEETING_ROLES, WITH_CASES
from app.access.people import Reader
from app.store.db import reading
from app.store.queries import meetings
from app.store.queries.meetings import MeetingRow

#: so many dates are shown
MOST_SHOWN = 6


@dataclass(frozen=True)
class Date:
    """One date of a series."""

    #: the meeting
    held: MeetingRow
    #: cases on its list
    taken: int
    #: the reader chairs such meetings there
    may_chair: bool
    #: its list takes nothing more but urgent cases
    is_closed: bool


@dataclass(frozen=True)
class Dates:
    """What comes."""

    #: the next dates, soonest first
    coming: tuple[Date, ...]
    #: cases that wait because no date has room
    waiting: int


def dates(reader: Reader) -> Dates:
    """The next meetings the reader runs, and the cases that found no place at one."""
    run = {
        (kind, held.organisation): kind
        for held in reader.memberships
        for kind in sorted(WITH_CASES)
        if held.role in MEETING_ROLES[kind].arrange
    }
    found = meetings.planned(reading(), run, reader.on, MOST_SHOWN)
    taken = meetings.taken(reading(), [one.id for one in found])
    waiting = sum(len(meetings.waiting(reading(), organisation, kind)) for kind, organisation in run)
    return Dates(tuple(_date(one, len(taken.get(one.id, ())), reader) for one in found), waiting)


def _date(held: MeetingRow, taken: int, reader: Reader) -> Date:
    chairs = MEETING_ROLES[held.kind].chair
    may_chair = bool(chairs & reader.roles_at(held.organisation))
    return Date(held, taken, may_chair, is_closed=held.papers_on < reader.on)
