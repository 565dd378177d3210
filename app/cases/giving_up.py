"""What fails whenever its moment comes: tried again after growing pauses, and after eight tries a problem of its case.

A database that does not answer is no fault of a timer and uses up no try. Trying again when a person says so is in
`incidents`; the first try and its order in `sweep`.
"""

from datetime import date, timedelta
from uuid import uuid4

from app.cases.command import Command
from app.cases.damage import KIND as DAMAGED
from app.cases.unit import Decision, record_unread
from app.errors import Busy, DiskFull, OutOfReach, Rejected
from app.model.entry import StreamId
from app.store import due_tries, journal
from app.store.db import Connection, may_pass, transaction
from app.store.due_tries import TIMER, Tried
from app.store.queries import dues, incidents
from app.store.unavailable import refusal

MOST_TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def failed(one: Tried, trouble: Exception, command: Command) -> None:
    """Count a try in vain; after the last one the case gets a problem, and it is tried no more by itself."""
    if _is_the_databases(trouble):
        return
    with transaction() as connection:
        tries = due_tries.of(connection, one) + 1
        due_tries.put(connection, one, tries, command.now + pause(tries))
    if tries >= MOST_TRIES:  # a transaction of its own: where even this cannot be written, the try was counted
        with transaction() as connection:
            _give_up(connection, one, tries, trouble, command)


def happened(one: Tried) -> None:
    """It came through after tries in vain."""
    with transaction() as connection:
        due_tries.forget(connection, one)


def once_more(connection: Connection, one: Tried, command: Command) -> None:
    """Try it at the next look; where that is in vain, it is a problem again at once."""
    due_tries.put(connection, one, MOST_TRIES - 1, command.now)


def is_waiting(connection: Connection, one: Tried) -> bool:
    """The timer is armed, or the deadline runs: settling its problem would hide it."""
    return _about(connection, one) is not None


def _is_the_databases(trouble: Exception) -> bool:
    return isinstance(trouble, Busy | OutOfReach | DiskFull) or refusal(trouble) is not None or may_pass(trouble)


def _give_up(connection: Connection, one: Tried, tries: int, trouble: Exception, command: Command) -> None:
    journal.lock(connection, StreamId("case", one.case_id))
    about = _about(connection, one)
    if about is None or _is_known(connection, one):
        return
    element, name, on = about
    content = {
        "incident_id": str(uuid4()),
        "kind": one.kind,
        "task_id": one.id,
        "element": element,
        "name": name,
        "due": on.isoformat(),
        "tries": tries,
        "sentence": _sentence(one.kind, name, on, tries, trouble),
    }
    record_unread(connection, one.case_id, command, Decision("failure-found", content=content))


def _about(connection: Connection, one: Tried) -> tuple[str, str, date] | None:
    """(BPMN id or "", what it is called, when it was due), or None where it is not due any more."""
    if one.kind == TIMER:
        timer = dues.timer_of(connection, one.id)
        return (timer.element, timer.name, date.fromisoformat(timer.due["on"])) if timer else None
    deadline = dues.one_running(connection, one.id)
    return ("", deadline.subject, deadline.due_on) if deadline else None


def _is_known(connection: Connection, one: Tried) -> bool:
    """Somebody is asked about it, or about the damage that it fails by."""
    still_open = [each for each in incidents.of_case(connection, one.case_id) if each.state == "open"]
    return any(each.kind == DAMAGED or (each.kind, each.task_id) == (one.kind, one.id) for each in still_open)


def _sentence(kind: str, name: str, on: date, tries: int, trouble: Exception) -> str:
    """Only our own words are quoted: others may quote the case of somebody else."""
    why = str(trouble) if isinstance(trouble, Rejected) else f"an error of the program ({type(trouble).__name__})"
    day = f"{on.day} {on:%B %Y}"
    what = (
        f"“{name}” was due on {day}, and the case should have gone on by itself"
        if kind == TIMER
        else f"A notice about “{name}”, due on {day}, should have been given"
    )
    return f"{what}. That failed {tries} times, the last time with: {why.rstrip('.')}. Nothing of the case is lost."
