"""FEEL in forms: read once, asked many times. Which names it sees is decided in `scope`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.calendars import CalendarError
from app.errors import Rejected
from app.feel import Expression, FeelClock, FeelError, Value, compile_expression

#: functions a form may call besides FEEL's own
FUNCTIONS = frozenset(
    {
        "due",
        "setting",
        "year_group",
        "is_school_day",
        "school_days_between",
        "days_suspended_in_term",
        "days_suspended_in_year",
        "centres",
        "place_types",
    }
)

Functions = Mapping[str, Callable[..., Value]]


class UnreadableFormula(ValueError):
    """A formula that is not FEEL, with its sentence."""


class UnanswerableFormula(ValueError):
    """A formula that could not be worked out within bounds."""


@dataclass(frozen=True)
class Formula:
    """One FEEL expression of a form."""

    #: as written, without a leading `=`
    source: str
    #: as compiled
    expression: Expression

    @classmethod
    def read(cls, source: str) -> "Formula":
        """Compile. Raises: UnreadableFormula."""
        try:
            return cls(source, compile_expression(source, FUNCTIONS))
        except FeelError as trouble:
            raise UnreadableFormula(str(trouble)) from trouble

    @property
    def names(self) -> frozenset[str]:
        """The free names it uses."""
        return frozenset(self.expression.names)

    def ask(self, scope: Mapping[str, Value], now: datetime, functions: Functions) -> Value:
        """What it gives. Raises: UnanswerableFormula when it asks for too much, or for a deadline that is unknown."""
        try:
            return self.expression.evaluate(scope, FeelClock(now), functions)
        except (FeelError, CalendarError, Rejected) as trouble:
            raise UnanswerableFormula(str(trouble)) from trouble
