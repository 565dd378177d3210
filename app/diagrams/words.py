"""Short words for what a node or flow says: used by the outline and by differences. Not sentences about problems."""

import re
from collections.abc import Mapping

from app.diagrams.plain import Questions, condition_words, value_words
from app.diagrams.values import NOTHING, Diagram, Flow, Loop, Node, Timer
from app.model.meetings import KINDS
from app.model.placing import STEPS

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


def due_words(node: Node, titles: Mapping[str, str] = NOTHING, questions: Questions | None = None) -> str:
    """ "20 school days, counted from meeting_on"; "" where nothing is due.

    With `questions`, for staff: from the answer to “When is the meeting?”, or nothing where it is worked out.
    """
    if node.due_date:
        if questions is None:
            return f"on {node.due_date}"
        return f"on {value_words(node.due_date, questions) or 'a date that was agreed'}"
    if not node.due_rule:
        return ""
    rule = titles.get(node.due_rule, node.due_rule)
    basis = node.due_basis or ""
    if questions is not None:  # a rule that has words says itself what it counts from
        basis = "" if node.due_rule in titles else value_words(basis, questions)
    return f"{rule}, counted from {basis}" if basis else rule


def timer_words(timer: Timer | None) -> str:
    """When a timer happens, as far as the timer itself says."""
    if timer is None or not timer.text:
        return ""
    if timer.kind == "duration":
        return f"after {duration_words(timer.text)}"
    return f"until {timer.text}" if timer.kind == "date" else f"every {timer.text}"


def loop_words(loop: Loop | None, questions: Questions | None = None) -> str:
    """How an activity is repeated."""
    if loop is None:
        return ""
    if questions is not None:
        return "again and again" if loop.kind == "standard" else f"several times, {_order(loop)}"
    if loop.kind == "standard":
        return f"again while {loop.condition}" if loop.condition else f"up to {loop.maximum} times"
    many = f"each of {loop.collection}" if loop.collection else f"{loop.cardinality} times"
    return f"for {many}, {_order(loop)}"


def _order(loop: Loop) -> str:
    return "all at once" if loop.kind == "parallel" else "one after the other"


def event_words(node: Node, titles: Mapping[str, str] = NOTHING, questions: Questions | None = None) -> str:
    """What an event waits for or does."""
    if node.event_kind == "message":
        return f"message “{node.message}”" if node.message and questions is None else "message"
    if node.event_kind == "timer":
        return due_words(node, titles, questions) or _when_words(node.timer, questions) or "timer"
    if node.event_kind in {"error", "escalation"}:
        if questions is not None:
            return "when it cannot go on" if node.event_kind == "error" else "when it is escalated"
        return f"{node.event_kind} {node.code}" if node.code else node.event_kind
    if node.event_kind == "terminate":
        return "everything else ends"
    return node.event_kind or ""


def _when_words(timer: Timer | None, questions: Questions | None) -> str:
    said = timer_words(timer)
    if timer is None or questions is None or (said.startswith("after ") and " " in duration_words(timer.text)):
        return said
    return f"until {value_words(timer.text, questions) or 'a date that is worked out'}" if said else ""


def who_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """Whose task it is: role codes (or their titles), and the organisation where it is not the home one."""
    roles = " or ".join(titles.get(role, role) for role in node.roles)
    return f"{roles} of the {node.organisation}" if roles and node.organisation != "home" else roles


def meeting_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """Which meeting decides it, and which forms its members see; "" where none does."""
    if not node.meeting:
        return ""
    forms = ", ".join(titles.get(key, key) for key in node.pack)
    held = f"decided at the next meeting of the {KINDS.get(node.meeting, node.meeting)}"
    return f"{held}, whose members see {forms}" if forms else held


def place_words(node: Node) -> str:
    """What completing it does with a commissioned place; "" for nothing."""
    return STEPS.get(node.place, node.place) if node.place else ""


def start_words(node: Node, titles: Mapping[str, str] = NOTHING) -> str:
    """Who may start a case there: role codes (or their titles)."""
    names = [titles.get(role, role) for role in node.start_roles]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def branch_words(diagram: Diagram, flow: Flow, questions: Questions | None = None) -> str:
    """When a flow is taken, as its gateway would say it."""
    source = diagram.nodes.get(flow.source)
    is_default = source is not None and source.default_flow == flow.id
    condition = flow.condition or ""
    if questions is not None and condition:
        condition = condition_words(condition, questions) or ("" if flow.name else "its condition holds")
    when = "otherwise" if is_default else f"when {condition}" if condition else ""
    return " ".join(part for part in (f"“{flow.name}”" if flow.name else "", when) if part)
