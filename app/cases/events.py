"""What happens to a case from outside a task: a timer's moment, a message, a changed calendar."""

from app import engine
from app.cases.command import Command, Receipt
from app.cases.content import timer_due
from app.cases.origin import Origin
from app.cases.unit import Decision, Work, write
from app.errors import Rejected, TaskEnded
from app.model.due import Due
from app.model.json import Json, JsonObject
from app.store.queries import dues


class NotWaiting(Rejected):
    """The case is not waiting for this."""


def fire(case_id: str, timer_id: str, command: Command) -> Receipt | None:
    """Let a timer's moment come; None where it was taken down before its turn."""

    def decide(work: Work) -> Decision | None:
        armed = dues.timer_of(work.connection, timer_id)
        if armed is None or work.case.status != "open" or armed.due_at > command.now:
            return None
        try:
            step = engine.fire(work.definition, work.state, timer_id, work.dates, command.now)
        except TaskEnded:
            return None
        meta: JsonObject = {"timer_id": timer_id, "element": armed.element}
        content = {"name": armed.name, "due": armed.due["on"], "sentence": armed.due["sentence"]}
        return Decision("timer-fired", meta=meta, content=content, step=step)

    return write(case_id, command, "fire", [timer_id], decide)


def deliver(case_id: str, message: str, payload: Json, command: Command, origin: Origin | None = None) -> Receipt:
    """Give a message to a case, of another one where `origin` says so. Raises NotWaiting where it would not react."""

    def decide(work: Work) -> Decision:
        waiting = dues.subscriptions(work.connection, case_id, message)
        if not waiting:
            raise NotWaiting(f"This case is not waiting for “{message}”.", case_id=case_id)
        one = waiting[0]
        step = engine.deliver(work.definition, work.state, one.subscription_id, payload, work.dates, command.now)
        return Decision(
            "message-received",
            meta={"message": message, "element": one.element, **(origin.to_meta() if origin else {})},
            content={"name": one.name, "payload": payload},
            step=step,
        )

    receipt = write(case_id, command, "deliver", [message, payload], decide)
    assert receipt is not None
    return receipt


def recalculate(case_id: str, command: Command, reason: str) -> Receipt | None:
    """Work out every running deadline of a case again, after its calendar changed; old dates are kept.

    Rows are the truth of due dates: the engine's timers are latches that fire when they are named (ADR 0006).
    """

    def decide(work: Work) -> Decision | None:
        if work.case.status != "open":
            return None
        moved = []
        for one in dues.running(work.connection, case_id):
            old = Due.from_json(one.due)
            new = work.dates.again(old)
            if new is not None and (new.on, new.flags) != (one.due_on, old.flags):
                moved.append(_moved(one, new))
        return Decision("deadlines-moved", content={"moved": moved, "reason": reason}) if moved else None

    return write(case_id, command, "recalculate", [reason, command.now.isoformat()], decide)


def _moved(running: dues.Running, new: Due) -> JsonObject:
    due = timer_due(new) if running.is_timer else new
    return {
        "id": running.id,
        "is_timer": running.is_timer,
        "name": running.subject,
        "from": running.due_on.isoformat(),
        "due": due.to_json(),
    }
