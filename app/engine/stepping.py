"""One step from beginning to end: what was open before, the work, what is open after, the difference as a `Step`."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from app.engine.definition import Definition
from app.engine.delta import diff
from app.engine.instance import CaseWorkflow
from app.engine.running import settle
from app.engine.state import saved
from app.engine.trouble import TooMuch
from app.engine.waiting import Waiting, waiting_in
from app.model.json import JsonObject
from app.model.step import ClosedTask, Step, Trouble

NOTHING = Waiting()


def stepped(
    definition: Definition, before: JsonObject | None, case: CaseWorkflow, held: Waiting, work: Callable[[], object]
) -> Step:
    """The step some work makes, and all that follows from it. `held` is what was open before.

    A step that runs into a bound is given up as a whole: the case stays as it was, with the trouble noted.
    """
    untouched = before if before is not None else saved(case)
    try:
        work()
        settle(case)
    except TooMuch as much:
        return _given_up(before, untouched, held, much)
    return _step(definition, before, case, held)


def _step(definition: Definition, before: JsonObject | None, case: CaseWorkflow, held: Waiting) -> Step:
    progress, state, now = case.progress, saved(case), waiting_in(definition, case)
    armed = {each.timer_id for each in now.timers}
    subscribed = {each.subscription_id for each in now.subscriptions}
    held_due = {each.task_id: each.due for each in held.tasks}
    held_subscriptions = {each.subscription_id for each in held.subscriptions}
    return Step(
        delta=diff(before, state),
        state=state,
        moves=tuple(progress.moves),
        opened=tuple(each for each in now.tasks if each.task_id not in held_due or each.due != held_due[each.task_id]),
        closed=_closed(case, held, now),
        armed=tuple(each for each in now.timers if each not in held.timers),
        disarmed=tuple(each.timer_id for each in held.timers if each.timer_id not in armed),
        subscribed=tuple(each for each in now.subscriptions if each.subscription_id not in held_subscriptions),
        unsubscribed=tuple(
            each.subscription_id for each in held.subscriptions if each.subscription_id not in subscribed
        ),
        thrown=tuple(progress.thrown),
        troubles=tuple(each for each in now.troubles if each not in held.troubles),
        resolved=tuple(each for each in held.troubles if each not in now.troubles),
        is_completed=case.completed,
        outcome=progress.outcome if case.completed else None,
        variables=cast(JsonObject, state["scopes"]["0"]["data"]),  # type: ignore[index,call-overload]
    )


def _closed(case: CaseWorkflow, held: Waiting, now: Waiting) -> tuple[ClosedTask, ...]:
    progress = case.progress
    still_open = {each.task_id for each in now.tasks}
    completed = {progress.outside_id(number) for number in progress.completed}
    because = {progress.outside_id(number): element for number, element in progress.because.items()}
    return tuple(
        ClosedTask(each.task_id, "completed")
        if each.task_id in completed
        else ClosedTask(each.task_id, "cancelled", because.get(each.task_id))
        for each in held.tasks
        if each.task_id not in still_open
    )


def _given_up(before: JsonObject | None, untouched: JsonObject, held: Waiting, much: TooMuch) -> Step:
    trouble = Trouble(None, much.element, "bounds", much.sentence)
    state: JsonObject = {**untouched, "refused": {"element": much.element, "sentence": much.sentence}}
    return Step(
        delta=diff(before, state),
        state=state,
        troubles=() if trouble in held.troubles else (trouble,),
        resolved=tuple(each for each in held.troubles if each.task_id is None and each != trouble),
        variables=cast(JsonObject, untouched["scopes"]["0"]["data"]),  # type: ignore[index,call-overload]
    )
