"""Processes inside processes: called ones, sub-processes, event sub-processes. How they start, and end."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from app.engine.elements import Element, cancel_tokens
from app.engine.instance import CaseSubWorkflow
from app.engine.trouble import Stuck
from app.model.json import Json

if TYPE_CHECKING:
    from app.engine.events import StartEvent
    from app.engine.instance import CaseTask, CaseWorkflow


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process or sub-process: its elements by name, and how it starts."""

    def __init__(self, name: str) -> None:
        """Empty, but for the library's own start and end."""
        super().__init__(name=name)
        #: event sub-processes
        self.groups: tuple[EventGroup, ...] = ()
        #: its plain start
        self.first: StartEvent | None = None
        #: starts by message name
        self.by_message: dict[str, StartEvent] = {}
        #: variables a called process is given, and hands back; None: all
        self.inputs: tuple[str, ...] | None = None
        self.outputs: tuple[str, ...] | None = None


class Group(Element, SubWorkflowTask):  # type: ignore[misc]
    """A sub-process. It shares the variables of the scope around it."""

    is_isolated = False

    def __init__(self, *args: Any, process: str, **kwargs: Any) -> None:
        """`process` is the name of its spec among those of the definition."""
        super().__init__(*args, subworkflow_spec=process, **kwargs)

    def arrive(self, token: CaseTask) -> bool:
        """Start what is inside."""
        inside = self.opened(token)
        inside.begin(inside.spec.first)
        return False

    def opened(self, token: CaseTask) -> CaseSubWorkflow:
        """The scope, without a token yet."""
        spec = token.workflow.top_workflow.subprocess_specs[self.spec]
        handed = self.handed_in(token, spec)
        token._set_state(TaskState.STARTED)
        inside = CaseSubWorkflow(spec, token, self.is_isolated)
        inside.data.update(handed)
        inside.plant()
        return inside

    def handed_in(self, token: CaseTask, spec: ProcessSpec) -> dict[str, Json]:
        """Variables it starts with, besides those it shares. Raises: Stuck."""
        return {}

    def ended(self, inside: CaseSubWorkflow) -> None:
        """Everything inside has ended. Raises: Stuck."""
        token = inside.host
        token.workflow.top_workflow.subprocesses.pop(token.id, None)
        token._ready()


class CallActivity(Group):
    """A called process, with variables of its own: all of the caller's, or those its ioSpecification names."""

    is_isolated = True

    def handed_in(self, token: CaseTask, spec: ProcessSpec) -> dict[str, Json]:
        """Raises: Stuck where an input is missing."""
        values = token.variables()
        if spec.inputs is None:
            return values
        if missing := [name for name in spec.inputs if name not in values]:
            raise Stuck(
                "expression", f"Expected a value for {', '.join(missing)} to hand to {self.label}, but there is none"
            )
        return {name: values[name] for name in spec.inputs}

    def ended(self, inside: CaseSubWorkflow) -> None:
        """Hand back what it assigned, or what its ioSpecification names."""
        outputs = inside.spec.outputs
        names: Sequence[str] = sorted(inside.written) if outputs is None else outputs
        inside.host.write({name: deepcopy(inside.data.get(name)) for name in names})
        super().ended(inside)


class EventGroup(Group):
    """An event sub-process: starts when its event happens, again and again unless it interrupts."""

    start: StartEvent

    def is_armed(self, scope: CaseWorkflow | CaseSubWorkflow) -> bool:
        """Whether its event would start it now."""
        return not scope.completed and not any(
            isinstance(each.task_spec, EventGroup) and each.task_spec.start.is_interrupting for each in scope.live()
        )

    def trigger(self, scope: CaseWorkflow | CaseSubWorkflow, payload: Json = None) -> None:
        """Its event happened."""
        if self.start.is_interrupting:
            cancel_tokens(scope, self.start.element_id)
        scope.begin(self, {} if payload is None else {"payload": payload})

    def arrive(self, token: CaseTask) -> bool:
        """Start what is inside with what came."""
        payload = token.notes.pop("payload", None)
        inside = self.opened(token)
        inside.begin(self.start, {} if payload is None else {"payload": payload})
        return False

    def subscription(self, scope: CaseWorkflow | CaseSubWorkflow) -> str:
        """The id under which its message is waited for."""
        return f"{scope.progress.outside_id(scope.number)}:{self.start.element_id}"
