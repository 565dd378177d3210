"""What use cases give, as the shapes of the API: plain dictionaries for `shapes`. Nothing is decided here."""

from datetime import date
from typing import Any

from app.audit.replay import Moment
from app.cases.answered import AnswerLine, in_one_line
from app.cases.command import Receipt
from app.cases.history import Happening
from app.casework.case_page import CasePage, Document
from app.store.queries.cases import CaseLine
from app.store.queries.definitions import Version
from app.store.queries.work import TaskLine

Shown = dict[str, Any]


def task(one: TaskLine) -> Shown:
    """A work item."""
    return {
        "id": one.task_id,
        "case": one.reference,
        "name": one.name,
        "element": one.element,
        "process": one.process_key,
        "school": one.school,
        "role": one.role,
        "status": one.status,
        "due": {"on": one.due_on, "sentence": str((one.due or {}).get("sentence", ""))},
        "assignee": one.assignee,
        "opened_at": one.opened_at,
        "closed_at": one.closed_at,
    }


def case(one: CaseLine, pupil: str) -> Shown:
    """A case, its pupil under the name the caller may read."""
    return {
        "reference": one.reference,
        "process": one.process_key,
        "version": one.version,
        "school": one.school,
        "pupil": pupil,
        "status": one.status,
        "outcome": one.outcome,
        "started_at": one.started_at,
        "closed_at": one.closed_at,
        "entries": one.seq,
    }


def case_with_state(page: CasePage, messages: list[str]) -> Shown:
    """A case with where it stands."""
    return case(page.case, page.pupil) | {
        "known": [line(one) for one in (*page.first_facts, *page.more_facts)],
        "tasks": [task(one.task) for one in page.tasks],
        "waits": [
            {"name": one.name, "until": date.fromisoformat(one.due["on"]), "sentence": one.due["sentence"]}
            for one in page.timers
        ],
        "messages": messages,
        "links": [
            {"role": one.role, "case": one.other.reference, "message": one.message, "since": one.since}
            for one in page.linked
        ],
    }


def happening(one: Happening) -> Shown:
    """One entry, as the caller may read it."""
    return {
        "entry": one.entry.seq,
        "at": one.entry.at,
        "recorded_at": one.entry.recorded_at,
        "kind": one.entry.kind,
        "who": one.who,
        "sentence": one.sentence,
        "lines": list(one.lines),
        "hash": one.entry.hash.hex(),
    }


def moment(one: Moment) -> Shown:
    """A case as it was."""
    entry = one.happening.entry
    return {
        "entry": entry.seq,
        "at": entry.at,
        "sentence": one.happening.sentence,
        "version": one.version,
        "bundle": one.bundle,
        "known": [line(fact) for fact in one.facts],
        "tasks": [
            {"name": open_.name, "role": open_.role, "due": {"on": open_.due_on, "sentence": open_.why}}
            for open_ in one.tasks
        ],
        "waits": [{"name": wait.name, "until": wait.on, "sentence": wait.why} for wait in one.timers],
        "marks": one.marks,
    }


def line(one: AnswerLine) -> Shown:
    """One thing that is known."""
    return {"key": one.key, "label": one.label, "value": in_one_line(one)}


def document(one: Document) -> Shown:
    """One document, without its bytes."""
    return {
        "id": one.id,
        "name": one.name,
        "media_type": one.media_type,
        "size_bytes": one.size_bytes,
        "who": one.who,
        "at": one.at,
        "may_parents_see": one.may_parents_see,
        "is_restricted": one.is_restricted,
    }


def receipt(one: Receipt) -> Shown:
    """What a command led to."""
    return {
        "case": one.reference,
        "entry": one.seq,
        "opened": list(one.opened),
        "outcome": one.outcome,
        "is_closed": one.is_closed,
        "is_repeat": one.is_repeat,
    }


def version(one: Version) -> Shown:
    """A deployed version."""
    return {"process": one.key, "version": one.number, "bundle": one.digest}
