"""The stories of the demonstration as plain values: what people decide. Dates that rules lead to are not here."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Round:
    """One round of assess, plan, do and review, as it is decided."""

    #: tier of the plan
    tier: str = "2"
    #: the day the plan is agreed, or None for when its turn comes
    on: date | None = None
    #: the teacher asks for the review in the log from this day on, or None
    early: date | None = None
    #: of every outcome, at the review: "met", "partly", "not"
    progress: str = "partly"
    #: what is decided after the review
    next: str = "same_tier"
    #: support goes on while somebody else is asked
    carry_on: str = "no"
    #: risks named at the review
    risks: tuple[str, ...] = ()
    #: whether the parents agree to a request
    agreement: str = "yes"


@dataclass(frozen=True)
class Message:
    """A message that reaches the case."""

    #: the day
    on: date
    #: name of the message
    name: str


@dataclass(frozen=True)
class Note:
    """A note somebody adds."""

    #: the day
    on: date
    #: role of whoever writes it
    by: str
    #: what it says; "{pupil}" is the pupil's forename
    text: str
    #: for the safeguarding lead only
    restricted: bool = False


@dataclass(frozen=True)
class Story:
    """One case."""

    #: pupil id
    pupil: str
    #: the day the concern is logged
    start: date
    #: area of need: chooses the words
    area: str
    #: role of whoever logs it
    by: str = "TEACH"
    #: there is a safeguarding concern
    safeguarding: bool = False
    #: consent to share: "verbal", "written", "no", "not_asked"
    consent: str = "verbal"
    #: rounds in order; a further one is like the last
    rounds: tuple[Round, ...] = (Round(),)
    #: tasks that nobody does: an element, or "element@2" for its second time only
    leave: frozenset[str] = frozenset()
    #: tasks that somebody takes, and does not do
    take: frozenset[str] = frozenset()
    #: messages
    messages: tuple[Message, ...] = ()
    #: notes
    notes: tuple[Note, ...] = ()

    def round(self, number: int) -> Round:
        """A round by its number, from 1."""
        return self.rounds[min(number, len(self.rounds)) - 1]


@cache
def stories() -> tuple[Story, ...]:
    """The stories of Northmere, in the order of the file. Reads a packaged file once."""
    return tuple(_story(row) for row in _read("stories.yaml"))


@cache
def larkhaven_stories() -> tuple[Story, ...]:
    """Those of Larkhaven."""
    return tuple(_story(row) for row in _read("larkhaven_stories.yaml"))


@cache
def phrases() -> dict[str, dict[str, Any]]:
    """What people write, by area of need. Reads a packaged file once."""
    found: dict[str, dict[str, Any]] = _read("phrases.yaml")
    return found


def _read(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((files(__package__) / name).read_text("utf-8"))


def _story(row: dict[str, Any]) -> Story:
    rounds = tuple(Round(**{**one, "risks": tuple(one.get("risks", ()))}) for one in row.get("rounds", ()))
    return Story(
        **{
            **row,
            "rounds": rounds or (Round(),),
            "leave": frozenset(row.get("leave", ())),
            "take": frozenset(row.get("take", ())),
            "messages": tuple(Message(**one) for one in row.get("messages", ())),
            "notes": tuple(Note(**one) for one in row.get("notes", ())),
        }
    )
