"""What the administrator's pages about calendars show: the list with what is missing, one school year, its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import calendars as days_and_rules
from app.access.people import Reader
from app.calendars import Calendar, CalendarError, HalfTerm
from app.calendars.phrases import school_year
from app.cases.dates import rule_book, rule_for, rules_of
from app.casework.calendar_changes import extra_bank_holidays
from app.casework.calendars import calendar_of, going_by, visible
from app.casework.term_dates import School, next_year, year_of
from app.errors import InvalidAnswers, Rejected
from app.forms.dates import UnreadableDate, read_date
from app.model.entry import StreamId
from app.store import journal
from app.store.db import reading
from app.store.queries import calendars, people
from app.store.queries.calendars import KeptCalendar

#: a calendar that ends sooner is something to do
ENDS_SOON = timedelta(days=183)


@dataclass(frozen=True)
class CalendarLine:
    """One calendar of the list."""

    #: the calendar
    kept: KeptCalendar
    #: names of the organisations that go by it
    used_by: tuple[str, ...]
    #: how many running dates depend on it
    running: int
    #: how many of them lie after its published dates
    provisional: int
    #: what the administrator needs to do, or None
    to_do: str | None
    #: the school year whose dates are missing next
    next_year: int | None


@dataclass(frozen=True)
class Cell:
    """One weekday of a month."""

    #: day of the month
    number: int
    #: "school", "training", "closure", "bank", "holiday", "provisional"
    kind: str
    #: one letter that says the same as the colour, or ""
    letter: str
    #: why there is no school, or ""
    words: str


@dataclass(frozen=True)
class Month:
    """One month of the year view, Monday to Friday."""

    #: "September 2026"
    name: str
    #: weeks of five; None where the day belongs to another month
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True)
class Stretch:
    """One half-term with what it holds."""

    #: name, first, last, school days
    half_term: HalfTerm
    #: training days in it
    training: tuple[date, ...]
    #: closures in it
    closures: tuple[date, ...]


@dataclass(frozen=True)
class Kept:
    """One change of a calendar."""

    #: by the case clock
    at: datetime
    #: who made it
    by: str
    #: what was done
    sentence: str
    #: why a warning was accepted, or ""
    accepted: str


@dataclass(frozen=True)
class CalendarPage:
    """One school year of a calendar."""

    #: its line in the list
    line: CalendarLine
    #: the year shown
    school: School
    #: years that can be shown: (calendar year, "2026/27")
    years: tuple[tuple[int, str], ...]
    #: in order
    stretches: tuple[Stretch, ...]
    #: school days of the year
    total: int
    #: bank holidays on weekdays of the year
    bank_holidays: tuple[date, ...]
    #: those that were added by hand
    extra: frozenset[date]
    #: in order
    months: tuple[Month, ...]
    #: newest first
    history: tuple[Kept, ...]


@dataclass(frozen=True)
class WorkedOut:
    """A date that the calculator worked out."""

    #: when
    on: date
    #: how it was reached
    sentence: str
    #: what the rule is for
    title: str


def listed(reader: Reader) -> tuple[CalendarLine, ...]:
    """Calendars of the reader's part of the tree; those that need something first."""
    users = going_by(reader)
    lines = [_line(one, users.get(one.id, frozenset()), reader) for one in calendars.kept(reading(), visible(reader))]
    return tuple(sorted(lines, key=lambda one: (one.to_do is None, one.kept.days.kind, one.kept.name)))


def page_of(calendar_id: str, year: int | None, reader: Reader) -> CalendarPage:
    """One school year of a calendar; without a year the one we are in. Raises NotFound."""
    kept = calendar_of(calendar_id, reader)
    line, days = _line(kept, going_by(reader).get(kept.id, frozenset()), reader), kept.days
    years = _years(days, reader.on)
    chosen = year if year in years else _current(reader.on, years)
    school = year_of(days, chosen)
    first, last = school.first, school.last
    stretches = tuple(_stretch(one, days) for one in days.half_terms() if first <= one.first <= last)
    return CalendarPage(
        line=line,
        school=school,
        years=tuple((one, school_year(date(one, 8, 1))) for one in years),
        stretches=stretches,
        total=sum(one.half_term.school_days for one in stretches),
        bank_holidays=tuple(on for on in sorted(days.bank_holidays) if first <= on <= last and on.weekday() < 5),
        extra=extra_bank_holidays(days),
        months=tuple(_months(days, school)) if school.terms else (),
        history=_history(calendar_id),
    )


def rule_keys() -> tuple[str, ...]:
    """Keys of the shipped deadline rules, for the calculator."""
    return rule_book().keys


def worked_out(rule: str, counted_from: str, calendar_id: str, reader: Reader) -> WorkedOut:
    """When something is due by a rule, from a day, by a calendar. Raises InvalidAnswers by field."""
    problems: dict[str, str] = {}
    try:
        basis = read_date({"day": counted_from})
    except UnreadableDate:
        problems["from"] = "Enter the day to count from, for example 7 3 2027."
    if not rule:
        problems["rule"] = "Enter a rule, for example 15 school days or apdr.review."
    if problems:
        raise InvalidAnswers(problems)
    days = calendar_of(calendar_id, reader).days
    try:
        found = rule_for(rule, basis, rules_of(reading(), reader.memberships[0].organisation))
        due = days_and_rules.due(found, basis, days)
    except (Rejected, CalendarError) as wrong:
        raise InvalidAnswers({"rule": f"{wrong}."}) from None
    return WorkedOut(due.on, due.sentence, found.title)


def _line(kept: KeptCalendar, users: frozenset[str], reader: Reader) -> CalendarLine:
    days = kept.days
    running = calendars.count_running(reading(), users)
    names = tuple(sorted(reader.tree.get(one).name for one in users))
    if days.kind == "working":
        return CalendarLine(kept, names, running, 0, None, None)
    provisional, missing = calendars.count_running(reading(), users, days.known_until), next_year(days)
    is_missing = provisional or days.known_until < reader.on + ENDS_SOON
    return CalendarLine(
        kept=kept,
        used_by=names,
        running=running,
        provisional=provisional,
        to_do=_to_do(days, provisional, missing) if is_missing else None,
        next_year=missing,
    )


def _to_do(days: Calendar, provisional: int, missing: int) -> str:
    until = (
        f"Term dates end on {days_and_rules.full(days.known_until)}. Add those for {school_year(date(missing, 8, 1))}."
    )
    if not provisional:
        return until
    counted = "1 running date is" if provisional == 1 else f"{provisional} running dates are"
    return f"{until} Until then {counted} provisional."


def _years(days: Calendar, today: date) -> tuple[int, ...]:
    if not days.published_terms:
        return (_starting(today) - 1, _starting(today), _starting(today) + 1)
    return tuple(sorted({_starting(term.first) for term in days.published_terms}))


def _current(today: date, years: tuple[int, ...]) -> int:
    wanted = _starting(today)
    return wanted if wanted in years else min(years, key=lambda one: abs(one - wanted))


def _starting(on: date) -> int:
    return on.year if on.month >= 8 else on.year - 1


def _stretch(half_term: HalfTerm, days: Calendar) -> Stretch:
    term = next(one for one in days.published_terms if one.first <= half_term.first <= one.last)
    return Stretch(
        half_term,
        tuple(sorted(day for day in days.training_days if term.first <= day <= term.last)),
        tuple(closure.on for closure in days.closures if term.first <= closure.on <= term.last),
    )


def _months(days: Calendar, school: School) -> Iterator[Month]:
    first, last = school.terms[0].first, school.terms[-1].last
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield Month(f"{date(year, month, 1):%B %Y}", tuple(_weeks(days, year, month)))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _weeks(days: Calendar, year: int, month: int) -> Iterator[tuple[Cell | None, ...]]:
    first = date(year, month, 1)
    monday = first - timedelta(days=first.weekday())
    while monday <= first or monday.month == month:
        week = [monday + timedelta(days=offset) for offset in range(5)]
        if any(on.month == month for on in week):
            yield tuple(_cell(days, on) if on.month == month else None for on in week)
        monday += timedelta(days=7)


def _cell(days: Calendar, on: date) -> Cell:
    if on in days.bank_holidays:
        return Cell(on.day, "bank", "B", "bank holiday")
    reason = days.no_school(on)
    if reason is None:
        return Cell(on.day, "school", "", "")
    kind, letter = {"training day": ("training", "T"), "closure": ("closure", "C")}.get(reason.kind, ("holiday", "–"))
    return Cell(on.day, kind, letter, f"closed: {reason.name}" if kind == "closure" else reason.name)


def _history(calendar_id: str) -> tuple[Kept, ...]:
    entries = journal.entries(reading(), StreamId("calendar", calendar_id))
    names = {**people.names(reading(), {one.actor for one in entries}), "operator": "Operator", "worker": "Waymark"}
    kept = []
    for one in entries:
        content = one.content or {}
        sentence = content.get("sentence") or ("Calendar kept" if one.seq == 1 else "Calendar changed")
        kept.append(Kept(one.at, names.get(one.actor, one.actor), str(sentence), str(content.get("accepted") or "")))
    return tuple(reversed(kept))
