"""What changed between two versions of a diagram, in plain words, for who approves it. Not whether it may."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.diagrams.values import Diagram, Flow, Lane, Node
from app.diagrams.words import due_words, event_words, loop_words, timer_words


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was."""

    #: BPMN id, of the new version where it is in both
    element: str
    #: what happened to it
    kind: Literal["added", "removed", "changed"]
    #: one sentence
    sentence: str


_NODE_PARTS: Mapping[str, Callable[[Node], str]] = {
    "name": lambda n: n.name,
    "kind": lambda n: n.kind_words,
    "roles": lambda n: " ".join(n.roles),
    "organisation": lambda n: n.organisation,
    "form": lambda n: n.form_key or "",
    "due date": lambda n: due_words(n),
    "meeting": lambda n: n.meeting or "",
    "forms in the pack of the meeting": lambda n: " ".join(n.pack),
    "commissioned place": lambda n: n.place or "",
    "letter": lambda n: n.letter or "",
    "timer": lambda n: timer_words(n.timer),
    "event": lambda n: "" if n.event_kind == "timer" else event_words(n),
    "roles that may start a case": lambda n: " ".join(n.start_roles),
    "restriction": lambda n: "these roles only" if n.is_restricted else "",
    "decision table": lambda n: n.called_decision or "",
    "called process": lambda n: n.called_element or "",
    "script": lambda n: n.script or "",
    "condition": lambda n: n.event_condition or "",
    "message content": lambda n: n.message_payload or "",
    "message variable": lambda n: n.message_variable or "",
    "repetition": lambda n: loop_words(n.loop),
    "place": lambda n: n.attached_to or n.process,
    "effect on its task": lambda n: (
        "" if n.attached_to is None else "ends it" if n.is_interrupting else "lets it go on"
    ),
    "documentation": lambda n: n.documentation,
}
_KNOWN_PROPERTIES = frozenset(
    {"formKey", "dueRule", "dueBasis", "dueDate", "restricted", "startRoles", "meeting", "pack", "place", "letter"}
)


def differences(old: Diagram, new: Diagram) -> list[Difference]:
    """Every difference a person should see before the new version is used: nodes, flows, lanes, in that order."""
    return [*_nodes(old, new), *_flows(old, new), *_lanes(old, new), *_processes(old, new)]


def _nodes(old: Diagram, new: Diagram) -> Iterator[Difference]:
    for node in new.nodes.values():
        before = old.nodes.get(node.id)
        if before is None:
            yield Difference(node.id, "added", f"New: {node.kind_words} {node.label}")
        else:
            yield from _node(before, node)
    for node in old.nodes.values():
        if node.id not in new.nodes:
            yield Difference(node.id, "removed", f"Removed: {node.kind_words} {node.label}")


def _node(before: Node, after: Node) -> Iterator[Difference]:
    for words, part in _NODE_PARTS.items():
        if part(before) != part(after):
            yield Difference(after.id, "changed", _sentence(after.label, words, part(before), part(after)))
    for name in sorted({*before.properties, *after.properties} - _KNOWN_PROPERTIES):
        was, now = before.properties.get(name, ""), after.properties.get(name, "")
        if was != now:
            yield Difference(after.id, "changed", _sentence(after.label, f"property {name}", was, now))


def _sentence(label: str, words: str, was: str, now: str) -> str:
    if not was:
        return f"{label}: {words} is now {now}; there was none"
    if not now:
        return f"{label}: {words} was {was}; there is none now"
    return f"{label}: {words} was {was}, is now {now}"


def _flows(old: Diagram, new: Diagram) -> Iterator[Difference]:
    for flow in new.flows.values():
        before = old.flows.get(flow.id)
        if before is None:
            yield Difference(flow.id, "added", f"New: a flow {_from_to(new, flow)}{_when(flow)}")
        else:
            yield from _flow(old, new, before, flow)
    for flow in old.flows.values():
        if flow.id not in new.flows:
            yield Difference(flow.id, "removed", f"Removed: the flow {_from_to(old, flow)}{_when(flow)}")


def _flow(old: Diagram, new: Diagram, before: Flow, after: Flow) -> Iterator[Difference]:
    label = f"The flow {_from_to(new, after)}"
    if (before.source, before.target) != (after.source, after.target):
        yield Difference(after.id, "changed", f"{label} went {_from_to(old, before)}")
    for words, was, now in (
        ("label", before.name, after.name),
        ("condition", before.condition or "", after.condition or ""),
        ("role as the default", _default(old, before), _default(new, after)),
    ):
        if was != now:
            yield Difference(after.id, "changed", _sentence(label, words, was, now))


def _default(diagram: Diagram, flow: Flow) -> str:
    source = diagram.nodes.get(flow.source)
    return "taken when no condition holds" if source and source.default_flow == flow.id else ""


def _from_to(diagram: Diagram, flow: Flow) -> str:
    source, target = diagram.nodes.get(flow.source), diagram.nodes.get(flow.target)
    return f"from {source.label if source else flow.source} to {target.label if target else flow.target}"


def _when(flow: Flow) -> str:
    return f", when {flow.condition}" if flow.condition else ""


def _lanes(old: Diagram, new: Diagram) -> Iterator[Difference]:
    for lane in new.lanes.values():
        before = old.lanes.get(lane.id)
        if before is None:
            yield Difference(lane.id, "added", f"New: the lane {lane.name} ({' '.join(lane.roles)})")
        else:
            yield from _lane(before, lane)
    for lane in old.lanes.values():
        if lane.id not in new.lanes:
            yield Difference(lane.id, "removed", f"Removed: the lane {lane.name}")


def _lane(before: Lane, after: Lane) -> Iterator[Difference]:
    for words, was, now in (
        ("name", before.name, after.name),
        ("roles", " ".join(before.roles), " ".join(after.roles)),
        ("organisation", before.organisation, after.organisation),
    ):
        if was != now:
            yield Difference(after.id, "changed", _sentence(f"The lane {after.name}", words, was, now))


def _processes(old: Diagram, new: Diagram) -> Iterator[Difference]:
    names = {p.id: p for p in old.processes if p.parent_process is None}
    for process in new.processes:
        if process.parent_process is not None:
            continue
        before = names.pop(process.id, None)
        if before is None:
            yield Difference(process.id, "added", f"New: the process {process.name or process.id}")
        elif before.name != process.name:
            yield Difference(process.id, "changed", _sentence("The process", "name", before.name, process.name))
    for gone in names.values():
        yield Difference(gone.id, "removed", f"Removed: the process {gone.name or gone.id}")
