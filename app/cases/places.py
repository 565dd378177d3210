"""Which meeting a task that waits for one is given: it serves the school, still takes papers and has room.

The entry that opens the task keeps what was found, so a rebuild needs no other stream (ADR 0050). How a task gets
another meeting later is in `listing`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app import calendars
from app.access.organisations import Organisation
from app.cases.dates import SchoolDates, dates_for
from app.model.due import Due
from app.model.json import JsonObject
from app.store.db import Connection
from app.store.queries import meetings, organisations
from app.store.queries.meetings import MeetingRow
from app.store.rows import CaseRow

#: what a variable `urgent` says where the case asks not to wait
URGENT = (True, "yes")


def with_meetings(
    connection: Connection, case: CaseRow, opened: list[dict[str, Any]], variables: JsonObject, now: date
) -> list[dict[str, Any]]:
    """The tasks of a step, those that wait for a meeting with the one that was found, and with its date."""
    given, dates = list[dict[str, Any]](), None
    placed: list[tuple[str, str]] = []
    for task in opened:
        kind = task.pop("waits_for", None)
        if kind is None:
            given.append(task)
            continue
        dates = dates or dates_for(connection, case.school, now)
        found = next_place(connection, task["holder"], kind, case.school, now, also_taken=placed)
        placed += [(found.id, case.school)] if found else []
        due = meeting_due(dates, found) if found else None
        asked = {"kind": kind, "id": found.id if found else None, "is_urgent": variables.get("urgent") in URGENT}
        given.append({**task, "meeting": asked, "due": due.to_json() if due else None})
    return given


def next_place(
    connection: Connection,
    organisation: str,
    kind: str,
    school: str,
    today: date,
    *,
    also_taken: Sequence[tuple[str, str]] = (),
) -> MeetingRow | None:
    """The place a case is given; the series stay locked until the transaction ends.

    `also_taken`: (meeting, school) of places given in this transaction that no row shows yet.
    """
    meetings.lock_series(connection, organisation, kind)
    return find_place(connection, organisation, kind, school, today, also_taken=also_taken)


def find_place(
    connection: Connection,
    organisation: str,
    kind: str,
    school: str,
    today: date,
    *,
    also_taken: Sequence[tuple[str, str]] = (),
) -> MeetingRow | None:
    """The first meeting that serves the school, still takes papers and has room; nothing is locked."""
    tree = organisations.tree(connection)
    is_early = is_early_years(tree.get(school))
    found = [one for one in meetings.upcoming(connection, organisation, kind, today) if one.serves(school)]
    found = [one for one in found if one.papers_for(is_early_years=is_early) >= today]
    taken = meetings.taken(connection, [one.id for one in found])
    for meeting_id, of_school in also_taken:
        taken.setdefault(meeting_id, []).append(of_school)
    return next((one for one in found if has_room(one, school, taken.get(one.id, []))), None)


def is_early_years(school: Organisation) -> bool:
    """Whether a school has the deadline of early-years settings."""
    return school.phase == "nursery" or school.governance == "ey_provider"


def meeting_due(dates: SchoolDates, held: MeetingRow) -> Due:
    """The day of the meeting as a due date: "the next meeting of Northgate LIFT, group C: Wed 11 November 2026"."""
    flag = "; provisional, no term dates are published yet" if held.record.get("is_provisional") else ""
    return dates.at_meeting(held.held_on, f"the next meeting of {held.name}: {calendars.full(held.held_on)}{flag}")


def has_room(held: MeetingRow, school: str, schools: list[str]) -> bool:
    """Whether one more case of the school fits; `schools` are those of the cases on its list."""
    return len(schools) < held.slots and schools.count(school) < held.per_school
