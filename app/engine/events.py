"""Events: starting, ending, waiting, watching over an activity. What thrown errors find: `app.engine.throwing`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.activities import SendTask
from app.engine.elements import Element, Way, cancel, cancel_tokens
from app.engine.gateways import EventGateway
from app.engine.throwing import throw
from app.engine.timing import When
from app.model.json import Json

if TYPE_CHECKING:
    from app.engine.instance import CaseTask


class Catch:
    """What an event waits for."""

    def __init__(
        self,
        kind: str | None,
        *,
        message: str | None = None,
        variable: str | None = None,
        code: str | None = None,
        when: When | None = None,
    ) -> None:
        """`kind` is BPMN's event definition; None for a plain event."""
        self.kind = kind
        #: name of the message or signal
        self.message = message
        #: variable a payload is kept under
        self.variable = variable
        #: of the error or escalation; None catches all
        self.code = code
        #: when the timer fires
        self.when = when

    def keep(self, token: CaseTask) -> None:
        """Keep what came with the event, where the diagram asks for it."""
        if "payload" in token.notes:
            payload = token.notes.pop("payload")
            if self.variable:
                token.write({self.variable: payload})


class StartEvent(Element):
    """Where a token starts: plain, or by a message, error, escalation or signal."""

    def __init__(self, *args: Any, catch: Catch, is_interrupting: bool, **kwargs: Any) -> None:
        """`is_interrupting` counts in event sub-processes only."""
        super().__init__(*args, **kwargs)
        self.catch = catch
        self.is_interrupting = is_interrupting

    def act(self, token: CaseTask) -> None:
        """Keep what came with it."""
        self.catch.keep(token)


class CatchEvent(Element):
    """Waits for a timer, message or signal: intermediate events and receive tasks. A latch: fires when told to."""

    def __init__(self, *args: Any, catch: Catch, **kwargs: Any) -> None:
        """`catch` is what it waits for."""
        super().__init__(*args, **kwargs)
        self.catch = catch

    def arrive(self, token: CaseTask) -> bool:
        """Set the moment of a timer, once; then wait."""
        if self.catch.when is not None:
            token.notes["due"] = self.catch.when.due(token).to_json()
        token._set_state(TaskState.WAITING)
        return False

    def happen(self, token: CaseTask, payload: Json = None) -> None:
        """What it waited for is there."""
        EventGateway.won(token)
        token.notes.pop("due", None)
        if payload is not None:
            token.notes["payload"] = payload
        token._ready()

    def act(self, token: CaseTask) -> None:
        """Keep what came with it."""
        self.catch.keep(token)


class AttachedEvent(CatchEvent):
    """A boundary event. Timers and messages wait beside their activity; errors are found when they are thrown."""

    def __init__(self, *args: Any, is_interrupting: bool, **kwargs: Any) -> None:
        """`is_interrupting` ends the activity."""
        super().__init__(*args, **kwargs)
        self.is_interrupting = is_interrupting

    @property
    def waits(self) -> bool:
        """Whether it has a token of its own while it watches."""
        return self.catch.kind in ("timer", "message")

    def attach(self, host: CaseTask) -> None:
        """Begin to watch over an activity."""
        if self.waits:
            token = self._beside(host)
            self.try_arriving(token)

    def happen(self, token: CaseTask, payload: Json = None) -> None:
        """Fire; a message that does not interrupt can come again."""
        host = token.workflow.tasks[token.notes.pop("host")]
        if not token.notes.pop("seen", False):
            token.move("entered")
        super().happen(token, payload)
        self._affect(host)
        if not self.is_interrupting and self.catch.kind == "message":
            self.attach(host)

    def strike(self, host: CaseTask, payload: Json = None) -> None:
        """Fire without having waited: an error, escalation or signal."""
        token = self._beside(host)
        token.notes.pop("host")
        token.move("entered")
        super().happen(token, payload)
        self._affect(host)

    def _affect(self, host: CaseTask) -> None:
        if self.is_interrupting:
            cancel(host, self.element_id)

    def _beside(self, host: CaseTask) -> CaseTask:
        token = host.workflow.task_tree._add_child(self)
        token.triggered = True
        token.notes["host"] = host.id
        return token


class EndEvent(Element):
    """Where a token ends, whatever else it does."""

    def left(self, token: CaseTask) -> None:
        """Say how the case ended, if this is where it does."""
        super().left(token)
        scope = token.workflow
        while scope.host is not None and not scope.is_isolated:
            scope = scope.host.workflow
        if scope.host is None:
            token.progress.outcome = self.label

    def chosen(self, token: CaseTask) -> Sequence[Way]:
        """Nowhere."""
        return ()


class MessageEnd(EndEvent, SendTask):
    """Ends, and sends a message out of the case."""


class TerminateEnd(EndEvent):
    """Ends everything in its scope."""

    def left(self, token: CaseTask) -> None:
        """Take every other token away."""
        super().left(token)
        cancel_tokens(token.workflow, self.element_id)


class ThrowEvent(Element):
    """Throws an error, escalation or signal inside the case, then goes on if it still can."""

    def __init__(self, *args: Any, kind: str, name: str, **kwargs: Any) -> None:
        """`name` is the code of an error or escalation, or the name of a signal."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.thrown = name

    def act(self, token: CaseTask) -> None:
        """Find who catches it first. Raises: Stuck where nobody does."""
        throw(token, self.kind, self.thrown, is_rehearsal=True)

    def left(self, token: CaseTask) -> None:
        """Throw."""
        super().left(token)
        throw(token, self.kind, self.thrown)


class ThrowEnd(EndEvent, ThrowEvent):
    """Throws, and ends."""
