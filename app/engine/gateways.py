"""Where flows part and meet. Joins look at tokens that wait now, never at history, so loops cannot confuse them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.elements import Element, Way, cancel
from app.engine.trouble import Stuck
from app.model.step import Move

if TYPE_CHECKING:
    from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow


class ChoosingGateway(Element, ABC):
    """What exclusive and inclusive gateways share: conditions and a default flow."""

    def __init__(self, *args: Any, default: str | None, **kwargs: Any) -> None:
        """`default` is the id of the flow taken when no condition holds."""
        super().__init__(*args, **kwargs)
        self.default = default

    def act(self, token: CaseTask) -> None:
        """Choose; taken when the token leaves."""
        token.notes["take"] = [way.flow for way in self.choose(token)]

    def chosen(self, token: CaseTask) -> Sequence[Way]:
        """Flows the token leaves by."""
        take = token.notes["take"]
        return [way for way in self.ways if way.flow in take]

    @abstractmethod
    def choose(self, token: CaseTask) -> Sequence[Way]:
        """Flows to take. Raises: Stuck."""

    def holding(self, token: CaseTask) -> list[Way]:
        """Flows whose condition holds."""
        asked = [way for way in self.ways if way.condition is not None and way.flow != self.default]
        return [way for way in asked if way.condition.is_true(token)]

    def otherwise(self) -> list[Way]:
        """The default flow. Raises: Stuck where there is none."""
        found = [way for way in self.ways if way.flow == self.default or (len(self.ways) == 1 and not way.condition)]
        if not found:
            asked = ", ".join(way.label for way in self.ways)
            raise Stuck("no-branch", f"Expected one branch of {self.label} to be right, but none is: {asked}")
        return found


class ExclusiveGateway(ChoosingGateway):
    """The first flow whose condition holds."""

    def choose(self, token: CaseTask) -> Sequence[Way]:
        """One flow; later conditions are not asked."""
        for way in self.ways:
            if way.condition is not None and way.flow != self.default and way.condition.is_true(token):
                return [way]
        return self.otherwise()


class Join(Element, ABC):
    """A token on a join waits, under the flow it came by, until the gateway can fire."""

    is_join = True

    def __init__(self, *args: Any, incoming: Sequence[str], **kwargs: Any) -> None:
        """`incoming` are ids of the flows that enter."""
        super().__init__(*args, **kwargs)
        self.incoming = tuple(incoming)

    def _update(self, my_task: CaseTask) -> None:
        if not self.waiting(my_task.workflow):
            my_task.move("entered")
        my_task._set_state(TaskState.WAITING)
        self.try_firing(my_task.workflow)

    def waiting(self, scope: CaseWorkflow | CaseSubWorkflow) -> list[CaseTask]:
        """Tokens that wait here, oldest first."""
        return [each for each in scope.live() if each.task_spec is self and each.has_state(TaskState.WAITING)]

    def try_firing(self, scope: CaseWorkflow | CaseSubWorkflow) -> None:
        """Fire if it can."""
        by_flow: dict[str, CaseTask] = {}
        for each in self.waiting(scope):
            by_flow.setdefault(each.notes["via"], each)
        if by_flow and self.can_fire(scope, by_flow):
            self._fire(scope, list(by_flow.values()))

    @abstractmethod
    def can_fire(self, scope: CaseWorkflow | CaseSubWorkflow, by_flow: Mapping[str, CaseTask]) -> bool:
        """Whether the tokens that wait are all there will be."""

    def _fire(self, scope: CaseWorkflow | CaseSubWorkflow, tokens: list[CaseTask]) -> None:
        *spent, last = tokens
        for each in spent:
            each._set_state(TaskState.COMPLETED)
        last.notes.pop("via")
        last._ready()
        for again in self.waiting(scope)[:1]:
            again.move("entered")

    def taken_away(self, token: CaseTask) -> None:
        """Further tokens that waited beside it go silently, being one to the reader; not those of the next round."""
        for each in self.waiting(token.workflow) if "via" in token.notes else ():
            each._set_state(TaskState.CANCELLED)


class ParallelGateway(Join):
    """One token on every incoming flow; then every outgoing flow."""

    def can_fire(self, scope: CaseWorkflow | CaseSubWorkflow, by_flow: Mapping[str, CaseTask]) -> bool:
        """BPMN 2.0.2 §13.4.1."""
        return len(by_flow) == len(self.incoming)


class InclusiveGateway(Join, ChoosingGateway):
    """Waits for every token that can still come; then every flow whose condition holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """`upstream` is filled in when the diagram is whole."""
        super().__init__(*args, **kwargs)
        #: flow that enters → elements from which a token could still come by it
        self.upstream: Mapping[str, frozenset[str]] = {}

    def try_firing(self, scope: CaseWorkflow | CaseSubWorkflow) -> None:
        """Only when nothing else can run: see `app.engine.running`."""

    def settle(self, scope: CaseWorkflow | CaseSubWorkflow) -> None:
        """Fire if nobody else can come any more."""
        super().try_firing(scope)

    def can_fire(self, scope: CaseWorkflow | CaseSubWorkflow, by_flow: Mapping[str, CaseTask]) -> bool:
        """BPMN 2.0.2 §13.4.3."""
        here = {each.element_id for each in self._others(scope)}
        missing = frozenset[str]().union(*(self.upstream[flow] for flow in self.incoming if flow not in by_flow))
        served = frozenset[str]().union(*(self.upstream[flow] for flow in by_flow))
        return not here & (missing - served)

    def _others(self, scope: CaseWorkflow | CaseSubWorkflow) -> list[Element]:
        return [
            each.task_spec
            for each in scope.live()
            if each.task_spec is not self and "host" not in each.notes and not each.task_spec.is_silent
        ]

    def choose(self, token: CaseTask) -> Sequence[Way]:
        """All that hold."""
        return self.holding(token) or self.otherwise()


class EventGateway(Element):
    """Whichever comes first: all its events wait, and the first takes the others down."""

    def chosen(self, token: CaseTask) -> Sequence[Way]:
        """None yet: the flow is taken when its event happens."""
        return ()

    def left(self, token: CaseTask) -> None:
        """Put a token on each event."""
        for way in self.ways:
            event = token.workflow.spec.task_specs[way.target]
            waiting = token._add_child(event)
            waiting.notes.update(race=token.id, flow=way.flow)

    @staticmethod
    def won(token: CaseTask) -> None:
        """This event came first."""
        race = token.notes.pop("race", None)
        if race is None:
            return
        spec = token.task_spec
        token.progress.moves.append(Move("taken", token.notes.pop("flow"), spec.process_id))
        for each in token.workflow.live():
            if each.notes.get("race") == race:
                cancel(each, spec.element_id)
