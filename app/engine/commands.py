"""The verbs: start, complete, fire, deliver, retry, amend, cancel, redate. Each is one pure step."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from SpiffWorkflow.util.task import TaskState

from app.engine.activities import PersonTask
from app.engine.definition import Definition
from app.engine.elements import cancel_tokens, fail
from app.engine.events import CatchEvent
from app.engine.instance import CaseTask, CaseWorkflow, Progress
from app.engine.multiple import Repeated
from app.engine.running import run_one
from app.engine.scopes import EventGroup
from app.engine.state import given_up, loaded, seed_of
from app.engine.stepping import NOTHING, stepped
from app.engine.trouble import Stuck
from app.engine.variables import checked
from app.engine.waiting import Waiting, waiting_in
from app.errors import AlreadyDone, CaseClosed, TaskEnded, UnknownKey
from app.model.due import Dates, Due
from app.model.json import Json, JsonObject
from app.model.step import Step


def start(
    definition: Definition,
    variables: JsonObject,
    dates: Dates,
    now: datetime,
    message: str | None = None,
    seed: str | None = None,
    payload: Json = None,
) -> Step:
    """A new case, by its plain start or by a message that carries `payload`.

    `seed` is a UUID, unlike that of any other case: the same seed gives the same task ids. None: a random one.
    Raises: UnknownKey for a start it does not have, InvalidAnswers for the variables.
    """
    spec = definition.specs[definition.process_id]
    event = spec.by_message.get(message) if message is not None else spec.first
    if event is None:
        how = f"on the message “{message}”" if message is not None else "by itself"
        raise UnknownKey(f"Expected {definition.name} to start {how}, but it has no such start", process=definition.key)
    progress = Progress(now, dates, definition.types, UUID(seed) if seed else uuid4())
    case = CaseWorkflow(spec, definition.specs, progress)
    case.data.update(checked(variables))
    case.plant()
    carried = checked({"payload": payload}) if payload is not None else {}
    case.begin(event, carried)
    return stepped(definition, None, case, NOTHING, lambda: None)


def complete(
    definition: Definition, state: JsonObject, task_id: str, variables: JsonObject, dates: Dates, now: datetime
) -> Step:
    """A person did a task; `variables` are the answers that become process variables.

    Raises: AlreadyDone if the task is not open, InvalidAnswers for the variables, CaseClosed.
    """
    answers = checked(variables)
    case, held = _opened(definition, state, dates, now)
    token = _token(case, task_id)
    if token is None or not (isinstance(token.task_spec, PersonTask) and token.has_state(TaskState.READY)):
        raise AlreadyDone("Expected this task to be open, but it is open no longer", task_id=task_id)

    def work() -> None:
        token.write(answers)
        run_one(token)

    return stepped(definition, state, case, held, work, {"id": task_id})


def fire(definition: Definition, state: JsonObject, timer_id: str, dates: Dates, now: datetime) -> Step:
    """A timer's moment came. Raises: TaskEnded when it is no longer armed, CaseClosed."""
    case, held = _opened(definition, state, dates, now)
    if timer_id not in {each.timer_id for each in held.timers}:
        raise TaskEnded("Expected this timer to be armed, but it is armed no longer", timer_id=timer_id)
    return stepped(definition, state, case, held, lambda: _happen(case, timer_id, None), {"id": timer_id})


def deliver(
    definition: Definition, state: JsonObject, subscription_id: str, payload: Json, dates: Dates, now: datetime
) -> Step:
    """A message came. Raises: TaskEnded when nothing waits for it there any more, InvalidAnswers, CaseClosed."""
    carried = checked({"payload": payload})["payload"]
    case, held = _opened(definition, state, dates, now)
    if subscription_id not in {each.subscription_id for each in held.subscriptions}:
        raise TaskEnded("Expected the case to wait for this message, but it no longer does", message=subscription_id)
    again: JsonObject = {"id": subscription_id, "payload": carried}
    return stepped(definition, state, case, held, lambda: _happen(case, subscription_id, carried), again)


def retry(definition: Definition, state: JsonObject, task_id: str | None, dates: Dates, now: datetime) -> Step:
    """Try again what could not go on. Without `task_id`, what ran into a bound. Raises: TaskEnded, CaseClosed."""
    return amend(definition, state, {}, task_id, dates, now)


def amend(
    definition: Definition, state: JsonObject, variables: JsonObject, task_id: str | None, dates: Dates, now: datetime
) -> Step:
    """Correct variables, where the task sees them, then try it again if it could not go on.

    Without `task_id` those of the case as a whole, and then what ran into a bound: a start, timers and messages happen
    again, a task is open for its person again. Raises: TaskEnded, InvalidAnswers, CaseClosed.
    """
    corrected = checked(variables)
    case, held = _opened(definition, state, dates, now)
    token = _token(case, task_id) if task_id is not None else None
    if task_id is not None and token is None:
        raise TaskEnded("Expected this element to be stuck, but it is not there any longer", task_id=task_id)

    def work() -> None:
        if token is None:
            case.write(corrected)
            _once_more(case, held, given_up(state))
        else:
            token.write(corrected)
            _again(token)

    return stepped(definition, state, case, held, work, is_second_try=token is None)


def cancel(definition: Definition, state: JsonObject, dates: Dates, now: datetime, outcome: str) -> Step:
    """End the case where it stands. Raises: CaseClosed."""
    case, held = _opened(definition, state, dates, now)

    def work() -> None:
        cancel_tokens(case, None)
        case.progress.outcome = outcome

    case.progress.queue.clear()
    return stepped(definition, state, case, held, work)


def redate(definition: Definition, state: JsonObject, timer_id: str, due: Due) -> Step:
    """A calendar changed: the same timer, another date; a task's date likewise. Raises: TaskEnded, CaseClosed."""
    case, held = _opened(definition, state, cast(Dates, None), due.at)
    token = _token(case, timer_id)
    if token is None or "due" not in token.notes:
        raise TaskEnded("Expected this timer to be armed, but it is armed no longer", timer_id=timer_id)
    token.notes["due"] = due.to_json()
    return stepped(definition, state, case, held, lambda: None)


def waiting(definition: Definition, state: JsonObject) -> Waiting:
    """Everything open in a state."""
    case = loaded(
        definition, state, Progress(cast(datetime, None), cast(Dates, None), definition.types, seed_of(state))
    )
    return waiting_in(definition, case, given_up(state))


def _opened(definition: Definition, state: JsonObject, dates: Dates, now: datetime) -> tuple[CaseWorkflow, Waiting]:
    if state.get("ended"):
        raise CaseClosed
    case = loaded(definition, state, Progress(now, dates, definition.types, seed_of(state)))
    return case, waiting_in(definition, case, given_up(state))


def _token(case: CaseWorkflow, outside_id: str) -> CaseTask | None:
    return next((each for each in case.all_live() if each.outside_id == outside_id), None)


def _happen(case: CaseWorkflow, outside_id: str, payload: Json) -> None:
    token = _token(case, outside_id)
    if token is not None:
        cast(CatchEvent, token.task_spec).happen(token, payload)
        return
    for scope in case.scopes():
        for group in scope.spec.groups:
            if group.subscription(scope) == outside_id:
                cast(EventGroup, group).trigger(scope, payload)
                return


def _once_more(case: CaseWorkflow, held: Waiting, refused: list[JsonObject]) -> None:
    """Timers and messages that were given up happen again."""
    waiting = {each.timer_id for each in held.timers} | {each.subscription_id for each in held.subscriptions}
    for each in refused:
        again = cast("JsonObject | None", each.get("again"))
        if again is not None and again["id"] in waiting:
            _happen(case, str(again["id"]), again.get("payload"))


def _again(token: CaseTask) -> None:
    trouble = token.notes.pop("trouble", None)
    if trouble is None:
        return
    token.move("entered")
    match trouble["phase"]:
        case "arriving":
            token.task_spec.try_arriving(token)
        case "between":
            try:
                cast(Repeated, token.task_spec).between(token)
            except Stuck as stuck:
                fail(token, stuck, "between")
        case _:
            token._ready()
