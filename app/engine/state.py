"""A case in memory ⇄ its state, plain JSON. Keeps tokens that live and nothing that is past.

Shape: {"format", "seed", "next", "scopes": {number: {"process", "data"?, "written"?, "tasks": {number: {"element",
"state", "parent"?, "notes"?}}}}, "refused"?: [{"element", "sentence", "again"?}], "ended"?}. Scope "0" is the case;
any other scope runs inside the task with its number. Numbers count up, so nothing depends on the order of keys.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from app.engine.instance import TOP, CaseSubWorkflow, CaseTask, CaseWorkflow, Progress
from app.model.json import JsonObject

if TYPE_CHECKING:
    from app.engine.definition import Definition

FORMAT = 1


def seed_of(state: JsonObject) -> UUID:
    """Namespace of the task ids of a case."""
    return UUID(cast(str, state["seed"]))


def saved(case: CaseWorkflow, refused: Sequence[JsonObject] = ()) -> JsonObject:
    """The state of a case between two steps. It shares nothing with the case."""
    state: dict[str, Any] = {
        "format": FORMAT,
        "seed": str(case.progress.seed),
        "next": case.progress.next_number,
        "scopes": {scope.number: _scope(scope) for scope in case.scopes()},
    }
    if case.completed:
        state["ended"] = True
    if refused:
        state["refused"] = list(refused)
    return cast(JsonObject, json.loads(json.dumps(state)))


def given_up(state: JsonObject) -> list[JsonObject]:
    """What was given up, because it ran into a bound, and was not tried again since."""
    return cast("list[JsonObject]", state.get("refused", []))


def loaded(definition: Definition, state: JsonObject, progress: Progress) -> CaseWorkflow:
    """The case a state describes; the state stays as it is."""
    copy = cast(dict[str, Any], json.loads(json.dumps(state)))
    if copy["format"] != FORMAT:
        raise ValueError(f"Expected a state of format {FORMAT}, but it has format {copy['format']}")
    scopes: dict[str, Any] = copy["scopes"]
    specs = definition.specs
    case = CaseWorkflow(specs[scopes[TOP]["process"]], specs, progress)
    case.completed = copy.get("ended", False)
    _fill(case, scopes[TOP], progress)
    waiting = {number for number in scopes if number != TOP}
    for scope in _filled_in_turn(case, scopes, waiting):
        _fill(scope, scopes[scope.number], progress)
    progress.next_number = copy["next"]
    return case


def _scope(scope: CaseWorkflow | CaseSubWorkflow) -> dict[str, Any]:
    saved: dict[str, Any] = {"process": scope.spec.name}
    if scope.is_isolated:
        saved["data"] = scope.data
    if scope.host is not None and scope.written:
        saved["written"] = sorted(scope.written)
    saved["tasks"] = {task.id: _task(task, scope) for task in scope.live()}
    return saved


def _task(task: CaseTask, scope: CaseWorkflow | CaseSubWorkflow) -> dict[str, Any]:
    saved: dict[str, Any] = {"element": task.task_spec.name, "state": TaskState.get_name(task.state)}
    if task.notes:
        saved["notes"] = task.notes
    return saved


def _filled_in_turn(case: CaseWorkflow, scopes: dict[str, Any], waiting: set[str]) -> Any:
    """Scopes whose host is there already, outer before inner."""
    known: list[CaseWorkflow | CaseSubWorkflow] = [case]
    while known:
        outer = known.pop(0)
        for number in sorted(waiting & set(outer.tasks), key=int):
            host = outer.tasks[number]
            inner = CaseSubWorkflow(case.subprocess_specs[scopes[number]["process"]], host, host.task_spec.is_isolated)
            yield inner
            known.append(inner)


def _fill(scope: CaseWorkflow | CaseSubWorkflow, saved: dict[str, Any], progress: Progress) -> None:
    """Hang every token off the root: what lies between is past, and kept by the entries alone."""
    progress.next_number = 0
    scope.task_tree = CaseTask(scope, scope.spec.start, None, TaskState.COMPLETED, f"root of {scope.number}")
    scope.data.update(saved.get("data", {}))
    scope.written.update(saved.get("written", ()))
    for number in sorted(saved["tasks"], key=int):
        kept = saved["tasks"][number]
        spec = scope.spec.task_specs[kept["element"]]
        token = CaseTask(scope, spec, scope.task_tree, TaskState.get_value(kept["state"]), number)
        token.notes.update(kept.get("notes", {}))
        if token.has_state(TaskState.READY) and not spec.manual:
            progress.queue.append(token)
