"""Starting a case: its reference, its key, its first entry. A case that answers a task of another: also that one's."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from app import engine
from app.cases.command import Command, Receipt
from app.cases.consents import check_may_start
from app.cases.dates import dates_for
from app.cases.definitions import definition_of
from app.cases.origin import Origin
from app.cases.tasks import check_open
from app.cases.unit import Decision, earlier_answer, record
from app.clock import local_date
from app.errors import NotFound, Rejected, UnknownKey
from app.model.entry import StreamId
from app.model.json import Json, JsonObject
from app.store import idempotency, journal
from app.store.counters import next_number
from app.store.db import Connection, transaction
from app.store.keys import keyring
from app.store.queries import definitions, organisations, pupils
from app.store.rows import CaseRow, Locked, lock_case


class AlreadyAsked(Rejected):
    """Another case was started already to answer this task."""


@dataclass(frozen=True)
class NewCase:
    """What a case starts with."""

    #: process definition key
    process_key: str
    #: pupil id
    pupil_id: str
    #: school that carries the case, organisation id
    school: str
    #: answers to the start form, clean JSON
    answers: JsonObject
    #: answers that become process variables
    variables: JsonObject
    #: files that came with the start form, as the entry keeps them
    files: tuple[JsonObject, ...] = ()
    #: ids of people the case names, such as the class teacher
    named: tuple[str, ...] = ()
    #: message that starts it, or None for the plain start
    message: str | None = None
    #: what that message carries
    payload: Json = None
    #: warnings accepted: name → what was unusual and the reason given
    accepted: JsonObject = field(default_factory=dict)
    #: the case whose message or whose task starts it, or None
    origin: Origin | None = None
    #: id of who leads it, or None: whoever starts it
    lead: str | None = None


def start(new: NewCase, command: Command, case_id: str | None = None) -> Receipt:
    """Start a case on the current version. Raises UnknownKey, NotFound, DifferentRequest, SharingStopped.

    `case_id` lets files be stored under the case's key before it starts. Where it is to answer a task of another case,
    that one says so in the same transaction (ADR 0054). Raises AlreadyAsked, AlreadyDone, TaskEnded where it cannot.
    """
    case_id = case_id or str(uuid4())
    stream = StreamId("case", case_id)
    if keyring().is_destroyed(stream):
        keyring().make(stream, command.now)
    with transaction() as connection:
        arguments = [new.process_key, new.pupil_id, new.school, new.answers, new.message, new.payload]
        arguments += [new.origin.to_meta()] if new.origin else []
        if command.key and (earlier := earlier_answer(connection, command, "start", arguments)):
            return Receipt(**{**earlier, "opened": tuple(earlier["opened"]), "is_repeat": True})
        asker = _asker(connection, new.origin)
        receipt = _start(connection, stream, new, command)
        if asker is not None:
            _say_asked(connection, asker, receipt, command)
        if command.key:
            idempotency.keep(connection, command.key, receipt.__dict__)
        return receipt


def _asker(connection: Connection, origin: Origin | None) -> Locked | None:
    """The case whose task is to be answered, locked: nobody else starts another case for that task meanwhile."""
    if origin is None or origin.task_id is None:
        return None
    locked = lock_case(connection, origin.case_id, origin.task_id)
    if locked.task is None:
        raise NotFound(None, task_id=origin.task_id)
    check_open(locked.task)
    if locked.task.waits_for is not None:
        raise AlreadyAsked(None, case_id=origin.case_id)
    return locked


def _say_asked(connection: Connection, asker: Locked, asked: Receipt, command: Command) -> None:
    task = asker.task
    assert task is not None
    decision = Decision(
        "case-asked",
        meta={"task_id": task.task_id, "element": task.element, "to": asked.case_id},
        content={"task_id": task.task_id, "name": task.name, **({"restricted": True} if task.is_restricted else {})},
    )
    record(connection, asker.case, asker.head, command, decision)


def _start(connection: Connection, stream: StreamId, new: NewCase, command: Command) -> Receipt:
    version = definitions.current(connection, new.process_key)
    definition = definition_of(version.digest)
    if (pupil := pupils.one(connection, new.pupil_id)) is None:
        raise NotFound("Expected a pupil on record, but there is none with this number", pupil_id=new.pupil_id)
    check_may_start(connection, new.pupil_id, new.process_key, local_date(command.now))
    tree = organisations.tree(connection)
    authority = tree.authority_of(new.school)
    if authority is None:
        raise UnknownKey(f"Expected {new.school} to belong to an authority, but it belongs to none")
    dates = dates_for(connection, new.school, local_date(command.now))
    step = engine.start(
        definition, dict(new.variables), dates, command.now, new.message, seed=stream.id, payload=new.payload
    )
    case = CaseRow(
        id=stream.id,
        reference=_reference(connection, tree.get(authority).name, version.process_id, command),
        process_key=new.process_key,
        bundle=version.digest,
        school=new.school,
        authority=authority,
        pupil_id=new.pupil_id,
        pupil_name=pupil.name,
        named=new.named,
        lead=new.lead or command.actor.id,
        status="open",
        started_at=command.now,
        state=None,
        variables={},
        asker=new.origin.case_id if new.origin else None,
        asking_task=new.origin.task_id if new.origin else None,
    )
    decision = Decision(
        "case-started",
        meta={
            "bundle": version.digest,
            "version": version.number,
            **(new.origin.to_meta() if new.origin else {}),
        },
        content={
            "case": {
                **_facts(case, version, pupil.name, tree.get(new.school).name),
                **({"lead": new.lead} if new.lead else {}),
            },
            **_task(definition, stream, new),
            **({"accepted": new.accepted} if new.accepted else {}),
            **({"payload": new.payload} if new.payload is not None else {}),
        },
        step=step,
    )
    return record(connection, case, journal.lock(connection, stream), command, decision)


def _facts(case: CaseRow, version: definitions.Version, pupil_name: str, school_name: str) -> JsonObject:
    return {
        "reference": case.reference,
        "process_key": case.process_key,
        "process_name": version.name,
        "version": version.number,
        "school": case.school,
        "school_name": school_name,
        "authority": case.authority,
        "pupil_id": case.pupil_id,
        "pupil_name": pupil_name,
        "named": list(case.named),
    }


def _task(definition: engine.Definition, stream: StreamId, new: NewCase) -> dict[str, Any]:
    """The start form's answers, kept as the first answered form of the case."""
    begin = next((one for one in definition.elements.values() if one.kind == "startEvent" and one.form_key), None)
    if begin is None or not new.answers or new.message:
        return {}
    return {
        "task": {
            "task_id": f"{stream.id}:start",
            "element": begin.id,
            "name": begin.name,
            "form_key": begin.form_key,
            "form_digest": None,
            "restricted": False,
            "answers": new.answers,
            "files": list(new.files),
        }
    }


def _reference(connection: Connection, authority: str, process_id: str, command: Command) -> str:
    prefix, process, year = authority[:3].upper(), process_id.split("_")[0].upper(), local_date(command.now).year
    number = next_number(connection, f"case:{prefix}:{process}:{year}")
    return f"{prefix}-{process}-{year}-{number:05}"
