"""Forms and circumstances for the tests of forms: Monday 2 November 2026, a school with REF-A's calendar."""

import json
from datetime import UTC, date, datetime
from typing import Any

from app.calendars import reference_calendar
from app.forms import Accepted, Fields, Form, FormContext, Refused, read, submit

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CALENDAR = reference_calendar("REF-A")


def schema(*components: dict[str, Any]) -> bytes:
    """A schema of these components; ids are their keys."""
    named = [{"id": each.get("key") or each.get("path") or f"c{n}", **each} for n, each in enumerate(components)]
    return json.dumps({"type": "default", "id": "test_form", "schemaVersion": 19, "components": named}).encode()


def form(*components: dict[str, Any]) -> Form:
    return read(schema(*components))


def text(key: str, label: str = "Description", **rest: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": label, **rest}


def on(key: str, label: str = "Review date", **rest: Any) -> dict[str, Any]:
    return {"type": "datetime", "subtype": "date", "key": key, "dateLabel": label, **rest}


def choice(key: str, label: str, *values: str, **rest: Any) -> dict[str, Any]:
    options = [{"value": value, "label": value.capitalize()} for value in values]
    return {"type": "radio", "key": key, "label": label, "values": options, **rest}


def context(**rest: Any) -> FormContext:
    functions = {"due": lambda key=None, basis=None: date(2026, 12, 14)}
    return FormContext(**{"now": NOW, "calendar": CALENDAR, "functions": functions, **rest})


def sent(**values: str | list[str]) -> Fields:
    """Fields as a browser sends them; `day__month__year` in one text is split over three boxes."""
    return Fields({name: [value] if isinstance(value, str) else value for name, value in values.items()})


def boxes(key: str, day: str, month: str, year: str) -> dict[str, str]:
    return {f"{key}-day": day, f"{key}-month": month, f"{key}-year": year}


def problem(of: Form, fields: Fields, key: str, **circumstances: Any) -> str | None:
    """The sentence at one question, or None."""
    outcome = submit(of, fields, context(**circumstances))
    return outcome.problems.get(key) if isinstance(outcome, Refused) else None


def accepted(of: Form, fields: Fields, **circumstances: Any) -> Accepted:
    outcome = submit(of, fields, context(**circumstances))
    assert isinstance(outcome, Accepted), outcome
    return outcome


def refused(of: Form, fields: Fields, **circumstances: Any) -> Refused:
    outcome = submit(of, fields, context(**circumstances))
    assert isinstance(outcome, Refused), outcome
    return outcome
