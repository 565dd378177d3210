"""Small BPMN files with lanes and drawing, for fixtures of checks. Says nothing about which are valid."""

from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "spiffworkflow": SPIFF, "xsi": XSI}
_PROPERTIES = (
    "formKey",
    "dueRule",
    "dueBasis",
    "dueDate",
    "restricted",
    "startRoles",
    "role",
    "organisation",
    "meeting",
    "pack",
    "place",
    "letter",
)
_HEADER = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


@dataclass
class Shape:
    """One node: its element, its size, what it contains."""

    element: etree._Element
    width: int = 120
    height: int = 80
    inner: list["Shape"] = field(default_factory=list)
    flows: list[etree._Element] = field(default_factory=list)
    x: int = 0
    y: int = 0

    @property
    def id(self) -> str:
        return self.element.get("id", "")


def _piece(text: str) -> list[etree._Element]:
    return list(etree.fromstring(f"<x{_HEADER}>{text}</x>"))


def node(kind: str, node_id: str, name: str = "", inner: str = "", **attributes: str) -> Shape:
    """A node of any kind; `inner` is XML with our prefixes; formKey, dueRule … become extension properties."""
    element = etree.Element(f"{{{BPMN}}}{kind}", {"id": node_id}, nsmap=NAMESPACES)
    if name:
        element.set("name", name)
    properties = {key: value for key, value in attributes.items() if key in _PROPERTIES}
    for key, value in attributes.items():
        if key not in properties:
            element.set(key, value)
    pieces = _piece(inner)
    if properties:
        element.append(_properties(properties))
    for piece in pieces:
        element.append(piece)
    is_round = kind.endswith("Event")
    side = 36 if is_round else 50 if kind.endswith("Gateway") else 0
    return Shape(element, side or 120, side or 80)


def _properties(properties: dict[str, str]) -> etree._Element:
    extension = etree.Element(f"{{{BPMN}}}extensionElements")
    group = etree.SubElement(extension, f"{{{SPIFF}}}properties")
    for key, value in properties.items():
        etree.SubElement(group, f"{{{SPIFF}}}property", {"name": key, "value": value})
    return extension


def start(node_id: str = "begin", name: str = "Concern raised", inner: str = "", **attributes: str) -> Shape:
    return node("startEvent", node_id, name, inner, **{**({} if inner else {"startRoles": "SENCO"}), **attributes})


def end(node_id: str = "done", name: str = "Plan agreed", inner: str = "", **attributes: str) -> Shape:
    return node("endEvent", node_id, name, inner, **attributes)


def user(node_id: str = "plan", name: str = "Agree the plan", inner: str = "", **attributes: str) -> Shape:
    return node("userTask", node_id, name, inner, **{"formKey": "plan", **attributes})


def xor(node_id: str, name: str = "", **attributes: str) -> Shape:
    return node("exclusiveGateway", node_id, name, **attributes)


def both(node_id: str, name: str = "") -> Shape:
    return node("parallelGateway", node_id, name)


def message(name: str = "reply") -> str:
    return f'<bpmn:messageEventDefinition id="{name}_event" messageRef="{name}"/>'


def timer(text: str, kind: str = "timeDuration") -> str:
    name = "".join(c for c in text if c.isascii() and c.isalnum())[:20]
    return f'<bpmn:timerEventDefinition id="t_{name}"><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>'


def wait(node_id: str, name: str, inner: str, **attributes: str) -> Shape:
    return node("intermediateCatchEvent", node_id, name, inner, **attributes)


def boundary(node_id: str, name: str, host: str, inner: str, **attributes: str) -> Shape:
    return node("boundaryEvent", node_id, name, inner, attachedToRef=host, **attributes)


def sub(
    node_id: str, name: str, shapes: list[Shape], flows: list[str], kind: str = "subProcess", **attributes: str
) -> Shape:
    """A sub-process with what is in it."""
    shape = node(kind, node_id, name, **attributes)
    shape.inner, shape.flows = shapes, _flows(flows)
    for part in (*shapes_elements(shapes), *shape.flows):
        shape.element.append(part)
    shape.width, shape.height = _place(shapes, shape.flows, 40, 50)
    return shape


def shapes_elements(shapes: list[Shape]) -> list[etree._Element]:
    return [shape.element for shape in shapes]


def _flows(lines: list[str]) -> list[etree._Element]:
    """ "a > b > c", or "a > b : label : condition" for one flow."""
    found = []
    for line in lines:
        path, _, rest = line.partition(" : ")
        label, _, condition = rest.partition(" : ")
        stops = [stop.strip() for stop in path.split(" > ")]
        for source, target in pairwise(stops):
            flow = etree.Element(
                f"{{{BPMN}}}sequenceFlow",
                {"id": f"{source}_to_{target}", "sourceRef": source, "targetRef": target},
                nsmap=NAMESPACES,
            )
            if label.strip():
                flow.set("name", label.strip())
            if condition.strip():
                asked = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
                asked.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
                asked.text = condition.strip()
            found.append(flow)
    return found


def _place(shapes: list[Shape], flows: list[etree._Element], left: int, top: int) -> tuple[int, int]:
    """Put nodes in columns along the flow; the size that is needed."""
    known = {shape.id: shape for shape in shapes}
    depth = dict.fromkeys(known, 0)
    for _ in range(min(len(shapes), 12)):
        for flow in flows:
            source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
            is_ahead = source in depth and target in depth and depth[source] < 11
            if is_ahead and list(known).index(target) > list(known).index(source):
                depth[target] = max(depth[target], depth[source] + 1)
    rows: dict[int, int] = {}
    right = bottom = 0
    for shape in shapes:
        host = known.get(shape.element.get("attachedToRef", ""))
        if host is not None:
            shape.x, shape.y = host.x + host.width // 2, host.y + host.height - 18
            continue
        column = depth[shape.id]
        shape.x = left + column * 190 + (120 - min(shape.width, 120)) // 2
        shape.y = top + rows.get(column, 0) + (80 - min(shape.height, 80)) // 2
        rows[column] = rows.get(column, 0) + max(shape.height, 80) + 50
        right, bottom = max(right, shape.x + shape.width), max(bottom, shape.y + shape.height)
    return right + 40, bottom + 40


def process(
    shapes: list[Shape], flows: list[str], process_id: str = "first_plan", name: str = "First plan", **attributes: str
) -> tuple[etree._Element, list[Shape], list[etree._Element]]:
    """A process whose nodes all lie in one lane, of the SENCO unless `role` says otherwise."""
    role = attributes.pop("role", "SENCO")
    organisation = attributes.pop("organisation", "")
    lane_name = attributes.pop("lane", "SENCO")
    element = etree.Element(f"{{{BPMN}}}process", {"id": process_id, "name": name, "isExecutable": "true"}, NAMESPACES)
    element.attrib.update(attributes)
    lanes = etree.SubElement(element, f"{{{BPMN}}}laneSet", {"id": f"{process_id}_lanes"})
    lane = etree.SubElement(lanes, f"{{{BPMN}}}lane", {"id": f"{process_id}_lane", "name": lane_name})
    given = {"role": role, "organisation": organisation}
    if any(given.values()):
        lane.append(_properties({key: value for key, value in given.items() if value}))
    for shape in shapes:
        etree.SubElement(lane, f"{{{BPMN}}}flowNodeRef").text = shape.id
    drawn = _flows(flows)
    for part in (*shapes_elements(shapes), *drawn):
        element.append(part)
    return element, shapes, drawn


def simple(*more: Shape, flows: list[str] | None = None, top: str = "", **attributes: str) -> str:
    """Begin, the given nodes (or one task), done."""
    shapes = [start(), *(more or (user(),)), end()]
    return bpmn(process(shapes, flows or [" > ".join(s.id for s in shapes)], **attributes), top=top)


def bpmn(*processes: tuple[etree._Element, list[Shape], list[etree._Element]], top: str = "") -> str:
    """The file: what is at its top (messages, errors), the processes, the drawing."""
    root = etree.Element(f"{{{BPMN}}}definitions", {"id": "definitions"}, NAMESPACES)
    root.set("targetNamespace", "https://waymark.example/bpmn")
    for piece in _piece(top):
        root.append(piece)
    diagram = etree.Element(f"{{{BPMNDI}}}BPMNDiagram", {"id": "diagram"})
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": "plane"})
    y = 80
    for element, shapes, flows in processes:
        root.append(element)
        width, height = _place(shapes, flows, 220, y + 40)
        plane.set("bpmnElement", plane.get("bpmnElement") or element.get("id", ""))
        _draw(plane, f"{element.get('id')}_lane", 160, y, width, height - y)
        _draw_all(plane, shapes, flows, 0, 0)
        y = height + 40
    root.append(diagram)
    etree.indent(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(NAMESPACES))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def _draw_all(plane: etree._Element, shapes: list[Shape], flows: list[etree._Element], dx: int, dy: int) -> None:
    places = {shape.id: shape for shape in shapes}
    for shape in shapes:
        _draw(plane, shape.id, shape.x + dx, shape.y + dy, shape.width, shape.height)
        _draw_all(plane, shape.inner, shape.flows, shape.x + dx, shape.y + dy)
    for flow in flows:
        a, b = places.get(flow.get("sourceRef", "")), places.get(flow.get("targetRef", ""))
        source, target = a or shapes[0], b or shapes[-1]
        edge = etree.SubElement(
            plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"{flow.get('id')}_di", "bpmnElement": flow.get("id", "")}
        )
        for x, y in (
            (source.x + source.width, source.y + source.height // 2),
            (target.x, target.y + target.height // 2),
        ):
            etree.SubElement(edge, f"{{{DI}}}waypoint", {"x": str(x + dx), "y": str(y + dy)})


def _draw(plane: etree._Element, element: str, x: int, y: int, width: int, height: int) -> None:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", {"id": f"{element}_di", "bpmnElement": element})
    bounds = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    etree.SubElement(shape, f"{{{DC}}}Bounds", bounds)
