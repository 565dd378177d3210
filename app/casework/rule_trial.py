"""Trying a rule: from a day, by a calendar of the authority, to the date and its sentence. It changes nothing."""

from datetime import time

from app import calendars as days_and_rules
from app.access.people import Reader
from app.calendars import CalendarError
from app.cases.dates import rule_for
from app.casework import rules
from app.casework.calendar_pages import WorkedOut
from app.errors import InvalidAnswers, Rejected
from app.forms.dates import UnreadableDate, read_date
from app.store.db import reading
from app.store.queries import calendars
from app.store.queries.calendars import KeptCalendar

#: hours are counted from a time of day; a trial takes a day, so nine o'clock
NINE_O_CLOCK = time(9)


def choices(reader: Reader) -> list[KeptCalendar]:
    """The calendars of the reader's authority, by name."""
    within = reader.tree.within(rules.authority_of(reader))
    named = (reader.tree.get(one).calendar for one in within)
    return calendars.kept(reading(), [one for one in named if one is not None])


def tried(key: str, counted_from: str, calendar_id: str, reader: Reader) -> WorkedOut:
    """When something is due by the rule as it stood on that day. Raises InvalidAnswers by field."""
    problems: dict[str, str] = {}
    days = next((one.days for one in choices(reader) if one.id == calendar_id), None)
    if days is None:
        problems["calendar"] = "Choose a calendar"
    try:
        basis = read_date({"day": counted_from})
    except UnreadableDate:
        problems["from"] = "Enter the day to count from, for example 7 3 2027"
    if problems or days is None:
        raise InvalidAnswers(problems)
    try:
        rule = rule_for(key, basis, rules.rules_for(reader))
        if rule.unit == "hour":
            moment = days_and_rules.instant(basis, NINE_O_CLOCK)
            due = days_and_rules.due(rule, moment, days)
        else:
            due = days_and_rules.due(rule, basis, days)
    except (Rejected, CalendarError) as wrong:
        raise InvalidAnswers({"from": f"{wrong}."}) from None
    return WorkedOut(due.on, due.sentence, rule.title)
