"""Errors, escalations and signals: who catches them. They never leave the case; messages do (`activities.SendTask`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from app.engine.trouble import Stuck

if TYPE_CHECKING:
    from app.engine.events import AttachedEvent, Catch
    from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow

#: what to do to let a catcher have it
_Reaction = Callable[[], object]


def throw(token: CaseTask, kind: str, name: str, is_rehearsal: bool = False) -> None:
    """Let whoever catches it have it. Raises: Stuck where nobody catches an error or escalation."""
    found = list(_everywhere(token, name)) if kind == "signal" else list(_outwards(token, kind, name))[:1]
    if not found and kind != "signal":
        words = f"the {kind} “{name}”" if name else f"the {kind}"
        raise Stuck(
            "engine", f"Expected {words} of {token.task_spec.label} to be caught around it, but nothing catches it"
        )
    if not is_rehearsal:
        for react in found:
            react()


def _outwards(token: CaseTask, kind: str, code: str) -> Iterator[_Reaction]:
    """Catchers of an error or escalation, the innermost first."""
    scope: CaseWorkflow | CaseSubWorkflow = token.workflow
    while True:
        for group in scope.spec.groups:
            if group.is_armed(scope) and _catches(group.start.catch, kind, code):
                yield partial(group.trigger, scope)
        host = scope.host
        if host is None:
            return
        for event in _attached(host):
            if _catches(event.catch, kind, code):
                yield partial(event.strike, _outer(host))
        scope = host.workflow


def _everywhere(token: CaseTask, name: str) -> Iterator[_Reaction]:
    """Everything in the case that waits for a signal."""
    for scope in token.workflow.top_workflow.scopes():
        for group in scope.spec.groups:
            if group.is_armed(scope) and _waits_for(group.start.catch, name):
                yield partial(group.trigger, scope)
        for each in scope.live():
            for event in each.task_spec.attached:
                if _waits_for(event.catch, name):
                    yield partial(_if_live, each, partial(event.strike, each))
            catch = getattr(each.task_spec, "catch", None)
            if each.has_state(TaskState.WAITING) and catch is not None and _waits_for(catch, name):
                yield partial(_if_live, each, partial(each.task_spec.happen, each))


def _if_live(token: CaseTask, react: _Reaction) -> None:
    if token.is_live:
        react()


def _attached(host: CaseTask) -> tuple[AttachedEvent, ...]:
    """Boundary events of the activity a scope runs in; of the whole activity where it has several instances."""
    return _outer(host).task_spec.attached


def _outer(host: CaseTask) -> CaseTask:
    outer = host.notes.get("instance_of")
    return host if outer is None else host.workflow.tasks[outer]


def _catches(catch: Catch, kind: str, code: str) -> bool:
    return catch.kind == kind and catch.code in (None, "", code)


def _waits_for(catch: Catch, signal: str) -> bool:
    return catch.kind == "signal" and catch.message == signal
