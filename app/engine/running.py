"""The stepping loop: runs elements until only people, timers, messages or troubles are left. Bounded, and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.elements import fail
from app.engine.gateways import InclusiveGateway
from app.engine.trouble import Stuck

if TYPE_CHECKING:
    from app.engine.instance import CaseSubWorkflow, CaseTask, CaseWorkflow


def settle(case: CaseWorkflow) -> None:
    """Run until nothing can run. Raises: TooMuch."""
    while True:
        _run_queue(case)
        for scope in reversed(case.scopes()):
            _settle_scope(scope)
            if case.progress.queue:
                break
        else:
            return


def run_one(token: CaseTask) -> None:
    """Let one token run; what stops it stays with it as a trouble."""
    token.progress.count_step(token.task_spec.element_id)
    try:
        token.run()
    except Stuck as stuck:
        fail(token, stuck, "running")


def _run_queue(case: CaseWorkflow) -> None:
    queue = case.progress.queue
    while queue:
        token = queue.popleft()
        if token.is_live and not token.workflow.completed:
            run_one(token)


def _settle_scope(scope: CaseWorkflow | CaseSubWorkflow) -> None:
    """Fire inclusive joins nobody else can reach; end a scope that has no token left."""
    if scope.completed:
        return
    live = scope.live()
    for join in {
        each.task_spec.name: each.task_spec for each in live if isinstance(each.task_spec, InclusiveGateway)
    }.values():
        join.settle(scope)
    if not live:
        scope.completed = True
        if scope.host is not None:
            scope.host.task_spec.ended(scope)
