"""The unit of work: one command, one transaction, at most one entry. Every write to a case passes here.

Order matters (ADR 0005): idempotency key, lock, decide, append, project, keep the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.access.organisations import OrganisationTree
from app.cases import sending, writing
from app.cases.command import Command, Receipt
from app.cases.content import step_content
from app.cases.dates import SchoolDates, dates_for
from app.cases.definitions import definition_of
from app.cases.mailing import announce_entry
from app.cases.places import with_meetings
from app.cases.publishing import publish
from app.clock import local_date
from app.engine import Definition
from app.errors import Busy, CaseClosed, CaseErased
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.step import Step
from app.store import drafts, idempotency, journal, projections
from app.store.db import Connection, DBAPIError, may_pass, transaction
from app.store.queries import organisations, people
from app.store.rows import CaseRow, TaskRow, lock_case, tasks_of

#: a transaction that may pass is tried so often
TRIES = 3


@dataclass(frozen=True)
class Decision:
    """What a command decided: the entry to write."""

    #: kind of entry: "task-completed"
    kind: str
    #: ids and digests anybody may know
    meta: JsonObject = field(default_factory=dict)
    #: what else the entry says, beside its step
    content: dict[str, Any] = field(default_factory=dict)
    #: what the engine did, or None
    step: Step | None = None
    #: draft that was handed in with it and goes, or None
    draft: str | None = None


@dataclass(frozen=True)
class Work:
    """What a decision is taken from, under lock."""

    #: the connection of the transaction
    connection: Connection
    #: the case as it stands
    case: CaseRow
    #: who asks and when
    command: Command
    #: the task that was named, or None
    task: TaskRow | None = None

    @property
    def today(self) -> date:
        """The date in England by the case clock."""
        return local_date(self.command.now)

    @cached_property
    def definition(self) -> Definition:
        """The definition the case is pinned to."""
        return definition_of(self.case.bundle)

    @cached_property
    def dates(self) -> SchoolDates:
        """Dates by the calendar of its school."""
        return dates_for(self.connection, self.case.school, self.today)

    @property
    def state(self) -> JsonObject:
        """The engine state. Raises CaseClosed, CaseErased where there is none to step."""
        if self.case.status == "erased":
            raise CaseErased(None, case_id=self.case.id)
        if self.case.status == "closed" or self.case.state is None:
            raise CaseClosed(None, case_id=self.case.id)
        return self.case.state


def write(
    case_id: str,
    command: Command,
    name: str,
    arguments: object,
    decide: Callable[[Work], Decision | None],
    task_id: str | None = None,
) -> Receipt | None:
    """Decide under lock and write one entry, or nothing where `decide` gives None. `task_id`: lock that task, too.

    A deadlock or a lost connection is tried again where the command has a key: then it is one entry all the same.
    Raises what `decide` raises, having written nothing; Busy where others held the case too long; DifferentRequest.
    """
    for left in reversed(range(TRIES)):
        try:
            return _write(case_id, command, name, arguments, decide, task_id)
        except (Busy, DBAPIError) as trouble:
            if not (left and command.key and may_pass(trouble)):
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def _write(
    case_id: str,
    command: Command,
    name: str,
    arguments: object,
    decide: Callable[[Work], Decision | None],
    task_id: str | None,
) -> Receipt | None:
    with transaction() as connection:
        if command.key and (earlier := earlier_answer(connection, command, name, [case_id, arguments])):
            return Receipt(**{**earlier, "opened": tuple(earlier["opened"]), "is_repeat": True})
        locked = lock_case(connection, case_id, task_id)
        decision = decide(Work(connection, locked.case, command, locked.task))
        receipt = None if decision is None else record(connection, locked.case, locked.head, command, decision)
        if command.key and receipt is not None:
            idempotency.keep(connection, command.key, receipt.__dict__)
        return receipt


def record(connection: Connection, case: CaseRow, head: journal.Head, command: Command, decision: Decision) -> Receipt:
    """Append the entry that was decided and bring the projections up to it."""
    step, content = decision.step, decision.content
    if step is not None:
        definition = definition_of(case.bundle)
        tree = organisations.tree(connection) if step.opened else OrganisationTree(())
        restricted = frozenset(one.id for one in definition.elements.values() if one.restricted)
        step_part = step_content(step, school=case.school, tree=tree, restricted=restricted, before=case.variables)
        if step.opened:
            today = local_date(command.now)
            step_part["opened"] = with_meetings(connection, case, step_part["opened"], step.variables, today)
        content = {**content, **step_part, **_warnings(connection, step, local_date(command.now))}
    entry = journal.append(
        connection,
        StreamId("case", case.id),
        head,
        kind=decision.kind,
        actor=command.actor,
        at=command.now,
        meta=decision.meta,
        content=content,
    )
    projections.project(connection, entry, step.state if step else None, case)
    announce_entry(connection, case, entry)
    sending.announce(connection, case, entry)
    writing.announce(connection, case, entry)
    publish(connection, case, entry)
    if decision.draft is not None:
        drafts.discard_within(connection, decision.draft)
    return Receipt(
        case_id=case.id,
        reference=case.reference,
        seq=entry.seq,
        opened=tuple(task.task_id for task in step.opened) if step else (),
        outcome=step.outcome if step else None,
        is_closed=bool(step and step.is_completed),
    )


def record_unread(connection: Connection, case_id: str, command: Command, decision: Decision) -> None:
    """Append an entry without a step, without reading the case: its state may be what cannot be read."""
    stream = StreamId("case", case_id)
    entry = journal.append(
        connection,
        stream,
        journal.lock(connection, stream),
        kind=decision.kind,
        actor=command.actor,
        at=command.now,
        meta=decision.meta,
        content=decision.content,
    )
    projections.project(connection, entry)


def _warnings(connection: Connection, step: Step, today: date) -> dict[str, Any]:
    """A restricted task never vanishes in silence: whoever could have done it is told that it ended undone."""
    ended = [one.task_id for one in step.closed if one.how == "cancelled"]
    warned = [
        {
            "task_id": task.task_id,
            "sentence": f"“{task.name}” ended undone, because the case moved on. Make sure the concern is dealt with.",
            "people": [one.id for one in people.holding(connection, (task.role or "").split(), [task.holder], today)],
        }
        for task in (tasks_of(connection, ended) if ended else ())
        if task.is_restricted
    ]
    return {"warned": warned} if warned else {}


def earlier_answer(connection: Connection, command: Command, name: str, arguments: object) -> dict[str, Any] | None:
    assert command.key is not None
    earlier: dict[str, Any] | None = idempotency.claim(
        connection, command.key, command.actor.id, name, arguments, command.now
    )
    return earlier
