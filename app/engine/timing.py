"""When a task is due and when a timer fires: evaluated once, when the token arrives. Never looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from app.clock import local_date
from app.engine.expressions import Formula
from app.engine.moments import Duration, aware, later, literal
from app.engine.trouble import Stuck
from app.errors import Rejected
from app.feel import Months
from app.model.due import Due

if TYPE_CHECKING:
    from app.engine.instance import CaseTask


@dataclass(frozen=True)
class When:
    """How a diagram says when: a rule with its basis, or a date, moment or duration."""

    #: what it is the time of, for sentences
    place: str
    #: deadline rule key, or a rule written out
    rule: str | None = None
    #: FEEL giving the date the rule counts from; None: the day the token arrives
    basis: Formula | None = None
    #: FEEL giving a date, moment or duration, where there is no rule
    formula: Formula | None = None
    #: ISO 8601, where there is neither
    fixed: date | datetime | Duration | None = None

    def due(self, token: CaseTask) -> Due:
        """The moment, with its reason. Raises: Stuck."""
        try:
            if self.rule is not None:
                return token.progress.dates.due(self.rule, self._basis(token))
            value = self.fixed if self.formula is None else self.formula.value(token, "deadline")
            return self._given(token, value)
        except Rejected as rejected:
            raise Stuck("deadline", f"Expected a date for {self.place}, but: {rejected.sentence}") from rejected
        except (ValueError, OverflowError) as error:
            raise Stuck("deadline", f"Expected a date for {self.place}, but it lies outside the calendar") from error

    def _basis(self, token: CaseTask) -> date | None:
        if self.basis is None:
            return None
        value = _read(self.basis.value(token, "deadline"))
        if isinstance(value, datetime):
            return local_date(aware(value))
        if isinstance(value, date):
            return value
        raise Stuck("deadline", f"Expected a date to count from for {self.place}, but “{self.basis.source}” gives none")

    def _given(self, token: CaseTask, value: Any) -> Due:
        dates, now, read = token.progress.dates, token.progress.now, _read(value)
        if isinstance(read, datetime):
            return dates.at_moment(aware(read))
        if isinstance(read, date):
            return dates.on_day(read)
        if isinstance(read, Duration):
            if not read.is_bounded:
                raise Stuck("deadline", f"Expected {self.place} to take a minute to 25 years, but it does not")
            return dates.at_moment(later(now, read))
        source = self.formula.source if self.formula else self.place
        raise Stuck("deadline", f"Expected a date, moment or duration for {self.place}, but “{source}” gives none")


def _read(value: Any) -> Any:
    """FEEL's and JSON's ways of saying a time, as ours."""
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, timedelta):
        return Duration(days=value.days, clock=value - timedelta(days=value.days))
    if isinstance(value, Months):
        return Duration(months=value.count)
    return value


def noted(token: CaseTask) -> Due | None:
    """The date kept with a token."""
    kept = token.notes.get("due")
    return Due.from_json(cast(dict[str, Any], kept)) if kept is not None else None
