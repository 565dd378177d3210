"""Owns what a deadline rule says. It does not work dates out (`deadlines`) and does not keep rules (`rule_book`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal[
    "school_day", "working_day", "calendar_day", "week", "month", "school_week", "half_term", "term", "hour", "none"
]
Form = Literal["plain", "next_capped", "school_weeks", "weekday_before", "yearly_day"]
Direction = Literal["after", "before", "of"]

#: People a rung may name besides a role code: whoever has the work, and that person's line lead.
ASSIGNEE = "assignee"
LINE_LEAD = "line_lead"


@dataclass(frozen=True)
class Rung:
    """Who hears of it when a deadline has passed."""

    #: 0 is the first overdue day (from 00:00); n is the nth school day after the due date (at 08:00).
    after_school_days: int
    #: Role codes, or `assignee` and `line_lead`.
    tell: tuple[str, ...]
    #: They see that something is late, not whose case it is.
    count_only: bool = False


#: The ladder of domain 1.7.
REMIND = (5, 1)
OVERDUE = (Rung(0, (ASSIGNEE, LINE_LEAD)), Rung(5, ("POWN", "HOS")))
#: Dates set by law go to the head of service on the first overdue day.
OVERDUE_BY_LAW = (Rung(0, (ASSIGNEE, LINE_LEAD, "HOS")), Rung(5, ("POWN",)))


@dataclass(frozen=True)
class Rule:
    """How one kind of deadline is counted, as dated data."""

    #: "ex.board15".
    key: str
    #: What must happen by then.
    title: str
    #: What is counted.
    unit: Unit
    #: How many.
    count: int = 0
    #: After the basis; before it; or "of", where the first school day counts as 1.
    direction: Direction = "after"
    #: "Beginning with" the basis: the basis day counts as 1.
    inclusive: bool = False
    #: What it counts from, in words.
    basis: str = ""
    #: Whose calendar, in words: "home school".
    whose: str = "home school"
    #: "17:00", "same" for the basis's own time of day, or None for the end of the day.
    time_of_day: str | None = None
    #: How the date is found.
    form: Form = "plain"
    #: `next_capped`: the next school day is taken if it is at most this many days after the basis.
    cap_days: int = 0
    #: `next_capped`: else the school day before, if it is at least this many days after the basis.
    floor_days: int = 0
    #: `weekday_before`: the day of the week before the basis, 0 for Monday.
    weekday: int = 0
    #: `yearly_day`: (month, day).
    month_day: tuple[int, int] = (1, 1)
    #: A date that is not a working day moves to the next one. Never for dates of law.
    rolls_to_working_day: bool = False
    #: A check that is shown on the next school day, while its date stays.
    shows_on_school_day: bool = False
    #: Reminders, in school days before the due date.
    remind: tuple[int, ...] = REMIND
    #: Who is told on the due day at 08:00.
    due_today: tuple[str, ...] = (ASSIGNEE,)
    #: Who is told when it is late.
    overdue: tuple[Rung, ...] = OVERDUE
    #: "S" statute, "G" guidance, "seed" the partnership's own papers, "local" a local default.
    legal: Literal["S", "G", "seed", "local"] = "local"
    #: Where it is written.
    source: str = ""
    #: First basis date it applies to.
    valid_from: date = date(2014, 9, 1)
    #: Last basis date it applies to, or None.
    valid_to: date | None = None
    #: Counts up whenever the same key changes.
    version: int = 1

    def is_valid(self, on: date) -> bool:
        """Whether the rule applies to something that happened on this day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
