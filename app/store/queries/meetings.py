"""Series, their dates, and the cases on their lists. Who may see which is decided in `app.access`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.entry import StreamId
from app.store import journal
from app.store.tables import listing, meeting, series, work_item


@dataclass(frozen=True)
class SeriesRow:
    """One series as it stands."""

    #: its id
    id: str
    #: last entry of its stream: what a change must name
    seq: int
    #: what people call it
    name: str
    #: code of the kind of meeting
    kind: str
    #: the organisation that holds it
    organisation: str
    #: nothing is put on its lists for now
    is_paused: bool
    #: everything kept about it
    record: dict[str, Any]


@dataclass(frozen=True)
class MeetingRow:
    """One date of a series as it stands."""

    #: its id
    id: str
    #: last entry of its stream: what a change must name
    seq: int
    #: the series it belongs to
    series_id: str
    #: code of the kind of meeting
    kind: str
    #: the organisation that holds it
    organisation: str
    #: the day
    held_on: date
    #: last day for papers
    papers_on: date
    #: first day on which members may see the pack
    pack_on: date
    #: last day on which they may
    access_until: date
    #: planned, cancelled
    status: str
    #: everything kept about it
    record: dict[str, Any]

    @property
    def name(self) -> str:
        """ "Northgate LIFT, group C"."""
        group = self.record.get("group")
        return f"{self.record['name']}, group {group}" if group else str(self.record["name"])

    @property
    def slots(self) -> int:
        """How many cases it has room for."""
        return int(self.record["slots"])

    @property
    def per_school(self) -> int:
        """How many of one school."""
        return int(self.record["per_school"])

    def serves(self, school: str) -> bool:
        """Whether cases of the school come to it: a meeting that names no schools serves all."""
        return not self.record["schools"] or school in self.record["schools"]

    def papers_for(self, *, is_early_years: bool) -> date:
        """Last day for papers of an early-years setting, or of any other school."""
        early = self.record.get("early_papers_on")
        return date.fromisoformat(early) if is_early_years and early else self.papers_on


@dataclass(frozen=True)
class Listed:
    """One case on a list, as far as the list itself says."""

    #: the task that waits for the meeting
    task_id: str
    #: its case
    case_id: str
    #: code of the kind of meeting
    kind: str
    #: the organisation that holds it
    organisation: str
    #: home school of the case
    school: str
    #: the meeting, or None: it waits for a date
    meeting_id: str | None
    #: when it came, UTC
    asked_at: datetime
    #: it asks not to wait
    is_urgent: bool
    #: what the diagram calls the task
    name: str
    #: BPMN id of the task
    element: str
    #: reference of the case
    reference: str
    #: the pupil's name
    pupil_name: str
    #: open, done, ended
    status: str


def series_of(connection: Connection, organisations: Iterable[str]) -> list[SeriesRow]:
    """Every series of these organisations, by name."""
    query = sa.select(series).where(series.c.organisation.in_(sorted(set(organisations)))).order_by(series.c.name)
    return [_series(row) for row in connection.execute(query)]


def every_series(connection: Connection) -> list[SeriesRow]:
    """Every series there is, by name: there are a few dozen."""
    return [_series(row) for row in connection.execute(sa.select(series).order_by(series.c.name))]


def one_series(connection: Connection, series_id: str) -> SeriesRow | None:
    """A series, or None."""
    row = connection.execute(sa.select(series).where(series.c.id == series_id)).first()
    return _series(row) if row else None


def one(connection: Connection, meeting_id: str) -> MeetingRow | None:
    """A meeting, or None."""
    row = connection.execute(sa.select(meeting).where(meeting.c.id == meeting_id)).first()
    return _meeting(row) if row else None


def of_series(connection: Connection, series_id: str, since: date | None = None) -> list[MeetingRow]:
    """The dates of a series, cancelled ones too, in order."""
    query = sa.select(meeting).where(meeting.c.series_id == series_id)
    if since is not None:
        query = query.where(meeting.c.held_on >= since)
    return [_meeting(row) for row in connection.execute(query.order_by(meeting.c.held_on))]


def chaired_by(connection: Connection, person_id: str, since: date) -> list[MeetingRow]:
    """Planned meetings of any series that this person chairs."""
    query = sa.select(meeting).where(meeting.c.held_on >= since, meeting.c.status == "planned")
    found = [_meeting(row) for row in connection.execute(query.order_by(meeting.c.held_on))]
    return [one for one in found if one.record["chair"] == person_id]


def with_open_pack(connection: Connection, organisations: Iterable[str], today: date) -> list[MeetingRow]:
    """Planned meetings of these organisations whose pack did not close yet, soonest first."""
    query = sa.select(meeting).where(
        meeting.c.organisation.in_(sorted(set(organisations))),
        meeting.c.status == "planned",
        meeting.c.access_until >= today,
    )
    return [_meeting(row) for row in connection.execute(query.order_by(meeting.c.held_on, meeting.c.id))]


def planned(connection: Connection, at: Iterable[tuple[str, str]], since: date, limit: int) -> list[MeetingRow]:
    """The next planned meetings of these (kind, organisation), soonest first."""
    here = [sa.and_(meeting.c.kind == kind, meeting.c.organisation == place) for kind, place in sorted(set(at))]
    query = sa.select(meeting).where(
        meeting.c.held_on >= since, meeting.c.status == "planned", sa.or_(sa.false(), *here)
    )
    return [_meeting(row) for row in connection.execute(query.order_by(meeting.c.held_on, meeting.c.id).limit(limit))]


def lock_series(connection: Connection, organisation: str, kind: str) -> None:
    """Lock every series of that kind that the organisation holds: whoever asks for a place waits for whoever has it.

    Raises Busy where somebody holds them for too long. A paused series takes no case, but it is locked as well.
    """
    query = sa.select(series.c.id).where(series.c.organisation == organisation, series.c.kind == kind)
    for series_id in connection.scalars(query.order_by(series.c.id)).all():
        journal.lock(connection, StreamId("series", series_id))


def upcoming(connection: Connection, organisation: str, kind: str, today: date) -> list[MeetingRow]:
    """Planned meetings from today on of the series that are not paused, soonest first."""
    query = (
        sa.select(meeting)
        .join(series, series.c.id == meeting.c.series_id)
        .where(
            meeting.c.organisation == organisation,
            meeting.c.kind == kind,
            meeting.c.held_on >= today,
            meeting.c.status == "planned",
            ~series.c.is_paused,
        )
        .order_by(meeting.c.held_on, meeting.c.id)
    )
    return [_meeting(row) for row in connection.execute(query)]


def taken(connection: Connection, meeting_ids: Iterable[str]) -> dict[str, list[str]]:
    """The schools of the cases on each list, one for each case; a task that ended undone gives its place back."""
    query = (
        sa.select(listing.c.meeting_id, listing.c.school)
        .join(work_item, work_item.c.task_id == listing.c.task_id)
        .where(listing.c.meeting_id.in_(sorted(set(meeting_ids))), work_item.c.status != "ended")
    )
    found: dict[str, list[str]] = {}
    for meeting_id, school in connection.execute(query):
        found.setdefault(meeting_id, []).append(school)
    return found


def listed(connection: Connection, meeting_id: str) -> list[Listed]:
    """The cases on a list, oldest first; those whose task ended undone are not on it any more."""
    return _listed(connection, listing.c.meeting_id == meeting_id, work_item.c.status != "ended")


def listing_of(connection: Connection, task_id: str) -> Listed | None:
    """Where a task waits, or None: it waits for no meeting."""
    return next(iter(_listed(connection, listing.c.task_id == task_id)), None)


def unplaced(connection: Connection, limit: int = 200) -> list[Listed]:
    """Open tasks that wait for a date, or are on the list of a meeting that was cancelled; oldest first."""
    cancelled = sa.select(meeting.c.id).where(meeting.c.status == "cancelled")
    is_unplaced = sa.or_(listing.c.meeting_id.is_(None), listing.c.meeting_id.in_(cancelled))
    return _listed(connection, is_unplaced, work_item.c.status == "open", limit=limit)


def waiting(connection: Connection, organisation: str, kind: str) -> list[Listed]:
    """Open tasks of that kind that wait for a date of this organisation; oldest first."""
    here = sa.and_(listing.c.organisation == organisation, listing.c.kind == kind)
    return _listed(connection, here, listing.c.meeting_id.is_(None), work_item.c.status == "open")


def _listed(connection: Connection, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[Listed]:
    columns = [*listing.c, *(work_item.c[name] for name in ("name", "element", "reference", "pupil_name", "status"))]
    query = sa.select(*columns).join(work_item, work_item.c.task_id == listing.c.task_id).where(*conditions)
    rows = connection.execute(query.order_by(listing.c.asked_at, listing.c.task_id).limit(limit))
    return [Listed(**row) for row in rows.mappings()]


def _series(row: Any) -> SeriesRow:
    return SeriesRow(**row._mapping)


def _meeting(row: Any) -> MeetingRow:
    return MeetingRow(**row._mapping)
