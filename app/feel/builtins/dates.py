"""Built-in functions on dates (DMN 10.3.4.8). The clock itself is read where expressions are compiled."""

from datetime import date, datetime
from decimal import Decimal

from app.feel.builtins.registry import builtin
from app.feel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("day of week(date: day)")
def _day_of_week(day: date | datetime) -> Value:
    return _DAYS[day.weekday()]


@builtin("month of year(date: day)")
def _month_of_year(day: date | datetime) -> Value:
    return _MONTHS[day.month - 1]


@builtin("day of year(date: day)")
def _day_of_year(day: date | datetime) -> Value:
    return Decimal(day.timetuple().tm_yday)


@builtin("week of year(date: day)")
def _week_of_year(day: date | datetime) -> Value:
    return Decimal(day.isocalendar().week)
