"""What one step of the engine did, as plain values: the whole of what an entry keeps of it."""

from dataclasses import dataclass, field
from typing import Literal

from app.model.due import Due
from app.model.json import Json, JsonObject

MoveKind = Literal["entered", "left", "cancelled", "taken", "failed"]
TroubleKind = Literal["expression", "no-branch", "decision", "deadline", "bounds", "message", "engine"]


@dataclass(frozen=True)
class Move:
    """One thing that happened on the diagram, in order."""

    #: entered, left (completed), cancelled, failed: an element; taken: a sequence flow
    kind: MoveKind
    #: BPMN id of the element or sequence flow
    element: str
    #: BPMN id of the process or sub-process it lies in
    process: str


@dataclass(frozen=True)
class OpenTask:
    """A user task or manual task that a person can do now."""

    #: engine task id, stable for the life of the task
    task_id: str
    #: BPMN id
    element: str
    #: its name on the diagram
    name: str
    #: BPMN id of the process it lies in
    process: str
    #: role code of its lane (extension property `role`), or None: nobody may do it, and that is an incident
    role: str | None
    #: whose role holders: "home" (the case's school), "authority", "partnership", "forum"
    organisation: str
    #: form schema key, or None for "mark as done"
    form_key: str | None
    #: when it is due and why, or None
    due: Due | None
    #: process variables visible to it
    variables: JsonObject = field(default_factory=dict)
    #: code of the kind of meeting it waits for, or None
    meeting: str | None = None


@dataclass(frozen=True)
class ClosedTask:
    """A task that is open no longer."""

    #: engine task id
    task_id: str
    #: done by a person, or ended by the process
    how: Literal["completed", "cancelled"]
    #: element that ended it (boundary event, event sub-process, terminate end event), where cancelled
    because: str | None = None


@dataclass(frozen=True)
class ArmedTimer:
    """A timer that waits for its moment. The engine never fires it by itself."""

    #: engine task id of the timer event
    timer_id: str
    #: BPMN id
    element: str
    #: its name on the diagram
    name: str
    #: BPMN id of the process it lies in
    process: str
    #: when and why
    due: Due


@dataclass(frozen=True)
class Subscription:
    """A message the case would react to now."""

    #: engine task id of the waiting event, or `<instance>:<element>` for an event sub-process start
    subscription_id: str
    #: message name
    message: str
    #: BPMN id of the event that waits
    element: str
    #: what the event is called
    name: str


@dataclass(frozen=True)
class ThrownMessage:
    """A message the process sends out of the case."""

    #: message name
    message: str
    #: BPMN id of the throwing element
    element: str
    #: its payload
    payload: Json = None


@dataclass(frozen=True)
class Trouble:
    """Why the process cannot go on at one element: becomes an incident that a person resolves."""

    #: engine task id that is stuck, or None where the step as a whole was refused
    task_id: str | None
    #: BPMN id
    element: str
    #: what kind of cause
    kind: TroubleKind
    #: one sentence for a person
    sentence: str


@dataclass(frozen=True)
class Step:
    """One step, ready to be appended."""

    #: smallest change from the previous compacted state to the new one (`engine.delta`)
    delta: JsonObject
    #: the new compacted state; fold(all deltas) == state
    state: JsonObject
    #: what happened on the diagram, in order
    moves: tuple[Move, ...] = ()
    #: tasks that opened (or are due on another date, same id)
    opened: tuple[OpenTask, ...] = ()
    #: tasks that closed
    closed: tuple[ClosedTask, ...] = ()
    #: timers that were armed (or armed anew with another date, same id)
    armed: tuple[ArmedTimer, ...] = ()
    #: ids of timers that fired or were taken down
    disarmed: tuple[str, ...] = ()
    #: messages it began to wait for
    subscribed: tuple[Subscription, ...] = ()
    #: ids of subscriptions that ended
    unsubscribed: tuple[str, ...] = ()
    #: messages it sent
    thrown: tuple[ThrownMessage, ...] = ()
    #: new incidents
    troubles: tuple[Trouble, ...] = ()
    #: incidents of before that are none any more
    resolved: tuple[Trouble, ...] = ()
    #: the process instance has ended
    is_completed: bool = False
    #: name of the end event that ended it, where it ended
    outcome: str | None = None
    #: top-level process variables after the step
    variables: JsonObject = field(default_factory=dict)
