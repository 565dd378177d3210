"""Recording the invented authority: organisations, calendars, people, pupils. Its cases are in `simulation`."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time

from app.access import Organisation
from app.calendars import reference_calendar, to_json
from app.cases.command import Command
from app.cases.records import write_record
from app.casework.demo.authority import SINCE, DemoAuthority, DemoPerson
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.model.json import JsonObject

#: when everything was recorded, by the case clock
LOADED_AT = datetime.combine(SINCE, time(7), UTC)


def load(authority: DemoAuthority) -> None:
    """Record all of it. Each school has a calendar of its own, so that closing one for a day moves only its dates."""
    command = Command(OPERATOR, LOADED_AT)
    for stream, kind, content in _records(authority):
        write_record(stream, kind, content, command)


def _records(authority: DemoAuthority) -> Iterator[tuple[StreamId, str, JsonObject]]:
    for place in authority.organisations:
        if place.calendar:
            yield StreamId("calendar", place.id), "calendar-recorded", {"calendar": _calendar(place, place.calendar)}
    for place in authority.organisations:
        yield StreamId("organisation", place.id), "organisation-recorded", {"organisation": _organisation(place)}
    for person in authority.people:
        yield StreamId("person", person.person.id), "person-recorded", {"person": _person(person)}
    for pupil in authority.pupils:
        yield StreamId("pupil", pupil.id), "pupil-recorded", {"pupil": pupil.record()}


def _calendar(place: Organisation, reference: str) -> JsonObject:
    return {"name": place.name, "days": {**to_json(reference_calendar(reference)), "owner": place.name}}


def _organisation(place: Organisation) -> JsonObject:
    known = {key: value for key, value in asdict(place).items() if key != "id" and value is not None}
    return {**known, "calendar": place.id if place.calendar else None}


def _person(one: DemoPerson) -> JsonObject:
    return {
        "user_name": one.user_name,
        "name": one.person.name,
        "email": one.email,
        "is_active": True,
        "memberships": [
            {
                "role": held.role,
                "organisation": held.organisation,
                "since": held.since.isoformat() if held.since else None,
            }
            for held in one.person.memberships
        ],
    }
