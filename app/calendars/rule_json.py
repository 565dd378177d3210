"""Owns reading and writing a rule as plain JSON, as files and the journal keep it. It does not judge the law in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, get_args

from app.calendars.phrases import WEEKDAYS
from app.calendars.rule import OVERDUE_BY_LAW, Direction, Form, Rule, Rung, Unit
from app.calendars.trouble import UnreadableRule

CHOICES: dict[str, tuple[str, ...]] = {
    "unit": get_args(Unit),
    "form": get_args(Form),
    "direction": get_args(Direction),
    "legal": ("S", "G", "seed", "local"),
}
NAMES = frozenset(field.name for field in fields(Rule))


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """Only what differs from the defaults; `rule_from_json` gives an equal rule back."""
    written = {}
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if field.default is MISSING or value != field.default or field.name == "overdue":
            written[field.name] = _plain(value)
    return written


def rule_from_json(written: Mapping[str, Any]) -> Rule:
    """The rule written in JSON or YAML; dates are ISO text or dates.

    Raises: UnreadableRule, naming the key, for a missing, unknown or impossible field.
    """
    key = written.get("key", "?")
    unknown = sorted(set(written) - NAMES)
    if unknown:
        raise UnreadableRule(f'Expected the rule "{key}" to have known fields, but "{unknown[0]}" is not one')
    for name, choices in CHOICES.items():
        if name in written and written[name] not in choices:
            raise UnreadableRule(
                f'Expected {name} of "{key}" to be one of {", ".join(choices)}, but it is "{written[name]}"'
            )
    try:
        return Rule(**{name: _value(name, value) for name, value in _with_legal_ladder(written).items()})
    except (TypeError, ValueError, KeyError) as wrong:
        raise UnreadableRule(f'Expected the rule "{key}" to be readable, but {wrong}') from None


def _with_legal_ladder(written: Mapping[str, Any]) -> dict[str, Any]:
    if written.get("legal") == "S" and "overdue" not in written:
        return {**written, "overdue": OVERDUE_BY_LAW}
    return dict(written)


def _value(name: str, value: Any) -> Any:
    if name in ("valid_from", "valid_to"):
        return date.fromisoformat(value) if isinstance(value, str) else value
    if name in ("remind", "due_today", "month_day"):
        return tuple(value)
    if name == "weekday" and isinstance(value, str):
        return WEEKDAYS.index(value)
    return tuple(_rung(rung) for rung in value) if name == "overdue" else value


def _rung(written: Rung | Mapping[str, Any]) -> Rung:
    if isinstance(written, Rung):
        return written
    return Rung(int(written["after_school_days"]), tuple(written["tell"]), bool(written.get("count_only", False)))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Rung):
        return {"after_school_days": value.after_school_days, "tell": list(value.tell), "count_only": value.count_only}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
