"""Walks over the nodes of a diagram: what can be reached, what lies on a loop. No rules."""

from collections.abc import Callable, Collection, Iterable, Iterator

from app.diagrams import Diagram, Node


def successors(diagram: Diagram, node: Node) -> Iterator[Node]:
    """Where it can go on from a node: along its flows and by the events on its edge."""
    yield from diagram.next_nodes(node)
    yield from diagram.boundary_events(node)


def reachable(diagram: Diagram, starts: Iterable[Node]) -> set[str]:
    """Ids of the starts and of every node they lead to."""
    todo = list(starts)
    seen = {node.id for node in todo}
    while todo:
        for following in successors(diagram, todo.pop()):
            if following.id not in seen:
                seen.add(following.id)
                todo.append(following)
    return seen


def leading_to(diagram: Diagram, node: Node) -> set[str]:
    """Ids of every node from which this one can be reached."""
    todo, seen = [node], set[str]()
    while todo:
        present = todo.pop()
        before = [diagram.nodes[f.source] for f in diagram.flows_in(present) if f.source in diagram.nodes]
        if present.attached_to is not None and present.attached_to in diagram.nodes:
            before.append(diagram.nodes[present.attached_to])
        fresh = [each for each in before if each.id not in seen]
        seen.update(each.id for each in fresh)
        todo.extend(fresh)
    return seen


def flows_ahead(diagram: Diagram, flow_id: str, closed: Collection[str]) -> set[str]:
    """Ids of the flows that a branch goes along, itself among them, never going through a closed node."""
    todo, seen = [flow_id], {flow_id}
    while todo:
        target = diagram.nodes.get(diagram.flows[todo.pop()].target)
        if target is None or target.id in closed:
            continue
        events = (flow for event in diagram.boundary_events(target) for flow in event.outgoing)
        fresh = [flow for flow in (*target.outgoing, *events) if flow not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


def loops(diagram: Diagram, within: Callable[[Node], bool]) -> list[list[str]]:
    """Groups of node ids on a common loop that passes only nodes for which `within` holds."""
    allowed = [node for node in diagram.nodes.values() if within(node)]
    ids = {node.id for node in allowed}
    ahead = {n.id: [f.id for f in successors(diagram, n) if f.id in ids] for n in allowed}
    behind: dict[str, list[str]] = {identity: [] for identity in ids}
    for source, targets in ahead.items():
        for target in targets:
            behind[target].append(source)
    groups = _components(list(ahead), ahead, behind)
    return [group for group in groups if len(group) > 1 or group[0] in ahead[group[0]]]


def _components(ids: list[str], ahead: dict[str, list[str]], behind: dict[str, list[str]]) -> list[list[str]]:
    """Strongly connected components (Kosaraju), iterative."""
    finished: list[str] = []
    seen: set[str] = set()
    for root in ids:
        stack = [(root, iter(ahead[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            present, following = stack[-1]
            step = next((each for each in following if each not in seen), None)
            if step is None:
                finished.append(present)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(ahead[step])))
    return _collected(finished, behind)


def _collected(finished: list[str], behind: dict[str, list[str]]) -> list[list[str]]:
    groups: list[list[str]] = []
    taken: set[str] = set()
    for root in reversed(finished):
        if root in taken:
            continue
        taken.add(root)
        group, todo = [], [root]
        while todo:
            present = todo.pop()
            group.append(present)
            fresh = [each for each in behind[present] if each not in taken]
            taken.update(fresh)
            todo.extend(fresh)
        groups.append(group)
    return groups
