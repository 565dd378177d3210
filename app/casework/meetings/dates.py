"""The dates of a series: looked at first, published, cancelled. What is asked about a series: `series`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

from app.access.people import Reader
from app.calendars import (
    Calendar,
    CalendarError,
    MeetingDay,
    Sitting,
    clashes,
    full,
    meeting_days,
    pack_days,
    papers_due,
    rotation,
)
from app.calendars.meeting_days import LeftOut
from app.cases.command import Command
from app.cases.listing import place_waiting
from app.casework.meetings.series import EARLY_YEARS, cadence_of, paper_rule_of, series_of
from app.casework.recording import is_repeat, record_once
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import meetings, organisations
from app.store.queries.meetings import MeetingRow, SeriesRow


@dataclass(frozen=True)
class Planned:
    """One date about to be published."""

    #: id the meeting will have
    id: str
    #: last entry of its stream, 0 where there is none
    seq: int
    #: everything that will be kept about it
    record: dict[str, Any]
    #: what it stands in for, or ""
    moved: str

    @property
    def on(self) -> date:
        """The day."""
        return date.fromisoformat(self.record["on"])


@dataclass(frozen=True)
class Preview:
    """What publishing would do."""

    #: new dates in order
    planned: tuple[Planned, ...]
    #: days on which it does not meet, with why
    left_out: tuple[LeftOut, ...]
    #: why nothing can be published: meetings of the same chair at the same time
    clashes: tuple[str, ...]


def preview(series_id: str, first: date, last: date, reader: Reader) -> Preview:
    """The dates of the series from `first` to `last` that are not published yet. Raises InvalidAnswers, NotFound."""
    row = series_of(series_id, reader)
    return _preview(row, first, last, reader.on)


def publish(series_id: str, first: date, last: date, command: Command, reader: Reader) -> int:
    """Publish them, and give cases that wait their places; how many dates. Raises InvalidAnswers, NotFound.

    A repeat publishes nothing twice: a date is one stream, named by the series and the day.
    """
    row = series_of(series_id, reader)
    found = _preview(row, first, last, reader.on)
    if found.clashes:
        raise InvalidAnswers({"first": f"Choose other dates, or another time: {found.clashes[0]}."})
    for one in found.planned:
        content: JsonObject = {"meeting": one.record}
        record_once(StreamId("meeting", one.id), "meeting-planned", content, command, one.seq)
    place_waiting(command)
    return len(found.planned)


def cancel(held: MeetingRow, reason: str, seq: int, command: Command) -> int:
    """Cancel one meeting: its cases go to the next place, oldest first, and their schools are told; how many moved.

    Raises InvalidAnswers without a reason, Stale, NotFound where it was cancelled or is over.
    """
    reason = " ".join(reason.split())[:200]
    if is_repeat(StreamId("meeting", held.id), command, seq):
        return place_waiting(command)
    if not reason:
        raise InvalidAnswers({"reason": "Enter why it is cancelled: the schools read it."})
    if held.status != "planned" or held.held_on < local_date(command.now):
        raise NotFound
    record = cast(JsonObject, {**held.record, "reason": reason})
    record_once(StreamId("meeting", held.id), "meeting-cancelled", {"meeting": record}, command, seq)
    return place_waiting(command)


def _preview(row: SeriesRow, first: date, last: date, today: date) -> Preview:
    calendar = organisations.calendar_of(reading(), row.organisation)
    if first < today:
        raise InvalidAnswers({"first": "Enter a first day that is not over."})
    try:
        found = meeting_days(cadence_of(row.record), first, last, calendar)
    except CalendarError as wrong:
        raise InvalidAnswers({"last": f"{wrong}."}) from None
    known = {one.id: one for one in meetings.of_series(reading(), row.id)}
    fresh = [one for one in found.days if not _is_planned(known.get(_id_of(row, one.on)))]
    before = [one for one in known.values() if one.status == "planned" and one.held_on < first]
    last_group = before[-1].record["group"] if before else ""
    letters = rotation(tuple(row.record["groups"]), last_group, len(fresh))
    planned = tuple(
        _planned(row, day, group, calendar, known.get(_id_of(row, day.on)))
        for day, group in zip(fresh, letters, strict=True)
    )
    return Preview(planned, found.left_out, _clashes(row, planned, today))


def _is_planned(held: MeetingRow | None) -> bool:
    return held is not None and held.status == "planned"


def _planned(row: SeriesRow, day: MeetingDay, group: str, calendar: Calendar, known: MeetingRow | None) -> Planned:
    papers = papers_due(paper_rule_of(row.record), day.on, calendar)
    early = papers_due(EARLY_YEARS, day.on, calendar) if row.record["is_early_years_apart"] else None
    opens, closes = pack_days(day.on, row.record["pack_before"], row.record["access_after"], calendar)
    record = {
        "series": row.id,
        "name": row.name,
        "kind": row.kind,
        "organisation": row.organisation,
        "on": day.on.isoformat(),
        "begins": row.record["begins"],
        "minutes": row.record["minutes"] * row.record["slots"],
        "place": row.record["place"],
        "chair": row.record["chair"],
        "group": group,
        "schools": row.record["groups"].get(group, []),
        "papers_on": papers.on.isoformat(),
        "papers_sentence": papers.sentence,
        "early_papers_on": early.on.isoformat() if early else None,
        "pack_on": opens.isoformat(),
        "access_until": closes.isoformat(),
        "slots": row.record["slots"],
        "per_school": row.record["per_school"],
        "is_provisional": day.is_provisional,
    }
    return Planned(_id_of(row, day.on), known.seq if known else 0, record, day.moved)


def _clashes(row: SeriesRow, planned: tuple[Planned, ...], today: date) -> tuple[str, ...]:
    others = meetings.chaired_by(reading(), row.record["chair"], today)
    return clashes(
        [_sitting(one.record) for one in planned], [_sitting(one.record) for one in others if one.series_id != row.id]
    )


def _sitting(record: Mapping[str, Any]) -> Sitting:
    begins = time.fromisoformat(record["begins"])
    return Sitting(date.fromisoformat(record["on"]), begins, record["minutes"], record["name"])


def _id_of(row: SeriesRow, on: date) -> str:
    return f"{row.id}-{on.isoformat()}"


def said(held: MeetingRow) -> str:
    """ "Northgate LIFT, group C, on Wed 11 November 2026"."""
    return f"{held.name}, on {full(held.held_on)}"
