"""The library's workflow and task, made safe: no wall clock, no random ids, no data in tasks, no prediction.

Owns where variables are kept and how tokens are created and taken away. What an element does: `app.engine.elements`
and its neighbours. Variables belong to the scope (BPMN 2.0.2 §10.5.7), not to the token, so that branches neither lose
nor overwrite each other's values.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from time import thread_time
from typing import TYPE_CHECKING, Any, NoReturn, cast
from uuid import UUID, uuid5

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.trouble import TooMuch
from app.model.due import Dates
from app.model.json import Json, JsonObject
from app.model.step import Move, MoveKind, ThrownMessage, Trouble

if TYPE_CHECKING:
    from app.engine.elements import Element as ElementSpec

TOP = "0"
MOST_STEPS = 500
MOST_TASKS = 2_000
MOST_SECONDS = 2
LIVE = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.ERROR


class NoScripts:
    """Stands where the library keeps its Python script engine, and runs nothing."""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse whatever is asked."""
        raise AttributeError(f"No element may reach the script engine of the library, but one asked for {name}")


@dataclass
class Progress:
    """One step in progress: what it may ask, and what it did so far."""

    #: case time, aware
    now: datetime
    #: deadline rules with the case's calendar
    dates: Dates
    #: FEEL types of process variables
    types: Mapping[str, str]
    #: namespace of the task ids of this case
    seed: UUID
    #: number of the next task
    next_number: int = 1
    #: tasks that can run now, first come first served
    queue: deque[CaseTask] = field(default_factory=deque)
    #: what happened on the diagram
    moves: list[Move] = field(default_factory=list)
    #: messages sent out of the case
    thrown: list[ThrownMessage] = field(default_factory=list)
    #: incidents
    troubles: list[Trouble] = field(default_factory=list)
    #: task → element that ended it
    because: dict[str, str | None] = field(default_factory=dict)
    #: tasks that ended as intended
    completed: set[str] = field(default_factory=set)
    #: name of the last end event reached outside called processes
    outcome: str | None = None
    #: elements run so far
    steps: int = 0
    #: tasks made so far
    made: int = 0
    #: processor time of this thread when the step began: what other threads do does not count
    began: float = field(default_factory=thread_time)

    def outside_id(self, number: str) -> str:
        """The id by which everyone else knows a task or scope."""
        return str(uuid5(self.seed, number))

    def new_number(self) -> str:
        """The number of one more task; never used again in this case."""
        number = str(self.next_number)
        self.next_number += 1
        return number

    def count_task(self, element: str) -> None:
        """Raises: TooMuch."""
        self.made += 1
        self.count_time(element)
        if self.made > MOST_TASKS:
            raise TooMuch(
                element, f"The step made more than {MOST_TASKS:,} tasks. Is a list too long, or a loop endless?"
            )

    def count_time(self, element: str) -> None:
        """Raises: TooMuch."""
        if thread_time() - self.began > MOST_SECONDS:
            raise TooMuch(element, f"The step took more than {MOST_SECONDS} seconds of work without anyone to wait for")

    def count_step(self, element: str) -> None:
        """Raises: TooMuch."""
        self.steps += 1
        self.count_time(element)
        if self.steps > MOST_STEPS:
            raise TooMuch(element, f"The step ran more than {MOST_STEPS} elements without anyone to wait for")


class CaseTask(Task):  # type: ignore[misc]
    """A token in an element. Its data are the variables of its scope."""

    workflow: CaseWorkflow | CaseSubWorkflow
    task_spec: ElementSpec
    internal_data: dict[str, Any]
    id: str

    def __init__(
        self,
        workflow: CaseWorkflow | CaseSubWorkflow,
        task_spec: ElementSpec,
        parent: CaseTask | None = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,  # noqa: A002 - the library's name
    ) -> None:
        """Number it, where the state does not bring a number."""
        progress = workflow.progress
        progress.count_task(str(getattr(task_spec, "element_id", task_spec.name)))
        super().__init__(workflow, task_spec, parent, state, id or progress.new_number())
        self.last_state_change = 0.0

    @property
    def notes(self) -> dict[str, Any]:
        """What its element keeps about it from step to step; plain JSON."""
        return self.internal_data

    @property
    def progress(self) -> Progress:
        """The step in progress."""
        return self.workflow.progress

    @property
    def outside_id(self) -> str:
        """The id by which everyone else knows it."""
        return self.progress.outside_id(self.id)

    @property
    def is_live(self) -> bool:
        """A token is still in it: not completed, not cancelled. One that failed is live."""
        return self.has_state(LIVE) and self.id in self.workflow.tasks

    def variables(self) -> JsonObject:
        """What expressions see here: the scope's variables, over them those of this instance alone. A copy."""
        return cast(JsonObject, deepcopy(self._seen()))

    def _seen(self) -> dict[str, Any]:
        values = self.workflow.seen()
        return {**values, **self.notes["local"]} if "local" in self.notes else values

    def write(self, values: Mapping[str, Json]) -> None:
        """Assign process variables, where they belong."""
        if not values:
            return
        if "local" in self.notes:
            self.notes["local"] = {**self.notes["local"], **deepcopy(dict(values))}
            self.notes["written"] = sorted({*self.notes.get("written", ()), *values})
        else:
            self.workflow.write(values)

    def move(self, kind: MoveKind) -> None:
        """Note that something happened to this token."""
        spec = self.task_spec
        if not spec.is_silent:
            self.progress.moves.append(Move(kind, spec.element_id, spec.process_id))

    def _add_child(self, task_spec: ElementSpec, state: int = TaskState.FUTURE) -> CaseTask:
        return CaseTask(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        self._state = value

    def _ready(self) -> None:
        self._set_state(TaskState.READY)
        if not self.task_spec.manual:
            self.progress.queue.append(self)

    def _inherit_data(self) -> None:
        """Nothing: variables belong to the scope."""


class _Scope:
    """What the case and its called processes and sub-processes have in common."""

    progress: Progress
    tasks: dict[str, CaseTask]
    task_tree: CaseTask
    completed: bool
    data: dict[str, Any]
    #: variables assigned here, for a called process to hand back
    written: set[str]
    #: how often all its tokens were taken away since it was loaded
    sweeps: int = 0

    def live(self) -> list[CaseTask]:
        """Tokens in this scope, oldest first; the root is none."""
        return [task for task in self.tasks.values() if task.is_live]

    def plant(self) -> None:
        """Give a new scope its root, from which tokens start."""
        root = CaseTask(cast("CaseWorkflow", self), self.spec.start, None, TaskState.COMPLETED)  # type: ignore[attr-defined]
        self.task_tree = root

    def begin(self, start: ElementSpec, notes: Mapping[str, Any] | None = None) -> CaseTask:
        """Put a token on an element that no flow leads to."""
        token = self.task_tree._add_child(start)
        token.triggered = True
        token.notes.update(notes or {})
        start._update(token)
        return token

    def _task_completed_notify(self, task: CaseTask) -> None:
        self.last_task = task


class CaseWorkflow(_Scope, BpmnWorkflow):  # type: ignore[misc]
    """A case in memory, for the length of one step."""

    subprocesses: dict[str, CaseSubWorkflow]
    is_isolated = True

    def __init__(self, spec: Any, called: Mapping[str, Any], progress: Progress) -> None:
        """Empty: `plant` it or fill it from a state."""
        self.progress = progress
        self.written = set()
        super().__init__(spec, dict(called), script_engine=NoScripts(), deserializing=True)

    @property
    def number(self) -> str:
        """Its key among the scopes of a state."""
        return TOP

    @property
    def host(self) -> None:
        """No task stands for the case as a whole."""

    def seen(self) -> dict[str, Any]:
        """Variables, not copied."""
        return self.data

    def write(self, values: Mapping[str, Json]) -> None:
        """Assign variables of this scope."""
        self.data.update(deepcopy(dict(values)))

    def scopes(self) -> list[CaseWorkflow | CaseSubWorkflow]:
        """The case and everything that runs inside it, outer before inner."""
        return [self, *(each for each in self.subprocesses.values() if not each.completed)]

    def all_live(self) -> Iterator[CaseTask]:
        """Every token anywhere."""
        return (task for scope in self.scopes() for task in scope.live())


class CaseSubWorkflow(_Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """A called process or sub-process in memory."""

    top_workflow: CaseWorkflow

    def __init__(self, spec: Any, host: CaseTask, is_isolated: bool) -> None:
        """Isolated: it has variables of its own; otherwise it shares those of the task it runs in."""
        self.progress = host.workflow.progress
        self.host = host
        self.is_isolated = is_isolated
        self.written = set()
        super().__init__(spec, host.id, host.workflow.top_workflow, deserializing=True)
        self.top_workflow.subprocesses[host.id] = self

    @property
    def number(self) -> str:
        """Its key among the scopes of a state: that of the task it runs in."""
        return self.host.id

    def seen(self) -> dict[str, Any]:
        """Variables, not copied."""
        return self.data if self.is_isolated else self.host._seen()

    def write(self, values: Mapping[str, Json]) -> None:
        """Assign variables here, or where the host keeps its own."""
        if self.is_isolated:
            self.data.update(deepcopy(dict(values)))
            self.written.update(values)
        else:
            self.host.write(values)
