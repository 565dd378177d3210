"""Filling an empty installation with the demonstration: authorities, their cases, the clock. Deploying comes before."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from app.cases.command import Command
from app.cases.records import write_record
from app.casework.demo.authority import larkhaven, northmere
from app.casework.demo.city_settings import set_up_city
from app.casework.demo.loading import LOADED_AT, load
from app.casework.demo.meetings import plan_meetings
from app.casework.demo.placements import live_placements
from app.casework.demo.simulation import Simulation
from app.casework.demo.stories import Story, larkhaven_stories, stories
from app.clock import real_now
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import installation

#: Monday 9 November 2026, nine o'clock in England: when the demonstration begins
DEMO_START = datetime(2026, 11, 9, 9, tzinfo=UTC)
#: fact of an installation that it is a demonstration
IS_DEMO = "demonstration"


def seed_authority() -> None:
    """The invented authorities, before any case, and what the city set for itself."""
    load(northmere())
    load(larkhaven())
    set_up_city(LOADED_AT)


def seed_cases(on_day: Callable[[date], None], chosen: tuple[Story, ...] | None = None) -> None:
    """Cases at different stages, made by running the process over the past. Raises StoryStuck."""
    if chosen is None:
        Simulation(larkhaven(), DEMO_START, on_day).play(larkhaven_stories())
    Simulation(northmere(), DEMO_START, on_day).play(stories() if chosen is None else chosen)
    if chosen is None:
        live_placements(DEMO_START)


def finish() -> None:
    """Plan its meetings, mark the installation as a demonstration, and set its clock to the moment it begins."""
    plan_meetings(DEMO_START)
    command = Command(OPERATOR, DEMO_START)
    write_record(StreamId("installation", IS_DEMO), "demonstration-made", {"value": True}, command)
    offset = (DEMO_START - real_now()).total_seconds()
    clock: JsonObject = {"value": offset, "from": None, "to": DEMO_START.isoformat()}
    write_record(StreamId("installation", "clock-offset"), "clock-set", clock, command)


def is_demonstration() -> bool:
    """This installation holds invented people only."""
    return bool(installation.fact(reading(), IS_DEMO))
