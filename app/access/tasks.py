"""Whose a task is: who may be given it, who may do it. What surrounds the task on the page: `decisions`.

Whether somebody else has taken it is not asked here: that is a rejection with a page of its own (`AlreadyClaimed`).
"""

from collections.abc import Iterator

from app.access.facts import TaskFacts
from app.access.grants import DOERS, NAMED_DOERS, RESTRICTED_DOERS
from app.access.people import Membership, Reader


def lane_memberships(reader: Reader, task: TaskFacts) -> Iterator[Membership]:
    """The memberships by which the reader could be given the task.

    A line lead chooses from people who have one: a teacher who covers for another is not named by the case before.
    """
    allowed = task.roles & (RESTRICTED_DOERS if task.is_restricted else DOERS)
    return (held for held in reader.memberships if held.organisation == task.organisation and held.role in allowed)


def doing_membership(reader: Reader, task: TaskFacts) -> Membership | None:
    """The membership by which the reader may do the task, or None."""
    is_named = reader.id == task.assignee or reader.id in task.case.named_people
    return next((held for held in lane_memberships(reader, task) if is_named or held.role not in NAMED_DOERS), None)


def may_be_given(reader: Reader, task: TaskFacts) -> bool:
    """Whether a line lead may hand the task to this person."""
    return any(True for _ in lane_memberships(reader, task))
