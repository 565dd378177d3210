"""What Larkhaven set for itself, by the use case its administrator would take: names of its levels and of its hubs."""

from datetime import datetime

from app.access.people import Reader
from app.cases.command import Command
from app.casework import settings
from app.clock import local_date
from app.model.actor import Actor
from app.store.db import reading
from app.store.queries import organisations, people

ADMINISTRATOR, AUTHORITY = "kerensa.ogunwhite", "larkhaven"
LEVELS = (
    "Level 1: what every class offers",
    "Level 2: some help beside it",
    "Level 3: help that was planned and is reviewed",
    "Level 4: help with a service from outside",
    "Level 5: intensive or specialist",
)
VALUES = {"tier.names": "\n".join(LEVELS), "name.forum": "inclusion hub", "name.lmg": "locality group"}


def set_up_city(at: datetime) -> None:
    """Set them from that day on."""
    person = people.one(reading(), ADMINISTRATOR)
    if person is None:
        raise LookupError(f"Expected {ADMINISTRATOR} in the demonstration")
    command = Command(Actor(person.id, person.name, "SYS", AUTHORITY), at)
    for key, value in VALUES.items():
        reader = Reader(person, organisations.tree(reading()), local_date(at))
        typed = {"value": value, "valid_from": reader.on.isoformat(), "reason": "As the city has always called them"}
        settings.change(key, typed, 0, command, reader)
