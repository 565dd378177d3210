"""Things people do, and steps that run by themselves: assignments, decisions, messages out. No events, no groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask

from app.engine.elements import Element
from app.engine.expressions import Assignments, Formula, Table
from app.engine.timing import When
from app.model.step import ThrownMessage

if TYPE_CHECKING:
    from app.engine.instance import CaseTask


class PersonTask(Element, UserTask):  # type: ignore[misc]
    """A user task, manual task, plain task, or a process that is not here and is sent by hand."""

    def __init__(self, *args: Any, when: When | None, **kwargs: Any) -> None:
        """`when` says by when it is to be done."""
        super().__init__(*args, **kwargs)
        self.when = when

    def arrive(self, token: CaseTask) -> bool:
        """Set its due date, once."""
        if self.when is not None:
            token.notes["due"] = self.when.due(token).to_json()
        return True


class ScriptTask(Element):
    """Assigns process variables."""

    def __init__(self, *args: Any, assignments: Assignments, **kwargs: Any) -> None:
        """`assignments` is the FEEL context."""
        super().__init__(*args, **kwargs)
        self.assignments = assignments

    def act(self, token: CaseTask) -> None:
        """All of them, or none."""
        token.write(self.assignments.values(token))


class RuleTask(Element):
    """Asks a decision table."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        """`table` is the decision."""
        super().__init__(*args, **kwargs)
        self.table = table

    def act(self, token: CaseTask) -> None:
        """Its outputs become process variables."""
        token.write(self.table.values(token))


class SendTask(Element):
    """Sends a message out of the case: a send task, and the throwing events."""

    def __init__(self, *args: Any, message: str, payload: Formula | None, **kwargs: Any) -> None:
        """`message` is its name; `payload` says what it carries."""
        super().__init__(*args, **kwargs)
        self.message = message
        self.payload = payload

    def act(self, token: CaseTask) -> None:
        """What happens to it is not the business of the process."""
        carried = self.payload.json(token) if self.payload is not None else None
        token.progress.thrown.append(ThrownMessage(self.message, self.element_id, carried))


class PassThrough(Element):
    """Nothing happens: an event without a definition, both ends of a link."""
