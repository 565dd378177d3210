"""Rules about timers: that each says when, once, and within bounds."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app.checks.expressions_used import is_literal
from app.checks.registry import rule
from app.checks.scene import Scene
from app.diagrams import Node

LONGEST_YEARS = 25
SHORTEST = timedelta(minutes=1)
_DURATION = re.compile(
    r"(?P<minus>-)?P(?=[0-9T])(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)


def _text(node: Node) -> str | None:
    """The ISO 8601 text of a timer that is written as such."""
    if node.timer is None or node.due_rule or node.timer.kind == "cycle":
        return None
    return node.timer.text.strip() if is_literal(node.timer.text) else None


def _length(text: str) -> tuple[timedelta, bool] | None:
    """(length, whether it is negative) with a year as 365 and a month as 30 days, or None."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    parts = {unit: int(n) for unit, n in match.groupdict().items() if n and unit != "minus"}
    days = 365 * parts.pop("years", 0) + 30 * parts.pop("months", 0) + parts.pop("days", 0)
    return timedelta(days=days, **parts), match["minus"] is not None


@rule("timer-set", fix="Give it a due rule, a date or a duration.")
def timer_set(node: Node, scene: Scene) -> Iterator[str]:
    """A timer says when it happens."""
    if node.event_kind == "timer" and not node.due_rule and not node.due_date and not (node.timer and node.timer.text):
        yield f"{node.label} does not say when it happens"


@rule("no-timer-cycle", fix="Draw a loop around a timer with a date, left when it is over.")
def no_timer_cycle(node: Node, scene: Scene) -> Iterator[str]:
    """A repeating timer drifts with the clocks, and what it started is deleted when the main path ends."""
    if node.timer is None or node.due_rule:
        return
    is_repetition = node.timer.text.startswith("R") and is_literal(node.timer.text)
    if node.timer.kind == "cycle" or is_repetition:
        yield f"{node.label} repeats ({node.timer.text[:40]})"


@rule("timer-readable", fix="Write a duration such as P6W or PT2H, a date such as 2027-01-05, or FEEL.")
def timer_readable(node: Node, scene: Scene) -> Iterator[str]:
    """A timer is ISO 8601 or FEEL; a duration stands where a duration belongs, a date where a date does."""
    text = _text(node)
    if text is None or text.startswith("R"):
        return
    assert node.timer is not None
    if node.timer.kind == "duration" and _length(text) is None:
        yield f"Expected a duration such as P6W, but {node.label} has {text[:40]}"
    if node.timer.kind == "date" and _moment(text) is None:
        yield f"Expected a date such as 2027-01-05, but {node.label} has {text[:40]}"


@rule("timer-bounds", fix="Choose a duration of at least a minute and at most 25 years.")
def timer_bounds(node: Node, scene: Scene) -> Iterator[str]:
    """A timer goes forward, at least by a minute and at most by 25 years."""
    length = _length(_text(node) or "")
    if length is None or node.timer is None or node.timer.kind != "duration":
        return
    duration, is_negative = length
    if is_negative:
        yield f"{node.label} goes back in time"
    elif duration < SHORTEST:
        yield f"{node.label} waits less than a minute"
    elif duration > timedelta(days=365 * LONGEST_YEARS + 7):
        yield f"{node.label} waits longer than {LONGEST_YEARS} years"


@rule("timer-offset", fix="Add Z or an offset such as +01:00, or write the date alone.")
def timer_offset(node: Node, scene: Scene) -> Iterator[str]:
    """A time of day without an offset means different instants in summer and winter."""
    moment = _moment(_text(node) or "")
    if isinstance(moment, datetime) and moment.tzinfo is None:
        yield f"{node.label} has a time of day without an offset"


def _moment(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
