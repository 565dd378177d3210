"""Short words for what a node or flow says: used by the outline and by differences. Not sentences about problems."""

import re
from collections.abc import Mapping

from app.diagrams.values import NOTHING, Diagram, Flow, Loop, Node, Timer

_DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?"
)


def duration_words(text: str) -> str:
    """ "P6W" → "6 weeks"; anything else as it is written."""
    match = _DURATION.fullmatch(text.strip())
    parts = [(int(n), unit) for unit, n in match.groupdict().items() if n] if match else []
    if not parts:
        return text
    return " ".join(f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in parts)


def due_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """ "20 school days, counted from meeting_on"; "" where nothing is due."""
    if node.due_date:
        return f"on {node.due_date}"
    if not node.due_rule:
        return ""
    rule = titles.get(node.due_rule, node.due_rule)
    return f"{rule}, counted from {node.due_basis}" if node.due_basis else rule


def timer_words(timer: Timer | None) -> str:
    """When a timer happens, as far as the timer itself says."""
    if timer is None or not timer.text:
        return ""
    if timer.kind == "duration":
        return f"after {duration_words(timer.text)}"
    return f"until {timer.text}" if timer.kind == "date" else f"every {timer.text}"


def loop_words(loop: Loop | None) -> str:
    """How an activity is repeated."""
    if loop is None:
        return ""
    if loop.kind == "standard":
        return f"again while {loop.condition}" if loop.condition else f"up to {loop.maximum} times"
    many = f"each of {loop.collection}" if loop.collection else f"{loop.cardinality} times"
    return f"for {many}, {'all at once' if loop.kind == 'parallel' else 'one after the other'}"


def event_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """What an event waits for or does."""
    if node.event_kind == "message":
        return f"message “{node.message}”" if node.message else "message"
    if node.event_kind == "timer":
        return due_words(node, titles) or timer_words(node.timer) or "timer"
    if node.event_kind in {"error", "escalation"}:
        return f"{node.event_kind} {node.code}" if node.code else node.event_kind
    if node.event_kind == "terminate":
        return "everything else ends"
    return node.event_kind or ""


def who_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """Whose task it is: role codes (or their titles), and the organisation where it is not the home one."""
    roles = " or ".join(titles.get(role, role) for role in node.roles)
    return f"{roles} of the {node.organisation}" if roles and node.organisation != "home" else roles


def start_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """Who may start a case there: role codes (or their titles)."""
    return " or ".join(titles.get(role, role) for role in node.start_roles)


def branch_words(diagram: Diagram, flow: Flow) -> str:
    """When a flow is taken, as its gateway would say it."""
    source = diagram.nodes.get(flow.source)
    is_default = source is not None and source.default_flow == flow.id
    when = "otherwise" if is_default else f"when {flow.condition}" if flow.condition else ""
    return " ".join(part for part in (f"“{flow.name}”" if flow.name else "", when) if part)
