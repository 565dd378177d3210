"""The answer of another case to a task of this one: it completes the task, comes too late, or never comes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import engine
from app.cases.answered import plain
from app.cases.command import Command
from app.cases.definitions import form_of
from app.cases.origin import Origin
from app.cases.unit import Decision, Work, write
from app.model.actor import OPERATOR, WORKER
from app.model.json import Json, JsonObject
from app.model.step import Step
from app.store.queries import links, people
from app.store.rows import TaskRow

#: who is no person that could be told something
_NOBODY = frozenset({WORKER.id, OPERATOR.id, "", None})


@dataclass(frozen=True)
class Answer:
    """What another case says to a task that waits for it."""

    #: the task
    task_id: str
    #: what it says
    payload: Json
    #: which case, by which entry
    origin: Origin
    #: who did what led to it there: person id
    on_behalf_of: str

    @property
    def fields(self) -> JsonObject:
        """What it says, by name."""
        return dict(self.payload) if isinstance(self.payload, Mapping) else {"answer": self.payload}


def answer(case_id: str, given: Answer, command: Command) -> str | None:
    """Complete the task with the answer, or keep it where the task is over: "answered"; None where nobody can read it.

    What the form of the task asks is taken from what the answer carries under the same keys, and becomes the same
    process variables as by hand.
    """

    def decide(work: Work) -> Decision | None:
        if work.case.status == "erased" or _has_it(work, given):
            return None
        if work.task is None or work.task.status != "open" or work.case.status != "open":
            return _late(work, given)
        return _completed(work, work.task, given)

    return _written(case_id, given, command, decide)


def never(case_id: str, given: Answer, command: Command) -> str | None:
    """Give the task back to people, because the other case will not answer: "answered"; None where none waits."""

    def decide(work: Work) -> Decision | None:
        task = work.task
        if work.case.status != "open" or _has_it(work, given) or task is None or task.status != "open":
            return None
        if task.waits_for != given.origin.case_id:
            return None
        sentence = f"The case that was to answer “{task.name}” ended without an answer. The task is yours again."
        holders = people.holding(work.connection, (task.role or "").split(), [task.holder], work.today)
        return Decision(
            "asking-ended",
            meta=_meta(given),
            content={
                "task_id": task.task_id,
                "name": task.name,
                "warned": _warned(given, sentence, {one.id for one in holders}),
                **_restricted(task),
            },
        )

    return _written(case_id, given, command, decide)


def _written(case_id: str, given: Answer, command: Command, decide: Callable[[Work], Decision | None]) -> str | None:
    origin = given.origin
    receipt = write(case_id, command, "answer", [given.task_id, origin.to_meta()], decide, given.task_id)
    return "answered" if receipt is not None else None


def _has_it(work: Work, given: Answer) -> bool:
    origin = given.origin
    assert origin.seq is not None
    return bool(links.received(work.connection, origin.case_id, origin.seq, origin.nth, work.case.id))


def _completed(work: Work, task: TaskRow, given: Answer) -> Decision:
    form = form_of(work.case.bundle, task.form_key) if task.form_key else None
    said = given.fields
    asked = {one.key for one in form.questions} if form else set()
    variables = {name: said[question] for question, name in form.variables.items() if question in said} if form else {}
    step = engine.complete(work.definition, work.state, task.task_id, variables, work.dates, work.command.now)
    if not any(one.task_id == task.task_id for one in step.closed):
        return _stuck(task, given, step)
    answers = {key: value for key, value in said.items() if key in asked} if form else _in_words(said)
    late = (work.today - task.due_on).days if task.due_on else 0
    kept: dict[str, Any] = {
        "task_id": task.task_id,
        "element": task.element,
        "name": task.name,
        "form_key": task.form_key,
        "form_digest": form.digest if form else None,
        "restricted": task.is_restricted,
        "answers": answers,
        **({"late_days": late} if late > 0 else {}),
    }
    content = {"task": kept, "payload": given.payload, **_restricted(task)}
    return Decision("task-answered", meta=_meta(given) | {"element": task.element}, content=content, step=step)


def _stuck(task: TaskRow, given: Answer, step: Step) -> Decision:
    """What followed ran into a bound: the task stays open, with a problem, and the answer is kept."""
    content = {"task_id": task.task_id, "name": task.name, "payload": given.payload, **_restricted(task)}
    return Decision("answer-late", meta=_meta(given), content=content, step=step)


def _late(work: Work, given: Answer) -> Decision:
    task = work.task
    name = task.name if task is not None else ""
    told = {task.closed_by} if task is not None and task.is_restricted else {task and task.closed_by, work.case.lead}
    sentence = f"An answer to “{name}” arrived when nothing waited for it any more. Read it in the case."
    content = {
        "task_id": given.task_id,
        "name": name,
        "payload": given.payload,
        "warned": _warned(given, sentence, {one for one in told if one}),
        **(_restricted(task) if task else {}),
    }
    return Decision("answer-late", meta=_meta(given), content=content)


def _meta(given: Answer) -> JsonObject:
    return given.origin.to_meta() | {"task_id": given.task_id, "on_behalf_of": given.on_behalf_of}


def _warned(given: Answer, sentence: str, person_ids: set[str]) -> list[dict[str, Any]]:
    told = sorted(one for one in person_ids if one not in _NOBODY)
    about = f"{given.task_id}:answer:{given.origin.case_id}:{given.origin.seq}"
    return [{"task_id": about, "sentence": sentence, "people": told}] if told else []


def _restricted(task: TaskRow) -> dict[str, Any]:
    return {"restricted": True} if task.is_restricted else {}


def _in_words(said: JsonObject) -> JsonObject:
    return {key: plain(value) for key, value in said.items() if value is not None}
