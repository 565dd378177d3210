"""Date arithmetic against a table worked out by hand: shorter months, leap days, clock changes, bank holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.calendars import CalendarError, RuleBook, due, instant, reference_calendar
from app.calendars.local_time import clock_time

TABLE = YAML(typ="safe", pure=True).load(Path(__file__).with_name("arithmetic.yaml").read_text("utf-8"))
DATES = [row for name, rows in TABLE.items() if name not in ("wall times", "times of day") for row in rows]


@pytest.mark.parametrize("row", DATES, ids=lambda row: " ".join(map(str, row)))
def test_a_written_rule_leads_to_the_date_worked_out_by_hand(row: list[object]) -> None:
    text, basis, expected, *calendar = row
    assert isinstance(text, str)
    assert isinstance(basis, date)

    deadline = due(RuleBook.written(text), basis, reference_calendar(str(calendar[0]) if calendar else "REF-A"))

    assert deadline.on == expected, deadline.sentence


@pytest.mark.parametrize(("on", "time", "expected"), TABLE["wall times"])
def test_a_london_wall_time_is_one_instant(on: date, time: str, expected: str) -> None:
    assert instant(on, clock_time(time)).isoformat() == expected


@pytest.mark.parametrize(("text", "time", "basis", "expected"), TABLE["times of day"])
def test_a_time_of_day_is_kept_by_the_clock_on_the_wall(text: str, time: str | None, basis: str, expected: str) -> None:
    rule = replace(RuleBook.written(text), time_of_day=time)

    deadline = due(rule, datetime.fromisoformat(basis), reference_calendar("REF-A"))

    assert deadline.at == datetime.fromisoformat(expected)
    assert deadline.at.tzinfo is UTC


def test_a_time_without_an_offset_is_refused() -> None:
    naive = datetime(2026, 11, 2, 9)  # noqa: DTZ001 - the point of the test

    with pytest.raises(CalendarError, match="has none"):
        due(RuleBook.written("5 days"), naive, reference_calendar("REF-A"))


def test_hours_cannot_be_counted_from_a_date() -> None:
    with pytest.raises(CalendarError, match="Expected a time of day to count 48 hours from"):
        due(RuleBook.written("48 hours"), date(2026, 11, 2), reference_calendar("REF-A"))
