"""Due dates of one case, by its school's calendar and its authority's rules. How rules count: `app.calendars`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app import calendars
from app.calendars import Calendar, DueDate, Rule, RuleBook, UnknownRule
from app.cases.settings import settings_of
from app.clock import local_date
from app.errors import UnknownKey
from app.model.due import Due, LadderStep
from app.store.db import Connection
from app.store.queries import organisations, rules
from app.store.versions import kept

#: the rule for a date that people agreed: the common ladder, no counting
AGREED = "agreed.date"
#: a notice that may leave whole days free (setting `osd.clear_days`), and the same read from the notice on
CLEAR_DAYS = frozenset({"osd.notice", "osd.earliest_start"})


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """The deadline rules shipped with the platform."""
    return calendars.load_rules()


def rules_of(connection: Connection, organisation_id: str) -> RuleBook:
    """The rules as they are at an organisation: the shipped ones with what its authority changed."""
    tree = organisations.tree(connection)
    authority = tree.authority_of(organisation_id) if organisation_id in tree else None
    return rule_book() if authority is None else book_of(connection, authority)


def book_of(connection: Connection, authority: str) -> RuleBook:
    """The rules of an authority."""

    def read() -> RuleBook:
        own = rules.in_force(connection, authority)
        return rule_book().including(*own) if own else rule_book()

    return kept(connection, ("rule book", authority), ("rule",), read)


def rule_for(key: str, on: date, book: RuleBook | None = None) -> Rule:
    """A rule by key as it stood on a day, or written out ("15 school days"). Raises UnknownKey."""
    try:
        return (book or rule_book()).at(key, on) if "." in key else RuleBook.written(key)
    except (UnknownRule, calendars.UnreadableRule) as unknown:
        raise UnknownKey(str(unknown)) from None


def is_law(due: Mapping[str, Any]) -> bool:
    """Whether a due date, as an entry keeps it, comes from a rule of statute."""
    key = str(due.get("rule") or "")
    try:
        return "." in key and rule_book().at(key, date.fromisoformat(due["on"])).legal == "S"
    except UnknownRule:
        return False


@dataclass(frozen=True)
class SchoolDates:
    """What the engine asks for dates (`app.model.due.Dates`)."""

    #: the calendar of the school the case is at
    calendar: Calendar
    #: the day it is asked on
    today: date
    #: the rules of its authority
    rules: RuleBook = field(default_factory=rule_book)
    #: its authority leaves whole days free before an off-site direction
    clear_days: bool = False

    def due(self, rule_key: str, basis: date | None) -> Due:
        """The due date by a rule as it stood on the day it is counted from. Raises UnknownKey."""
        counted_from = basis or self.today
        on = local_date(counted_from) if isinstance(counted_from, datetime) else counted_from
        rule = rule_for(rule_key, on, self.rules)
        if rule.unit == "none" and not isinstance(counted_from, datetime):
            return self._agreed(rule, counted_from)
        is_clear = self.clear_days and rule.key in CLEAR_DAYS
        if is_clear and rule.direction != "before":  # the same notice, read from the other end
            rule = replace(rule, count=rule.count + 1)
        return as_due(calendars.due(rule, counted_from, self.calendar, clear_days=is_clear))

    def on_day(self, day: date) -> Due:
        """A date people agreed, with the common ladder."""
        return self.due(AGREED, day)

    def at_meeting(self, day: date, sentence: str) -> Due:
        """The day of a meeting, with the common ladder. It never moves by itself: whoever plans meetings moves it."""
        found = as_due(calendars.due(rule_for(AGREED, day), day, self.calendar))
        return replace(found, sentence=sentence, rule_key=None, rule_version=None, basis=None)

    def again(self, old: Due) -> Due | None:
        """A due date worked out anew from what it was counted from, or None where it was simply given."""
        return None if old.rule_key is None or old.basis is None else self.due(old.rule_key, old.basis)

    def _agreed(self, rule: Rule, day: date) -> Due:
        """The day itself; where school is closed by then, the next school day. Dates of law are never agreed."""
        agreed, closed = f"agreed for {calendars.full(day)}", self.calendar.why_not(day)
        if closed is None:
            return replace(as_due(calendars.due(rule, day, self.calendar)), sentence=agreed)
        moved = as_due(calendars.due(rule, self.calendar.next_school_day(day), self.calendar))
        return replace(moved, basis=day, sentence=f"{agreed} ({closed}), so {calendars.full(moved.on)}")

    def at_moment(self, moment: datetime) -> Due:
        """A moment that a duration leads to; nobody is reminded of it."""
        on = local_date(moment)
        return Due(on=on, at=moment, sentence=f"runs out at {calendars.local(moment):%H:%M} on {calendars.full(on)}")


def dates_for(connection: Connection, school: str, today: date) -> SchoolDates:
    """Dates by the calendar of one school and the rules of its authority. Raises UnknownKey where it has none."""
    return SchoolDates(
        organisations.calendar_of(connection, school),
        today,
        rules_of(connection, school),
        clear_days=settings_of(connection, school, today)["osd.clear_days"] is True,
    )


def as_due(found: DueDate) -> Due:
    """A deadline as an entry keeps it."""
    return Due(
        on=found.on,
        at=found.at,
        sentence=found.sentence,
        rule_key=found.rule_key,
        rule_version=str(found.rule_version),
        basis=found.basis,
        target_on=found.target_on,
        flags=found.flags,
        ladder=tuple(LadderStep(step.at, step.kind, step.tell, step.count_only) for step in found.ladder),
    )
