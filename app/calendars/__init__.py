"""School calendars, deadline rules and the dates they lead to. Pure: no wall clock, no SQL, no Flask."""

from app.calendars.bank_holidays import england_bank_holidays
from app.calendars.calendar import Calendar, Closure, HalfTerm
from app.calendars.calendar_json import from_json, to_json
from app.calendars.deadlines import due, later_of, next_meeting, next_term_meeting, recalculated
from app.calendars.deemed_terms import DeemedTerm, Term
from app.calendars.due_date import DueDate, LadderStep, Skipped
from app.calendars.local_time import LONDON, end_of_day, instant, local, local_date, start_of_day
from app.calendars.meeting_days import Cadence, Days, MeetingDay, Sitting, clashes, meeting_days, rotation
from app.calendars.paper_deadlines import PaperRule, PapersDue, pack_days, papers_due
from app.calendars.phrases import full
from app.calendars.reference import reference_calendar
from app.calendars.rule import Rule, Rung
from app.calendars.rule_book import RuleBook, load_rules, read_rules
from app.calendars.rule_json import rule_from_json, rule_to_json
from app.calendars.rule_words import MARKS, UNITS, full_words, remind_words, value_words
from app.calendars.trouble import CalendarError, DateOutOfRange, UnknownRule, UnreadableCalendar, UnreadableRule

__all__ = [
    "LONDON",
    "MARKS",
    "UNITS",
    "Cadence",
    "Calendar",
    "CalendarError",
    "Closure",
    "DateOutOfRange",
    "Days",
    "DeemedTerm",
    "DueDate",
    "HalfTerm",
    "LadderStep",
    "MeetingDay",
    "PaperRule",
    "PapersDue",
    "Rule",
    "RuleBook",
    "Rung",
    "Sitting",
    "Skipped",
    "Term",
    "UnknownRule",
    "UnreadableCalendar",
    "UnreadableRule",
    "clashes",
    "due",
    "end_of_day",
    "england_bank_holidays",
    "from_json",
    "full",
    "full_words",
    "instant",
    "later_of",
    "load_rules",
    "local",
    "local_date",
    "meeting_days",
    "next_meeting",
    "next_term_meeting",
    "pack_days",
    "papers_due",
    "read_rules",
    "recalculated",
    "reference_calendar",
    "remind_words",
    "rotation",
    "rule_from_json",
    "rule_to_json",
    "start_of_day",
    "to_json",
    "value_words",
]
