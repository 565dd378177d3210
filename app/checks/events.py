"""Rules about events: which kinds are supported where, and that messages and errors have a name and a taker."""

from collections.abc import Iterator

from app.checks.near import near
from app.checks.registry import rule
from app.checks.scene import Scene
from app.diagrams import Node

#: supported event definitions by kind of event; None is a plain event
_SUPPORTED: dict[str, frozenset[str | None]] = {
    "startEvent": frozenset({None, "message"}),
    "endEvent": frozenset({None, "message", "error", "escalation", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "intermediateThrowEvent": frozenset({None, "message", "escalation"}),
    "boundaryEvent": frozenset({"message", "timer", "error", "escalation"}),
}
_WORDS: dict[str | None, str] = {
    None: "a plain event",
    "multiple": "an event of several kinds",
    "compensate": "a compensation event",
    "error": "an error event",
    "escalation": "an escalation event",
}
_SILENT = {
    ("endEvent", "signal"): "A signal end event does nothing",
    ("intermediateThrowEvent", "link"): "A link event ends its branch and the process never completes",
}


def _is_event_sub_process_start(node: Node, scene: Scene) -> bool:
    around = scene.diagram.process(node.process)
    return node.kind == "startEvent" and around is not None and around.triggered_by_event


@rule("event-kind", fix="Use a message, a timer, an error, an escalation or a plain event.")
def event_kind(node: Node, scene: Scene) -> Iterator[str]:
    """Signals, links, compensation and conditional events are not run reliably, so they are refused by name."""
    supported = _SUPPORTED.get(node.kind)
    if supported is None or _is_event_sub_process_start(node, scene) or node.event_kind in supported:
        return
    words = _WORDS.get(node.event_kind, f"a {node.event_kind} event")
    silent = _SILENT.get((node.kind, node.event_kind or ""))
    yield (
        f"{silent}: {node.label}" if silent else f"{node.label} ({node.kind}) is {words}, which is not supported there"
    )


@rule("inner-start", fix="Begin the sub-process with a plain start event.")
def inner_start(node: Node, scene: Scene) -> Iterator[str]:
    """A sub-process begins when the flow enters it: its start waits for nothing."""
    around = scene.diagram.process(node.process)
    is_inside = around is not None and around.parent_process is not None and not around.triggered_by_event
    if node.kind == "startEvent" and is_inside and node.event_kind == "message":
        yield f"{node.label} waits for a message inside a sub-process"


@rule("event-sub-process-start", fix="Start it with one message, error or escalation start event.")
def event_sub_process_start(node: Node, scene: Scene) -> Iterator[str]:
    """An event sub-process starts with a message, an error or an escalation; others would never or always happen."""
    if not node.triggered_by_event:
        return
    starts = scene.starts(node.id)
    for start in starts:
        if start.event_kind not in {"message", "error", "escalation"}:
            words = _WORDS.get(start.event_kind, f"a {start.event_kind}")
            yield f"{node.label} starts with {words}, not with a message"
    if len(starts) > 1:
        yield f"{node.label} has {len(starts)} start events"


@rule("message-named", fix="Choose or write the name of the message.")
def message_named(node: Node, scene: Scene) -> Iterator[str]:
    """A message is told apart by its name; one without a name is never sent and never received."""
    sends_or_waits = node.event_kind == "message" or node.kind in {"sendTask", "receiveTask"}
    if sends_or_waits and not node.message:
        yield f"{node.label} names no message"


@rule("message-routed", fix="Use a message of the table of routes, or have a line added for it.", severity="warning")
def message_routed(node: Node, scene: Scene) -> Iterator[str]:
    """A message that leaves the case goes where the table of routes says; one it does not know reaches nobody."""
    known = scene.files.context.messages
    sends = node.kind == "sendTask" or (
        node.event_kind == "message" and node.kind in ("endEvent", "intermediateThrowEvent")
    )
    if sends and node.message and known is not None and node.message not in known:
        yield f"No route says where {node.message[:64]} of {node.label} goes{near(node.message, known)}"


@rule("boundary-on-activity", fix="Attach the event to a task, a sub-process or a call activity.")
def boundary_on_activity(node: Node, scene: Scene) -> Iterator[str]:
    """An event on the edge of something that takes no time could never happen."""
    host = scene.diagram.nodes.get(node.attached_to or "")
    if node.kind == "boundaryEvent" and host is not None and (not host.is_activity or host.triggered_by_event):
        yield f"{node.label} sits on {host.label}, which is no task, sub-process or call activity"


@rule("error-interrupts", fix="Make the event interrupting.")
def error_interrupts(node: Node, scene: Scene) -> Iterator[str]:
    """An error always ends the activity it comes from (BPMN 2.0.2, 10.5.6)."""
    if node.kind == "boundaryEvent" and node.event_kind == "error" and not node.is_interrupting:
        yield f"{node.label} catches an error without interrupting"


@rule("error-caught", fix="Catch it with an error event on the edge of the sub-process or call activity.")
def error_caught(node: Node, scene: Scene) -> Iterator[str]:
    """An error that nothing catches ends the process as if all had gone well."""
    if node.kind != "endEvent" or node.event_kind != "error":
        return
    catchers = (n for s in scene.files.scenes for n in s.diagram.nodes.values() if n.kind != "endEvent")
    if not any(n.event_kind == "error" and n.code in {None, "", node.code} for n in catchers):
        yield f"Nothing catches the error {node.code or ''} of {node.label}".replace("  ", " ")
