"""Reading the term dates of one school year as they are typed: six rows and a list of training days. Keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.calendars import Calendar, Term, full
from app.calendars.phrases import school_year
from app.errors import InvalidAnswers
from app.forms.dates import UnreadableDate, read_date

ROWS = 6
#: what the terms of a year are called, where no earlier year says it
THREE = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
SIX = ("Term 1", "Term 2", "Term 3", "Term 4", "Term 5", "Term 6")
MOST_TRAINING_DAYS = 20


@dataclass(frozen=True)
class School:
    """One school year."""

    #: calendar year it begins in
    year: int
    #: in order
    terms: tuple[Term, ...] = ()
    #: days for staff only
    training: tuple[date, ...] = ()

    @property
    def name(self) -> str:
        """ "2027/28"."""
        return school_year(self.first)

    @property
    def first(self) -> date:
        """1 August."""
        return date(self.year, 8, 1)

    @property
    def last(self) -> date:
        """31 July."""
        return date(self.year + 1, 7, 31)


def year_of(days: Calendar, year: int) -> School:
    """What is published for a school year."""
    blank = School(year)
    terms = tuple(term for term in days.published_terms if blank.first <= term.first <= blank.last)
    training = tuple(sorted(day for day in days.training_days if blank.first <= day <= blank.last))
    return School(year, terms, training)


def next_year(days: Calendar) -> int:
    """The first school year without published terms."""
    last = days.published_terms[-1].first
    return (last.year if last.month >= 8 else last.year - 1) + 1


def names(days: Calendar) -> tuple[str, ...]:
    """What the six rows are called."""
    return SIX if days.terms_in_year > 3 else THREE


def read_terms(days: Calendar, typed: Mapping[str, str]) -> School:
    """The year as it was typed. Raises InvalidAnswers by field: `first-0`, `last-0` …, `training`."""
    problems: dict[str, str] = {}
    text = typed.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if not days.terms[0].first.year - 1 <= year <= next_year(days):
        raise InvalidAnswers({"first-0": "Go back to the calendar and choose a school year."})
    blank = School(year)
    terms = []
    for row, name in enumerate(names(days)):
        first = _typed(typed, f"first-{row}", f"Enter the first day of {name}.", problems)
        last = _typed(typed, f"last-{row}", f"Enter the last day of {name}.", problems)
        if first and not blank.first <= first <= blank.last:
            problems[f"first-{row}"] = f"Enter a day in the school year {blank.name}: {full(first)} is outside it."
        if last and not blank.first <= last <= blank.last:
            problems[f"last-{row}"] = f"Enter a day in the school year {blank.name}: {full(last)} is outside it."
        if first and last and last < first:
            problems[f"last-{row}"] = f"Enter a last day after {name} begins on {full(first)}."
        if first and last:
            terms.append((row, Term(name, first, last)))
    for (_, before), (row, after) in pairwise(terms):
        if after.first <= before.last:
            problems.setdefault(
                f"first-{row}", f"Enter a first day after {before.name} ends on {full(before.last)}: terms overlap."
            )
    training = _training(typed.get("training", ""), [term for _, term in terms], problems)
    if problems:
        raise InvalidAnswers(problems)
    return School(year, tuple(term for _, term in terms), training)


def _typed(typed: Mapping[str, str], name: str, missing: str, problems: dict[str, str]) -> date | None:
    text = typed.get(name, "").strip()
    if not text:
        problems[name] = missing
        return None
    try:
        return read_date({"day": text})
    except UnreadableDate:
        problems[name] = "Enter a real date with a year of four digits, for example 2 9 2027."
        return None


def _training(text: str, terms: list[Term], problems: dict[str, str]) -> tuple[date, ...]:
    lines = [line.strip() for line in text.replace(",", "\n").splitlines() if line.strip()]
    if len(lines) > MOST_TRAINING_DAYS:
        problems["training"] = f"Enter {MOST_TRAINING_DAYS} training days at most."
        return ()
    found = []
    for line in lines:
        try:
            on = read_date({"day": line})
        except UnreadableDate:
            problems["training"] = f"Enter each training day as a real date on its own line: “{line[:40]}” is not one."
            return ()
        if on.weekday() >= 5 or not any(term.first <= on <= term.last for term in terms):
            problems["training"] = f"Enter training days on weekdays in term: {full(on)} is not one."
        found.append(on)
    return tuple(sorted(set(found)))
