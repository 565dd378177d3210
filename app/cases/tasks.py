"""What people do with tasks: complete, take, give back, hand over. Answers are checked before they come here."""

from dataclasses import dataclass, field

from app import engine
from app.cases import placing
from app.cases.command import Command, Receipt
from app.cases.unit import Decision, Work, write
from app.clock import LONDON, local_date
from app.errors import AlreadyClaimed, AlreadyDone, NotFound, TaskEnded
from app.model.actor import WORKER
from app.model.json import JsonObject
from app.store.rows import TaskRow


@dataclass(frozen=True)
class Answers:
    """What somebody answered to the form of a task."""

    #: every clean answer
    answers: JsonObject = field(default_factory=dict)
    #: those that become process variables
    variables: JsonObject = field(default_factory=dict)
    #: files handed in, as the entry keeps them: id, name, media_type, size_bytes, digest, may_parents_see
    files: tuple[JsonObject, ...] = ()
    #: warnings accepted: name → the reason given
    accepted: JsonObject = field(default_factory=dict)
    #: digest of the form that was answered
    form_digest: str | None = None
    #: draft they were typed in, which goes with them
    draft: str | None = None


def complete(case_id: str, task_id: str, given: Answers, command: Command) -> Receipt:
    """Complete a task; it stays open, with an incident, where what follows ran into a bound.

    A task that takes a place does so in the same entry (`placing`), or is not completed.
    Raises AlreadyDone (who, when), TaskEnded (by what), CaseClosed, NotFound, NoPlaceLeft, NoQuotaLeft, PlaceUnclear,
    Busy.
    """

    def decide(work: Work) -> Decision:
        task = open_task(work, task_id)
        step = engine.complete(work.definition, work.state, task_id, given.variables, work.dates, command.now)
        is_done = any(one.task_id == task_id for one in step.closed)
        element = work.definition.elements.get(task.element)
        place = placing.placed(work, element, task, given.answers) if is_done else None
        return Decision(
            "task-completed" if is_done else "task-given-up",
            meta={"task_id": task_id, "element": task.element, "form": task.form_key, "form_digest": given.form_digest},
            content={"task": _answered(task, given, work), **({"place": place} if place else {})},
            step=step,
            draft=given.draft if is_done else None,
        )

    receipt = write(case_id, command, "complete", [task_id, given.answers], decide, task_id)
    assert receipt is not None
    return receipt


def claim(case_id: str, task_id: str, command: Command) -> Receipt | None:
    """Take a task. Taking it twice is nothing; raises AlreadyClaimed where somebody else has it."""

    def decide(work: Work) -> Decision | None:
        task = open_task(work, task_id)
        if task.assignee == command.actor.id:
            return None
        if task.assignee is not None:
            raise AlreadyClaimed(None, task_id=task_id, by=task.assignee)
        return _assignment("task-claimed", task, command.actor.id)

    return write(case_id, command, "claim", [task_id], decide, task_id)


def release(case_id: str, task_id: str, command: Command) -> Receipt | None:
    """Give a task back to everybody who may do it."""

    def decide(work: Work) -> Decision | None:
        task = open_task(work, task_id)
        return _assignment("task-released", task, None) if task.assignee else None

    return write(case_id, command, "release", [task_id], decide, task_id)


def reassign(case_id: str, task_id: str, to_person: str, reason: str, command: Command) -> Receipt | None:
    """Hand a task to somebody; its draft goes with it."""

    def decide(work: Work) -> Decision | None:
        task = open_task(work, task_id)
        if task.assignee == to_person:
            return None
        return _assignment("task-reassigned", task, to_person, reason)

    return write(case_id, command, "reassign", [task_id, to_person], decide, task_id)


def open_task(work: Work, task_id: str) -> TaskRow:
    """The task, still open. Raises AlreadyDone or TaskEnded saying who or what and when."""
    if work.task is None or work.task.task_id != task_id:
        raise NotFound(None, task_id=task_id)
    check_open(work.task)
    return work.task


def check_open(task: TaskRow) -> None:
    """Raises AlreadyDone or TaskEnded where the task is open no longer."""
    if task.status == "open":
        return
    assert task.closed_at is not None
    facts = {"task_id": task.task_id, "case_id": task.case_id, "at": task.closed_at, "name": task.name}
    when = f"{task.closed_at.astimezone(LONDON):%H:%M} on {_day(task)}"
    if task.status == "done":
        who = task.closed_by_name or ("The answer of another case" if task.closed_by == WORKER.id else "Somebody")
        raise AlreadyDone(f"{who} completed “{task.name}” at {when}.", by=task.closed_by, by_name=who, **facts)
    raise TaskEnded(f"“{task.name}” ended at {when}, before it was completed.", because=task.because, **facts)


def _day(task: TaskRow) -> str:
    assert task.closed_at is not None
    on = local_date(task.closed_at)
    return f"{on.day} {on:%B %Y}"


def _answered(task: TaskRow, given: Answers, work: Work) -> JsonObject:
    late = (work.today - task.due_on).days if task.due_on else 0
    return {
        "task_id": task.task_id,
        "element": task.element,
        "name": task.name,
        "form_key": task.form_key,
        "form_digest": given.form_digest,
        "restricted": task.is_restricted,
        "answers": given.answers,
        **({"files": list(given.files)} if given.files else {}),
        **({"accepted": given.accepted} if given.accepted else {}),
        **({"late_days": late} if late > 0 else {}),
    }


def _assignment(kind: str, task: TaskRow, assignee: str | None, reason: str = "") -> Decision:
    content = {"task_id": task.task_id, "name": task.name, "assignee": assignee, "reason": reason}
    return Decision(kind, meta={"task_id": task.task_id, "element": task.element}, content=content)
