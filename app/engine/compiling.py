"""One element of a diagram → its runnable spec. Which elements may be there at all: `app.engine.refusals`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from app.diagrams import Node
from app.engine.activities import PassThrough, PersonTask, RuleTask, ScriptTask, SendTask
from app.engine.definition import Problem
from app.engine.elements import Element, Way
from app.engine.events import (
    AttachedEvent,
    Catch,
    CatchEvent,
    EndEvent,
    MessageEnd,
    StartEvent,
    TerminateEnd,
    ThrowEnd,
    ThrowEvent,
)
from app.engine.expressions import Assignments, Formula, Table, assignments, decision, formula
from app.engine.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from app.engine.moments import Duration, literal
from app.engine.multiple import InstanceMixin, Repeated, Rounds
from app.engine.scopes import CallActivity, EventGroup, Group, ProcessSpec
from app.engine.source import Source
from app.engine.timing import When
from app.engine.variables import is_name
from app.feel import FeelError

_Result = TypeVar("_Result")


class Compiler:
    """Makes specs and collects what cannot be read in them."""

    def __init__(self, source: Source, decisions: Mapping[str, bytes]) -> None:
        """`decisions` are DMN files by name."""
        self.source = source
        self.decisions = decisions
        self.problems: list[Problem] = []
        self._instances: dict[type, type] = {}

    def add(self, spec: ProcessSpec, node: Node) -> Element:
        """The spec of an element, put into its process; with its boundary events known but not yet attached."""
        common = {"element_id": node.id, "process_id": node.process, "label": name_of(node)}
        if node.loop is None:
            cls, given = self._kind(node)
            element: Element = cls(spec, node.id, **common, **given)
        else:
            element = self._repeated(spec, node, common)
        element.ways = tuple(self._ways(node))
        return element

    # kinds

    def _kind(self, node: Node) -> tuple[type[Element], dict[str, Any]]:
        make: Callable[[Node], tuple[type[Element], dict[str, Any]]] = getattr(self, f"_{node.kind}")
        return make(node)

    def _userTask(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802 - BPMN's own name
        return PersonTask, {"when": self._task_due(node)}

    _manualTask = _task = _userTask  # noqa: N815

    def _scriptTask(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return ScriptTask, {"assignments": self._assignments(node)}

    def _businessRuleTask(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return RuleTask, {"table": self._table(node)}

    def _sendTask(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return SendTask, self._sent(node)

    def _receiveTask(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return CatchEvent, {"catch": Catch("message", message=node.message, variable=node.message_variable)}

    def _callActivity(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        if self.source.is_called_here(node):
            return CallActivity, {"process": node.called_element}
        return PersonTask, {"when": self._task_due(node)}

    def _subProcess(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return (EventGroup if node.triggered_by_event else Group), {"process": node.id}

    def _exclusiveGateway(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return ExclusiveGateway, {"default": node.default_flow}

    def _parallelGateway(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return ParallelGateway, {"incoming": node.incoming}

    def _inclusiveGateway(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return InclusiveGateway, {"incoming": node.incoming, "default": node.default_flow}

    def _eventBasedGateway(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return EventGateway, {}

    def _startEvent(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        return StartEvent, {"catch": self._catch(node), "is_interrupting": node.is_interrupting}

    def _intermediateCatchEvent(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        if node.event_kind == "link":
            return PassThrough, {}
        return CatchEvent, {"catch": self._catch(node)}

    def _boundaryEvent(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        is_interrupting = node.is_interrupting or node.event_kind == "error"
        return AttachedEvent, {"catch": self._catch(node), "is_interrupting": is_interrupting}

    def _intermediateThrowEvent(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        match node.event_kind:
            case "message":
                return SendTask, self._sent(node)
            case "escalation" | "signal":
                return ThrowEvent, self._thrown(node)
        return PassThrough, {}

    def _endEvent(self, node: Node) -> tuple[type[Element], dict[str, Any]]:  # noqa: N802
        match node.event_kind:
            case "message":
                return MessageEnd, self._sent(node)
            case "terminate":
                return TerminateEnd, {}
            case "error" | "escalation" | "signal":
                return ThrowEnd, self._thrown(node)
        return EndEvent, {}

    # parts

    def _sent(self, node: Node) -> dict[str, Any]:
        return {
            "message": node.message or "",
            "payload": self._optional(node, node.message_payload, "payload", "payload"),
        }

    def _thrown(self, node: Node) -> dict[str, Any]:
        name = self.source.more(node.id).signal if node.event_kind == "signal" else node.code
        return {"kind": node.event_kind, "name": name or ""}

    def _catch(self, node: Node) -> Catch:
        signal = self.source.more(node.id).signal
        return Catch(
            node.event_kind,
            message=signal if node.event_kind == "signal" else node.message,
            variable=node.message_variable,
            code=node.code,
            when=self._timer(node) if node.event_kind == "timer" else None,
        )

    def _ways(self, node: Node) -> list[Way]:
        found = []
        for flow in self.source.flows_out(node):
            condition = self._optional(node, flow.condition, flow.label, "condition", flow.id)
            found.append(Way(flow.id, flow.name or flow.id, flow.target, condition))
        if node.kind == "intermediateThrowEvent" and node.event_kind == "link":
            name = self.source.more(node.id).link
            other = [n for n in self.source.nodes_of(node.process) if n.kind == "intermediateCatchEvent"]
            found += [Way(node.id, name or node.id, n.id) for n in other if self.source.more(n.id).link == name]
        return found

    def _task_due(self, node: Node) -> When | None:
        place = f"the date of “{name_of(node)}”"
        if node.due_rule:
            return When(place, rule=node.due_rule, basis=self._optional(node, node.due_basis, place, "due-basis"))
        if node.due_date:
            return When(place, formula=self._optional(node, node.due_date, place, "due-date"))
        return None

    def _timer(self, node: Node) -> When | None:
        place = f"the timer “{name_of(node)}”"
        if node.due_rule:
            return When(place, rule=node.due_rule, basis=self._optional(node, node.due_basis, place, "due-basis"))
        text = node.timer.text if node.timer else ""
        if not text:
            self._problem(
                node.id, "timer", f"Expected {place} to say when, but it does not", "Give it a date or a rule."
            )
            return None
        try:
            fixed = literal(text)
        except ValueError:
            fix = "Write a day that exists, like 2026-11-02."
            self._problem(node.id, "timer", f"Expected a date for {place}, but “{text}” does not exist", fix)
            return None
        if isinstance(fixed, datetime) and not _has_offset(text):
            fix = "Add the offset, like 2026-11-02T09:00:00+00:00."
            self._problem(node.id, "timer", f"Expected an offset in {place}, but “{text}” has none", fix)
        if isinstance(fixed, Duration) and not fixed.is_bounded:
            sentence = f"Expected {place} to take a minute to 25 years, but it is “{text}”"
            self._problem(node.id, "timer", sentence, "Write a duration in between.")
        if fixed is not None:
            return When(place, fixed=fixed)
        return When(place, formula=self._optional(node, text, place, "timer"))

    def _assignments(self, node: Node) -> Assignments | None:
        found = self._try(node.id, "script", lambda: assignments(node.script or "", f"“{name_of(node)}”"))
        for name in found.context.keys if found else ():
            if not is_name(name):
                sentence = f"Expected a variable name of small letters, digits and underscores, but it is “{name}”"
                self._problem(node.id, "script", sentence, "Rename the variable.")
        return found

    def _table(self, node: Node) -> Table | None:
        found = decision(self.decisions.values(), node.called_decision or "")
        if found is None:
            sentence = f"Expected the decision “{node.called_decision}” among the decision tables, but it is not there"
            self._problem(node.id, "decision", sentence, "Add the DMN file, or name another decision.")
            return None
        for problem in found.problems():
            self._problem(node.id, "decision", f"{node.called_decision}: {problem.sentence}", problem.fix)
        return Table(f"“{name_of(node)}”", found)

    # repetition

    def _repeated(self, spec: ProcessSpec, node: Node, common: dict[str, Any]) -> Repeated:
        cls, given = self._kind(node)
        whole = Repeated(spec, node.id, **common, rounds=self._rounds(node))
        instance_cls = self._instances.setdefault(cls, type(f"{cls.__name__}Instance", (InstanceMixin, cls), {}))
        whole.each = instance_cls(spec, f"{node.id} [each]", **common, **given)
        return whole

    def _rounds(self, node: Node) -> Rounds:
        loop, extra, place = node.loop, self.source.more(node.id), f"“{name_of(node)}”"
        assert loop is not None
        if loop.kind == "standard":
            return Rounds(
                is_sequential=True,
                again=self._optional(node, loop.condition, f"the loop of {place}", "loop"),
                maximum=int(loop.maximum) if loop.maximum else None,
                tests_before=extra.tests_before,
                is_loop=True,
            )
        return Rounds(
            is_sequential=loop.kind == "sequential",
            collection=self._optional(node, loop.collection, f"the list of {place}", "loop"),
            cardinality=self._optional(node, loop.cardinality, f"the number of {place}", "loop"),
            item=loop.item,
            output=extra.output,
            output_item=extra.output_item,
            until=self._optional(node, loop.condition, f"the end of {place}", "loop"),
        )

    # problems

    def _optional(self, node: Node, text: str | None, place: str, rule: str, at: str | None = None) -> Formula | None:
        if text is None or not text.strip():
            return None
        return self._try(at or node.id, rule, lambda: formula(text, place))

    def _try(self, element: str, rule: str, make: Callable[[], _Result]) -> _Result | None:
        try:
            return make()
        except FeelError as error:
            self._problem(
                element, rule, f"Expected an expression that can be read, but: {error}", "Correct the expression."
            )
            return None

    def _problem(self, element: str, rule: str, sentence: str, fix: str) -> None:
        self.problems.append(Problem(element, rule, sentence, fix))


def name_of(node: Node) -> str:
    """Its name on the diagram, or its id."""
    return node.name or node.id


def _has_offset(text: str) -> bool:
    return text.endswith("Z") or text[-6:-5] in ("+", "-")
