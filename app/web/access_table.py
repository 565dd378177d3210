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
    # ---- cases and replay
    # ---- process owners
    # ---- administrators
}
