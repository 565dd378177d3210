"""The tree of a block-structured process: every block is entered once and left at most once. No BPMN, no engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

EventKind = Literal["timer", "message", "error", "escalation"]


@dataclass(frozen=True)
class Event:
    """What is waited for, or thrown."""

    #: as BPMN calls it
    kind: EventKind
    #: duration, message name or code; "" catches every code
    text: str
    #: variable that a message's payload is kept under
    variable: str | None = None

    def catches(self, kind: str, code: str) -> bool:
        """Whether a thrown error or escalation is caught here."""
        return self.kind == kind and self.text in ("", code)


@dataclass(frozen=True)
class Catch:
    """An intermediate event that waits."""

    id: str
    event: Event


@dataclass(frozen=True)
class Script:
    """Assigns variables: FEEL by variable, of the forms `3`, `c1` and `k1 + 1`."""

    id: str
    assigned: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Send:
    """A message out of the case."""

    id: str
    message: str


@dataclass(frozen=True)
class Throw:
    """An escalation in passing."""

    id: str
    code: str


@dataclass(frozen=True)
class End:
    """Where a token ends before its block does."""

    id: str
    kind: Literal["plain", "terminate", "error", "escalation", "message"] = "plain"
    #: code or message
    text: str = ""


@dataclass(frozen=True)
class Boundary:
    """An event on the edge of an activity. Its path leads back behind the activity unless it ends with an `End`."""

    id: str
    event: Event
    interrupts: bool
    path: Sequence


@dataclass(frozen=True)
class Repetition:
    """How often an activity is done."""

    kind: Literal["parallel", "sequential", "loop"]
    #: length of the list that is gone through; greatest number of rounds of a loop
    most: int
    #: instances after which the rest is not done; None: all are
    until: int | None = None
    #: a loop goes on while this variable is 1
    variable: str = ""
    tests_before: bool = False
    #: variable that collects, and the one of each instance that is collected
    output: str | None = None
    collected: str | None = None


@dataclass(frozen=True)
class Activity:
    """Something a person does, a receive task, a sub-process or a called process."""

    id: str
    #: BPMN element
    tag: str
    #: of a receive task
    event: Event | None = None
    #: of a sub-process
    body: Body | None = None
    #: of a call activity: id of a process here, or of one that is done by hand
    called: str | None = None
    repetition: Repetition | None = None
    boundaries: tuple[Boundary, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Exclusive or inclusive gateways around branches; branch → values of the variable, () for the default."""

    id: str
    is_inclusive: bool
    variable: str
    branches: tuple[tuple[tuple[int, ...], Sequence], ...]


@dataclass(frozen=True)
class Fork:
    """Parallel branches; loose ones end by themselves."""

    id: str
    joined: tuple[Sequence, ...]
    loose: tuple[Sequence, ...] = ()


@dataclass(frozen=True)
class Race:
    """An event-based gateway."""

    id: str
    branches: tuple[tuple[Catch, Sequence], ...]


@dataclass(frozen=True)
class Loop:
    """Again while the variable is 1, at most so many rounds, which a script counts."""

    id: str
    counter: str
    variable: str
    most: int
    body: Sequence


Block: TypeAlias = Catch | Script | Send | Throw | End | Activity | Choice | Fork | Race | Loop
Sequence: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True)
class Watcher:
    """An event sub-process."""

    id: str
    start: str
    event: Event
    interrupts: bool
    body: Body


@dataclass(frozen=True)
class Body:
    """What lies in a process, sub-process or event sub-process."""

    id: str
    inside: Sequence
    watchers: tuple[Watcher, ...] = ()


@dataclass(frozen=True)
class Tree:
    """A whole bundle: the process a case runs, those it calls, and the variables that decide."""

    main: Body
    called: tuple[Body, ...] = ()
    #: whole numbers from 0 to 3; people give them with their answers
    deciding: tuple[str, ...] = ()


def ends(inside: Sequence) -> bool:
    """Whether a token that goes all the way ends instead of going on."""
    return bool(inside) and isinstance(inside[-1], End)
