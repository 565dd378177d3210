"""Every expression in a diagram: where it stands, what it is for, and what compiling it gave. No rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.checks.readings import FUNCTIONS
from app.diagrams import Diagram, Node
from app.feel import FeelError, compile_context, compile_expression

Purpose = Literal["condition", "script", "due", "timer", "message", "loop"]
#: looks like ISO 8601: a date, a date with a time, a duration or a repetition
LITERAL = re.compile(r"-?P[0-9T].*|-?\d{4,}-\d{2}-\d{2}(T.*)?|R\d*/.*", re.ASCII)


@dataclass(frozen=True)
class Use:
    """One expression."""

    #: id of the node or flow it belongs to
    element: str
    #: what it decides
    purpose: Purpose
    #: what people call the place: "the condition"
    place: str
    #: FEEL
    source: str
    #: why it cannot be compiled, or None
    trouble: str | None
    #: variables it reads
    names: frozenset[str] = frozenset()
    #: variables it gives values to
    sets: tuple[str, ...] = ()


def is_literal(text: str) -> bool:
    """Whether a timer's text is ISO 8601 rather than FEEL."""
    return LITERAL.fullmatch(text.strip()) is not None


def feel_characters(diagram: Diagram) -> int:
    """How much FEEL there is to read in a diagram; nothing is read yet."""
    texts = [flow.condition for flow in diagram.flows.values()]
    for node in diagram.nodes.values():
        texts += [node.script, node.due_basis, node.due_date, node.message_payload]
        texts += [node.timer.text] if node.timer else []
        texts += [node.loop.collection, node.loop.cardinality, node.loop.condition] if node.loop else []
    return sum(len(text) for text in texts if text)


def uses_of(diagram: Diagram) -> tuple[Use, ...]:
    """Every expression of a diagram, in file order: those of nodes, then those of flows."""
    return (*(use for node in diagram.nodes.values() for use in _of_node(node)), *_conditions(diagram))


def _conditions(diagram: Diagram) -> Iterator[Use]:
    for flow in diagram.flows.values():
        if flow.condition:
            yield _expression(flow.id, "condition", f"The condition of {flow.label}", flow.condition)


def _of_node(node: Node) -> Iterator[Use]:
    if node.kind == "scriptTask" and node.script:
        yield _context(node)
    if node.due_basis:
        yield _expression(node.id, "due", f"What the due date of {node.label} is counted from", node.due_basis)
    if node.due_date:
        yield _expression(node.id, "due", f"The due date of {node.label}", node.due_date)
    if node.timer and node.timer.text and not node.due_rule and not is_literal(node.timer.text):
        yield _expression(node.id, "timer", f"The timer of {node.label}", node.timer.text)
    if node.message_payload:
        yield _expression(node.id, "message", f"The content of the message of {node.label}", node.message_payload)
    if node.loop:
        yield from _of_loop(node)


def _of_loop(node: Node) -> Iterator[Use]:
    assert node.loop is not None
    for what, source in (
        ("The list of", node.loop.collection),
        ("The number of repetitions of", node.loop.cardinality),
        ("The condition that repeats", node.loop.condition),
    ):
        if source:
            yield _expression(node.id, "loop", f"{what} {node.label}", source)


def _expression(element: str, purpose: Purpose, place: str, source: str) -> Use:
    try:
        compiled = compile_expression(source, extra_functions=FUNCTIONS)
    except FeelError as error:
        return Use(element, purpose, place, source, error.sentence)
    return Use(element, purpose, place, source, None, compiled.names)


def _context(node: Node) -> Use:
    place, source = f"The script of {node.label}", node.script or ""
    try:
        compiled = compile_context(source, extra_functions=FUNCTIONS)
    except FeelError as error:
        return Use(node.id, "script", place, source, error.sentence)
    return Use(node.id, "script", place, source, None, compiled.names, compiled.keys)
