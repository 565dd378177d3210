"""An XML tree → a `Diagram`: where things lie and how they are connected. What is wrong becomes a fact."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from lxml import etree

from app.diagrams.kinds import FLOW_NODES, SUB_PROCESSES
from app.diagrams.nodes import (
    Named,
    child_text,
    children,
    documentation_of,
    extension_text,
    is_true,
    local,
    node,
    properties_of,
)
from app.diagrams.shapes import There, collapsed_ids, edges_of, references, shapes_of
from app.diagrams.values import Diagram, Fact, FactKind, Flow, Lane, Node, Process, Used
from app.diagrams.xml import BPMN, name_of, spelt, tree

_Value = TypeVar("_Value")


@dataclass
class _Reading:
    """What was found so far."""

    named: Named
    processes: list[Process] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    lane_of: dict[str, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def note(self, kind: FactKind, element: str, sentence: str, line: int) -> None:
        self.facts.append(Fact(kind, element, sentence, line))


@lru_cache(maxsize=64)
def read(xml: bytes) -> Diagram:
    """What a BPMN file says. Raises UnreadableDiagram, with one plain sentence, for anything that is not one."""
    root = tree(xml)
    messages = {m.get("id", ""): m.get("name") or "" for m in children(root, "message")}
    reading = _Reading(Named(messages, _message_extensions(root), _codes(root)))
    _duplicate_ids(root, reading)
    pools = {p.get("processRef", ""): p for p in root.iter(f"{{{BPMN}}}participant") if p.get("processRef")}
    for element in children(root, "process"):
        _process(element, _identity(element, reading), pools.get(element.get("id", "")), reading)
    _connect(reading)
    shapes = shapes_of(root)
    closed = collapsed_ids(root)
    nodes = {n.id: replace(n, is_collapsed=n.id in closed) for n in reading.nodes.values()}
    _references(root, reading)
    return Diagram(
        processes=tuple(reading.processes),
        nodes=_frozen(nodes),
        flows=_frozen(reading.flows),
        lanes=_frozen(reading.lanes),
        messages=_frozen(messages),
        main=_main(reading),
        shapes=_frozen(shapes),
        edges=_frozen(edges_of(root)),
        black_boxes=_frozen({p.get("id", ""): p.get("name", "") for p in _black_boxes(root)}),
        used=tuple(_used(root)),
        problems=tuple(reading.facts),
    )


def _frozen(values: dict[str, _Value]) -> Mapping[str, _Value]:
    return MappingProxyType(values)


def _black_boxes(root: etree._Element) -> Iterator[etree._Element]:
    return (p for p in root.iter(f"{{{BPMN}}}participant") if not p.get("processRef"))


def _message_extensions(root: etree._Element) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for message in children(root, "message"):
        for name in ("messagePayload", "messageVariable"):
            if (text := extension_text(message, name)) is not None:
                found[message.get("id", ""), name] = text
    return found


def _codes(root: etree._Element) -> dict[str, str]:
    errors = {e.get("id", ""): e.get("errorCode") or e.get("name") or "" for e in children(root, "error")}
    escalations = {
        e.get("id", ""): e.get("escalationCode") or e.get("name") or "" for e in children(root, "escalation")
    }
    return errors | escalations


def _duplicate_ids(root: etree._Element, reading: _Reading) -> None:
    counts = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    for element in root.iter():
        if counts.get(element.get("id"), 0) > 1:
            identity = element.get("id", "")
            counts[identity] = 0
            reading.note("duplicate-id", identity, f"Several elements have the id {identity}", element.sourceline or 0)


def _identity(element: etree._Element, reading: _Reading) -> str:
    """Its id; a made one, never that of another element, where it has none or shares it."""
    identity, line = element.get("id", ""), element.sourceline or 0
    if not identity or identity in reading.ids:
        fault = "has the id of another element" if identity else "has no id"
        identity = f"line {line}" if f"line {line}" not in reading.ids else f"line {line}, {len(reading.ids)}"
        reading.note("missing-id", identity, f"A {spelt(str(element.tag))} {fault}", line)
    reading.ids.add(identity)
    return identity


def _process(
    element: etree._Element,
    identity: str,
    pool: etree._Element | None,
    reading: _Reading,
    parent: str | None = None,
) -> None:
    pool_name = "" if pool is None else pool.get("name", "")
    reading.processes.append(
        Process(
            id=identity,
            name=" ".join((element.get("name") or pool_name).split()),
            is_executable=is_true(element.get("isExecutable")),
            parent_process=parent,
            triggered_by_event=is_true(element.get("triggeredByEvent")),
            pool=None if pool is None else pool.get("id"),
            properties=properties_of(element),
            documentation=documentation_of(element),
            line=element.sourceline or 0,
        )
    )
    for lane_set in children(element, "laneSet"):
        _lanes(lane_set, identity, reading, None)
    for child in element:
        name = name_of(child)
        if name.namespace == BPMN:
            _flow_element(child, name.localname, identity, reading)


def _flow_element(child: etree._Element, name: str, process: str, reading: _Reading) -> None:
    if name == "sequenceFlow":
        flow_id = _identity(child, reading)
        reading.flows[flow_id] = _flow(child, flow_id, process)
    elif name in FLOW_NODES:
        node_id = _identity(child, reading)
        reading.nodes[node_id] = node(child, node_id, process, reading.named)
        if name in SUB_PROCESSES:
            _process(child, node_id, None, reading, parent=process)


def _flow(element: etree._Element, flow_id: str, process: str) -> Flow:
    return Flow(
        id=flow_id,
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=" ".join(element.get("name", "").split()),
        condition=child_text(element, "conditionExpression"),
        process=process,
        line=element.sourceline or 0,
    )


def _lanes(lane_set: etree._Element, process: str, reading: _Reading, outer: Lane | None) -> None:
    """Lanes of one set; an inner lane without a role or organisation has those of the lane around it."""
    for element in children(lane_set, "lane"):
        properties = properties_of(element)
        roles = tuple(properties.get("role", "").split())
        lane = Lane(
            id=_identity(element, reading),
            name=" ".join(element.get("name", "").split()),
            roles=roles or (outer.roles if outer else ()),
            organisation=properties.get("organisation") or (outer.organisation if outer else "home"),
            node_ids=tuple((reference.text or "").strip() for reference in children(element, "flowNodeRef")),
            process=process,
            line=element.sourceline or 0,
        )
        reading.lanes[lane.id] = lane
        reading.lane_of.update(dict.fromkeys(lane.node_ids, lane.id))
        for inner in children(element, "childLaneSet"):
            _lanes(inner, process, reading, lane)


def _connect(reading: _Reading) -> None:
    """Give every node its flows and its lane; facts for flows that lead nowhere."""
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in reading.flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    for each in list(reading.nodes.values()):
        lane = _lane(each, reading)
        reading.nodes[each.id] = replace(
            each,
            incoming=tuple(incoming.get(each.id, ())),
            outgoing=tuple(outgoing.get(each.id, ())),
            lane=lane.id if lane else None,
            roles=lane.roles if lane else (),
            organisation=lane.organisation if lane else "home",
        )


def _lane(each: Node, reading: _Reading) -> Lane | None:
    """Its own lane, or that of the activity it sits on or the sub-process around it."""
    seen: set[str] = set()
    while each.id not in seen:
        seen.add(each.id)
        if each.id in reading.lane_of:
            return reading.lanes[reading.lane_of[each.id]]
        host = reading.nodes.get(each.attached_to or "")
        around = host if host and host.kind != "boundaryEvent" else reading.nodes.get(each.process)
        if around is None:
            return None
        each = around
    return None


def _references(root: etree._Element, reading: _Reading) -> None:
    there = There.of(root, reading.nodes, reading.flows)
    for element in root.iter():
        for attribute, target, is_there in references(element, there):
            if not is_there:
                owner = _owner(element)
                sentence = f"{spelt(str(element.tag))} {owner} refers with {attribute} to {target}, which is not there"
                reading.note("unknown-reference", owner, sentence, element.sourceline or 0)


def _owner(element: etree._Element) -> str:
    """Its id, or that of the nearest element around it."""
    around: etree._Element | None = element
    while around is not None and not around.get("id"):
        around = around.getparent()
    return "" if around is None else around.get("id", "")


def _main(reading: _Reading) -> str | None:
    called = {
        local(n.called_element) for n in reading.nodes.values() if n.called_element and n.called_element != n.process
    }
    executable = [p.id for p in reading.processes if p.is_executable and p.parent_process is None]
    return next((each for each in executable if each not in called), executable[0] if executable else None)


def _used(root: etree._Element) -> Iterator[Used]:
    todo: list[tuple[etree._Element, str, bool]] = [(root, "", False)]
    while todo:
        element, owner, is_extension = todo.pop()
        owner = element.get("id") or owner
        attributes = MappingProxyType({spelt(str(name)): str(value) for name, value in element.attrib.items()})
        yield Used(spelt(str(element.tag)), owner, attributes, is_extension, element.sourceline or 0)
        inside = is_extension or element.tag == f"{{{BPMN}}}extensionElements"
        todo.extend((child, owner, inside) for child in reversed(element))
