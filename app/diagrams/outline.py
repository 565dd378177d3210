"""A whole diagram in words, in reading order: for who cannot see it or point at it. Not how it is shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.diagrams.order import reading_order
from app.diagrams.plain import Questions
from app.diagrams.values import NOTHING, Diagram, Flow, Node, Process
from app.diagrams.words import (
    branch_words,
    due_words,
    event_words,
    loop_words,
    meeting_words,
    place_words,
    start_words,
    who_words,
)

#: gateways that only join
_MEETINGS = {
    "exclusiveGateway": "Paths meet",
    "parallelGateway": "Wait for all branches",
    "inclusiveGateway": "Wait for the branches taken",
}


@dataclass(frozen=True)
class OutlineLine:
    """One line of the outline."""

    #: "5", "5a" for an event on the edge of 5, "" for headings and branches
    number: str
    #: BPMN id of the element or flow it is about, "" for a plain heading
    element: str
    #: how far it is indented: 0 for a process
    level: int
    #: what it says, without the number
    text: str
    #: BPMN local name ("userTask", "sequenceFlow", "process") or "heading"
    kind: str

    @property
    def sentence(self) -> str:
        """The number and the text, as read aloud."""
        return f"{self.number}. {self.text}" if self.number else self.text


@dataclass
class _Writing:
    """Numbers given so far, so that a line can say where the flow goes."""

    diagram: Diagram
    titles: Mapping[str, str]
    #: None for owners, who read what is written
    questions: Questions | None
    numbers: dict[str, str] = field(default_factory=dict)
    order: dict[str, tuple[list[Node], list[Node]]] = field(default_factory=dict)
    count: int = 0
    on_edge: Counter[str] = field(default_factory=Counter)


def outline(
    diagram: Diagram, titles: Mapping[str, str] = NOTHING, questions: Questions | None = None
) -> list[OutlineLine]:
    """The diagram in words; `titles` gives readable names for form keys, rule keys, role codes and called processes.

    With `questions` it is for staff: no ids, no FEEL, conditions as the answers they look at.
    """
    writing = _Writing(diagram, titles, questions)
    sections = _sections(diagram)
    for process, _ in sections:
        _give_numbers(process.id, writing)
    return [line for process, level in sections for line in _process_lines(process, level, writing)]


def _sections(diagram: Diagram) -> list[tuple[Process, int]]:
    """Processes, the one a case runs first, then those it calls, each with its depth of calling."""
    tops = {p.id: p for p in diagram.processes if p.parent_process is None}
    within = {p.id: p.parent_process for p in diagram.processes}
    calls: dict[str, list[str]] = {}
    for node in diagram.nodes.values():
        if node.called_element:
            calls.setdefault(_top_of(node.process, within), []).append(node.called_element)
    found: dict[str, int] = {}
    for start in [diagram.main or "", *tops]:
        todo = [(start, 0)]
        while todo:
            identity, depth = todo.pop(0)
            if identity in tops and identity not in found:
                found[identity] = depth
                todo.extend((called, depth + 1) for called in calls.get(identity, ()))
    return [(tops[identity], depth) for identity, depth in found.items()]


def _top_of(process: str, within: Mapping[str, str | None]) -> str:
    seen: set[str] = set()
    while (outer := within.get(process)) and process not in seen:
        seen.add(process)
        process = outer
    return process


def _give_numbers(process: str, writing: _Writing) -> None:
    reached, unreached = reading_order(writing.diagram, process)
    writing.order[process] = reached, unreached
    for node in [*reached, *unreached]:
        host = writing.diagram.host(node)
        if host is not None and host.id in writing.numbers:
            writing.numbers[node.id] = f"{writing.numbers[host.id]}{_letter(writing.on_edge[host.id])}"
            writing.on_edge[host.id] += 1
        else:
            writing.count += 1
            writing.numbers[node.id] = str(writing.count)
        if writing.diagram.process(node.id) is not None:
            _give_numbers(node.id, writing)


def _letter(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else f"z{place}"


def _process_lines(process: Process, level: int, writing: _Writing) -> Iterator[OutlineLine]:
    yield OutlineLine("", process.id, level, f"Process: {process.name or process.id}", "process")
    yield from _content_lines(process.id, level + 1, writing)


def _content_lines(process: str, level: int, writing: _Writing) -> Iterator[OutlineLine]:
    reached, unreached = writing.order[process]
    at_any_time = [n for n in [*reached, *unreached] if n.triggered_by_event]
    for node in reached:
        if not node.triggered_by_event and not writing.diagram.host(node):
            yield from _node_lines(node, level, writing)
    if at_any_time:
        yield OutlineLine("", process, level, "At any time:", "heading")
        for node in at_any_time:
            yield from _node_lines(node, level + 1, writing)
    lost = [n for n in unreached if not n.triggered_by_event and not writing.diagram.host(n)]
    if lost:
        yield OutlineLine("", process, level, "Not reached from the start:", "heading")
        for node in lost:
            yield from _node_lines(node, level + 1, writing)


def _node_lines(node: Node, level: int, writing: _Writing) -> Iterator[OutlineLine]:
    diagram = writing.diagram
    flows = diagram.flows_out(node)
    has_branches = len(flows) > 1 or any(flow.condition for flow in flows)
    going = "" if has_branches or not flows else f" → {_go_to(flows[0], writing)}"
    yield OutlineLine(writing.numbers[node.id], node.id, level, f"{_says(node, writing)}{going}", node.kind)
    if has_branches:
        for flow in flows:
            text = f"{branch_words(diagram, flow, writing.questions) or 'then'} → {_go_to(flow, writing)}"
            yield OutlineLine("", flow.id, level + 1, text, "sequenceFlow")
    if diagram.process(node.id) is not None:
        yield from _content_lines(node.id, level + 1, writing)
    for event in diagram.boundary_events(node):
        if event.id in writing.numbers:
            yield from _node_lines(event, level + 1, writing)


def _go_to(flow: Flow, writing: _Writing) -> str:
    number = writing.numbers.get(flow.target)
    return f"go to {number}" if number else "leads nowhere"


def _says(node: Node, writing: _Writing) -> str:
    asked = writing.questions
    due = "" if node.is_event else due_words(node, writing.titles, asked)
    form = writing.titles.get(node.form_key or "", node.form_key or "")
    called = writing.titles.get(node.called_element or "", _called_name(node, writing))
    notes = [
        who_words(node, writing.titles) if node.is_person_task else "",
        f"started by {start_words(node, writing.titles)}" if node.start_roles else "",
        f"form {form}" if form else "",
        f"due {due}" if due else "",
        meeting_words(node, writing.titles),
        place_words(node),
        f"writes the letter {_letter_name(node.letter)}" if node.letter else "",
        "seen by these roles only" if node.is_restricted else "",
        f"runs the process {called}" if called else "",
        f"asks {node.called_decision}" if node.called_decision and asked is None else "",
        event_words(node, writing.titles, asked) if node.is_event else "",
        loop_words(node.loop, asked),
        "drawn closed" if node.is_collapsed and asked is None else "",
    ]
    said = "; ".join(note for note in notes if note)
    name = node.name or ("" if node.is_gateway or asked is not None else node.id)
    return f"{_kind(node)}{f': {name}' if name else ''}{f' ({said})' if said else ''}"


def _letter_name(name: str) -> str:
    return f"“{name.replace('-', ' ')}”"


def _called_name(node: Node, writing: _Writing) -> str:
    called = writing.diagram.process(node.called_element or "")
    written = "" if writing.questions is not None else node.called_element or ""
    return (called.name if called else "") or written


def _kind(node: Node) -> str:
    if node.kind == "boundaryEvent":
        return "Meanwhile, ending the task" if node.is_interrupting else "Meanwhile"
    if node.triggered_by_event:
        return "When it happens"
    if len(node.outgoing) == 1:
        return _MEETINGS.get(node.kind, node.kind_words)
    return node.kind_words
