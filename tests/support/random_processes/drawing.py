"""A tree as BPMN 2.0.2 in the dialect of this project, drawn on a grid. What the tree means: `oracle`."""

from __future__ import annotations

from itertools import count

from lxml import etree

from app.model.definition import Bundle

from .blocks import (
    Activity,
    Block,
    Body,
    Boundary,
    Catch,
    Choice,
    End,
    Event,
    Fork,
    Loop,
    Race,
    Repetition,
    Script,
    Send,
    Sequence,
    Throw,
    Tree,
    ends,
)
from .canvas import BPMN, SPIFF, Canvas, part


def bundle(tree: Tree, key: str = "random", is_drawn: bool = True) -> Bundle:
    """The files of a tree; without a picture where nobody looks."""
    return Bundle(key, tree.main.id, "Random", {"random.bpmn": xml(tree, is_drawn)}, {}, {})


def xml(tree: Tree, is_drawn: bool = True) -> bytes:
    """One BPMN file with every process of the tree."""
    canvas = Canvas()
    for body in (tree.main, *tree.called):
        _Drawer(canvas, body.id).process(body)
    return canvas.text(is_drawn)


class _Drawer:
    """Draws one process with all that lies in it."""

    def __init__(self, canvas: Canvas, process: str) -> None:
        self.canvas = canvas
        self.process_id = process
        self._flows = count(1)

    def process(self, body: Body) -> None:
        element = part(self.canvas.root, "process", id=body.id, name=body.id, isExecutable="true")
        lanes = part(element, "laneSet", id=f"{body.id}-lanes")
        self.lane = part(lanes, "lane", id=f"{body.id}-lane", name="SENCO")
        _properties(self.lane, role="SENCO")
        self.body(element, body, f"{body.id}-in")
        _properties(self.element(f"{body.id}-in"), startRoles="SENCO")
        for node in element.iterchildren():
            if node.get("id") and etree.QName(node).localname not in ("laneSet", "sequenceFlow"):
                part(self.lane, "flowNodeRef").text = node.get("id")

    def body(
        self, inside: etree._Element, body: Body, start: str, event: Event | None = None, ends_all: bool = True
    ) -> None:
        """A start, the blocks, an end, and event sub-processes."""
        first = self.node(inside, "startEvent", start, event, isInterrupting=None if ends_all else "false")
        last = self.row(inside, first, body.inside)
        if last is not None:
            self.flow(inside, last, self.node(inside, "endEvent", f"{start}-out"))
        for each in body.watchers:
            group = self.node(inside, "subProcess", each.id, triggeredByEvent="true")
            self.body(self.element(group), each.body, each.start, each.event, each.interrupts)

    def node(self, inside: etree._Element, tag: str, name: str, event: Event | None = None, **more: str | None) -> str:
        """One element; what comes is its id."""
        attributes = {key: value for key, value in more.items() if value is not None}
        element = part(inside, tag, id=name, name=name, **attributes)
        if event is not None:
            self.event(element, event)
        self.canvas.place(element)
        return name

    def element(self, name: str) -> etree._Element:
        """What was drawn under an id."""
        return self.canvas.elements[name]

    def flow(self, inside: etree._Element, source: str, target: str, condition: str | None = None) -> str:
        """A sequence flow; what comes is its id."""
        name = f"{self.process_id}.f{next(self._flows)}"
        flow = part(inside, "sequenceFlow", id=name, sourceRef=source, targetRef=target)
        if condition is not None:
            part(flow, "conditionExpression", type_="bpmn:tFormalExpression").text = condition
        self.canvas.connect(name, source, target)
        return name

    def event(self, element: etree._Element, event: Event) -> None:
        """What an event waits for or throws."""
        if event.variable:
            part(_extensions(element), f"{{{SPIFF}}}messageVariable").text = event.variable
        if event.kind == "timer":
            part(part(element, "timerEventDefinition"), "timeDuration").text = event.text
            return
        reference = self.canvas.named(event.kind, event.text) if event.text else None
        part(element, f"{event.kind}EventDefinition", **({f"{event.kind}Ref": reference} if reference else {}))

    # blocks: drawn behind `source`, by a flow with `condition`; what comes is the last id, or None where it ends

    def row(self, inside: etree._Element, source: str, blocks: Sequence, condition: str | None = None) -> str | None:
        """Blocks one after the other."""
        last: str | None = source
        for each in blocks:
            assert last is not None
            last = self.block(inside, last, each, condition)
            condition = None
        return last

    def block(self, inside: etree._Element, source: str, block: Block, condition: str | None) -> str | None:
        """Any block."""
        match block:
            case Choice() | Fork() | Race() | Loop():
                return getattr(self, f"_{type(block).__name__.lower()}")(inside, source, block, condition)  # type: ignore[no-any-return]
            case Activity():
                return self._activity(inside, source, block, condition)
        name = self.simple(inside, block)
        self.flow(inside, source, name, condition)
        return None if isinstance(block, End) else name

    def simple(self, inside: etree._Element, block: Block) -> str:
        """One element that stands for itself."""
        match block:
            case Catch():
                return self.node(inside, "intermediateCatchEvent", block.id, block.event)
            case Script():
                rows = ", ".join(f"{name}: {source}" for name, source in block.assigned)
                self.node(inside, "scriptTask", block.id, scriptFormat="feel")
                part(self.element(block.id), "script").text = f"{{ {rows} }}"
                return block.id
            case Send():
                return self.node(inside, "sendTask", block.id, messageRef=self.canvas.named("message", block.message))
            case Throw():
                return self.node(inside, "intermediateThrowEvent", block.id, Event("escalation", block.code))
            case End(kind="error" | "escalation" | "message" as kind):
                return self.node(inside, "endEvent", block.id, Event(kind, block.text))
            case End():
                self.node(inside, "endEvent", block.id)
                if block.kind == "terminate":
                    part(self.element(block.id), "terminateEventDefinition")
                return block.id
        raise TypeError(f"Expected a block of one element, but it is {block}")

    def _choice(self, inside: etree._Element, source: str, block: Choice, condition: str | None) -> str:
        tag = "inclusiveGateway" if block.is_inclusive else "exclusiveGateway"
        split, join = self._gateways(inside, tag, block.id, source, condition)
        for values, row in block.branches:
            asked = " or ".join(f"{block.variable} = {each}" for each in values) or None
            last = self.row(inside, split, row, asked)
            if last is not None:
                self.flow(inside, last, join, asked if last == split else None)
            first_flow = self.canvas.first_flow_out(split)
            if not values:
                self.element(split).set("default", first_flow)
        return join

    def _fork(self, inside: etree._Element, source: str, block: Fork, condition: str | None) -> str:
        split, join = self._gateways(inside, "parallelGateway", block.id, source, condition)
        for row in (*block.joined, *block.loose):
            last = self.row(inside, split, row)
            if last is not None:
                self.flow(inside, last, join)
        return join

    def _race(self, inside: etree._Element, source: str, block: Race, condition: str | None) -> str:
        split = self.node(inside, "eventBasedGateway", block.id)
        self.flow(inside, source, split, condition)
        join = self.node(inside, "exclusiveGateway", f"{block.id}-out")
        for catch, row in block.branches:
            last = self.row(inside, split, (catch, *row))
            if last is not None:
                self.flow(inside, last, join)
        return join

    def _loop(self, inside: etree._Element, source: str, block: Loop, condition: str | None) -> str:
        def counting(name: str, feel: str) -> str:
            return self.simple(inside, Script(f"{block.id}-{name}", ((block.counter, feel),)))

        reset, again = counting("reset", "0"), self.node(inside, "exclusiveGateway", f"{block.id}-again")
        self.flow(inside, source, reset, condition)
        self.flow(inside, reset, again)
        last = self.row(inside, again, block.body)
        counted = counting("count", f"{block.counter} + 1")
        asked = self.node(inside, "exclusiveGateway", f"{block.id}-ask")
        self.flow(inside, last or again, counted)
        self.flow(inside, counted, asked)
        self.flow(inside, asked, again, f"{block.variable} = 1 and {block.counter} < {block.most}")
        out = self.node(inside, "exclusiveGateway", f"{block.id}-out")
        self.element(asked).set("default", self.flow(inside, asked, out))
        return out

    def _gateways(
        self, inside: etree._Element, tag: str, name: str, source: str, condition: str | None
    ) -> tuple[str, str]:
        split = self.node(inside, tag, name)
        self.flow(inside, source, split, condition)
        return split, self.node(inside, tag, f"{name}-out")

    # activities

    def _activity(self, inside: etree._Element, source: str, block: Activity, condition: str | None) -> str:
        name = self.node(inside, block.tag, block.id, calledElement=block.called)
        self.flow(inside, source, name, condition)
        element = self.element(name)
        if block.event is not None:
            element.set("messageRef", self.canvas.named("message", block.event.text))
            if block.event.variable:
                part(_extensions(element), f"{{{SPIFF}}}messageVariable").text = block.event.variable
        if block.body is not None:
            self.body(element, block.body, f"{name}-in")
        if block.repetition is not None:
            _repeat(element, block.repetition)
        last = name
        if any(not ends(each.path) for each in block.boundaries):
            last = self.node(inside, "exclusiveGateway", f"{name}-out")
            self.flow(inside, name, last)
        for each in block.boundaries:
            self._boundary(inside, name, each, last)
        return last

    def _boundary(self, inside: etree._Element, host: str, boundary: Boundary, back: str) -> None:
        cancels = "true" if boundary.interrupts else "false"
        self.node(inside, "boundaryEvent", boundary.id, boundary.event, attachedToRef=host, cancelActivity=cancels)
        last = self.row(inside, boundary.id, boundary.path)
        if last is not None:
            self.flow(inside, last, back)


def _repeat(element: etree._Element, how: Repetition) -> None:
    if how.kind == "loop":
        before = "true" if how.tests_before else "false"
        loop = part(element, "standardLoopCharacteristics", loopMaximum=str(how.most), testBefore=before)
        part(loop, "loopCondition").text = f"{how.variable} = 1"
        return
    loop = part(element, "multiInstanceLoopCharacteristics", isSequential=str(how.kind == "sequential").lower())
    items = [10 * number for number in range(1, how.most + 1)]
    part(loop, "loopDataInputRef").text = str(items)
    if how.output:
        part(loop, "loopDataOutputRef").text = how.output
    part(loop, "inputDataItem", id=f"{element.get('id')}-item", name="item")
    if how.collected:
        part(loop, "outputDataItem", id=f"{element.get('id')}-collected", name=how.collected)
    if how.until is not None:
        part(loop, "completionCondition").text = f"number_of_completed_instances >= {how.until}"


def _extensions(element: etree._Element) -> etree._Element:
    found = element.find(f"{{{BPMN}}}extensionElements")
    return part(element, "extensionElements") if found is None else found


def _properties(element: etree._Element, **properties: str) -> None:
    group = part(_extensions(element), f"{{{SPIFF}}}properties")
    for name, value in properties.items():
        part(group, f"{{{SPIFF}}}property", name=name, value=value)
