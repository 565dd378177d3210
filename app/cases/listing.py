"""Putting a task that waits for a meeting on another list: by hand, after a cancelled meeting, when not decided.

Places are given under the lock of the series: of two cases for the last place, the second gets the next date.
"""

import logging
from dataclasses import replace

from app import calendars
from app.cases.command import Command, Receipt
from app.cases.mailing import announce
from app.cases.places import find_place, has_room, is_early_years, meeting_due, next_place
from app.cases.settings import settings_of
from app.cases.unit import Decision, Work, write
from app.clock import local_date
from app.errors import NotFound, Rejected
from app.model.json import JsonObject
from app.store.db import Connection, reading
from app.store.queries import meetings, organisations, people
from app.store.queries.meetings import Listed, MeetingRow

log = logging.getLogger(__name__)

#: who of a school hears that its case goes to another meeting, beside whoever leads the case
TOLD_AT_SCHOOL = frozenset({"SENCO", "INCL", "EYSET", "P16", "SPEC"})


class MeetingFull(Rejected):
    """There is no room at this meeting."""


class ListClosed(Rejected):
    """Papers for this meeting were due before."""


def relist(one: Listed, reason: str, command: Command) -> Receipt | None:
    """Give a task that has no meeting, or whose meeting was cancelled, the next place; None where nothing changes."""

    def decide(work: Work) -> Decision | None:
        now = _open_listing(work, one.task_id)
        if now is None or not _is_unplaced(work.connection, now):
            return None
        found = next_place(work.connection, now.organisation, now.kind, now.school, work.today)
        if (found.id if found else None) == now.meeting_id:
            return None
        return _changed(work, now, found, reason)

    return write(one.case_id, command, "relist", [one.task_id], decide, one.task_id)


def move(task_id: str, to: str, reason: str, command: Command, *, may_be_late: bool) -> Receipt | None:
    """Put a task on the list of another meeting of the same kind and organisation.

    `may_be_late`: the chair accepts an urgent case after the papers were due. Raises NotFound, MeetingFull, ListClosed.
    """
    known = meetings.listing_of(reading(), task_id)
    if known is None:
        raise NotFound(None, task_id=task_id)

    def decide(work: Work) -> Decision | None:
        now = _open_listing(work, task_id)
        if now is None:
            raise NotFound(None, task_id=task_id)
        if now.meeting_id == to:
            return None
        return _changed(work, now, _asked_for(work, now, to, may_be_late=may_be_late), reason)

    return write(known.case_id, command, "move", [task_id, to], decide, task_id)


def defer(one: Listed, reason: str, command: Command) -> Receipt | None:
    """Put a task that was not decided at its meeting on the next list with room after it."""

    def decide(work: Work) -> Decision | None:
        now = _open_listing(work, one.task_id)
        if now is None or now.meeting_id != one.meeting_id:
            return None
        held = meetings.one(work.connection, now.meeting_id or "")
        meetings.lock_series(work.connection, now.organisation, now.kind)
        after = [
            each
            for each in meetings.upcoming(work.connection, now.organisation, now.kind, work.today)
            if each.serves(now.school) and (held is None or each.held_on > held.held_on)
        ]
        taken = meetings.taken(work.connection, [each.id for each in after])
        found = next((each for each in after if has_room(each, now.school, taken.get(each.id, []))), None)
        return _changed(work, now, found, reason)

    return write(one.case_id, command, "defer", [one.task_id, one.meeting_id], decide, one.task_id)


def _asked_for(work: Work, now: Listed, to: str, *, may_be_late: bool) -> MeetingRow:
    meetings.lock_series(work.connection, now.organisation, now.kind)
    found = meetings.one(work.connection, to)
    is_other = found is not None and (found.organisation, found.kind) != (now.organisation, now.kind)
    if found is None or is_other or found.status != "planned" or found.held_on < work.today:
        raise NotFound(None, meeting_id=to)
    schools = meetings.taken(work.connection, [to]).get(to, [])
    if not has_room(found, now.school, schools):
        limit = f"{found.slots} cases" if len(schools) >= found.slots else f"{found.per_school} cases of one school"
        raise MeetingFull(
            f"Expected room at {found.name} on {calendars.full(found.held_on)}, but it already has {limit}. "
            "Choose another date."
        )
    is_early = is_early_years(organisations.tree(work.connection).get(now.school))
    if found.papers_for(is_early_years=is_early) < work.today and not (may_be_late and now.is_urgent):
        raise ListClosed(
            f"Papers for {calendars.full(found.held_on)} were due on {calendars.full(found.papers_on)}. "
            "After that only the chair can take a case, and only one that is urgent."
        )
    return found


def _open_listing(work: Work, task_id: str) -> Listed | None:
    found = meetings.listing_of(work.connection, task_id)
    return found if found is not None and found.status == "open" else None


def _is_unplaced(connection: Connection, now: Listed) -> bool:
    held = meetings.one(connection, now.meeting_id) if now.meeting_id else None
    return held is None or held.status == "cancelled"


def _changed(work: Work, now: Listed, to: MeetingRow | None, reason: str) -> Decision:
    before = meetings.one(work.connection, now.meeting_id) if now.meeting_id else None
    due = meeting_due(work.dates, to) if to else None
    called = str(settings_of(work.connection, now.organisation, work.today)[f"name.{now.kind}"])
    sentence = _sentence(now, called, before, to, reason)
    told = _told(work)
    announce(work.connection, work.case.id, (now.task_id, to.id if to else "waits"), told, names_case=True)
    meta: JsonObject = {"task_id": now.task_id, "element": now.element, "meeting_id": to.id if to else None}
    return Decision(
        "meeting-changed",
        meta=meta,
        content={
            "task_id": now.task_id,
            "name": now.name,
            "from": now.meeting_id,
            "to": to.id if to else None,
            "due": due.to_json() if due else None,
            "reason": reason,
            "sentence": sentence,
            "told": {"kind": "meeting", "sentence": sentence, "people": told},
        },
    )


def _sentence(now: Listed, called: str, before: MeetingRow | None, to: MeetingRow | None, reason: str) -> str:
    where = f"to {to.name} on {calendars.full(to.held_on)}" if to else f"to the next {called} that has room"
    came = f" from {calendars.full(before.held_on)}" if before else ""
    because = f": {reason.strip().rstrip('.')}" if reason.strip() else ""
    return f"“{now.name}” goes{came} {where}{because}."


def _told(work: Work) -> list[str]:
    """Whoever leads the case, and those of its school who look after such cases."""
    held = people.holding(work.connection, TOLD_AT_SCHOOL, [work.case.school], work.today)
    return list(dict.fromkeys([work.case.lead, *(one.id for one in held)]))


def place_waiting(command: Command) -> int:
    """Give every task that waits for a date, or whose meeting was cancelled, the next place; how many were moved.

    The worker asks for it, and whoever published or cancelled a date: asked twice, it does no more. So no task needs
    the key of the command, which several of them could not share.
    """
    moved, today = 0, local_date(command.now)
    command = replace(command, key=None)
    for one in meetings.unplaced(reading()):
        held = meetings.one(reading(), one.meeting_id) if one.meeting_id else None
        if held is None and find_place(reading(), one.organisation, one.kind, one.school, today) is None:
            continue
        reason = f"the meeting was cancelled ({held.record['reason']})" if held else ""
        try:
            moved += relist(one, reason, command) is not None
        except Rejected as refused:
            log.warning("a task in case %s could not be given a meeting: %s", one.case_id, type(refused).__name__)
    return moved
