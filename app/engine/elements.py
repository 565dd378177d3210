"""What every element of a diagram does when a token comes, runs, leaves or is taken away. Nothing of one kind alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from app.engine.trouble import Stuck
from app.model.step import Move, Trouble

if TYPE_CHECKING:
    from app.engine.events import AttachedEvent
    from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow


@dataclass(frozen=True)
class Way:
    """A sequence flow out of an element."""

    #: BPMN id of the flow
    flow: str
    #: what people call it
    label: str
    #: BPMN id of the element it leads to
    target: str
    #: compiled FEEL condition, or None
    condition: Any = field(default=None, compare=False)


class Element(BpmnSpecMixin):  # type: ignore[misc]
    """One element. Shared by every case of its version and never written while a case runs."""

    #: its outer shell makes the moves (instances of a multi-instance activity)
    is_silent = False
    #: a token waits here for tokens on other flows
    is_join = False

    def __init__(
        self, wf_spec: Any, name: str, *, element_id: str, process_id: str, label: str, **library: Any
    ) -> None:
        """`name` is unique among the specs; `element_id` is the BPMN id, the same except for instances."""
        super().__init__(wf_spec, name, bpmn_name=label, **library)
        self.element_id = element_id
        self.process_id = process_id
        self.label = label
        self.ways: tuple[Way, ...] = ()
        self.attached: tuple[AttachedEvent, ...] = ()

    # what kinds of element say about themselves

    def arrive(self, token: CaseTask) -> bool:
        """A token came. True: it can run at once. Raises: Stuck."""
        return True

    def act(self, token: CaseTask) -> None:
        """The token runs through. Raises: Stuck, and then nothing was changed."""

    def chosen(self, token: CaseTask) -> Sequence[Way]:
        """Flows the token leaves by."""
        return self.ways

    def left(self, token: CaseTask) -> None:
        """The token has left, the next elements do not have it yet."""

    def taken_away(self, token: CaseTask) -> None:
        """The token was cancelled."""

    # the life of a token, in the library's terms

    def test(self) -> None:
        """Nothing: diagrams are checked when they are parsed."""

    def _predict(self, my_task: CaseTask, seen: object = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Nothing: what may come is not part of a state."""

    def _update(self, my_task: CaseTask) -> None:
        my_task.move("entered")
        self.try_arriving(my_task)

    def try_arriving(self, token: CaseTask) -> None:
        """Let the token arrive, again after it failed to."""
        try:
            is_ready = self.arrive(token)
        except Stuck as stuck:
            fail(token, stuck, "arriving")
            return
        for event in self.attached:
            event.attach(token)
        if is_ready:
            token._ready()

    def _run_hook(self, my_task: CaseTask) -> bool:
        self.act(my_task)
        return True

    def _on_complete_hook(self, my_task: CaseTask) -> None:
        my_task.move("left")
        my_task.progress.completed.add(my_task.id)
        release(my_task)
        sweeps = my_task.workflow.sweeps
        self.left(my_task)
        if my_task.workflow.completed or my_task.workflow.sweeps != sweeps:
            return
        for way in self.chosen(my_task):
            target = my_task.workflow.spec.task_specs[way.target]
            my_task.progress.moves.append(Move("taken", way.flow, self.process_id))
            child = my_task._add_child(target)
            if target.is_join:
                child.notes["via"] = way.flow


def fail(token: CaseTask, stuck: Stuck, phase: str) -> None:
    """Leave the token where it is, with the reason; a person resolves it."""
    spec = token.task_spec
    token._set_state(TaskState.ERROR)
    if "host" in token.notes:
        token.notes["seen"] = True
    token.notes["trouble"] = {"kind": stuck.kind, "sentence": stuck.sentence, "phase": phase}
    token.progress.troubles.append(Trouble(token.outside_id, spec.element_id, stuck.kind, stuck.sentence))
    token.progress.moves.append(Move("failed", spec.element_id, spec.process_id))


def cancel(token: CaseTask, because: str | None) -> None:
    """Take a token away, with all that runs or waits on its account."""
    if not token.is_live:
        return
    was_seen = "host" not in token.notes or "seen" in token.notes
    token._set_state(TaskState.CANCELLED)
    token.progress.because[token.id] = because
    inside = token.workflow.top_workflow.subprocesses.pop(token.id, None)
    if inside is not None:
        inside.completed = True
        cancel_tokens(inside, because)
    for child in instances(token):
        cancel(child, because)
    release(token, because)
    if was_seen:
        token.move("cancelled")
    token.task_spec.taken_away(token)


def cancel_tokens(scope: CaseWorkflow | CaseSubWorkflow, because: str | None) -> None:
    """Take away every token of a scope, also one that is about to leave an element."""
    scope.sweeps += 1
    for token in scope.live():
        cancel(token, because)


def release(token: CaseTask, because: str | None = None) -> None:
    """Take down the boundary events that watch over a token."""
    for each in token.workflow.live():
        if each.notes.get("host") == token.id and each.has_state(TaskState.WAITING | TaskState.ERROR):
            cancel(each, because)


def instances(token: CaseTask) -> list[CaseTask]:
    """Tokens of a multi-instance activity that are still on their way."""
    return [each for each in token.workflow.live() if each.notes.get("instance_of") == token.id]
