"""Owns the reference calendars that tests and the demo count by. Real schools' live in the journal."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from app.calendars.calendar import Calendar
from app.calendars.calendar_json import from_json
from app.calendars.trouble import UnreadableCalendar

REFERENCE_FILES = {"REF-A": "ref_a.json", "REF-B": "ref_b.json", "REF-K": "ref_k.json", "OFFICES": "offices.json"}


@cache
def reference_calendar(name: str) -> Calendar:
    """REF-A, REF-B or REF-K of the worked examples, or OFFICES. Reads a packaged file once; call it at start.

    Raises: UnreadableCalendar for another name.
    """
    if name not in REFERENCE_FILES:
        known = ", ".join(REFERENCE_FILES)
        raise UnreadableCalendar(f'Expected a reference calendar ({known}), but "{name}" is not one')
    return from_json(json.loads((files(__name__) / REFERENCE_FILES[name]).read_text("utf-8")))
