"""Which dates a question takes: past, future, birth, school days, its own limits. How a date is read is in `dates`."""

from datetime import date, datetime

from app.calendars import DateOutOfRange
from app.forms.dates import years_before
from app.forms.form import Question
from app.forms.formula import Formula, UnanswerableFormula
from app.forms.scope import Scope, offered
from app.forms.words import about, day, weekday

OLDEST_YEARS = 25
MONTHS_AHEAD = 24


def wrong_date(question: Question, answer: str, scope: Scope, born: date | None) -> str | None:
    """What to do about a date that is real but not one this question takes, or None."""
    on = date.fromisoformat(answer[:10])
    return (
        _by_birth(question, on, scope, born)
        or _by_today(question, on, scope)
        or (None if _is_offered(question, answer, scope) else _by_limits(question, on, scope))
    )


def _is_offered(question: Question, answer: str, scope: Scope) -> bool:
    offer = offered(question, scope.context) if question.offer else None
    return isinstance(offer, str) and offer[:10] == answer[:10]


def _by_birth(question: Question, on: date, scope: Scope, born: date | None) -> str | None:
    today = scope.context.today
    if "dob" in question.rules:
        if on > today or on <= years_before(today, OLDEST_YEARS + 1):
            return f"Enter {about(question)} of somebody aged 0 to {OLDEST_YEARS}, for example 14 5 2012"
        return None
    if born and on < born:
        return f"Enter a date for {about(question)} on or after the date of birth, {day(born)}"
    return None


def _by_today(question: Question, on: date, scope: Scope) -> str | None:
    today, rules = scope.context.today, question.rules
    if "future" in rules and on < today:
        return f"Enter a date for {about(question)} that is today or later"
    if question.limits.max_date is not None or "dob" in rules:
        return None
    if "future" in rules or "plan" in rules:
        latest = years_before(today, -MONTHS_AHEAD // 12)
        return f"Enter a date for {about(question)} no later than {day(latest)}" if on > latest else None
    return f"Enter a date for {about(question)} that is today or earlier" if on > today else None


def _by_limits(question: Question, on: date, scope: Scope) -> str | None:
    earliest, latest = _limit(question.limits.min_date, scope), _limit(question.limits.max_date, scope)
    if earliest and on < earliest:
        return f"Enter a date for {about(question)} on or after {day(earliest)}"
    if latest and on > latest:
        return f"Enter a date for {about(question)} on or before {day(latest)}"
    return _by_calendar(question, on, scope) if "schoolDay" in question.rules else None


def _limit(formula: Formula | None, scope: Scope) -> date | None:
    """The date a formula gives; null, or what cannot be worked out, is no limit."""
    try:
        value = scope.ask(formula) if formula else None
    except UnanswerableFormula:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _by_calendar(question: Question, on: date, scope: Scope) -> str | None:
    calendar = scope.context.calendar
    if calendar is None or scope.context.is_school_day(on) is not False:
        return None
    try:
        before, after = calendar.previous_school_day(on), calendar.next_school_day(on)
        why = calendar.why_not(on)
    except DateOutOfRange:
        return f"Choose a school day for {about(question)}: {weekday(on)} is not one"
    reason = f" ({why})" if why else ""
    return (
        f"Choose a school day for {about(question)}: {weekday(on)} is not one{reason}. "
        f"The nearest are {weekday(before)} and {weekday(after)}"
    )
