"""What a BPMN file says, as plain frozen values. Not how it is read, run, checked or put into words.

Words are those of BPMN: `kind` is the local name of the element ("userTask", "exclusiveGateway", "startEvent").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from app.diagrams.kinds import ACTIVITIES, KIND_WORDS

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Process:
    """A process, or a sub-process drawn inside one."""

    #: BPMN id
    id: str
    #: what people call it; of its pool where the process itself has no name
    name: str
    #: may run
    is_executable: bool
    #: id of the process around a sub-process, None for a process
    parent_process: str | None = None
    #: an event sub-process: starts when its start event happens
    triggered_by_event: bool = False
    #: id of the pool that shows it, if any
    pool: str | None = None
    #: extension properties
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    #: what its author wrote about it
    documentation: str = ""
    #: line in the file
    line: int = 0


@dataclass(frozen=True)
class Timer:
    """When a timer event happens, as written."""

    #: what the text means
    kind: Literal["date", "duration", "cycle"]
    #: ISO 8601 or FEEL; empty where a due rule says it
    text: str


@dataclass(frozen=True)
class Loop:
    """How often an activity is repeated."""

    #: parallel and sequential are multi-instance; standard repeats while a condition holds
    kind: Literal["parallel", "sequential", "standard"]
    #: variable or expression giving the list that is gone through
    collection: str | None = None
    #: expression giving how many
    cardinality: str | None = None
    #: variable that holds the present item
    item: str | None = None
    #: condition that ends it (multi-instance) or keeps it going (standard)
    condition: str | None = None
    #: greatest number of rounds of a standard loop
    maximum: str | None = None


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    #: BPMN id
    id: str
    #: id of the element it leaves
    source: str
    #: id of the element it enters
    target: str
    #: its label, or ""
    name: str
    #: FEEL, or None where there is none
    condition: str | None
    #: id of the process or sub-process it lies in
    process: str
    #: line in the file
    line: int = 0

    @property
    def label(self) -> str:
        """What people call it."""
        return f"the branch “{self.name}”" if self.name else f"the flow {self.id}"


@dataclass(frozen=True)
class Lane:
    """A lane: who does what lies in it."""

    #: BPMN id
    id: str
    #: readable name
    name: str
    #: role codes
    roles: tuple[str, ...]
    #: "home", "authority", "partnership" or "forum", as written
    organisation: str
    #: ids of the elements directly in it
    node_ids: tuple[str, ...]
    #: id of the process it lies in
    process: str = ""
    #: line in the file
    line: int = 0


@dataclass(frozen=True)
class Node:
    """An activity, event or gateway."""

    #: BPMN id
    id: str
    #: local name of its BPMN element
    kind: str
    #: its name on the diagram, or ""
    name: str
    #: id of the process or sub-process it lies in
    process: str
    #: id of the innermost lane, also of a sub-process around it
    lane: str | None = None
    #: role codes of that lane
    roles: tuple[str, ...] = ()
    #: organisation of that lane
    organisation: str = "home"
    #: extension properties
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    #: ids of the sequence flows that enter, in file order
    incoming: tuple[str, ...] = ()
    #: ids of the sequence flows that leave, in file order
    outgoing: tuple[str, ...] = ()
    #: id of the flow taken when no condition holds
    default_flow: str | None = None
    #: every event definition: "message", "timer", "error", "terminate", "signal", …
    event_kinds: tuple[str, ...] = ()
    #: name of the message it sends or waits for
    message: str | None = None
    #: FEEL of what a sent message carries
    message_payload: str | None = None
    #: variable a received message is kept under
    message_variable: str | None = None
    #: when a timer event happens
    timer: Timer | None = None
    #: code of the error or escalation it throws or catches
    code: str | None = None
    #: condition of a conditional event
    event_condition: str | None = None
    #: id of the activity a boundary event sits on
    attached_to: str | None = None
    #: a boundary event or event sub-process start ends what it interrupts
    is_interrupting: bool = True
    #: this is an event sub-process
    triggered_by_event: bool = False
    #: process id or key a call activity calls
    called_element: str | None = None
    #: key of the decision a business rule task asks
    called_decision: str | None = None
    #: text of a script task
    script: str | None = None
    #: language of that text
    script_format: str | None = None
    #: how it is repeated
    loop: Loop | None = None
    #: what its author wrote about it
    documentation: str = ""
    #: has a script of SpiffWorkflow's own around it
    has_pre_post_script: bool = False
    #: a receive task or event-based gateway that would start the process
    instantiate: bool = False
    #: a sub-process drawn closed
    is_collapsed: bool = False
    #: line in the file
    line: int = 0

    @property
    def label(self) -> str:
        """What people call it: its name, or its kind and id."""
        return f"“{self.name}”" if self.name else f"{self.kind_words} {self.id}"

    @property
    def kind_words(self) -> str:
        """Its kind in words."""
        return KIND_WORDS.get(self.kind, self.kind)

    @property
    def event_kind(self) -> str | None:
        """Its one event definition; "multiple" where there are several, None for a plain event or no event."""
        if len(self.event_kinds) > 1:
            return "multiple"
        return self.event_kinds[0] if self.event_kinds else None

    @property
    def is_activity(self) -> bool:
        """A task, sub-process or call activity."""
        return self.kind in ACTIVITIES

    @property
    def is_event(self) -> bool:
        """A start, end, intermediate or boundary event."""
        return self.kind.endswith("Event")

    @property
    def is_gateway(self) -> bool:
        """A gateway."""
        return self.kind.endswith("Gateway")

    @property
    def is_person_task(self) -> bool:
        """Something a person does: a user task, manual task or plain task."""
        return self.kind in {"userTask", "manualTask", "task"}

    @property
    def form_key(self) -> str | None:
        """Key of the form it shows."""
        return self.properties.get("formKey") or None

    @property
    def due_rule(self) -> str | None:
        """Deadline rule key, or a rule written out."""
        return self.properties.get("dueRule") or None

    @property
    def due_basis(self) -> str | None:
        """FEEL giving the date the rule counts from."""
        return self.properties.get("dueBasis") or None

    @property
    def due_date(self) -> str | None:
        """FEEL giving an agreed date."""
        return self.properties.get("dueDate") or None

    @property
    def meeting(self) -> str | None:
        """Code of the kind of meeting it waits for."""
        return self.properties.get("meeting") or None

    @property
    def pack(self) -> tuple[str, ...]:
        """Keys of the forms whose answers the members of that meeting see."""
        return tuple(self.properties.get("pack", "").split())

    @property
    def place(self) -> str | None:
        """What completing it does with a commissioned place."""
        return self.properties.get("place") or None

    @property
    def letter(self) -> str | None:
        """Name of the letter that is written when the task opens."""
        return self.properties.get("letter") or None

    @property
    def start_roles(self) -> tuple[str, ...]:
        """Role codes that may start a case, of a start event."""
        return tuple(self.properties.get("startRoles", "").split())

    @property
    def is_plain_start(self) -> bool:
        """A start event that waits for nothing: where people begin."""
        return self.kind == "startEvent" and self.event_kind is None

    @property
    def is_restricted(self) -> bool:
        """Only the roles of its own lane see it and its answers."""
        return self.properties.get("restricted", "").strip().lower() == "true"

    @property
    def restricted(self) -> bool:
        """The same, under the name of the property."""
        return self.is_restricted


@dataclass(frozen=True)
class Bounds:
    """Where a shape is drawn; a coordinate that is no number is NaN."""

    #: left
    x: float
    #: top
    y: float
    #: width
    width: float
    #: height
    height: float


@dataclass(frozen=True)
class Used:
    """One XML element that occurs, for the allow-list of the checks."""

    #: "bpmn:userTask", "bpmndi:BPMNShape", "spiffworkflow:property", or "{namespace}name" of an unknown namespace
    tag: str
    #: id of the element, or of the nearest one around it
    element: str
    #: its attributes by name, in the same spelling (no prefix where there is no namespace)
    attributes: Mapping[str, str]
    #: lies somewhere in extensionElements
    is_extension: bool
    #: line in the file
    line: int


FactKind = Literal["duplicate-id", "missing-id", "unknown-reference"]


@dataclass(frozen=True)
class Fact:
    """Something wrong that reading noticed and could read past."""

    #: what kind
    kind: FactKind
    #: id of the element it is about
    element: str
    #: one sentence
    sentence: str
    #: line in the file
    line: int


@dataclass(frozen=True)
class Diagram:
    """One BPMN file."""

    #: processes and sub-processes, outer before inner, in file order
    processes: tuple[Process, ...]
    #: activities, events and gateways by id, in file order
    nodes: Mapping[str, Node]
    #: sequence flows by id, in file order
    flows: Mapping[str, Flow]
    #: lanes by id
    lanes: Mapping[str, Lane]
    #: names of messages by id
    messages: Mapping[str, str]
    #: id of the process a case runs: the first executable one that no other here calls
    main: str | None
    #: what is drawn: bounds by id of the BPMN element
    shapes: Mapping[str, Bounds]
    #: drawn lines: points by id of the sequence flow, association or message flow
    edges: Mapping[str, tuple[tuple[float, float], ...]]
    #: pools that are black boxes: names by id
    black_boxes: Mapping[str, str]
    #: every XML element, in file order
    used: tuple[Used, ...] = field(repr=False)
    #: what reading noticed
    problems: tuple[Fact, ...] = ()

    def process(self, process_id: str) -> Process | None:
        """The process or sub-process with this id."""
        return self._processes_by_id.get(process_id)

    def nodes_of(self, process_id: str) -> Iterator[Node]:
        """Nodes directly in a process or sub-process, in file order."""
        return iter(self._nodes_by_process.get(process_id, ()))

    def flows_out(self, node: Node) -> tuple[Flow, ...]:
        """Flows that leave a node, in file order."""
        return tuple(self.flows[flow_id] for flow_id in node.outgoing)

    def flows_in(self, node: Node) -> tuple[Flow, ...]:
        """Flows that enter a node, in file order."""
        return tuple(self.flows[flow_id] for flow_id in node.incoming)

    def next_nodes(self, node: Node) -> Iterator[Node]:
        """Nodes its flows lead to."""
        return (self.nodes[flow.target] for flow in self.flows_out(node) if flow.target in self.nodes)

    def boundary_events(self, node: Node) -> Iterator[Node]:
        """Events that sit on its edge."""
        return iter(self._on_edges.get(node.id, ()))

    def host(self, node: Node) -> Node | None:
        """What a boundary event sits on; None where that is nothing or itself such an event."""
        host = self.nodes.get(node.attached_to or "")
        return None if host is None or host.kind == "boundaryEvent" else host

    @cached_property
    def _on_edges(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if host := self.host(node):
                found.setdefault(host.id, []).append(node)
        return found

    @cached_property
    def _processes_by_id(self) -> dict[str, Process]:
        return {process.id: process for process in reversed(self.processes)}

    @cached_property
    def _nodes_by_process(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.process, []).append(node)
        return found
