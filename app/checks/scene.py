"""What rules look at: the files as values, with the questions that many rules ask. No rules."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from app.checks.expressions_used import Use, feel_characters, uses_of
from app.checks.form_fields import Field, fields_of
from app.checks.problems import CheckContext
from app.checks.readings import Decisions, Unread, decisions_read, diagrams_read, letters_read
from app.diagrams import Diagram, Node, Process
from app.letters import Template

MOST_NODES = 300
MOST_FLOWS = 900
MOST_FEEL_CHARACTERS = 60_000
_WAITING_KINDS = frozenset({"task", "userTask", "manualTask", "receiveTask", "eventBasedGateway", "serviceTask"})


@dataclass(frozen=True)
class Files:
    """Everything that is deployed together."""

    #: BPMN files as diagrams, or the sentence why they cannot be read
    diagrams: Mapping[str, Diagram | Unread]
    #: DMN files, or the sentence why they cannot be read
    decisions: Mapping[str, Decisions | Unread]
    #: forms by key: their fields, or the sentence why they cannot be read
    forms: Mapping[str, tuple[Field, ...] | Unread]
    #: what is there besides
    context: CheckContext
    #: letter templates by name, or the sentence why they cannot be read
    letters: Mapping[str, Template | Unread] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        bpmn: Mapping[str, bytes],
        dmn: Mapping[str, bytes],
        forms: Mapping[str, bytes],
        context: CheckContext,
        letters: Mapping[str, bytes],
    ) -> "Files":
        """The files, read."""
        fields = {key: fields_of(content) for key, content in forms.items()}
        return cls(diagrams_read(bpmn), decisions_read(dmn), fields, context, letters_read(letters))

    @cached_property
    def unreadable_diagrams(self) -> dict[str, str]:
        """Sentences by BPMN file name."""
        return {name: each.sentence for name, each in self.diagrams.items() if isinstance(each, Unread)}

    @cached_property
    def all_scenes(self) -> tuple["Scene", ...]:
        """One per diagram that can be read."""
        return tuple(Scene(name, d, self) for name, d in self.diagrams.items() if isinstance(d, Diagram))

    @cached_property
    def scenes(self) -> tuple["Scene", ...]:
        """One per diagram of a size that rules can look through."""
        return tuple(scene for scene in self.all_scenes if scene.too_much is None)

    @cached_property
    def processes(self) -> dict[str, tuple["Scene", Process]]:
        """Processes of all files by id, without sub-processes."""
        return {p.id: (s, p) for s in self.scenes for p in s.diagram.processes if p.parent_process is None}

    @cached_property
    def calls(self) -> dict[str, set[str]]:
        """Ids or keys that call activities name, by id of the process they lie in, however deep."""
        found: dict[str, set[str]] = {}
        for scene in self.scenes:
            for node in scene.diagram.nodes.values():
                if node.called_element:
                    found.setdefault(scene.outermost(node.process), set()).add(node.called_element)
        return found

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Ids of processes and sub-processes in which something is waited for."""
        nodes = [n for scene in self.scenes for n in scene.diagram.nodes.values()]
        inside = [n for n in nodes if n.kind != "boundaryEvent" and not n.triggered_by_event]
        found: set[str] = set()
        while more := {n.process for n in inside if n.process not in found and self.waits(n, found)}:
            found |= more
        return frozenset(found)

    def waits(self, node: Node, waiting: Set[str]) -> bool:
        """A person, a message or a moment is waited for at a node, given the processes in which one is."""
        if node.kind in {"intermediateCatchEvent", "boundaryEvent"}:
            return node.event_kind in {"message", "timer"}
        if node.kind == "callActivity":
            return node.called_element in waiting or node.called_element not in self.processes
        return node.kind in _WAITING_KINDS or node.id in waiting

    @cached_property
    def decision_keys(self) -> frozenset[str]:
        """Keys a business rule task may name."""
        here = (key for each in self.decisions.values() if isinstance(each, Decisions) for key in each.keys)
        return self.context.decision_keys | frozenset(here)

    @cached_property
    def form_keys(self) -> frozenset[str]:
        """Keys a task may name."""
        return self.context.form_keys | frozenset(self.forms)

    @cached_property
    def fields(self) -> dict[str, list[tuple[str, Field]]]:
        """(form key, field) by the process variable it sets."""
        found: dict[str, list[tuple[str, Field]]] = {}
        for key, fields in self.forms.items():
            for each in fields if not isinstance(fields, Unread) else ():
                if each.variable:
                    found.setdefault(each.variable, []).append((key, each))
        return found

    @cached_property
    def variables(self) -> frozenset[str]:
        """Process variables that something here sets, or that a case has from its start."""
        outputs = {o for each in self.decisions.values() if isinstance(each, Decisions) for o in each.outputs}
        used = {name for scene in self.scenes for use in scene.uses for name in use.sets}
        nodes = [node for scene in self.scenes for node in scene.diagram.nodes.values()]
        items = {node.loop.item for node in nodes if node.loop and node.loop.item}
        messages = {node.message_variable for node in nodes if node.message_variable}
        return self.context.variables | frozenset(self.fields) | outputs | used | items | messages


@dataclass(frozen=True)
class Scene:
    """One diagram among the files it is deployed with."""

    #: name of its file
    file: str
    #: what it says
    diagram: Diagram
    #: everything deployed with it
    files: Files

    @property
    def size(self) -> int:
        """How many activities, events, gateways, lanes and processes it has."""
        tops = sum(1 for process in self.diagram.processes if process.parent_process is None)
        return len(self.diagram.nodes) + len(self.diagram.lanes) + tops - 1

    @cached_property
    def too_much(self) -> str | None:
        """One sentence where it is larger than rules can look through."""
        flows, feel = len(self.diagram.flows), feel_characters(self.diagram)
        if self.size > MOST_NODES:
            return f"Expected at most {MOST_NODES} elements, but there are {self.size:,}"
        if flows > MOST_FLOWS:
            return f"Expected at most {MOST_FLOWS} flows, but there are {flows:,}"
        if feel > MOST_FEEL_CHARACTERS:
            return f"Expected at most {MOST_FEEL_CHARACTERS:,} characters of FEEL, but there are {feel:,}"
        return None

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every expression in it, compiled or with the sentence why not."""
        return uses_of(self.diagram)

    @cached_property
    def gateways(self) -> tuple[Node, ...]:
        """Its gateways."""
        return tuple(node for node in self.diagram.nodes.values() if node.is_gateway)

    def starts(self, process_id: str) -> list[Node]:
        """Start events of a process or sub-process."""
        return [node for node in self.diagram.nodes_of(process_id) if node.kind == "startEvent"]

    def process_label(self, process: Process) -> str:
        """What people call it."""
        kind = "The process" if process.parent_process is None else "The sub-process"
        return f"{kind} “{process.name}”" if process.name else f"{kind} {process.id}"

    def labels(self, ids: Iterable[str]) -> str:
        """Up to three nodes by name."""
        labels = [self.diagram.nodes[each].label for each in sorted(ids)]
        return ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")

    def outermost(self, process_id: str) -> str:
        """Id of the process around a sub-process, however deep; its own id for a process."""
        for process in reversed(self.diagram.processes):
            if process.id == process_id and process.parent_process is not None:
                process_id = process.parent_process
        return process_id

    def waits(self, node: Node) -> bool:
        """A person, a message or a moment is waited for somewhere in it."""
        return self.files.waits(node, self.files.waiting)
