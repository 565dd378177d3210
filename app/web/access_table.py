"""What every route needs, in one table. A route that is not here stops the program at start-up."""

from app.access.actions import Action
from app.web.gate import Need

PUBLIC = Need("public")
DEMO = Need("demo")
SIGNED_IN = Need("signed in")


def anywhere(action: Action) -> Need:
    """The action on anything at all; the page narrows what it shows to the reader's scope."""
    return Need("anywhere", action)


def case(action: Action, *, is_recorded: bool = False) -> Need:
    """The action on the case that the address names by `reference`."""
    return Need("case", action, is_recorded)


def task(action: Action, *, is_recorded: bool = False) -> Need:
    """The action on the task that the address names by `task_id`."""
    return Need("task", action, is_recorded)


ACCESS: dict[str, Need] = {
    "static": PUBLIC,
    "health.show": PUBLIC,
    "sign_in.show": PUBLIC,
    "sign_in.submit": PUBLIC,
    "sign_in.end": SIGNED_IN,
    "demo.sign_in": DEMO,
    "demo.move": DEMO,
    # ---- staff: inbox, tasks, starting a case
    "inbox.show": SIGNED_IN,
    "inbox.fragment": SIGNED_IN,
    "tasks.show": task(Action.SEE_TASK, is_recorded=True),
    "tasks.submit": task(Action.DO_TASK),
    "tasks.save_draft": task(Action.DO_TASK),
    "tasks.done": task(Action.SEE_TASK, is_recorded=True),
    "tasks.diagram": task(Action.SEE_TASK),
    "tasks.claim": task(Action.CLAIM_TASK),
    "tasks.release": task(Action.RELEASE_TASK),
    "tasks.reassign": task(Action.REASSIGN_TASK),
    "start.choose": anywhere(Action.START_CASE),
    "start.find": anywhere(Action.START_CASE),
    "start.new_pupil": anywhere(Action.START_CASE),
    "start.add_pupil": anywhere(Action.START_CASE),
    "start.ask": anywhere(Action.START_CASE),
    "start.submit": anywhere(Action.START_CASE),
    "start.save_draft": anywhere(Action.START_CASE),
    "start.done": case(Action.SEE_CASE),
    "notices.show": SIGNED_IN,
    # ---- cases and replay
    # ---- process owners
    # ---- administrators
}
