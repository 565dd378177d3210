"""A BPMN file while it is drawn: elements, messages and codes as they occur, a place for each on a grid."""

from __future__ import annotations

from itertools import count

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DI = "http://www.omg.org/spec/DD/20100524/DI"
_NAMES = {"bpmn": BPMN, "bpmndi": _BPMNDI, "dc": _DC, "di": _DI, "spiffworkflow": SPIFF, "xsi": _XSI}
_COLUMNS = 20


def part(around: etree._Element, tag: str, type_: str | None = None, **attributes: str) -> etree._Element:
    """One more element of BPMN, or of the namespace given."""
    element = etree.SubElement(around, tag if tag.startswith("{") else f"{{{BPMN}}}{tag}", attributes)
    if type_ is not None:
        element.set(f"{{{_XSI}}}type", type_)
    return element


class Canvas:
    """One file."""

    def __init__(self) -> None:
        self.root = etree.Element(f"{{{BPMN}}}definitions", {"id": "file"}, _NAMES)
        self.root.set("targetNamespace", "http://example.org/random")
        #: everything that has a place, by id
        self.elements: dict[str, etree._Element] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._lines: dict[str, tuple[str, str]] = {}
        self._out: dict[str, str] = {}
        self._numbers = count(0)

    def named(self, kind: str, name: str) -> str:
        """The id of a message, error or escalation."""
        if (kind, name) not in self._named:
            attribute = "name" if kind == "message" else f"{kind}Code"
            element = etree.Element(f"{{{BPMN}}}{kind}", {"id": f"{kind}.{name}", "name": name, attribute: name})
            self.root.insert(len(self._named), element)
            self._named[kind, name] = f"{kind}.{name}"
        return self._named[kind, name]

    def place(self, element: etree._Element) -> None:
        """Know an element by its id, and give it a place."""
        name = str(element.get("id"))
        self.elements[name] = element
        row, column = divmod(next(self._numbers), _COLUMNS)
        self._places[name] = (column * 150, row * 120)

    def connect(self, flow: str, source: str, target: str) -> None:
        """Draw a flow."""
        self._lines[flow] = (source, target)
        self._out.setdefault(source, flow)

    def first_flow_out(self, source: str) -> str:
        """The first flow drawn out of an element since this was last asked."""
        return self._out.pop(source)

    def text(self, is_drawn: bool) -> bytes:
        """The file."""
        if is_drawn:
            self._picture()
        etree.indent(self.root)
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def _picture(self) -> None:
        diagram = etree.SubElement(self.root, f"{{{_BPMNDI}}}BPMNDiagram", {"id": "diagram"})
        plane = etree.SubElement(diagram, f"{{{_BPMNDI}}}BPMNPlane", {"id": "plane", "bpmnElement": "main"})
        for name, (x, y) in self._places.items():
            shape = etree.SubElement(plane, f"{{{_BPMNDI}}}BPMNShape", {"id": f"{name}_di", "bpmnElement": name})
            size = {"x": str(x), "y": str(y), "width": "100", "height": "80"}
            etree.SubElement(shape, f"{{{_DC}}}Bounds", size)
        for name, ends in self._lines.items():
            edge = etree.SubElement(plane, f"{{{_BPMNDI}}}BPMNEdge", {"id": f"{name}_di", "bpmnElement": name})
            for x, y in (self._places[each] for each in ends):
                etree.SubElement(edge, f"{{{_DI}}}waypoint", {"x": str(x), "y": str(y)})
