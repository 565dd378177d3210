"""What the oracle keeps: variables in their scopes, what is alive, what is waited for. How blocks behave: `oracle`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .blocks import Activity, Body

WaitKind = Literal["task", "timer", "message"]
#: from the outermost activity to the element: (BPMN id, number of the instance or 0)
Path: TypeAlias = tuple[tuple[str, int], ...]
#: (kind, path)
Key: TypeAlias = tuple[WaitKind, Path]
#: called with True when a token comes out of a block, with False when it ended inside
Then: TypeAlias = Callable[[bool], None]


class Life:
    """Alive until it ends, or whatever it lies in."""

    def __init__(self, around: Life | None = None) -> None:
        self._around = around
        self._is_over = False

    @property
    def is_alive(self) -> bool:
        """Neither this nor anything around it has ended."""
        return not self._is_over and (self._around is None or self._around.is_alive)

    def end(self) -> None:
        """It is over, with all that lies in it."""
        self._is_over = True


class Variables:
    """The variables of one scope; those of an instance of a repetition lie over those around it."""

    def __init__(self, own: Mapping[str, Any], around: Variables | None = None) -> None:
        self.own = dict(own)
        self.written: set[str] = set()
        self._around = around

    def all(self) -> dict[str, Any]:
        """Everything that is seen here."""
        return {**(self._around.all() if self._around else {}), **self.own}

    def read(self, name: str) -> Any:
        """One of them."""
        return self.all().get(name)

    def write(self, values: Mapping[str, Any]) -> None:
        """Assign."""
        self.own.update(values)
        self.written.update(values)


@dataclass(eq=False)
class Wait:
    """One thing the case waits for."""

    #: what kind, and where
    key: Key
    #: it can happen while this is alive
    life: Life
    #: what happens then; takes the answers of a task or the payload of a message
    happen: Callable[[Any], None]
    #: name of the message
    message: str | None = None
    #: it begins an event sub-process, or goes beside an activity: others have to bring the case on
    is_aside: bool = False


@dataclass(eq=False)
class Host:
    """An activity that is under way."""

    activity: Activity
    #: where it lies
    place: Place
    life: Life
    #: how the case goes on behind it
    then: Then


@dataclass(eq=False)
class Place:
    """A running process, sub-process or event sub-process."""

    body: Body
    path: Path
    variables: Variables
    life: Life
    #: what to do when everything in it has ended
    over: Callable[[], None]
    #: where it lies, and the activity it is the inside of
    outer: Place | None = None
    host: Host | None = None
    #: tokens that go their own way in it
    strands: int = 0
    #: an event sub-process that interrupts has begun
    is_interrupted: bool = False
    #: what its event sub-processes could end
    group: Life = field(init=False)

    def __post_init__(self) -> None:
        self.group = Life(self.life)

    def interrupt(self) -> None:
        """End everything that goes on in it."""
        self.group.end()
        self.group = Life(self.life)
        self.strands = 0


def counted(waits: Iterable[Wait]) -> dict[Key, int]:
    """How often each is waited for."""
    found: dict[Key, int] = {}
    for each in waits:
        found[each.key] = found.get(each.key, 0) + 1
    return found
