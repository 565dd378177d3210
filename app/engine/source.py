"""The BPMN files of a bundle as one source: what `app.diagrams` reads, and the few facts only the engine needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.diagrams import Diagram, Flow, Node, Process, read
from app.diagrams.xml import BPMN, SPIFF, tree
from app.model.definition import Bundle


@dataclass(frozen=True)
class Extra:
    """Facts about one element that a `Node` does not have."""

    #: name that a link event shares with its other end
    link: str | None = None
    #: name of the signal it throws or catches
    signal: str | None = None
    #: variable that collects the instances, and the variable of each that is collected
    output: str | None = None
    output_item: str | None = None
    #: a standard loop asks before the first round
    tests_before: bool = False
    #: names its ioSpecification takes in and gives out; None: it has none
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    #: what the engine would have to run and cannot: "compensation", "unit tests", …
    cannot: tuple[str, ...] = ()


NOTHING_MORE = Extra()


@dataclass(frozen=True)
class Source:
    """All processes of a bundle."""

    #: what each file says
    diagrams: tuple[Diagram, ...]
    #: processes and sub-processes by id
    processes: Mapping[str, Process]
    #: elements by id
    nodes: Mapping[str, Node]
    #: sequence flows by id
    flows: Mapping[str, Flow]
    #: further facts by id of element or process
    extras: Mapping[str, Extra]
    #: ids that occur in two files
    twice: tuple[str, ...]

    def nodes_of(self, process_id: str) -> Iterator[Node]:
        """Elements directly in a process or sub-process, in file order."""
        return (node for node in self.nodes.values() if node.process == process_id)

    def more(self, element_id: str) -> Extra:
        """Further facts about an element."""
        return self.extras.get(element_id, NOTHING_MORE)

    def flows_out(self, node: Node) -> list[Flow]:
        """Flows that leave a node, in file order."""
        return [self.flows[each] for each in node.outgoing]

    def attached(self, node: Node) -> list[Node]:
        """Boundary events of an activity."""
        return [each for each in self.nodes.values() if each.attached_to == node.id]

    def is_called_here(self, node: Node) -> bool:
        """Whether a call activity calls a process of this bundle."""
        called = self.processes.get(node.called_element or "")
        return called is not None and called.parent_process is None and called.is_executable


def source_of(bundle: Bundle) -> Source:
    """Raises: NotDeployable for a file that is no BPMN diagram."""
    diagrams = tuple(read(xml) for _, xml in sorted(bundle.bpmn.items()))
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    processes: dict[str, Process] = {}
    twice: list[str] = []
    for diagram in diagrams:
        these = [
            *diagram.nodes,
            *diagram.flows,
            *(each.id for each in diagram.processes if each.parent_process is None),
        ]
        twice += [each for each in these if each in nodes or each in flows or each in processes]
        nodes.update(diagram.nodes)
        flows.update(diagram.flows)
        processes.update({each.id: each for each in diagram.processes})
    extras = {name: each for _, xml in sorted(bundle.bpmn.items()) for name, each in _extras(tree(xml))}
    return Source(diagrams, processes, nodes, flows, extras, tuple(twice))


def _extras(root: etree._Element) -> Iterator[tuple[str, Extra]]:
    signals = {
        each.get("id", ""): each.get("name") or each.get("id") or "" for each in root.iterchildren(_bpmn("signal"))
    }
    for element in root.iter():
        identity = element.get("id")
        if identity is None or not isinstance(element.tag, str) or not element.tag.startswith(f"{{{BPMN}}}"):
            continue
        extra = _extra(element, signals)
        if extra != NOTHING_MORE:
            yield identity, extra


def _extra(element: etree._Element, signals: Mapping[str, str]) -> Extra:
    link = element.find(_bpmn("linkEventDefinition"))
    signal = element.find(_bpmn("signalEventDefinition"))
    loop = element.find(_bpmn("multiInstanceLoopCharacteristics"))
    standard = element.find(_bpmn("standardLoopCharacteristics"))
    inputs, outputs = _io(element)
    return Extra(
        link=None if link is None else link.get("name") or "",
        signal=None if signal is None else signals.get(signal.get("signalRef", ""), ""),
        output=None if loop is None else _text(loop.find(_bpmn("loopDataOutputRef"))),
        output_item=None if loop is None else _name(loop.find(_bpmn("outputDataItem"))),
        tests_before=standard is not None and standard.get("testBefore") == "true",
        inputs=inputs,
        outputs=outputs,
        cannot=tuple(_cannot(element)),
    )


def _io(element: etree._Element) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    io = element.find(_bpmn("ioSpecification"))
    if io is None:
        return None, None
    found = [
        tuple(name for each in io.iterchildren(_bpmn(tag)) if (name := _name(each)))
        for tag in ("dataInput", "dataOutput")
    ]
    return found[0] or None, found[1] or None


def _cannot(element: etree._Element) -> Iterator[str]:
    if element.get("isForCompensation") == "true":
        yield "compensation"
    extensions = element.find(_bpmn("extensionElements"))
    if extensions is not None:
        for name, words in (("unitTests", "unit tests"), ("serviceTaskOperator", "a service operator")):
            if extensions.find(f"{{{SPIFF}}}{name}") is not None:
                yield words


def _name(element: etree._Element | None) -> str | None:
    return None if element is None else element.get("name") or element.get("id")


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else (element.text or "").strip() or None


def _bpmn(name: str) -> str:
    return f"{{{BPMN}}}{name}"
