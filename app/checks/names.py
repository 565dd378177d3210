"""Rules about what people read and see: names, labels, and that everything is drawn."""

import math
import unicodedata
from collections.abc import Iterator

from app.checks.registry import diagram_rule, rule
from app.checks.scene import Scene
from app.diagrams import Bounds, Node

LONGEST_NAME = 120
FARTHEST = 100_000.0


@rule("label-present", fix="Say what happens or what is asked, in a few words.", severity="warning")
def label_present(node: Node, scene: Scene) -> Iterator[str]:
    """Tasks, decisions and events have names: task lists, histories and the outline are made of them."""
    is_decision = node.kind in {"exclusiveGateway", "inclusiveGateway"} and len(node.outgoing) > 1
    is_event = node.is_event and not (node.event_kind is None and node.kind in {"endEvent", "startEvent"})
    if not node.name and (node.is_activity or is_decision or is_event):
        yield f"{node.label} has no name"


def _names(scene: Scene) -> Iterator[tuple[str, str]]:
    diagram = scene.diagram
    yield from ((process.id, process.name) for process in diagram.processes)
    yield from ((node.id, node.name) for node in diagram.nodes.values())
    yield from ((flow.id, flow.name) for flow in diagram.flows.values())
    yield from ((lane.id, lane.name) for lane in diagram.lanes.values())
    yield from diagram.messages.items()
    yield from diagram.black_boxes.items()


@diagram_rule("name-length", fix="Shorten the name and write the rest as documentation.")
def name_length(scene: Scene) -> Iterator[tuple[str, str]]:
    """A name fits on a line."""
    for element, name in _names(scene):
        if len(name) > LONGEST_NAME:
            yield element, f"The name “{name[:40]}…” has {len(name):,} characters; at most {LONGEST_NAME} are read"


@diagram_rule("name-characters", fix="Write the name again by hand.")
def name_characters(scene: Scene) -> Iterator[tuple[str, str]]:
    """A name has no hidden characters: they could make it look like another name."""
    for element, name in _names(scene):
        hidden = next((c for c in name if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}), None)
        if hidden:
            yield element, f"A name has the hidden character U+{ord(hidden):04X}"


@rule("drawn", fix="Open the file in the editor and draw the element.")
def drawn(node: Node, scene: Scene) -> Iterator[str]:
    """Every element is drawn: nothing happens that a reader of the picture cannot see."""
    if node.id not in scene.diagram.shapes:
        yield f"{node.label} is not drawn"


@diagram_rule("flow-drawn", fix="Open the file in the editor and draw the flow.")
def flow_drawn(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every flow is drawn, from point to point."""
    for flow in scene.diagram.flows.values():
        if len(scene.diagram.edges.get(flow.id, ())) < 2:
            yield flow.id, f"{flow.label[0].upper()}{flow.label[1:]} is not drawn"


@diagram_rule("coordinates", fix="Open the file in the editor and put the element where it belongs.")
def coordinates(scene: Scene) -> Iterator[tuple[str, str]]:
    """Everything is drawn at a place and in a size that a screen can show."""
    for element, bounds in scene.diagram.shapes.items():
        if not _can_be_shown(bounds):
            yield element, f"{element} is drawn at an impossible place or size"
    for element, points in scene.diagram.edges.items():
        if any(not _is_near(value) for point in points for value in point):
            yield element, f"The line of {element} goes through an impossible place"


def _is_near(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= FARTHEST


def _can_be_shown(bounds: Bounds) -> bool:
    sides = (bounds.x, bounds.y, bounds.width, bounds.height)
    return all(_is_near(side) for side in sides) and bounds.width > 0 and bounds.height > 0
