"""Rows of one case from its entries: the case itself, answers, notes, documents. Not: `work`, `erased`."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.entry import Entry
from app.model.json import JsonObject
from app.store.projections import deadlines, handing_over, letters, links, meetings, placements, work
from app.store.projections.words import words_of
from app.store.rows import CaseRow
from app.store.tables import answer, case_record, case_word, document, note, share


def project(connection: Connection, entry: Entry, state: JsonObject | None, known: CaseRow | None) -> None:
    """Bring every row of the case up to `entry`; `known` saves reading the case again."""
    content = cast(dict[str, Any], entry.content)
    if entry.kind == "case-started":
        _started(connection, entry, content)
    elif (specific := _SPECIFIC.get(entry.kind)) is not None:
        specific(connection, entry, content)
    if "delta" in content:
        work.project(connection, entry, content, known)
    _advance(connection, entry, content, state)
    if "place" in content:
        school = known.school if known is not None else _school_of(connection, entry.stream.id)
        placements.placed(connection, entry, school, content["place"])
    if content.get("completed"):
        placements.closed(connection, entry)


def _school_of(connection: Connection, case_id: str) -> str:
    school: str = connection.execute(sa.select(case_record.c.school).where(case_record.c.id == case_id)).scalar_one()
    return school


def _started(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    case = content["case"]
    connection.execute(
        case_record.insert().values(
            id=entry.stream.id,
            reference=case["reference"],
            process_key=case["process_key"],
            process_name=case["process_name"],
            bundle=entry.meta["bundle"],
            version=case["version"],
            school=case["school"],
            authority=case["authority"],
            pupil_id=case["pupil_id"],
            pupil_name=case["pupil_name"],
            named=case["named"],
            lead=case.get("lead") or entry.actor,
            status="open",
            started_at=entry.at,
            changed_at=entry.at,
            seq=entry.seq,
            variables={},
            asker=entry.meta.get("from"),
            asking_task=entry.meta.get("asking_task"),
        )
    )
    links.received(connection, entry, content)
    found = words_of(case["pupil_name"], case["reference"], case["school_name"])
    connection.execute(case_word.insert(), [{"word": word, "case_id": entry.stream.id} for word in found])
    if case["named"]:
        shared = [{"case_id": entry.stream.id, "with_kind": "person", "with_id": one} for one in case["named"]]
        connection.execute(share.insert(), shared)
    if "task" in content:
        _answered(connection, entry, content)


def _advance(connection: Connection, entry: Entry, content: dict[str, Any], state: JsonObject | None) -> None:
    changes: dict[str, Any] = {"seq": entry.seq, "changed_at": entry.at}
    if state is not None:
        changes["state"] = state
    if "variables" in content:
        changes["variables"] = content["variables"]
    if content.get("completed"):
        changes.update(status="closed", outcome=content.get("outcome"), closed_at=entry.at)
    connection.execute(_ADVANCE, {**changes, "advanced": entry.stream.id})


#: built once: building a statement costs more than sending it
_ADVANCE = case_record.update().where(case_record.c.id == sa.bindparam("advanced"))
_ANSWER = answer.insert()


def _answered(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    task = content["task"]
    row = {
        "task_id": task["task_id"],
        "case_id": entry.stream.id,
        "seq": entry.seq,
        "element": task["element"],
        "name": task["name"],
        "form_key": task["form_key"],
        "form_digest": task["form_digest"],
        "is_restricted": task["restricted"],
        "answers": task["answers"],
        "by": entry.actor,
        "at": entry.at,
    }
    connection.execute(_ANSWER, row)
    for stored in task.get("files", ()):
        _document(connection, entry, {**stored, "task_id": task["task_id"], "restricted": task["restricted"]})


def _changed_version(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """The case is on another version: open tasks keep id, date, draft and whoever took them, and read as there."""
    connection.execute(
        case_record.update()
        .where(case_record.c.id == entry.stream.id)
        .values(
            bundle=entry.meta["bundle"],
            version=entry.meta["version"],
            process_name=content["process_name"],
            plan=entry.meta["plan"],
        )
    )
    work.told_anew(connection, content["retold"])


def _answered_by_case(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    _answered(connection, entry, content)
    links.received(connection, entry, content)


def _not_answered(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    links.for_people_again(connection, entry, content)
    if "delta" not in content:
        deadlines.warned(connection, entry, content)


def _noted(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    connection.execute(
        note.insert().values(
            case_id=entry.stream.id,
            seq=entry.seq,
            is_restricted=content["restricted"],
            text=content["text"],
            by=entry.actor,
            at=entry.at,
        )
    )


def _documented(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    _document(connection, entry, content["document"])


def _letter_made(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    letters.made(connection, entry, content)
    for stored in content["documents"]:
        _document(connection, entry, stored)


def _document(connection: Connection, entry: Entry, stored: Mapping[str, Any]) -> None:
    connection.execute(
        document.insert().values(
            id=stored["id"],
            case_id=entry.stream.id,
            task_id=stored.get("task_id"),
            name=stored["name"],
            media_type=stored["media_type"],
            size_bytes=stored["size_bytes"],
            digest=stored["digest"],
            is_restricted=stored["restricted"],
            may_parents_see=stored["may_parents_see"],
            by=entry.actor,
            at=entry.at,
        )
    )


_SPECIFIC: Mapping[str, Callable[[Connection, Entry, dict[str, Any]], None]] = {
    "task-completed": _answered,
    "task-claimed": work.assigned,
    "task-released": work.assigned,
    "task-reassigned": work.assigned,
    "deadlines-moved": deadlines.redated,
    "notice-given": deadlines.told_people,
    "incident-resolved": work.resolved,
    "token-moved": work.resolved,
    "version-changed": _changed_version,
    "incident-handed-over": handing_over.handed_over,
    "damage-found": work.found,
    "failure-found": work.found,
    "case-rebuilt": work.resolved,
    "meeting-changed": meetings.moved,
    "attendance-marked": placements.marked,
    "attendance-chased": placements.chased,
    "message-received": links.received,
    "message-passed-on": links.passed_on,
    "case-asked": links.asked,
    "task-answered": _answered_by_case,
    "answer-late": _not_answered,
    "asking-ended": _not_answered,
    "note-added": _noted,
    "document-added": _documented,
    "letter-made": _letter_made,
    "letter-dispatched": letters.dispatched,
    "letter-delivered": letters.delivered,
    "letter-failed": letters.failed,
}
