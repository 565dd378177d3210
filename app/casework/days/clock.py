"""How many school days are left until a date, in words and with the state it is coloured by. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.calendars import Calendar

#: within so many school days it is soon
SOON = 5


@dataclass(frozen=True)
class Left:
    """The time left until one date."""

    #: "3 school days left", "Due today", "Late by 1 school day"
    words: str
    #: modifier of the label: overdue, today, soon, later
    state: str
    #: school days from tomorrow to the date; negative: since the date, today included
    school_days: int


def left(on: date, today: date, calendar: Calendar) -> Left:
    """Counted by the calendar of the school: weekends, holidays and closures are no days."""
    if on == today:
        return Left("Due today", "today", 0)
    if not (calendar.covers(on) and calendar.covers(today)):
        days = (on - today).days
        return Left(
            f"{days} days left" if days > 0 else f"Late by {-days} days", "later" if days > 0 else "overdue", days
        )
    first, last = (today, on) if on > today else (on, today)
    days = len(calendar.school_days_between(first + timedelta(days=1), last))
    counted = f"{days} school {'day' if days == 1 else 'days'}"
    if on < today:
        return Left(f"Late by {counted}" if days else "Late, with no school day since", "overdue", -days)
    if not days:
        return Left("Due before the next school day", "soon", 0)
    return Left(f"{counted} left", "soon" if days <= SOON else "later", days)
