"""Owns by when papers for a meeting must be in, and when its pack opens and closes. It does not own the meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.calendars.calendar import Calendar
from app.calendars.counting import calendar_days, school_days
from app.calendars.phrases import WEEKDAYS, counted, full
from app.calendars.rule import Rule
from app.calendars.skipping import provisional_note
from app.calendars.windows import weekday_before

Kind = Literal["weekday_before", "school_days", "calendar_days"]


@dataclass(frozen=True)
class PaperRule:
    """How long before a meeting papers must be in."""

    #: a weekday of the week before; n school days before; n calendar days before
    kind: Kind
    #: 0 for Monday, for a weekday of the week before
    weekday: int = 2
    #: how many days before, else
    count: int = 5

    def in_words(self) -> str:
        """ "Wednesday of the week before", "5 school days before"."""
        if self.kind == "weekday_before":
            return f"{WEEKDAYS[self.weekday]} of the week before"
        return f"{counted(self.count, 'school day' if self.kind == 'school_days' else 'calendar day')} before"


@dataclass(frozen=True)
class PapersDue:
    """The last day on which papers for one meeting can be sent."""

    #: the day, always a school day
    on: date
    #: how it was reached
    sentence: str


def papers_due(rule: PaperRule, meeting: date, calendar: Calendar) -> PapersDue:
    """The deadline; where it falls on no school day, the school day before."""
    if rule.kind == "weekday_before":
        asked = Rule("forum.deadline", "Send papers", "calendar_day", form="weekday_before", weekday=rule.weekday)
        reached = weekday_before(asked, meeting, calendar)
        note = provisional_note(calendar, reached.consulted)
        return PapersDue(reached.on, f"{reached.how}: {full(reached.on)}{note}")
    unit: Literal["school_day", "calendar_day"] = "school_day" if rule.kind == "school_days" else "calendar_day"
    asked = Rule("forum.deadline", "Send papers", unit, rule.count, "before")
    reached = (school_days if rule.kind == "school_days" else calendar_days)(asked, meeting, calendar)
    why = calendar.no_school(reached.on)
    if why is None:
        note = provisional_note(calendar, (*reached.consulted, reached.on))
        return PapersDue(reached.on, f"{reached.how}: {full(reached.on)}{note}")
    on = calendar.school_day_on_or_before(reached.on)
    note = provisional_note(calendar, (on, reached.on))
    how = f"{reached.how} is {why.place(reached.on)}, so the school day before"
    return PapersDue(on, f"{how}: {full(on)}{note}")


def pack_days(meeting: date, before: int, after: int, calendar: Calendar) -> tuple[date, date]:
    """The first and the last day on which members may see the pack: school days before and after the meeting."""
    opens = calendar.nth_school_day_before(meeting, before) if before else meeting
    closes = calendar.nth_school_day_after(meeting, after) if after else meeting
    return opens, closes
