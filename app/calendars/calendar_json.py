"""Owns the JSON a calendar is kept as in its journal stream. It does not own where that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.calendars.bank_holidays import england_bank_holidays
from app.calendars.calendar import Calendar, Closure
from app.calendars.deemed_terms import Term
from app.calendars.trouble import UnreadableCalendar


def to_json(calendar: Calendar) -> dict[str, Any]:
    """Plain JSON, dates as ISO text, everything sorted; `from_json` gives an equal calendar back."""
    return {
        "name": calendar.name,
        "owner": calendar.owner,
        "kind": calendar.kind,
        "known_until": calendar.known_until.isoformat(),
        "terms_in_year": calendar.terms_in_year,
        "terms": [{"name": t.name, "first": t.first.isoformat(), "last": t.last.isoformat()} for t in calendar.terms],
        "training_days": [day.isoformat() for day in sorted(calendar.training_days)],
        "closures": [{"on": closure.on.isoformat(), "reason": closure.reason} for closure in calendar.closures],
        "bank_holidays": [day.isoformat() for day in sorted(calendar.bank_holidays)],
    }


def from_json(written: Mapping[str, Any]) -> Calendar:
    """The calendar `to_json` wrote. `"bank_holidays": "england"` stands for England's own.

    Raises: UnreadableCalendar if a field is missing or is not a date.
    """
    try:
        return _read(written)
    except KeyError as missing:
        raise UnreadableCalendar(f"Expected a calendar with {missing}, but it is missing") from None
    except (TypeError, ValueError) as wrong:
        raise UnreadableCalendar(f"Expected a calendar we can read, but {wrong}") from None


def _read(written: Mapping[str, Any]) -> Calendar:
    free = written.get("bank_holidays", "england")
    kind = written.get("kind", "school")
    if kind not in ("school", "working"):
        raise UnreadableCalendar(f'Expected the kind "school" or "working", but it is "{kind}"')
    return Calendar(
        name=written["name"],
        owner=written["owner"],
        kind=kind,
        known_until=date.fromisoformat(written["known_until"]),
        terms_in_year=int(written.get("terms_in_year", 3)),
        terms=tuple(_term(term) for term in written.get("terms", ())),
        training_days=frozenset(date.fromisoformat(day) for day in written.get("training_days", ())),
        closures=tuple(Closure(date.fromisoformat(c["on"]), c["reason"]) for c in written.get("closures", ())),
        bank_holidays=england_bank_holidays() if free == "england" else frozenset(map(date.fromisoformat, free)),
    )


def _term(written: Mapping[str, Any]) -> Term:
    return Term(written["name"], date.fromisoformat(written["first"]), date.fromisoformat(written["last"]))
