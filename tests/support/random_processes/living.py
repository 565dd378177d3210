"""The same case kept in memory from its first step to its last, never saved and loaded: what saving must not change."""

from __future__ import annotations

from datetime import datetime
from time import thread_time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.engine import Definition
from app.engine.elements import cancel_tokens
from app.engine.instance import CaseWorkflow, Progress
from app.engine.running import run_one, settle
from app.engine.state import saved
from app.model.json import JsonObject

from .dates import NOW, GivenDates

if TYPE_CHECKING:
    from .course import Command


class Living:
    """One case in memory."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.case: CaseWorkflow

    def start(self, variables: JsonObject, seed: str) -> None:
        """As `engine.start`."""
        spec = self.definition.specs[self.definition.process_id]
        progress = Progress(NOW, GivenDates(), self.definition.types, UUID(seed))
        self.case = CaseWorkflow(spec, self.definition.specs, progress)
        self.case.data.update(variables)
        self.case.plant()
        self.case.begin(spec.first)
        settle(self.case)

    def obey(self, command: Command, now: datetime) -> None:
        """As a step, but of the case that is here."""
        progress = self.case.progress
        progress.now, progress.steps, progress.made, progress.began = now, 0, 0, thread_time()
        if command.verb == "cancel":
            cancel_tokens(self.case, None)
        else:
            self._happen(command)
        settle(self.case)

    def _happen(self, command: Command) -> None:
        token: Any = next((each for each in self.case.all_live() if each.outside_id == command.on), None)
        if command.verb == "complete":
            token.write(command.what)
            run_one(token)
        elif token is not None:
            token.task_spec.happen(token, command.what)
        else:
            scope, group = next(
                (scope, group)
                for scope in self.case.scopes()
                for group in scope.spec.groups
                if group.subscription(scope) == command.on
            )
            group.trigger(scope, command.what)

    def saved(self) -> JsonObject:
        """Its state, as it would be stored."""
        return saved(self.case)
