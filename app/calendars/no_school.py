"""Owns why a day is not a school day, and what the gaps between terms are called. It does not own the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.calendars.bank_holidays import easter_monday
from app.calendars.phrases import named, span

ONE_DAY = timedelta(days=1)
#: A longer gap in spring is the Easter holidays, wherever Easter falls.
LONGEST_HALF_TERM = timedelta(days=6)


@dataclass(frozen=True)
class NoSchool:
    """One reason why a stretch of days has no school."""

    #: "weekend", "bank holiday", "training day", "closure" or "holiday".
    kind: str
    #: What people call it: "half-term", "Christmas holidays", or the reason of a closure.
    name: str
    #: Its first weekday.
    first: date
    #: Its last weekday.
    last: date

    def answer(self) -> str:
        """The reason alone: "half-term 26–30 Oct", "training day", "closed: boiler"."""
        if self.kind == "holiday":
            return f"{self.name} {span(self.first, self.last)}"
        return f"closed: {self.name}" if self.kind == "closure" else self.name

    def skipped(self) -> str:
        """The reason inside "skipping …": "the training day 23 Oct", "half-term 26–30 Oct"."""
        when = span(self.first, self.last)
        if self.kind == "closure":
            return f"the closure {when} ({self.name})"
        return f"half-term {when}" if self.name == "half-term" else f"the {self.name} {when}"

    def place(self, on: date) -> str:
        """A day with its reason: "Mon 26 Oct, in half-term", "Fri 26 Mar, a bank holiday"."""
        if self.kind == "closure":
            return f"{named(on)}, when the school is closed ({self.name})"
        if self.kind == "holiday":
            return f"{named(on)}, in {'' if self.name == 'half-term' else 'the '}{self.name}"
        return f"{named(on)}, {'at the weekend' if self.kind == 'weekend' else f'a {self.name}'}"


def is_weekend(on: date) -> bool:
    """Saturday or Sunday."""
    return on.weekday() >= 5


def between_terms(first: date, last: date) -> NoSchool | None:
    """The holiday from `first` to `last`, cut to its weekdays; None if it is only a weekend."""
    while first <= last and is_weekend(first):
        first += ONE_DAY
    while last >= first and is_weekend(last):
        last -= ONE_DAY
    return NoSchool("holiday", holiday_name(first, last), first, last) if first <= last else None


def holiday_name(first: date, last: date) -> str:
    """What a stretch between two terms is called in England."""
    if first <= date(first.year, 12, 25) <= last:
        return "Christmas holidays"
    if first <= date(last.year, 8, 5) <= last or (first.month in (7, 8) and last.month in (8, 9)):
        return "summer holidays"
    has_easter = first <= easter_monday(first.year) <= last + 3 * ONE_DAY
    if first.month in (3, 4) and (has_easter or last - first > LONGEST_HALF_TERM):
        return "Easter holidays"
    return "half-term"
