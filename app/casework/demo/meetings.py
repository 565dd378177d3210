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
#: who arranges the meetings of each authority's forums
ADMINISTRATORS = {"northmere": "oonagh.szymborska", "larkhaven": "ingeborg.faulknerd"}
#: who reads the packs of both forums of Northmere, of both hubs of Larkhaven
MEMBERS, CITY_MEMBERS = ("dilnoza.farquharson",), ("araminta.kowalczuk",)
CITY_CHAIR = "lysander.mbatha"
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
    SeriesForm(
        name="North inclusion hub",
        kind="forum",
        organisation="larkhaven-north-hub",
        chair=CITY_CHAIR,
        members=CITY_MEMBERS,
        often="monthly",
        weekday="1",
        nth="3",
        begins="09:30",
        place="Linnet Green, community room",
    ),
    SeriesForm(
        name="South inclusion hub",
        kind="forum",
        organisation="larkhaven-south-hub",
        chair=CITY_CHAIR,
        members=CITY_MEMBERS,
        often="half-termly",
        weekday="3",
        nth="4",
        begins="15:45",
        place="Online",
        deadline="calendar_days",
        deadline_count="7",
    ),
)


def plan_meetings(at: datetime) -> None:
    """Record the series and publish their dates from the day of `at` on."""
    for form in SERIES:
        tree = organisations.tree(reading())
        person = people.one(reading(), ADMINISTRATORS[tree.authority_of(form.organisation) or ""])
        if person is None:
            raise LookupError(f"Expected somebody to arrange the meetings of {form.organisation}")
        reader = Reader(person, tree, at.date())
        actor = Actor(person.id, person.name, "FADM", form.organisation)
        series_id = series.add(form, Command(actor, at), reader)
        dates.publish(series_id, at.date(), UNTIL, Command(actor, at), reader)
