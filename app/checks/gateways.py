"""Rules about gateways: defaults, conditions, labels, and what an event-based gateway may lead to."""

from collections import Counter
from collections.abc import Iterator

from app.checks.registry import diagram_rule, rule
from app.checks.scene import Scene
from app.diagrams import Node

_DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def _decides(node: Node) -> bool:
    return node.kind in _DECIDING and len(node.outgoing) > 1


@rule("gateway-default", fix="Mark one flow as the default: it is taken when no condition holds.")
def gateway_default(node: Node, scene: Scene) -> Iterator[str]:
    """A decision without a default flow stops the case when no condition holds."""
    if _decides(node) and node.default_flow not in node.outgoing:
        yield f"{node.label} has no default flow"


@diagram_rule("condition-present", fix="Write a condition, or make the flow the default.")
def condition_present(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every flow out of a decision, except the default, says when it is taken."""
    for node in scene.gateways:
        for flow in scene.diagram.flows_out(node) if _decides(node) else ():
            if flow.id != node.default_flow and not flow.condition:
                yield flow.id, f"Nothing says when {flow.label} of {node.label} is taken"


@diagram_rule("condition-in-place", fix="Remove the condition, or put an exclusive gateway before the flow.")
def condition_in_place(scene: Scene) -> Iterator[tuple[str, str]]:
    """A condition works only on a flow out of a decision; elsewhere it is ignored and the flow is taken."""
    for flow in scene.diagram.flows.values():
        source = scene.diagram.nodes.get(flow.source)
        if flow.condition and source and not _decides(source):
            yield flow.id, f"{flow.label[0].upper()}{flow.label[1:]} has a condition, but leaves {source.label}"


@diagram_rule("default-without-condition", fix="Remove the condition from the default flow.", severity="warning")
def default_without_condition(scene: Scene) -> Iterator[tuple[str, str]]:
    """The default flow is taken when no other is; a condition on it is never asked."""
    for node in scene.gateways:
        flow = scene.diagram.flows.get(node.default_flow or "")
        if flow and flow.condition and _decides(node):
            yield flow.id, f"The default flow of {node.label} has a condition"


@diagram_rule("branch-label", fix="Name the flow with the answer it stands for, such as “Yes”.", severity="warning")
def branch_label(scene: Scene) -> Iterator[tuple[str, str]]:
    """A branch without a name can only be understood by reading its condition."""
    for node in scene.gateways:
        for flow in scene.diagram.flows_out(node) if _decides(node) else ():
            if not flow.name:
                yield flow.id, f"A branch of {node.label} has no name"


@rule("gateway-of-use", fix="Remove the gateway and lead the flow past it.", severity="warning")
def gateway_of_use(node: Node, scene: Scene) -> Iterator[str]:
    """A gateway with one way in and one way out does nothing."""
    if node.is_gateway and len(node.incoming) <= 1 and len(node.outgoing) == 1:
        yield f"{node.label} neither splits nor joins"


@rule("event-gateway-events", fix="Lead each of its flows to a message or timer event that nothing else leads to.")
def event_gateway_events(node: Node, scene: Scene) -> Iterator[str]:
    """An event-based gateway waits for the first of several messages or moments."""
    if node.kind != "eventBasedGateway":
        return
    if len(node.outgoing) < 2:
        yield f"{node.label} does not wait for two events"
    for target in scene.diagram.next_nodes(node):
        is_event = target.kind == "intermediateCatchEvent" and target.event_kind in {"message", "timer"}
        if not (is_event or target.kind == "receiveTask"):
            yield f"{node.label} leads to {target.label}, which waits neither for a message nor for a moment"
        elif len(target.incoming) > 1:
            yield f"{node.label} leads to {target.label}, but so does something else"


@rule("event-gateway-once", fix="Wait for one timer, and for each message once.")
def event_gateway_once(node: Node, scene: Scene) -> Iterator[str]:
    """Two timers on one event-based gateway share one due time: the wrong branch would be taken."""
    if node.kind != "eventBasedGateway":
        return
    targets = list(scene.diagram.next_nodes(node))
    if sum(1 for target in targets if target.event_kind == "timer") > 1:
        yield f"{node.label} waits for more than one timer"
    for message, times in Counter(target.message for target in targets if target.message).items():
        if times > 1:
            yield f"{node.label} waits for the message “{message}” {times} times"
