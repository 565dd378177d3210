"""A step as the content of an entry: short, plain JSON, with lanes already turned into organisations."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from app import calendars
from app.access.organisations import OrganisationTree
from app.model.due import Due
from app.model.json import JsonObject
from app.model.step import OpenTask, Step


def step_content(
    step: Step, *, school: str, tree: OrganisationTree, restricted: frozenset[str], before: JsonObject
) -> dict[str, Any]:
    """What an entry keeps of a step. `restricted`: elements of the restricted compartment; `before`: variables before.

    A lane whose organisation the school does not have, or without a role, opens an incident beside the task.
    """
    opened = [task_content(task, school, tree, task.element in restricted) for task in step.opened]
    troubles = [
        {"id": str(uuid4()), "task_id": one.task_id, "element": one.element, "kind": one.kind, "sentence": one.sentence}
        for one in step.troubles
    ]
    troubles += [_nobody(task) for task in opened if not task["role"] or not task["holder"]]
    content: dict[str, Any] = {
        "delta": step.delta,
        "moves": [[move.kind, move.element, move.process] for move in step.moves],
        "opened": [{**task, "holder": task["holder"] or school} for task in opened],
        "closed": [[one.task_id, one.how, one.because] for one in step.closed],
        "armed": [
            {
                "timer_id": one.timer_id,
                "element": one.element,
                "name": one.name,
                "process": one.process,
                "due": timer_due(one.due).to_json(),
            }
            for one in step.armed
        ],
        "disarmed": list(step.disarmed),
        "subscribed": [[one.subscription_id, one.message, one.element, one.name] for one in step.subscribed],
        "unsubscribed": list(step.unsubscribed),
        "thrown": [[one.message, one.element, one.payload] for one in step.thrown],
        "troubles": troubles,
        "recovered": [[one.task_id, one.element] for one in step.resolved],
    }
    content = {key: value for key, value in content.items() if key == "delta" or value}
    if step.variables != before:
        content["variables"] = step.variables
    if step.is_completed:
        content |= {"completed": True, "outcome": step.outcome}
    return content


def timer_due(due: Due) -> Due:
    """When a timer's moment comes: at the start of a day, not its end, and it cannot be late: only reminders stay."""
    at = calendars.start_of_day(due.on) if due.at == calendars.end_of_day(due.on) else due.at
    return replace(due, at=at, ladder=tuple(step for step in due.ladder if step.kind == "reminder"))


def task_content(task: OpenTask, school: str, tree: OrganisationTree, is_restricted: bool) -> dict[str, Any]:
    """What an entry keeps of a task that is open."""
    return {
        "task_id": task.task_id,
        "element": task.element,
        "name": task.name,
        "process": task.process,
        "role": task.role,
        "holder": tree.holder_of(task.organisation, school),
        "form_key": task.form_key,
        "restricted": is_restricted,
        "due": task.due.to_json() if task.due else None,
        **({"waits_for": task.meeting} if task.meeting else {}),
    }


def _nobody(task: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "task_id": task["task_id"],
        "element": task["element"],
        "kind": "engine",
        "sentence": f"Nobody may do “{task['name']}”: its lane names no role that this school has.",
    }
