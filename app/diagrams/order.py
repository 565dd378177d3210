"""The order in which a person reads the nodes of a process: along the flow from its starts. Not numbers or words."""

from collections.abc import Iterator

from app.diagrams.values import Diagram, Node


def starts(diagram: Diagram, process: str) -> list[Node]:
    """Nodes where a process begins by itself: its start events."""
    return [node for node in diagram.nodes_of(process) if node.kind == "startEvent"]


def following(diagram: Diagram, node: Node) -> Iterator[Node]:
    """Where it can go on from a node: along its flows, then by the events on its edge."""
    yield from diagram.next_nodes(node)
    yield from diagram.boundary_events(node)


def reading_order(diagram: Diagram, process: str) -> tuple[list[Node], list[Node]]:
    """(nodes reached from the starts, nodes not reached): every node after those that lead to it, loops apart."""
    roots = starts(diagram, process)
    reached = [n for n in _reverse_postorder(diagram, roots) if n.process == process]
    seen = {node.id for node in reached}
    rest = [node for node in diagram.nodes_of(process) if node.id not in seen]
    return reached, rest


def _reverse_postorder(diagram: Diagram, roots: list[Node]) -> list[Node]:
    """Depth-first, last branch first, so that the first branch is read first and a join after all that lead to it."""
    finished: list[Node] = []
    seen: set[str] = set()
    for root in reversed(roots):
        if root.id in seen:
            continue
        seen.add(root.id)
        stack = [(root, _last_first(diagram, root))]
        while stack:
            node, ahead = stack[-1]
            step = next((n for n in ahead if n.id not in seen), None)
            if step is None:
                finished.append(node)
                stack.pop()
            else:
                seen.add(step.id)
                stack.append((step, _last_first(diagram, step)))
    return finished[::-1]


def _last_first(diagram: Diagram, node: Node) -> Iterator[Node]:
    return iter(list(following(diagram, node))[::-1])
