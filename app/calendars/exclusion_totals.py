"""Owns adding up suspended days by term and year, and what the totals oblige the board to do. It records no suspension.

Education Act 2002 s.51A; SI 2012/1033 regs 4–6. Totals count half days; a lunchtime is half a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from app.calendars.calendar import Calendar
from app.calendars.deemed_terms import DeemedTerm

LUNCHTIME = Decimal("0.5")
#: Above this in a term the board must meet if the parents make representations.
FIFTY_DAY_DUTY_ABOVE = Decimal(5)
#: Above this in a term the board must meet in any case.
FIFTEEN_DAY_DUTY_ABOVE = Decimal(15)
#: Most days in a school year, all schools together.
MOST_DAYS_IN_YEAR = Decimal(45)

#: "ex.board15" and "ex.board50" are the keys of the deadlines; the others have none.
BoardDuty = Literal["ex.board15", "ex.board50", "may consider", "consider representations", "none"]


@dataclass(frozen=True)
class Suspended:
    """Days out that lie in one term; a suspension across the end of a term is two of these."""

    #: First day of them.
    on: date
    #: How many, in halves.
    days: Decimal


def parts_by_term(first: date, last: date, days: Decimal, calendar: Calendar) -> tuple[Suspended, ...]:
    """One suspension as its parts: the school days before the end of a term belong to that term, the rest to the next.

    Raises DateOutOfRange where the calendar does not know the days.
    """
    term = calendar.deemed_term_of(first)
    if last in term:
        return (Suspended(first, days),)
    before = min(days, Decimal(len(calendar.school_days_between(first, term.last))))
    return (Suspended(first, before), Suspended(last, days - before))


def totals_by_term(suspended: Iterable[Suspended], calendar: Calendar) -> dict[DeemedTerm, Decimal]:
    """Days out in each deemed term, in order of terms."""
    totals: dict[DeemedTerm, Decimal] = {}
    for part in sorted(suspended, key=lambda part: part.on):
        term = calendar.deemed_term_of(part.on)
        totals[term] = totals.get(term, Decimal(0)) + part.days
    return totals


def board_duty(
    term_total: Decimal, *, representations: bool, permanent: bool = False, exam_missed: bool = False
) -> BoardDuty:
    """What the governing board must do once a pupil's total in the term has reached this."""
    if permanent or exam_missed or term_total > FIFTEEN_DAY_DUTY_ABOVE:
        return "ex.board15"
    if term_total > FIFTY_DAY_DUTY_ABOVE:
        return "ex.board50" if representations else "may consider"
    return "consider representations" if representations else "none"


def is_within_year_limit(year_total: Decimal, new: Decimal) -> bool:
    """Whether a new suspension keeps the year's total at 45 days or fewer; more is unlawful."""
    return year_total + new <= MOST_DAYS_IN_YEAR


def year_total(suspended: Iterable[Suspended], on: date, calendar: Calendar) -> Decimal:
    """Days out in the school year of a day, which begins with the first term after 31 July."""
    first_of_august = date(on.year if on.month >= 8 else on.year - 1, 8, 1)
    begins = _first_term_after(first_of_august, calendar)
    if on < begins:
        first_of_august = first_of_august.replace(year=first_of_august.year - 1)
        begins = _first_term_after(first_of_august, calendar)
    ends = _first_term_after(first_of_august.replace(year=first_of_august.year + 1), calendar)
    return sum((part.days for part in suspended if begins <= part.on < ends), Decimal(0))


def why_not_cancel(days_out_by_effective_date: Decimal, *, board_has_begun: bool) -> str | None:
    """Why a head may not cancel an exclusion, or None if that is still lawful."""
    if board_has_begun:
        return "Expected to cancel before the board begins its meeting, but it has begun"
    if days_out_by_effective_date > MOST_DAYS_IN_YEAR:
        return f"Expected at most 45 days out of school in the year, but it would be {days_out_by_effective_date}"
    return None


def _first_term_after(august: date, calendar: Calendar) -> date:
    return next((term.first for term in calendar.terms if term.first >= august), august)
