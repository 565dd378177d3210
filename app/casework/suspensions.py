"""Days that a pupil was suspended before, for forms that ask a head for the totals. What they oblige to: a table.

Education Act 2002 s.51A: the board's duties go by the days in a term at one school, the limit of 45 days by the days in
a school year at all schools. Only what Waymark has on record is known, so a form offers it and warns of less.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from app.calendars import Calendar, CalendarError
from app.calendars.exclusion_totals import Suspended, parts_by_term, year_total
from app.forms.formula import Functions
from app.store.db import reading
from app.store.queries.exclusions import Suspension, suspensions_of


def functions_about(pupil_id: str, school: str, calendar: Calendar, but: str | None = None) -> Functions:
    """`days_suspended_in_term(day)`, at this school, and `days_suspended_in_year(day)`, at all schools.

    Null where the calendar does not reach the day. Looked up when first asked; `but` is the case that asks.
    """

    @cache
    def known() -> tuple[Suspension, ...]:
        return tuple(suspensions_of(reading(), pupil_id, but))

    return {
        "days_suspended_in_term": _or_null(lambda on: _in_term(known(), school, on, calendar)),
        "days_suspended_in_year": _or_null(lambda on: _in_year(known(), on, calendar)),
    }


def _or_null(count: Callable[[date], Decimal]) -> Callable[..., Any]:
    def counted(on: Any = None, *_: Any) -> Decimal | None:
        try:
            return count(on) if type(on) is date else None
        except CalendarError:
            return None

    return counted


def _in_term(known: tuple[Suspension, ...], school: str, on: date, calendar: Calendar) -> Decimal:
    term = calendar.deemed_term_of(on)
    here = [one for one in known if one.school == school]
    return sum((part.days for part in _parts(here, calendar) if part.on in term), Decimal(0))


def _in_year(known: tuple[Suspension, ...], on: date, calendar: Calendar) -> Decimal:
    return year_total(_parts(known, calendar), on, calendar)


def _parts(known: list[Suspension] | tuple[Suspension, ...], calendar: Calendar) -> list[Suspended]:
    return [part for one in known for part in parts_by_term(one.first, one.last, one.days, calendar)]
