"""The 68 worked examples of the business calendar, read from `examples.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.calendars import DueDate, due, later_of, load_rules, local_date, recalculated, reference_calendar
from app.calendars.census import census_days
from app.calendars.exclusion_totals import Suspended, board_duty, is_within_year_limit, totals_by_term, why_not_cancel
from app.calendars.long_closure import may_claim_closure
from app.calendars.placement_days import additional_place_cost, placement_days, quota_place_lines
from app.calendars.retention import birthday

Check = dict[str, Any]
RULES = load_rules()
EXAMPLES = YAML(typ="safe", pure=True).load(Path(__file__).with_name("examples.yaml").read_text("utf-8"))


def worked_out(key: str, basis: date | datetime, check: Check) -> DueDate:
    calendar = reference_calendar(check.get("calendar", "REF-A"))
    rule = RULES.at(key, local_date(basis))
    return due(rule, basis, calendar, clear_days=check.get("clear_days", False))


def check_due(check: Check, previous: date | None) -> date:
    basis = check["basis"]
    if basis == "previous":
        assert previous is not None
        basis = previous
    deadline = worked_out(check["due"], datetime.fromisoformat(basis) if isinstance(basis, str) else basis, check)
    assert deadline.on == check["on"], deadline.sentence
    assert deadline.flags == tuple(check.get("flags", ()))
    assert deadline.sentence == check.get("sentence", deadline.sentence)
    assert deadline.shown_on == check.get("shown_on")
    check_due_extras(check, deadline)
    return deadline.on


def check_due_extras(check: Check, deadline: DueDate) -> None:
    if "target_on" in check:
        assert deadline.target_on == check["target_on"]
    if "days" in check:
        assert (deadline.on - deadline.basis).days == check["days"]
    if "at" in check:
        assert deadline.at.isoformat() == check["at"]
    if "reminders" in check:
        assert [local_date(at) for at in deadline.remind_at] == check["reminders"]
    if "day_after" in check:
        assert deadline.on + timedelta(days=1) == check["day_after"]
    if "why_not" in check:
        assert reference_calendar("REF-A").why_not(deadline.on) == check["why_not"]
    assert all(asked <= deadline.on for asked in check.get("in_time", ()))
    assert all(asked > deadline.on for asked in check.get("too_late", ()))


def check_moved(check: Check, previous: date | None) -> None:
    old = worked_out(check["moved"], check["basis"], check)
    calendar = reference_calendar("REF-A").with_closure(check["closure"], check["reason"])
    new = recalculated(old, RULES.at(check["moved"], check["basis"]), calendar)
    assert new is not None
    assert (old.on, new.on) == (check["from"], check["on"])
    assert f"the closure 14 Oct ({check['reason']})" in new.sentence


def check_later_of(check: Check, previous: date | None) -> None:
    deadlines = [worked_out(key, basis, check) for key, basis, _ in check["later_of"]]
    assert [deadline.on for deadline in deadlines] == [expected for _, _, expected in check["later_of"]]
    assert later_of(*deadlines).on == check["on"]


def check_totals(check: Check, previous: date | None) -> None:
    calendar = reference_calendar(check.get("calendar", "REF-A"))
    totals = totals_by_term([Suspended(on, Decimal(days)) for on, days in check["totals"]], calendar)
    assert list(totals.values()) == [Decimal(days) for days in check["by_term"]]
    assert board_duty(max(totals.values()), representations=check["representations"]) == check["duty"]


def check_limit(check: Check, previous: date | None) -> None:
    assert is_within_year_limit(Decimal(check["limit"]), Decimal(check["new"])) is check["allowed"]


def check_cancel(check: Check, previous: date | None) -> None:
    refusal = why_not_cancel(Decimal(check["cancel"]), board_has_begun=check["board_has_begun"])
    assert (refusal is None) is check["allowed"]


def check_exemption(check: Check, previous: date | None) -> None:
    first, last = check["shut"]
    assert (last - first).days + 1 == check["days"]
    assert may_claim_closure(check["exemption"], first, last) is check["allowed"]


def check_placement(check: Check, previous: date | None) -> None:
    first, last = check["placement"]
    pattern = {weekday: Decimal(1) for weekday in check["weekdays"]}
    days = placement_days(first, last, reference_calendar("REF-A"), pattern)
    assert days == Decimal(check["days"])
    assert additional_place_cost(days, Decimal(check["rate"])) == Decimal(check["cost"])


def check_quota(check: Check, previous: date | None) -> None:
    lines = quota_place_lines(Decimal(check["quota"]), [Decimal(amount) for amount in check["yearly"]])
    assert lines == tuple(Decimal(line) for line in check["lines"])
    assert sum(lines) == Decimal(check["cost"])


def check_born(check: Check, previous: date | None) -> None:
    assert birthday(check["born"], check["age"]) == check["on"]


def check_census(check: Check, previous: date | None) -> None:
    assert census_days(check["census"]) == tuple(check["on"])


OPERATIONS: dict[str, Callable[[Check, date | None], date | None]] = {
    "due": check_due,
    "moved": check_moved,
    "later_of": check_later_of,
    "totals": check_totals,
    "limit": check_limit,
    "cancel": check_cancel,
    "exemption": check_exemption,
    "placement": check_placement,
    "quota": check_quota,
    "born": check_born,
    "census": check_census,
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['number']}: {example['about']}")
def test_each_worked_example_comes_out_as_worked_out_by_hand(example: dict[str, Any]) -> None:
    previous: date | None = None
    for check in example["checks"]:
        operation = next(name for name in OPERATIONS if name in check)
        previous = OPERATIONS[operation](check, previous)


def test_no_worked_example_is_missing() -> None:
    assert [example["number"] for example in EXAMPLES] == list(range(1, 69))
