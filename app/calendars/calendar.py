"""Owns which days one school, or the offices, are open. It does not own deadlines and never reads the wall clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

from app.calendars.deemed_terms import DeemedTerm, Term, own_terms, reference_windows
from app.calendars.no_school import ONE_DAY, NoSchool, between_terms, is_weekend
from app.calendars.phrases import dated, possessive
from app.calendars.trouble import DateOutOfRange, UnreadableCalendar

#: How far outside its published terms a calendar still answers, provisionally.
YEARS_AROUND = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Closure:
    """A day on which a school that should be open is not."""

    #: The day.
    on: date
    #: Why, in a word or two: "boiler".
    reason: str


@dataclass(frozen=True)
class HalfTerm:
    """One stretch of school, cut to its school days."""

    #: "Autumn 1".
    name: str
    #: First school day.
    first: date
    #: Last school day.
    last: date
    #: How many school days it has.
    school_days: int


@dataclass(frozen=True)
class Calendar:
    """When one school or office is open. Changing it makes a new one."""

    #: Name people choose it by.
    name: str
    #: Whose it is: "Beacon School".
    owner: str
    #: Last day whose opening is published; later days are provisional.
    known_until: date
    #: "school", or "working" for offices, which have no school days.
    kind: Literal["school", "working"] = "school"
    #: Half-terms (or six terms) in order. One that begins after `known_until` is only assumed.
    terms: tuple[Term, ...] = ()
    #: Days in term for staff only.
    training_days: frozenset[date] = frozenset()
    #: Days lost.
    closures: tuple[Closure, ...] = ()
    #: England's, plus extra ones.
    bank_holidays: frozenset[date] = field(default=frozenset(), repr=False)
    #: Three, or six in counties whose half-terms are terms.
    terms_in_year: int = 3

    def __post_init__(self) -> None:
        """Refuses terms that contradict each other."""
        for term in self.terms:
            if term.last < term.first:
                raise UnreadableCalendar(
                    f"Expected {term.name} to end after it begins on {dated(term.first)}, "
                    f"but it ends on {dated(term.last)}"
                )
        for before, after in pairwise(self.terms):
            if after.first <= before.last:
                raise UnreadableCalendar(
                    f"Expected {after.name} to begin after {before.name} ends on {dated(before.last)}, "
                    f"but it begins on {dated(after.first)}"
                )
        if self.kind == "school" and not self.terms:
            raise UnreadableCalendar(f"Expected {possessive(self.owner)} calendar to have terms, but it has none")

    # ---- days

    def is_working_day(self, on: date) -> bool:
        """Monday to Friday and not an England bank holiday."""
        return not is_weekend(on) and on not in self.bank_holidays

    def is_school_day(self, on: date) -> bool:
        """Whether pupils have at least one session that day (Education Act 1996 s.579)."""
        at = bisect_left(self._days(on), on)
        return at < len(self._school_days) and self._school_days[at] == on

    def covers(self, on: date) -> bool:
        """Whether school days can be counted there, be it provisionally."""
        return self.kind == "school" and self._known_from - YEARS_AROUND <= on <= self.known_until + YEARS_AROUND

    def is_provisional(self, on: date) -> bool:
        """Whether the answer for that day is assumed, because no term dates are published for it."""
        return self.kind == "school" and not self._known_from <= on <= self.known_until

    def next_school_day(self, after: date) -> date:
        """The first school day strictly after."""
        return self.nth_school_day_after(after, 1)

    def school_day_on_or_after(self, on: date) -> date:
        """The day itself if it is a school day, else the next one."""
        return self.nth_school_day_after(on - ONE_DAY, 1)

    def previous_school_day(self, before: date) -> date:
        """The last school day strictly before."""
        return self.nth_school_day_before(before, 1)

    def school_day_on_or_before(self, on: date) -> date:
        """The day itself if it is a school day, else the one before."""
        return self.nth_school_day_before(on + ONE_DAY, 1)

    def nearest_school_day(self, on: date) -> date:
        """The day itself if it is a school day, else the nearer one; of two as near, the later."""
        earlier, later = self.school_day_on_or_before(on), self.school_day_on_or_after(on)
        return later if later - on <= on - earlier else earlier

    def nth_school_day_after(self, on: date, n: int) -> date:
        """The nth school day after a day that counts as 0, whether or not it is a school day itself."""
        return self._pick(on, bisect_right(self._days(on), on) + _positive(n) - 1)

    def nth_school_day_before(self, on: date, n: int) -> date:
        """The nth school day before a day that counts as 0."""
        return self._pick(on, bisect_left(self._days(on), on) - _positive(n))

    def school_days_between(self, first: date, last: date) -> tuple[date, ...]:
        """Every school day from `first` to `last`, both included."""
        days = self._days(first, last)
        return tuple(days[bisect_left(days, first) : bisect_right(days, last)])

    def nth_working_day_after(self, on: date, n: int) -> date:
        """The nth working day after a day that counts as 0."""
        return self._walk(on, _positive(n), ONE_DAY)

    def nth_working_day_before(self, on: date, n: int) -> date:
        """The nth working day before a day that counts as 0."""
        return self._walk(on, _positive(n), -ONE_DAY)

    def working_day_on_or_before(self, on: date) -> date:
        """The day itself if it is a working day, else the last one before."""
        return self._walk(on + ONE_DAY, 1, -ONE_DAY)

    def working_day_on_or_after(self, on: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return self._walk(on - ONE_DAY, 1, ONE_DAY)

    # ---- reasons

    def no_school(self, on: date) -> NoSchool | None:
        """Why a day is not a school day, or None if it is one. A day in the holidays gives the whole holiday."""
        if self.kind == "school" and self.is_school_day(on):
            return None
        if is_weekend(on):
            return NoSchool("weekend", "weekend", on, on)
        closed = next((closure for closure in self.closures if closure.on == on), None)
        if closed:
            return NoSchool("closure", closed.reason, on, on)
        gap = next((gap for gap in self._gaps if gap.first <= on <= gap.last), None)
        if gap:
            return gap
        if on in self.training_days:
            return NoSchool("training day", "training day", on, on)
        return NoSchool("bank holiday", "bank holiday", on, on) if on in self.bank_holidays else None

    def why_not(self, on: date) -> str | None:
        """Why a day is not a school day: "half-term 26–30 Oct", "training day", "closed: boiler"; None if it is one."""
        if on in self.bank_holidays and not is_weekend(on):
            return "bank holiday"
        reason = self.no_school(on)
        return reason.answer() if reason else None

    # ---- windows

    def half_terms(self) -> tuple[HalfTerm, ...]:
        """The published half-terms, cut to their school days."""
        return self._half_terms

    @cached_property
    def deemed_terms(self) -> tuple[DeemedTerm, ...]:
        """The published terms that totals count by; six a year are merged at the regulations' reference dates."""
        published = self.published_terms
        if self.kind == "working" or not published:
            return ()
        if self.terms_in_year <= 3:
            return own_terms(published)
        windows = reference_windows(published[0].first.year, published[-1].last.year)
        return tuple(w for w in windows if w.last >= published[0].first and w.first <= published[-1].last)

    def deemed_term_of(self, on: date) -> DeemedTerm:
        """The term a day lies in, or the next one; beyond the published terms one between reference dates."""
        published = self.deemed_terms
        if published and published[0].first <= on <= published[-1].last:
            return next(term for term in published if term.last >= on)
        ended = published[-1].last if published and on > published[-1].last else date.min
        windows = reference_windows(on.year, on.year + 1)
        return next(window for window in windows if window.last >= on and window.first > ended)

    @property
    def published_terms(self) -> tuple[Term, ...]:
        """The terms that are not merely assumed."""
        return tuple(term for term in self.terms if term.first <= self.known_until)

    # ---- changes

    def with_closure(self, on: date, reason: str) -> Calendar:
        """The same calendar after a day is lost."""
        kept = [closure for closure in self.closures if closure.on != on]
        return replace(self, closures=tuple(sorted([*kept, Closure(on, reason)], key=lambda closure: closure.on)))

    def with_bank_holiday(self, on: date) -> Calendar:
        """The same calendar with an extra bank holiday."""
        return replace(self, bank_holidays=self.bank_holidays | {on})

    # ---- how

    @property
    def _known_from(self) -> date:
        first = self.terms[0].first
        return date(first.year if first.month >= 8 else first.year - 1, 8, 1)

    @cached_property
    def _closed(self) -> frozenset[date]:
        return self.bank_holidays | self.training_days | {closure.on for closure in self.closures}

    @cached_property
    def _school_days(self) -> list[date]:
        days = [*_weekdays(self._known_from - YEARS_AROUND, self._known_from - ONE_DAY)]
        for term in self.terms:
            days += _weekdays(term.first, term.last)
        assumed_from = max(self.known_until, self.terms[-1].last) + ONE_DAY
        days += _weekdays(assumed_from, self.known_until + YEARS_AROUND)
        return [day for day in days if day not in self._closed]

    @cached_property
    def _gaps(self) -> tuple[NoSchool, ...]:
        if not self.terms:
            return ()
        found = [between_terms(a.last + ONE_DAY, b.first - ONE_DAY) for a, b in pairwise(self.terms)]
        found.append(between_terms(self._known_from, self.terms[0].first - ONE_DAY))
        found.append(between_terms(self.terms[-1].last + ONE_DAY, self.known_until))
        return tuple(gap for gap in found if gap)

    def _days(self, *asked: date) -> list[date]:
        if self.kind == "working":
            raise UnreadableCalendar(f"Expected a school's calendar to count school days, but {self.name} has none")
        for on in asked:
            if not self.covers(on):
                raise self._out_of_range(on)
        return self._school_days

    def _pick(self, on: date, at: int) -> date:
        if not 0 <= at < len(self._school_days):
            raise self._out_of_range(on)
        return self._school_days[at]

    def _out_of_range(self, on: date) -> DateOutOfRange:
        first, last = self._known_from - YEARS_AROUND, self.known_until + YEARS_AROUND
        return DateOutOfRange(
            f"Expected a date between {dated(first)} and {dated(last)} for {possessive(self.owner)} calendar, "
            f"but counting from {dated(on)} leads outside it"
        )

    def _walk(self, on: date, n: int, step: timedelta) -> date:
        while n:
            on += step
            n -= self.is_working_day(on)
        return on

    @cached_property
    def _half_terms(self) -> tuple[HalfTerm, ...]:
        stretches = [(term.name, self.school_days_between(term.first, term.last)) for term in self.published_terms]
        return tuple(HalfTerm(name, days[0], days[-1], len(days)) for name, days in stretches if days)


def _positive(n: int) -> int:
    if n < 1:
        raise DateOutOfRange(f"Expected to count at least one day, but was asked for {n}")
    return n


def _weekdays(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if not is_weekend(day):
            yield day
