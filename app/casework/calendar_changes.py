"""The changes an administrator can make to a calendar: from what was typed to a new calendar. Pure; keeps nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.calendars import Calendar, UnreadableCalendar, england_bank_holidays, full
from app.casework.term_dates import School, read_terms
from app.errors import InvalidAnswers
from app.forms.dates import UnreadableDate, read_date

Typed = Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """A calendar after a change."""

    #: the new calendar
    days: Calendar
    #: what was done, as the history and every moved case say it
    sentence: str
    #: what is unusual about it: needs a reason to be accepted
    warnings: tuple[str, ...] = ()
    #: the day it is about, or None: a whole year
    on: date | None = None


@dataclass(frozen=True)
class Change:
    """One kind of change."""

    #: heading of its page
    title: str
    #: what its button says once the effects are shown
    button: str
    #: the change itself. Raises InvalidAnswers
    apply: Callable[[Calendar, Typed], Changed]
    #: offices can be changed so too
    for_offices: bool = False


def close(days: Calendar, typed: Typed) -> Changed:
    """Pupils cannot come on a day that was a school day."""
    on, reason = _school_day(days, typed), " ".join(typed.get("reason", "").split())
    if not reason:
        raise InvalidAnswers({"reason": "Enter why the school is closed, for example boiler or snow."})
    if len(reason) > 60:
        raise InvalidAnswers({"reason": "Enter the reason in 60 letters or fewer: it becomes part of each sentence."})
    return Changed(days.with_closure(on, reason), f"Closed on {full(on)}: {reason}", on=on)


def open_again(days: Calendar, typed: Typed) -> Changed:
    """A closure is undone."""
    on = _day(typed)
    if all(closure.on != on for closure in days.closures):
        raise InvalidAnswers({"on": f"There is no closure on {full(on)} to undo."})
    kept = tuple(closure for closure in days.closures if closure.on != on)
    return Changed(replace(days, closures=kept), f"Open after all on {full(on)}", on=on)


def add_training_day(days: Calendar, typed: Typed) -> Changed:
    """A school day becomes one for staff only."""
    on = _school_day(days, typed)
    return Changed(replace(days, training_days=days.training_days | {on}), f"Training day on {full(on)}", on=on)


def drop_training_day(days: Calendar, typed: Typed) -> Changed:
    """A training day becomes a school day."""
    on = _day(typed)
    if on not in days.training_days:
        raise InvalidAnswers({"on": f"There is no training day on {full(on)}."})
    return Changed(replace(days, training_days=days.training_days - {on}), f"No training day on {full(on)}", on=on)


def add_bank_holiday(days: Calendar, typed: Typed) -> Changed:
    """An extra bank holiday, such as for a coronation."""
    on = _day(typed)
    if on.weekday() >= 5:
        raise InvalidAnswers({"on": f"Choose a weekday: {full(on)} is at the weekend."})
    if on in days.bank_holidays:
        raise InvalidAnswers({"on": f"{full(on)} is a bank holiday already."})
    return Changed(days.with_bank_holiday(on), f"Extra bank holiday on {full(on)}", on=on)


def drop_bank_holiday(days: Calendar, typed: Typed) -> Changed:
    """An extra bank holiday that was entered by mistake; England's own stay."""
    on = _day(typed)
    if on not in extra_bank_holidays(days):
        raise InvalidAnswers({"on": f"There is no extra bank holiday on {full(on)}."})
    return Changed(replace(days, bank_holidays=days.bank_holidays - {on}), f"No bank holiday on {full(on)}", on=on)


def set_terms(days: Calendar, typed: Typed) -> Changed:
    """The terms and training days of one school year, new or put right."""
    school = read_terms(days, typed)
    try:
        changed = with_terms(days, school)
    except UnreadableCalendar as contradiction:
        raise InvalidAnswers({"first-0": f"{contradiction}."}) from None
    count = len(changed.school_days_between(school.terms[0].first, school.terms[-1].last))
    warnings: tuple[str, ...] = ()
    if count != USUAL_YEAR_DAYS:
        more = "more" if count > USUAL_YEAR_DAYS else "fewer"
        warnings = (f"These dates give {count} school days, {more} than the usual {USUAL_YEAR_DAYS}.",)
    return Changed(changed, f"Term dates for {school.name}", warnings)


def with_past_warned(changed: Changed, today: date) -> Changed:
    """The change with a warning where the day it is about has passed: what was counted over it is counted again."""
    if changed.on is None or changed.on >= today:
        return changed
    passed = f"{full(changed.on)} has passed. Dates that are still running are counted again as if it had been so then."
    return replace(changed, warnings=(*changed.warnings, passed))


USUAL_YEAR_DAYS = 190


def with_terms(days: Calendar, school: School) -> Calendar:
    """The calendar with those terms in that year; other years, closures and bank holidays stay.

    Raises UnreadableCalendar where they run into another year's.
    """
    kept = [term for term in days.terms if not school.first <= term.first <= school.last]
    training = [day for day in days.training_days if not school.first <= day <= school.last]
    terms = tuple(sorted([*kept, *school.terms], key=lambda term: term.first))
    is_published = days.known_until >= school.last
    published = days.known_until if is_published else school.last + timedelta(days=31)
    return replace(days, terms=terms, training_days=frozenset([*training, *school.training]), known_until=published)


def extra_bank_holidays(days: Calendar) -> frozenset[date]:
    """Bank holidays that were added to England's own."""
    return days.bank_holidays - england_bank_holidays()


CHANGES: Mapping[str, Change] = {
    "close-day": Change("Close the school for a day", "Close the school that day", close),
    "open-day": Change("Undo a closure", "Undo this closure", open_again),
    "training-day": Change("Add a training day", "Add this training day", add_training_day),
    "no-training-day": Change("Remove a training day", "Remove this training day", drop_training_day),
    "bank-holiday": Change("Add a bank holiday", "Add this bank holiday", add_bank_holiday, for_offices=True),
    "no-bank-holiday": Change("Remove a bank holiday", "Remove this bank holiday", drop_bank_holiday, for_offices=True),
    "terms": Change("Term dates", "Publish these term dates", set_terms),
}


def _day(typed: Typed) -> date:
    text = typed.get("on", "").strip()
    if not text:
        raise InvalidAnswers({"on": "Enter the day, for example 7 3 2027."})
    try:
        return read_date({"day": text})
    except UnreadableDate:
        raise InvalidAnswers({"on": "Enter a real date with a year of four digits, for example 7 3 2027."}) from None


def _school_day(days: Calendar, typed: Typed) -> date:
    on = _day(typed)
    if days.is_provisional(on):
        raise InvalidAnswers({"on": f"Choose a day with published term dates: {full(on)} has none."})
    if (why := days.no_school(on)) is not None:
        raise InvalidAnswers({"on": f"Choose a school day, not {why.place(on)}."})
    return on
