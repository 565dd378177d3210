"""F5: timers over changes of the clocks, short months, leap days and Christmas fire when a table says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fault.waiting import UNTIL, a_case, deployed, fired
from flask import Flask
from ruamel.yaml import YAML

from app.cases.sweep import sweep
from app.store.db import db, reading
from app.store.queries import dues

TABLE = YAML(typ="safe", pure=True).load(Path(__file__).with_name("clock_changes.yaml").read_text("utf-8"))
ROWS = 60
SECOND = timedelta(seconds=1)


def utc(written: str) -> datetime:
    """The instant that a row of the table writes."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def waiting() -> list[tuple[str, str, datetime]]:
    """A case for each row: (its id, the row in words, when it must fire)."""
    until = deployed("until", UNTIL)
    lasting = deployed("lasting", UNTIL.replace("date=", "duration="))
    rules = {row[0] for row in TABLE["rules"]}
    by_rule = {
        rule: deployed(rule.replace(" ", "-"), UNTIL.replace('date="when"', f'timer dueRule="{rule}"'))
        for rule in rules
    }
    keys = {"moments": lambda how: until, "durations": lambda how: lasting, "rules": by_rule.__getitem__}
    return [
        (a_case(keys[kind](how), utc(came), when=how), f"{how} from {came}", utc(fires))
        for kind, rows in TABLE.items()
        for how, came, fires in rows
    ]


def test_every_timer_fires_at_its_instant_and_not_a_second_before(installed: Flask) -> None:
    # given a case for each row of the table
    cases = waiting()
    assert len(cases) == ROWS
    # then each timer is armed for its instant
    armed = {case_id: [one.due_at for one in dues.timers_of(reading(), case_id)] for case_id, _, _ in cases}
    db.session.rollback()
    assert {row: armed[case_id] for case_id, row, _ in cases} == {row: [fires] for _, row, fires in cases}
    # and when somebody looks a second before each instant, and at it
    for instant in sorted({fires for _, _, fires in cases}):
        assert sweep(instant - SECOND).timers == 0
        assert sweep(instant).timers == sum(fires == instant for _, _, fires in cases)
    # then each fired once, never early
    entries = fired([case_id for case_id, _, _ in cases])
    assert [len(one) for one in entries] == [1] * ROWS
    assert [row for (_, row, fires), one in zip(cases, entries, strict=True) if one[0][0] < fires] == []
