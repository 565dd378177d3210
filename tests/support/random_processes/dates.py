"""Deadlines without a calendar: what is given is when it is due."""

from datetime import UTC, date, datetime

from app.model.due import Due

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class GivenDates:
    """Knows no rule; random processes name none."""

    def due(self, rule_key: str, basis: date | None) -> Due:
        raise AssertionError(f"Expected no deadline rule, but a process asks for {rule_key}")

    def on_day(self, day: date) -> Due:
        return Due(day, datetime(day.year, day.month, day.day, tzinfo=UTC), "as given")

    def at_moment(self, moment: datetime) -> Due:
        return Due(moment.date(), moment, "as given")
