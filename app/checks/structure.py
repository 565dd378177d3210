"""Rules about the shape of the flow: starts, ends, what is reached, splits and joins."""

from collections.abc import Iterator

from app.checks.graph import flows_ahead, leading_to, loops, reachable
from app.checks.registry import diagram_rule, files_rule, rule
from app.checks.scene import Files, Scene
from app.diagrams import Node


@files_rule("readable", fix="Save the file again from the editor, or choose the right file.")
def readable(files: Files) -> Iterator[tuple[str, str, str]]:
    """A file that cannot be read with care is refused as a whole: nothing hidden in it is ever run."""
    for name, sentence in files.unreadable_diagrams.items():
        yield name, "", sentence


@files_rule("executable-process", fix="Set “executable” on the process that a case runs.")
def executable_process(files: Files) -> Iterator[tuple[str, str, str]]:
    """A deployment needs a process that a case can run."""
    diagrams = [scene.diagram for scene in files.scenes]
    if diagrams and not any(diagram.main for diagram in diagrams):
        yield files.scenes[0].file, "", "Expected a process that is executable, but none is"


@files_rule("one-process-per-id", fix="Give each process an id of its own.")
def one_process_per_id(files: Files) -> Iterator[tuple[str, str, str]]:
    """A process id means one process, whichever file it is in."""
    seen: dict[str, str] = {}
    for scene in files.scenes:
        for process in scene.diagram.processes:
            if process.parent_process is None and seen.setdefault(process.id, scene.file) != scene.file:
                yield scene.file, process.id, f"The process {process.id} is also in {seen[process.id]}"


@diagram_rule("one-start", fix="Keep one plain start event; further ways to start are message start events.")
def one_start(scene: Scene) -> Iterator[tuple[str, str]]:
    """A process or sub-process begins at one plain start event, or when a message comes."""
    for process in scene.diagram.processes:
        starts = scene.starts(process.id)
        plain = [start for start in starts if start.event_kind is None]
        kind = scene.diagram.nodes[process.id].kind if process.id in scene.diagram.nodes else "process"
        if not starts and kind != "adHocSubProcess":
            yield process.id, f"{scene.process_label(process)} has no start event"
        if len(plain) > 1:
            yield process.id, f"{scene.process_label(process)} has {len(plain)} plain start events"


@diagram_rule("has-end", fix="End each path with an end event that says how it ended.", severity="warning")
def has_end(scene: Scene) -> Iterator[tuple[str, str]]:
    """A process without an end event ends when nothing is left to do; nobody can read how it ended."""
    for process in scene.diagram.processes:
        nodes = list(scene.diagram.nodes_of(process.id))
        if nodes and not any(node.kind == "endEvent" for node in nodes):
            yield process.id, f"{scene.process_label(process)} has no end event"


@rule("dead-end", fix="Draw a flow to what comes next, or to an end event.", severity="warning")
def dead_end(node: Node, scene: Scene) -> Iterator[str]:
    """A path that stops somewhere else than at an end event is ended silently."""
    if node.outgoing or node.kind == "endEvent" or node.triggered_by_event:
        return
    if any(other.kind == "endEvent" for other in scene.diagram.nodes_of(node.process)):
        yield f"Nothing comes after {node.label}"


@diagram_rule("reachable", fix="Draw a flow that leads to it, or remove it.")
def reachable_nodes(scene: Scene) -> Iterator[tuple[str, str]]:
    """An element that no path leads to never happens, and whoever drew it believes it does."""
    for process in scene.diagram.processes:
        reached = reachable(scene.diagram, scene.starts(process.id))
        for node in scene.diagram.nodes_of(process.id):
            if node.id not in reached and not node.triggered_by_event and scene.starts(process.id):
                yield node.id, f"No path from the start leads to {node.label}"


@rule("no-flow-into-start", fix="Put an exclusive gateway after the start event and lead the flow there.")
def no_flow_into_start(node: Node, scene: Scene) -> Iterator[str]:
    """Nothing leads into a start, an event on an edge or an event sub-process, and nothing out of an end."""
    if node.incoming and (node.kind in {"startEvent", "boundaryEvent"} or node.triggered_by_event):
        yield f"A flow leads into {node.label}, which begins by itself"
    if node.outgoing and (node.kind == "endEvent" or node.triggered_by_event):
        yield f"A flow leads out of {node.label}, which ends there"


@diagram_rule("flow-stays-inside", fix="End the sub-process and go on from its edge.")
def flow_stays_inside(scene: Scene) -> Iterator[tuple[str, str]]:
    """A sequence flow stays in its process or sub-process; between pools there are messages."""
    for flow in scene.diagram.flows.values():
        source, target = scene.diagram.nodes.get(flow.source), scene.diagram.nodes.get(flow.target)
        if source and target and source.process != target.process:
            yield flow.id, f"A flow leads from {source.label} to {target.label} across the edge of a process"


@rule("no-implicit-split", fix="Put a parallel or exclusive gateway after the element.")
def no_implicit_split(node: Node, scene: Scene) -> Iterator[str]:
    """Two flows leave an activity or event: BPMN allows it, readers miss it, and our engine refuses it."""
    if not node.is_gateway and len(node.outgoing) > 1:
        yield f"{node.label} splits into {len(node.outgoing)} flows without a gateway"


@rule("no-implicit-join", fix="Put an exclusive gateway before the element.", severity="warning")
def no_implicit_join(node: Node, scene: Scene) -> Iterator[str]:
    """Several flows enter an activity or event: it happens once for each, which a reader may take for a join."""
    if not node.is_gateway and node.kind not in {"startEvent", "endEvent"} and len(node.incoming) > 1:
        yield f"{len(node.incoming)} flows enter {node.label} without a gateway"


@diagram_rule("no-deadlock", fix="Join with the same kind of gateway as the one that split.")
def no_deadlock(scene: Scene) -> Iterator[tuple[str, str]]:
    """A parallel gateway that joins branches of which only some are taken waits for ever."""
    joins = [n for n in scene.gateways if n.kind == "parallelGateway" and len(n.incoming) > 1]
    for split in scene.gateways:
        if split.kind != "parallelGateway" and len(split.outgoing) > 1:
            branches = _branches(scene, split, frozenset())
            for join in joins:
                if _some_branch_is_short(branches, join):
                    yield join.id, f"{join.label} waits for every branch, but {split.label} takes only some of them"
    for place, flows in _ways_apart(scene):
        before = leading_to(scene.diagram, place)
        ended = [flow for flow in flows if _only_ends(scene, flow, before)]
        for join in joins if ended else ():
            arrivals = {flow: flows_ahead(scene.diagram, flow, {join.id}).intersection(join.incoming) for flow in flows}
            everything = set().union(*arrivals.values())
            if everything and everything != set(join.incoming) and not all(arrivals[flow] for flow in ended):
                yield join.id, f"{join.label} waits for every branch, but after {place.label} one may end"


def _ways_apart(scene: Scene) -> Iterator[tuple[Node, list[str]]]:
    """Where a token goes one way or another: gateways, and activities with events that interrupt them."""
    for node in scene.diagram.nodes.values():
        if node.is_gateway and node.kind != "parallelGateway" and len(node.outgoing) > 1:
            yield node, list(node.outgoing)
        events = [each for each in scene.diagram.boundary_events(node) if each.is_interrupting]
        for event in events:
            yield event, [*node.outgoing, *event.outgoing]


def _only_ends(scene: Scene, flow: str, before: set[str]) -> bool:
    """A way leads to plain ends alone: not back to where it began, and not to an end that ends the others too."""
    ahead = flows_ahead(scene.diagram, flow, before)
    targets = [target for each in ahead if (target := scene.diagram.nodes.get(scene.diagram.flows[each].target))]
    last = [each for each in targets if not each.outgoing]
    ends_alone = all(each.event_kind in {None, "message"} for each in last)
    return bool(last) and ends_alone and not any(each.id in before for each in targets)


def _branches(scene: Scene, split: Node, closed: frozenset[str]) -> list[set[str]]:
    """The flows along each branch of a split, not going round a loop through the split again."""
    around = leading_to(scene.diagram, split) | closed
    return [flows_ahead(scene.diagram, flow, around) for flow in split.outgoing]


def _some_branch_is_short(branches: list[set[str]], join: Node) -> bool:
    """A branch comes in by fewer flows than all branches together."""
    arrivals = [branch.intersection(join.incoming) for branch in branches]
    everything = set().union(*arrivals)
    return any(arrival and arrival != everything for arrival in arrivals)


@diagram_rule("no-multiple-merge", fix="Join the branches with a parallel gateway.", severity="warning")
def no_multiple_merge(scene: Scene) -> Iterator[tuple[str, str]]:
    """Parallel branches that meet in an exclusive gateway each go on: what follows happens several times."""
    joins = frozenset(n.id for n in scene.gateways if n.kind != "exclusiveGateway" and len(n.incoming) > 1)
    merges = [n for n in scene.gateways if n.kind == "exclusiveGateway" and len(n.incoming) > 1]
    for split in scene.gateways:
        if split.kind in {"parallelGateway", "inclusiveGateway"} and len(split.outgoing) > 1:
            branches = _branches(scene, split, joins)
            for merge in merges:
                if sum(1 for branch in branches if not branch.isdisjoint(merge.incoming)) > 1:
                    yield merge.id, f"{merge.label} lets each branch of {split.label} go on by itself"


@diagram_rule("loop-has-gateway", fix="Leave the loop by an exclusive gateway.")
def loop_has_gateway(scene: Scene) -> Iterator[tuple[str, str]]:
    """A loop without a gateway can never be left."""
    for group in loops(scene.diagram, lambda node: not node.is_gateway):
        yield min(group), f"The loop through {scene.labels(group)} has no gateway by which it could be left"


@diagram_rule("loop-waits", fix="Put a task, a timer or a message into the loop.")
def loop_waits(scene: Scene) -> Iterator[tuple[str, str]]:
    """A loop in which nobody does anything and nothing is waited for runs without end in an instant."""
    for group in loops(scene.diagram, lambda node: not scene.waits(node)):
        if any(scene.diagram.nodes[each].is_gateway for each in group):
            yield min(group), f"The loop through {scene.labels(group)} never waits for anything"
