"""Owns working a deadline out from a rule, a basis and a calendar. It neither chooses rules nor keeps results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.calendars.calendar import Calendar
from app.calendars.counting import Reached, calendar_days, months, school_days, working_days, yearly_day
from app.calendars.due_date import DueDate
from app.calendars.ladder import ladder
from app.calendars.local_time import clock_time, end_of_day, instant, local, local_date
from app.calendars.phrases import counted, dated, full, named
from app.calendars.rule import Rule
from app.calendars.six_weekly import next_capped, school_weeks
from app.calendars.skipping import provisional_note, skipped
from app.calendars.trouble import CalendarError, DateOutOfRange
from app.calendars.windows import end_of_half_term, end_of_term, weekday_before

Reach = Callable[[Rule, date, Calendar], Reached]


def agreed_day(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """The basis itself: a date people agreed."""
    return Reached(basis, "as agreed")


BY_FORM: dict[str, Reach] = {
    "next_capped": next_capped,
    "school_weeks": school_weeks,
    "weekday_before": weekday_before,
    "yearly_day": yearly_day,
}
BY_UNIT: dict[str, Reach] = {
    "school_day": school_days,
    "working_day": working_days,
    "calendar_day": calendar_days,
    "week": calendar_days,
    "month": months,
    "school_week": school_weeks,
    "half_term": end_of_half_term,
    "term": end_of_term,
    "none": agreed_day,
}
#: A date outside them is a slip of the pen.
YEARS = range(1900, 2200)
#: Units whose dates weekends do not move, so that people are shown a working day to aim for.
UNMOVED = ("calendar_day", "week", "month")


def due(
    rule: Rule,
    basis: date | datetime,
    calendar: Calendar,
    *,
    last: date | datetime | None = None,
    clear_days: bool = False,
) -> DueDate:
    """When something is due, with its sentence, reminders and overdue ladder.

    `last`: when it last happened, if that is later than the basis. `clear_days`: a notice "not less than n school days
    before" leaves n whole days free.
    Raises: CalendarError if the calendar cannot answer or an instant has no offset.
    """
    basis_on = _countable(basis)
    if last is not None and _countable(last) > basis_on:
        basis, basis_on = last, local_date(last)
    if rule.unit == "hour":
        return _hours(rule, basis, calendar)
    find = BY_FORM.get(rule.form) or BY_UNIT[rule.unit]
    reached = _clear(rule, basis_on, calendar) if clear_days and _counts_back(rule) else find(rule, basis_on, calendar)
    at = _instant(rule, reached.on, basis)
    basis_at = basis if isinstance(basis, datetime) else None
    return _deadline(rule, reached, at, calendar, basis=basis_on, basis_at=basis_at, clear_days=clear_days)


def recalculated(old: DueDate, rule: Rule, calendar: Calendar) -> DueDate | None:
    """The deadline by a changed calendar or rule, or None if nothing about it changes but its sentence."""
    new = due(rule, old.basis_at or old.basis, calendar, clear_days=old.clear_days)
    same = replace(new, sentence=old.sentence, skipped=old.skipped, rule_version=old.rule_version)
    return None if same == old else new


def later_of(first: DueDate, second: DueDate) -> DueDate:
    """The later of two deadlines, saying so: "the later of A and B"."""
    later = max(first, second, key=lambda deadline: deadline.at)
    return replace(later, sentence=f"the later of {first.sentence}; and {second.sentence}; so {full(later.on)}")


def next_meeting(rule: Rule, after: date, meetings: Iterable[date], calendar: Calendar) -> DueDate | None:
    """The first meeting of a series after a day and the rule's deadline before it, or None if none is planned.

    A meeting whose deadline has passed is left for the next one.
    """
    for meeting in sorted(meetings):
        deadline = due(rule, meeting, calendar)
        if meeting > after and deadline.on >= after:
            return deadline
    return None


def next_term_meeting(after: date, calendar: Calendar, rule: Rule | None = None) -> DueDate:
    """The last school day of the deemed term after the one a meeting was held in: one meeting in each term."""
    own = rule or Rule(key="apdr.parent_meeting", title="Meet the parents", unit="term", count=1, legal="G")
    return due(own, after, calendar)


def _counts_back(rule: Rule) -> bool:
    return rule.direction == "before" and rule.unit == "school_day"


def _countable(basis: date | datetime) -> date:
    if basis.year not in YEARS:
        raise DateOutOfRange(f"Expected a date between {YEARS[0]} and {YEARS[-1]} to count from, but it is {basis}")
    return local_date(basis)


def _clear(rule: Rule, basis: date, calendar: Calendar) -> Reached:
    """One school day earlier than the notice needs, so that its days are clear at both ends."""
    reached = school_days(replace(rule, count=rule.count + 1), basis, calendar)
    wider, said = counted(rule.count + 1, "school day"), counted(rule.count, "clear school day")
    return replace(reached, how=reached.how.replace(wider, said, 1))


def _instant(rule: Rule, on: date, basis: date | datetime) -> datetime:
    if rule.time_of_day is None:
        return end_of_day(on)
    if rule.time_of_day != "same":
        return instant(on, clock_time(rule.time_of_day))
    return instant(on, local(basis).time()) if isinstance(basis, datetime) else end_of_day(on)


def _deadline(
    rule: Rule,
    reached: Reached,
    at: datetime,
    calendar: Calendar,
    *,
    basis: date,
    basis_at: datetime | None,
    clear_days: bool = False,
) -> DueDate:
    note = provisional_note(calendar, reached.consulted)
    target_on = (
        calendar.working_day_on_or_before(reached.on) if rule.unit in UNMOVED and rule.form != "next_capped" else None
    )
    shown_on = calendar.school_day_on_or_after(reached.on) if rule.shows_on_school_day else None
    aim = f" (aim for {named(target_on)}, the last working day)" if target_on and target_on != reached.on else ""
    steps = ladder(rule, reached.on, calendar, None if rule.direction == "before" else basis)
    return DueDate(
        on=reached.on,
        at=at,
        sentence=f"{reached.how}: {full(reached.on)}{aim}{note}",
        rule_key=rule.key,
        rule_version=rule.version,
        basis=basis,
        basis_at=basis_at,
        clear_days=clear_days,
        target_on=target_on,
        shown_on=shown_on if shown_on != reached.on else None,
        flags=(*reached.flags, *(("provisional",) if note else ())),
        skipped=skipped(reached.gaps),
        remind_at=tuple(step.at for step in steps if step.kind == "reminder"),
        ladder=steps,
    )


def _hours(rule: Rule, basis: date | datetime, calendar: Calendar) -> DueDate:
    if not isinstance(basis, datetime):
        raise CalendarError(f"Expected a time of day to count {rule.count} hours from, but {dated(basis)} has none")
    hours = timedelta(hours=rule.count)
    start = local(basis)
    at = start.astimezone(UTC) - hours if rule.direction == "before" else start.astimezone(UTC) + hours
    end = local(at)
    how = f"{rule.count} hours {rule.direction} {start:%H:%M} on {dated(start.date())} is {end:%H:%M}"
    return _deadline(rule, Reached(end.date(), how), at, calendar, basis=start.date(), basis_at=basis)
