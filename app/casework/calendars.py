"""Changing a calendar: what would move, then the change and every date that depends on it. Changes: `calendar_changes`.

A change writes the calendar first and then works out the dates of one case after the other: what goes wrong in one case
is logged and named, and must not stop the others. Asking again does what is left.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.access.actions import Action
from app.access.people import Reader
from app.calendars import Calendar, CalendarError, to_json
from app.cases import events
from app.cases.command import Command
from app.cases.dates import SchoolDates, rules_of
from app.casework.calendar_changes import CHANGES, Changed, Typed, with_past_warned
from app.casework.people import reach
from app.casework.recording import is_repeat, record_once
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound, Rejected
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import journal
from app.store.db import db, reading
from app.store.queries import calendars
from app.store.queries.calendars import KeptCalendar

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Move:
    """A running date that would change."""

    #: reference of the case
    reference: str
    #: when it is due now
    before: date
    #: when it would be due
    after: date
    #: why then
    sentence: str


@dataclass(frozen=True)
class Preview:
    """What a change would do, before it is made."""

    #: the calendar it starts from
    kept: KeptCalendar
    #: what it says
    sentence: str
    #: what needs a reason
    warnings: tuple[str, ...]
    #: by reference
    moves: tuple[Move, ...]
    #: references of cases with a date that could not be worked out
    unclear: tuple[str, ...]
    #: how many running dates go by it
    running: int

    @property
    def cases(self) -> int:
        """How many cases have a date that would move."""
        return len({one.reference for one in self.moves})


@dataclass(frozen=True)
class Recalculated:
    """What working out the dates again led to."""

    #: how many cases have a date that moved
    moved: int
    #: references of cases whose dates could not be worked out
    failed: tuple[str, ...]


def calendar_of(calendar_id: str, reader: Reader) -> KeptCalendar:
    """A calendar of the reader's part of the tree. Raises NotFound for any other."""
    found = calendars.one(reading(), calendar_id)
    if found is None or calendar_id not in visible(reader):
        raise NotFound
    return found


def visible(reader: Reader) -> frozenset[str]:
    """Ids of calendars the reader administers: their organisation's own, or used in their part of the tree only."""
    mine = reach(reader, Action.ADMINISTER_CALENDARS)
    named = [one for one in reader.tree.organisations if one.calendar is not None]
    used_elsewhere = {one.calendar for one in named if one.id not in mine}
    own = {one.calendar for one in named if one.id in mine}
    return frozenset(one for one in own if one is not None and (one in mine or one not in used_elsewhere))


def going_by(reader: Reader) -> Mapping[str, frozenset[str]]:
    """For each calendar, the organisations whose dates are counted by it: theirs, or the nearest above."""
    named = {one.calendar for one in reader.tree.organisations if one.calendar}
    existing = {one.id for one in calendars.kept(reading(), named)}
    found: dict[str, set[str]] = {}
    for organisation in reader.tree.organisations:
        chain = (reader.tree.get(one).calendar for one in reader.tree.home_chain(organisation.id))
        nearest = next((one for one in chain if one in existing), None)
        if nearest is not None:
            found.setdefault(nearest, set()).add(organisation.id)
    return {calendar: frozenset(those) for calendar, those in found.items()}


def preview(calendar_id: str, what: str, typed: Typed, today: date, reader: Reader) -> Preview:
    """What the change would move. Raises InvalidAnswers, NotFound."""
    kept = calendar_of(calendar_id, reader)
    changed = _changed(kept, what, typed, today, reader)
    users, moves, unclear, running = going_by(reader), list[Move](), set[str](), 0
    for one, new in changed:
        for dated in calendars.running_dates(reading(), users.get(one.id, ())):
            running += 1
            try:
                due = SchoolDates(new.days, today, rules_of(reading(), dated.school)).again(dated.due)
            except (Rejected, CalendarError):
                unclear.add(dated.reference)
                continue
            if due is not None and due.on != dated.due.on:
                moves.append(Move(dated.reference, dated.due.on, due.on, due.sentence))
    first = changed[0][1]
    return Preview(kept, first.sentence, first.warnings, tuple(moves), tuple(sorted(unclear)), running)


def apply(calendar_id: str, what: str, typed: Typed, seq: int, command: Command, reader: Reader) -> Recalculated:
    """Make the change, then work out every date that depends on it. Raises InvalidAnswers, Stale, NotFound.

    Where it has warnings, `accepted` must say why they are right.
    """
    kept = calendar_of(calendar_id, reader)
    if is_repeat(_stream(calendar_id), command, seq):
        written = journal.one(reading(), _stream(calendar_id), seq + 1)
        assert written is not None
        assert written.content is not None
        return work_out([calendar_id], str(written.content.get("sentence")), command, reader)
    changed = _changed(kept, what, typed, today_of(command), reader)
    accepted = " ".join(typed.get("accepted", "").split())[:300]
    if changed[0][1].warnings and not accepted:
        raise InvalidAnswers({"accepted": "Enter why this is right all the same."})
    for one, new in changed:
        content: JsonObject = {"calendar": {"name": one.name, "days": to_json(new.days)}, "sentence": new.sentence}
        if new.warnings:
            content |= {"warnings": list(new.warnings), "accepted": accepted}
        expected = seq if one.id == calendar_id else one.seq
        record_once(_stream(one.id), "calendar-recorded", content, command, expected)
    return work_out([one.id for one, _ in changed], changed[0][1].sentence, command, reader)


def replace_days(calendar_id: str, name: str, days: Calendar, sentence: str, seq: int, command: Command) -> None:
    """Keep a calendar as a whole, such as a copy for a new school. Raises Stale. The caller works the dates out."""
    content: JsonObject = {"calendar": {"name": name, "days": to_json(days)}, "sentence": sentence}
    record_once(_stream(calendar_id), "calendar-recorded", content, command, seq)


def work_out(calendar_ids: Iterable[str], reason: str, command: Command, reader: Reader) -> Recalculated:
    """Work out every running date of every case that goes by the calendars; old dates are kept in the cases."""
    users = going_by(reader)
    schools = frozenset().union(*(users.get(one, frozenset()) for one in calendar_ids))
    references = {one.case_id: one.reference for one in calendars.running_dates(reading(), schools)}
    return work_out_cases(references, reason, command)


def work_out_cases(references: Mapping[str, str], reason: str, command: Command) -> Recalculated:
    """Work out every running date of some cases: case id → reference."""
    moved, failed = 0, []
    for case_id, reference in references.items():
        try:
            moved += events.recalculate(case_id, replace(command, key=None), reason) is not None
        except Rejected as refused:
            log.warning("the dates of %s were not worked out: %s", reference, refused)
            failed.append(reference)
        except Exception:
            log.exception("the dates of %s were not worked out", reference)
            db.session.rollback()
            failed.append(reference)
    return Recalculated(moved, tuple(failed))


def today_of(command: Command) -> date:
    """The date in England of a command."""
    return local_date(command.now)


def _changed(
    kept: KeptCalendar, what: str, typed: Typed, today: date, reader: Reader
) -> list[tuple[KeptCalendar, Changed]]:
    """The calendar that was asked about first, then the others the change is made to."""
    change = CHANGES.get(what)
    if change is None or (kept.days.kind == "working" and not change.for_offices):
        raise NotFound
    found = [(kept, with_past_warned(change.apply(kept.days, typed), today))]
    if not (change.for_offices and typed.get("where") == "all"):
        return found
    for other in calendars.kept(reading(), visible(reader) - {kept.id}):
        try:
            found.append((other, change.apply(other.days, typed)))
        except InvalidAnswers:
            continue  # it is so there already
    return found


def _stream(calendar_id: str) -> StreamId:
    return StreamId("calendar", calendar_id)
