"""What cannot be run, of one element: refused at the element, with a way out. Style and completeness: `app.checks`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.diagrams import Node
from app.engine.definition import Problem
from app.engine.source import Source
from app.engine.variables import is_name

IDENTITY = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
RESERVED_IDS = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_NOT_RUN = {
    "serviceTask": "Use a send task and wait for the answer as a message.",
    "adHocSubProcess": "Use a sub-process, or separate tasks after a parallel gateway.",
    "transaction": "Use a sub-process.",
    "complexGateway": "Use an exclusive, inclusive or parallel gateway.",
}
_EVENTS: dict[str, set[str | None]] = {
    "startEvent": {None, "message", "error", "escalation", "signal"},
    "endEvent": {None, "message", "error", "escalation", "signal", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "signal", "link"},
    "intermediateThrowEvent": {None, "message", "escalation", "signal", "link"},
    "boundaryEvent": {"message", "timer", "error", "escalation", "signal"},
}
_HOSTS = frozenset({"userTask", "manualTask", "task", "receiveTask", "callActivity", "subProcess"})
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})

_Found = Iterator[Problem]
ElementRule = Callable[[Source, Node], _Found]


def ids(identity: str) -> _Found:
    """An id that the engine can use as a name."""
    if identity in RESERVED_IDS or identity.endswith(".EndJoin") or not IDENTITY.fullmatch(identity):
        sentence = (
            f"Expected an id of letters, digits, “_”, “.” and “-” that is not reserved, but it is “{identity[:70]}”"
        )
        yield Problem(identity, "ids", sentence, "Rename the element's id.")


def _problem(node: Node, rule: str, sentence: str, fix: str) -> Problem:
    return Problem(node.id, rule, sentence, fix)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _kind(source: Source, node: Node) -> _Found:
    if node.kind in _NOT_RUN:
        yield _problem(
            node, "element", f"Expected an element that can run, but {node.label} is a {node.kind}", _NOT_RUN[node.kind]
        )
    for words in source.more(node.id).cannot:
        yield _problem(node, "extension", f"Expected no {words}, but {node.label} has that", "Remove it.")
    if (source.more(node.id).inputs, source.more(node.id).outputs) != (None, None):
        sentence = f"Expected what is handed over to be said by the called process, but {node.label} says it"
        yield _problem(node, "extension", sentence, "Put the ioSpecification into the called process.")
    if node.has_pre_post_script:
        yield _problem(
            node, "extension", f"Expected no scripts around {node.label}, but there are", "Use a script task."
        )
    yield from ids(node.id)


def _event(source: Source, node: Node) -> _Found:
    if node.kind in _EVENTS and node.event_kind not in _EVENTS[node.kind]:
        sentence = f"Expected an event that can happen, but {node.label} is a {node.event_kind or 'plain'} {node.kind}"
        yield _problem(
            node, "event", sentence, "Use a message, timer, error, escalation or signal where BPMN has them."
        )
    if node.timer is not None and node.timer.kind == "cycle":
        sentence = f"Expected one moment for {node.label}, but it is a cycle"
        yield _problem(node, "cycle-timer", sentence, "Draw a loop around a timer with a date or duration.")
    sends = node.event_kind == "message" or node.kind in ("sendTask", "receiveTask")
    if sends and not node.message:
        yield _problem(
            node, "message", f"Expected a message for {node.label}, but it names none", "Choose its message."
        )
    if node.event_kind == "signal" and not source.more(node.id).signal:
        yield _problem(node, "event", f"Expected a signal for {node.label}, but it names none", "Choose its signal.")
    if node.message_variable and not is_name(node.message_variable):
        sentence = f"Expected a variable name for what {node.label} receives, but it is “{node.message_variable}”"
        yield _problem(node, "message", sentence, "Use small letters, digits and underscores.")


def _link(source: Source, node: Node) -> _Found:
    if node.event_kind != "link" or node.kind != "intermediateThrowEvent":
        return
    name = source.more(node.id).link
    ends = [
        n
        for n in source.nodes_of(node.process)
        if n.kind == "intermediateCatchEvent" and source.more(n.id).link == name
    ]
    if len(ends) != 1:
        sentence = f"Expected one place where the link “{name}” arrives, but there are {len(ends)}"
        yield _problem(node, "link", sentence, "Give the link one catching event with the same name in this process.")


def _outgoing(source: Source, node: Node) -> _Found:
    flows = source.flows_out(node)
    if not node.is_gateway:
        if len(flows) > 1:
            sentence = f"Expected one flow out of {node.label}, but there are {len(flows)}"
            yield _problem(node, "implicit-split", sentence, "Put a gateway after it.")
        for flow in flows:
            if flow.condition is not None:
                sentence = f"Expected no condition on {flow.label}, because it leaves no gateway"
                yield Problem(flow.id, "condition", sentence, "Put an exclusive gateway in between.")
    elif node.kind not in _CHOOSING:
        for flow in flows:
            if flow.condition is not None:
                sentence = f"Expected no condition on {flow.label}, because {node.label} does not choose"
                yield Problem(flow.id, "condition", sentence, "Remove the condition, or use an exclusive gateway.")
    elif len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != node.default_flow:
                sentence = f"Expected a condition on {flow.label}, but it has none and is not the default"
                yield Problem(flow.id, "condition", sentence, "Add a condition, or make it the default.")
            if flow.condition is not None and flow.id == node.default_flow:
                sentence = f"Expected no condition on {flow.label}, because it is the default, but it has one"
                yield Problem(flow.id, "condition", sentence, "Remove the condition: it would never be asked.")
    targets = [flow.target for flow in flows]
    if node.kind != "exclusiveGateway" and len(targets) != len(set(targets)):
        yield _problem(
            node, "double-flow", f"Expected one flow from {node.label} to each element", "Remove the second flow."
        )


def _gateway(source: Source, node: Node) -> _Found:
    if node.is_gateway and not node.outgoing:
        yield _problem(node, "gateway", f"Expected a flow out of {node.label}, but there is none", "Connect it.")
    if node.instantiate:
        yield _problem(
            node, "gateway", f"Expected {node.label} not to start the process, but it does", "Use start events."
        )
    if node.kind != "eventBasedGateway":
        return
    for flow in source.flows_out(node):
        target = source.nodes.get(flow.target)
        if target is None or target.kind not in _WAITING or target.event_kind == "link" or len(target.incoming) != 1:
            sentence = f"Expected {flow.label} to lead to an event that waits, and only from here"
            yield Problem(flow.id, "gateway", sentence, "Put a catching event or receive task behind the gateway.")


def _boundary(source: Source, node: Node) -> _Found:
    if node.kind != "boundaryEvent":
        return
    host = source.nodes.get(node.attached_to or "")
    if host is None or host.kind not in _HOSTS or host.triggered_by_event or host.process != node.process:
        sentence = f"Expected {node.label} to sit on a task that waits or a sub-process, but it does not"
        yield _problem(
            node, "boundary", sentence, "Move it to a user task, receive task, sub-process or call activity."
        )
    elif node.event_kind in ("error", "escalation") and not _has_inside(source, host):
        sentence = f"Expected the {node.event_kind} {node.label} to sit on a sub-process or called process"
        yield _problem(node, "boundary", sentence, "Nothing inside this task can throw it: remove it.")
    if node.incoming:
        yield _problem(node, "boundary", f"Expected no flow into {node.label}, but there is one", "Remove the flow.")


def _has_inside(source: Source, host: Node) -> bool:
    return host.kind == "subProcess" or (host.kind == "callActivity" and source.is_called_here(host))


def _ends(source: Source, node: Node) -> _Found:
    if node.kind == "startEvent" and node.incoming:
        yield _problem(node, "flows", f"Expected no flow into {node.label}, but there is one", "Remove the flow.")
    if node.kind == "endEvent" and node.outgoing:
        yield _problem(node, "flows", f"Expected no flow out of {node.label}, but there is one", "Remove the flow.")
    if node.triggered_by_event and (node.incoming or node.outgoing):
        yield _problem(node, "flows", f"Expected no flows at the event sub-process {node.label}", "Remove the flows.")
    for flow in source.flows_out(node):
        target = source.nodes.get(flow.target)
        if target is not None and target.process != node.process:
            yield Problem(
                flow.id, "flows", f"Expected {flow.label} to stay in its process, but it does not", "Use an event."
            )


def _loop(source: Source, node: Node) -> _Found:
    loop = node.loop
    if loop is None:
        return
    place = node.label
    if node.triggered_by_event or node.is_event or node.is_gateway:
        yield _problem(node, "loop", f"Expected no repetition at {place}, but there is one", "Remove it.")
    if loop.kind == "standard":
        if loop.maximum is not None and not _is_count(loop.maximum):
            yield _problem(
                node, "loop", f"Expected a number of rounds for {place}, but it is “{loop.maximum}”", "Correct it."
            )
        if loop.maximum is None and loop.condition is None:
            yield _problem(
                node, "loop", f"Expected the loop of {place} to end, but nothing ends it", "Add a condition."
            )
        return
    if (loop.collection is None) == (loop.cardinality is None):
        yield _problem(
            node, "loop", f"Expected {place} to go through a list, or to be done so many times", "Give one of both."
        )
    if loop.cardinality and _is_count(loop.cardinality) and int(loop.cardinality) > 200:
        yield _problem(
            node, "loop", f"Expected at most 200 instances of {place}, but it says {loop.cardinality}", "Lower it."
        )
    extra = source.more(node.id)
    if (extra.output is None) != (extra.output_item is None):
        yield _problem(node, "loop", f"Expected {place} to say what it collects and where", "Give both, or neither.")
    for name in (loop.item, extra.output, extra.output_item):
        if name is not None and not is_name(name):
            yield _problem(
                node, "loop", f"Expected a variable name at {place}, but it is “{name}”", "Use small letters."
            )


def _script(source: Source, node: Node) -> _Found:
    if node.kind == "scriptTask" and (node.script_format or "").lower() != "feel":
        sentence = (
            f"Expected {node.label} to be written in FEEL, but its format is “{node.script_format or 'not given'}”"
        )
        yield _problem(node, "script", sentence, "Set the format to feel and write { name: expression }.")
    if node.kind == "businessRuleTask" and not node.called_decision:
        yield _problem(
            node, "decision", f"Expected {node.label} to name a decision, but it does not", "Choose its decision."
        )
    if node.due_rule and node.due_date:
        yield _problem(node, "due", f"Expected one date for {node.label}, but it has a rule and a date", "Remove one.")


ELEMENT_RULES: tuple[ElementRule, ...] = (
    _kind,
    _event,
    _link,
    _outgoing,
    _gateway,
    _boundary,
    _ends,
    _loop,
    _script,
)
