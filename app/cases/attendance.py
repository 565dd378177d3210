"""Marks of attendance for places at centres, day by day, and who is told when they are missing or a pupil is absent.

A mark is an entry of the case without a step: the process goes on as it did.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time

from app import calendars
from app.calendars import CalendarError
from app.cases.command import Command, Receipt
from app.cases.mailing import announce
from app.cases.unit import Decision, Work, write
from app.clock import LONDON, local_date
from app.errors import NotFound, Rejected
from app.model.json import JsonObject
from app.model.placing import ABSENT_UNEXPLAINED, MARKS, PARTS
from app.store.db import Connection, reading
from app.store.queries import organisations, people, placements
from app.store.queries.placements import PlacementRow

log = logging.getLogger(__name__)

#: when marks of a day that are missing are asked for, in England
CHASED_AT = time(15)
#: who of the school is told that marks are missing, and who of the partnership
CHASED_AT_SCHOOL, CHASED_AT_PARTNERSHIP = frozenset({"ATT", "DSL"}), frozenset({"PCOORD"})
#: sessions in a row without a reason after which the safeguarding lead is told
UNEXPLAINED = 2
#: an earlier session is looked for so many days back at most
DAYS_BACK = 14


class NotExpected(Rejected):
    """The pupil is not expected at the centre on this day."""


def mark(case_id: str, day: date, marks: Mapping[str, str], command: Command) -> Receipt | None:
    """Mark sessions of one day ("am", "pm" → code); None where every mark stands already.

    Raises NotExpected for a day to come, or one that is not agreed, NotFound where the case holds no place.
    """

    def decide(work: Work) -> Decision | None:
        place = placements.of_case(work.connection, case_id)
        if place is None or place.status == "waiting":
            raise NotFound(None, case_id=case_id)
        _check(work, place, day, marks)
        known = placements.marks(work.connection, [case_id], day, day)
        changed = {part: code for part, code in marks.items() if known.get((case_id, day, part)) != code}
        if not changed:
            return None
        content: JsonObject = {"day": day.isoformat(), "marks": dict(changed)}
        return Decision("attendance-marked", content={**content, **_alert(work, place, day, marks)})

    return write(case_id, command, "attendance", [day.isoformat(), dict(marks)], decide)


def expected(place: PlacementRow, day: date, connection: Connection) -> tuple[str, ...]:
    """The sessions of a day at which the pupil is expected: agreed, within the place, and the centre is open."""
    first, last = place.first_on, place.ended_on
    if first is None or day < first or (last is not None and day > last) or place.status == "waiting":
        return ()
    try:
        is_open = organisations.calendar_of(connection, place.partnership).is_school_day(day)
    except CalendarError:
        is_open = False
    return place.parts_on(day) if is_open else ()


def missing(connection: Connection, day: date) -> list[PlacementRow]:
    """Places at which a session of the day is not marked."""
    found = [one for one in placements.held_on(connection, day) if expected(one, day, connection)]
    known = placements.marks(connection, [one.case_id for one in found], day, day)
    return [
        one for one in found if any((one.case_id, day, part) not in known for part in expected(one, day, connection))
    ]


def chase(command: Command) -> int:
    """Tell who must know that marks of today are missing, once for each place and day; how many were told of.

    The worker asks for it at every look: before 15:00, and asked twice, it does nothing.
    """
    now, today = command.now.astimezone(LONDON), local_date(command.now)
    if now.time() < CHASED_AT:
        return 0
    chased = 0
    for one in missing(reading(), today):
        if one.chased_on == today:
            continue  # told of before
        try:
            chased += _chase(one.case_id, today, replace(command, key=None)) is not None
        except Rejected as refused:
            log.warning("missing marks of case %s could not be told: %s", one.case_id, type(refused).__name__)
    return chased


def _chase(case_id: str, day: date, command: Command) -> Receipt | None:
    def decide(work: Work) -> Decision | None:
        place = placements.of_case(work.connection, case_id)
        if place is None or place.chased_on == day or place.status != "held":
            return None
        parts = expected(place, day, work.connection)
        known = placements.marks(work.connection, [case_id], day, day)
        left = [part for part in parts if (case_id, day, part) not in known]
        if not left:
            return None
        held = people.holding(work.connection, CHASED_AT_SCHOOL, [work.case.school], day)
        held += people.holding(work.connection, CHASED_AT_PARTNERSHIP, [place.partnership], day)
        told = list(dict.fromkeys(one.id for one in held))
        words = " and ".join(PARTS[part] for part in left)
        sentence = f"Attendance at {place.record['centre_name']} is not marked for {calendars.full(day)}, {words}."
        announce(work.connection, case_id, ("attendance", day.isoformat()), told, names_case=True)
        content: JsonObject = {"day": day.isoformat(), "told": _told(sentence, told)}
        return Decision("attendance-chased", content=content)

    return write(case_id, command, "chase", [day.isoformat()], decide)


def _check(work: Work, place: PlacementRow, day: date, marks: Mapping[str, str]) -> None:
    if day > work.today:
        raise NotExpected(f"Expected a day that has come, but {calendars.full(day)} is still to come.")
    parts = expected(place, day, work.connection)
    if not marks or not set(marks) <= set(parts):
        raise NotExpected(f"Expected a session that was agreed with the centre, but on {calendars.full(day)} none was.")
    if wrong := sorted(set(marks.values()) - set(MARKS)):
        raise NotExpected(f"Expected a known mark, but there is {wrong[0][:10]!r}.")


def _alert(work: Work, place: PlacementRow, day: date, marks: Mapping[str, str]) -> JsonObject:
    """Two absences in a row without a reason: the safeguarding lead of the school is told with the second mark."""
    known = placements.marks(work.connection, [place.case_id], date.fromordinal(day.toordinal() - DAYS_BACK), day)
    codes = {(on, part): code for (_, on, part), code in known.items()} | {
        (day, part): code for part, code in marks.items()
    }
    before = [codes.get(session) for session in _sessions(place, day, work.connection)]
    run = 0
    for code in before:
        if code not in ABSENT_UNEXPLAINED:
            break
        run += 1
    if run < UNEXPLAINED or not set(marks.values()) & ABSENT_UNEXPLAINED:
        return {}
    held = people.holding(work.connection, ["DSL"], [work.case.school], work.today)
    told = [one.id for one in held]
    sentence = (
        f"Absent without a reason {run} times in a row until {calendars.full(day)} at {place.record['centre_name']}."
    )
    about = ("absent", day.isoformat(), *sorted(marks))
    announce(work.connection, work.case.id, about, told, names_case=True, is_required=True)
    return {"told": _told(sentence, told)}


def _sessions(place: PlacementRow, day: date, connection: Connection) -> Iterator[tuple[date, str]]:
    """Agreed sessions from the last of a day back, afternoon before morning."""
    for number in range(day.toordinal(), day.toordinal() - DAYS_BACK, -1):
        on = date.fromordinal(number)
        parts = expected(place, on, connection)
        yield from ((on, part) for part in sorted(parts, reverse=True))


def _told(sentence: str, told: Sequence[str]) -> JsonObject:
    return {"kind": "attendance", "sentence": sentence, "people": list(told)}
