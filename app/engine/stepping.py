"""One step from beginning to end: what was open before, the work, what is open after, the difference as a `Step`."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from app.engine.definition import Definition
from app.engine.delta import diff
from app.engine.instance import CaseWorkflow
from app.engine.running import settle
from app.engine.state import given_up, saved
from app.engine.trouble import TooMuch
from app.engine.waiting import Waiting, waiting_in
from app.model.json import Json, JsonObject
from app.model.step import ClosedTask, Step, Trouble

NOTHING = Waiting()


def stepped(
    definition: Definition,
    before: JsonObject | None,
    case: CaseWorkflow,
    held: Waiting,
    work: Callable[[], object],
    again: JsonObject | None = None,
    is_second_try: bool = False,
) -> Step:
    """The step some work makes, and all that follows from it. `held` is what was open before.

    A step that runs into a bound is given up as a whole: the case stays as it was, with the trouble noted. `again`
    names what happened ({"id"}, and the "payload" of a message), so that it can be tried again; `is_second_try`: it is.
    """
    untouched = before if before is not None else saved(case)
    try:
        work()
        settle(case)
    except TooMuch as much:
        return _given_up(before, untouched, held, much, again, is_second_try)
    return _step(definition, before, case, held, is_second_try)


def _step(
    definition: Definition, before: JsonObject | None, case: CaseWorkflow, held: Waiting, is_second_try: bool
) -> Step:
    now = waiting_in(definition, case)
    left = [] if before is None or is_second_try else _still_given_up(before, now)
    progress, state, now = case.progress, saved(case, left), waiting_in(definition, case, left)
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


def _still_given_up(before: JsonObject, now: Waiting) -> list[JsonObject]:
    """What was given up and still waits for its second try: other steps of the case do not settle it."""
    there = {each.task_id for each in now.tasks} | {each.timer_id for each in now.timers}
    there |= {each.subscription_id for each in now.subscriptions}
    return [each for each in given_up(before) if cast(JsonObject, each.get("again") or {}).get("id") in there]


def _given_up(
    before: JsonObject | None,
    untouched: JsonObject,
    held: Waiting,
    much: TooMuch,
    again: JsonObject | None,
    is_second_try: bool,
) -> Step:
    trouble = Trouble(None, much.element, "bounds", much.sentence)
    earlier = given_up(untouched)
    this: JsonObject = {"element": much.element, "sentence": much.sentence} | ({"again": again} if again else {})
    others = [each for each in earlier if each.get("again") != again]
    refused = earlier if is_second_try and earlier else [*others, this]
    now = [Trouble(None, str(each["element"]), "bounds", str(each["sentence"])) for each in refused]
    state: JsonObject = {**untouched, "refused": cast(Json, refused)}
    return Step(
        delta=diff(before, state),
        state=state,
        troubles=() if trouble in held.troubles or trouble not in now else (trouble,),
        resolved=tuple(each for each in held.troubles if each.task_id is None and each not in now),
        variables=cast(JsonObject, untouched["scopes"]["0"]["data"]),  # type: ignore[index,call-overload]
    )
