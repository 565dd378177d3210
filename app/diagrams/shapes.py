"""Where things are drawn, and which reference points at nothing. Not what the drawn things mean."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.diagrams.values import Bounds
from app.diagrams.xml import BPMN, BPMNDI, DC, DI, name_of

_TOP = {
    "messageRef": "message",
    "errorRef": "error",
    "escalationRef": "escalation",
    "signalRef": "signal",
    "processRef": "process",
}


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


def shapes_of(root: etree._Element) -> dict[str, Bounds]:
    """Bounds by id of the drawn element."""
    found: dict[str, Bounds] = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            found[shape.get("bpmnElement", "")] = Bounds(
                *(_number(bounds.get(side)) for side in ("x", "y", "width", "height"))
            )
    return found


def edges_of(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    """Points by id of the drawn line."""
    return {
        edge.get("bpmnElement", ""): tuple(
            (_number(point.get("x")), _number(point.get("y"))) for point in edge.iterchildren(f"{{{DI}}}waypoint")
        )
        for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge")
    }


def collapsed_ids(root: etree._Element) -> frozenset[str]:
    """Ids of sub-processes drawn closed."""
    return frozenset(
        shape.get("bpmnElement", "")
        for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
        if shape.get("isExpanded", "").lower() == "false"
    )


@dataclass(frozen=True)
class There:
    """What a reference may point at, collected once."""

    #: ids of activities, events and gateways
    nodes: Collection[str]
    #: ids of sequence flows
    flows: Collection[str]
    #: ids of everything at the top of the file, by kind
    top: Mapping[str, frozenset[str]]
    #: ids of every BPMN element
    all: frozenset[str]

    @classmethod
    def of(cls, root: etree._Element, nodes: Collection[str], flows: Collection[str]) -> "There":
        """What is there in this tree."""
        elements = [e for e in root.iter() if e.get("id") and name_of(e).namespace == BPMN]
        top = {
            kind: frozenset(e.get("id", "") for e in elements if e.tag == f"{{{BPMN}}}{kind}") for kind in _TOP.values()
        }
        return cls(nodes, flows, top, frozenset(e.get("id", "") for e in elements))


def references(element: etree._Element, there: There) -> Iterator[tuple[str, str, bool]]:
    """(attribute, what it names, whether that is there) for the references an element makes."""
    name = name_of(element)
    if name.namespace == BPMNDI and (drawn := element.get("bpmnElement")):
        yield "bpmnElement", drawn, drawn in there.all
    if name.namespace != BPMN:
        return
    if name.localname == "sequenceFlow":
        for attribute in ("sourceRef", "targetRef"):
            yield attribute, element.get(attribute) or "nothing", element.get(attribute) in there.nodes
    if name.localname == "flowNodeRef":
        yield "flowNodeRef", (element.text or "").strip(), (element.text or "").strip() in there.nodes
    if default := element.get("default"):
        yield "default", default, default in there.flows
    if name.localname == "boundaryEvent":
        yield "attachedToRef", element.get("attachedToRef") or "nothing", element.get("attachedToRef") in there.nodes
    for attribute, kind in _TOP.items():
        if reference := element.get(attribute):
            yield attribute, reference, reference.rpartition(":")[2] in there.top[kind]
