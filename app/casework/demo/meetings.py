"""The forums of the demonstration meet: a series for each, with its dates until summer. Cases come by themselves."""

from datetime import date, datetime

from app.access.people import Reader
from app.cases.command import Command
from app.casework.meetings import dates, series
from app.casework.meetings.series import SeriesForm
from app.model.actor import Actor
from app.store.db import reading
from app.store.queries import organisations, people

#: the last day of the school year for which term dates are published
UNTIL = date(2027, 7, 16)
#: who arranges the meetings of both forums
ADMINISTRATOR = "oonagh.szymborska"
#: who reads the packs of both
MEMBERS = ("dilnoza.farquharson",)
SERIES = (
    SeriesForm(
        name="Fellside forum",
        kind="forum",
        organisation="fellside-forum",
        chair="tunde.hallbergson",
        members=MEMBERS,
        often="fortnightly",
        weekday="2",
        begins="14:00",
        place="Fellside Library, first floor",
    ),
    SeriesForm(
        name="Shoreline forum",
        kind="forum",
        organisation="shoreline-forum",
        chair="mirela.achterberg",
        members=MEMBERS,
        often="fortnightly",
        weekday="3",
        begins="13:30",
        place="Online",
        deadline="weekday_before",
    ),
)


def plan_meetings(at: datetime) -> None:
    """Record the series and publish their dates from the day of `at` on."""
    person = people.one(reading(), ADMINISTRATOR)
    if person is None:
        raise LookupError(f"Expected {ADMINISTRATOR} in the demonstration")
    for form in SERIES:
        reader = Reader(person, organisations.tree(reading()), at.date())
        actor = Actor(person.id, person.name, "FADM", form.organisation)
        series_id = series.add(form, Command(actor, at), reader)
        dates.publish(series_id, at.date(), UNTIL, Command(actor, at), reader)
