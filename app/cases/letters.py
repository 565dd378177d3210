"""Letters of tasks: made and kept with the case, made again as another version, sent by mail or marked as posted.

The worker makes the first version when the task opens; a person reads it and decides how it goes (ADR 0063).
"""

import contextlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import uuid4

from app import letters
from app.cases.additions import Upload, store_file
from app.cases.command import Command, Receipt
from app.cases.composing import Composed, compose
from app.cases.dates import dates_for
from app.cases.unit import Decision, Work, write
from app.cases.writing import LETTER_MAIL
from app.errors import Busy, CaseErased, NotFound, Rejected
from app.letters import CannotPrint
from app.model.json import JsonObject
from app.store import outbox
from app.store.db import Connection, db, reading
from app.store.outbox import Effect
from app.store.queries import letters as queries
from app.store.queries.letters import LetterRow
from app.store.rows import case_of, task_of

#: how often a letter is composed anew where the case went on meanwhile
TRIES = 3
#: a letter posted first class counts as received then
SERVED = "2 working days"
#: kind of the problem of a letter that could not be delivered
UNDELIVERED = "letter"

How = Literal["email", "post", "hand"]


class OnItsWay(Rejected):
    """This letter is being sent. Look again in a moment."""


class Replaced(Rejected):
    """There is a newer version of this letter. Read it before you send it."""


class _WentOn(Exception):
    """The case moved on while its letter was written."""


@dataclass(frozen=True)
class Dispatch:
    """How a letter goes."""

    #: by mail, by post, by hand
    how: How
    #: address, by mail
    address: str = ""
    #: day, by post or by hand
    on: date | None = None


def make(case_id: str, task_id: str, command: Command, reason: str = "") -> Receipt | None:
    """Write the letter of a task and keep it: the first version, or another one for a `reason`.

    None where there is a first one already, or the task ended before it was written. Raises NoLetter, CaseErased.
    """
    for left in reversed(range(TRIES)):
        try:
            return _make(case_id, task_id, command, reason)
        except _WentOn:
            if not left:
                raise Busy(None, case_id=case_id) from None
    raise AssertionError("unreachable: the last try returns or raises")


def _make(case_id: str, task_id: str, command: Command, reason: str) -> Receipt | None:
    connection = reading()
    case, task = case_of(connection, case_id), task_of(connection, task_id)
    before = queries.of_task(connection, task_id)
    if case.status == "erased":
        raise CaseErased(None, case_id=case_id)
    if (before or task.status != "open") and not reason:
        return None
    composed = compose(connection, case, task, command.now)
    db.session.rollback()  # nothing is open while the letter is printed
    kept = _kept(case_id, task_id, composed, len(before) + 1, command)

    def decide(work: Work) -> Decision:
        if work.case.status == "erased":
            raise CaseErased(None, case_id=case_id)
        if work.case.state != case.state or work.case.pupil_name != case.pupil_name:
            raise _WentOn
        if len(queries.of_task(work.connection, task_id)) != len(before):
            raise _WentOn
        content: dict[str, Any] = {"task_id": task_id, "restricted": task.is_restricted, "name": task.name}
        content |= {"letter": {**kept["letter"], "reason": reason}, "documents": kept["documents"]}
        content |= _settling(before, f"A new version was made: {reason}")
        meta: JsonObject = {"task_id": task_id, "element": task.element, "letter": composed.template}
        return Decision("letter-made", meta=meta | {"version": len(before) + 1}, content=content)

    return write(case_id, command, "letter", [task_id, reason], decide, task_id)


def _kept(case_id: str, task_id: str, composed: Composed, version: int, command: Command) -> dict[str, Any]:
    """Keep the bytes, and give what an entry says of the letter and of its documents."""
    filled, is_restricted = composed.filled, composed.is_restricted
    name = f"{composed.template}-{version}"
    files = [Upload(f"{name}.txt", "text/plain", letters.plain(filled).encode())]
    with contextlib.suppress(CannotPrint):  # the text is there, and the page says that there is no PDF
        files.insert(0, Upload(f"{name}.pdf", "application/pdf", letters.pdf(filled, composed.school, composed.footer)))
    documents = [
        {**store_file(case_id, one, command), "restricted": is_restricted, "task_id": task_id} for one in files
    ]
    ids = {str(one["media_type"]): one["id"] for one in documents}
    letter = {
        "id": str(uuid4()),
        "template": composed.template,
        "version": version,
        "to": composed.to,
        "title": filled.title,
        "gaps": list(filled.gaps),
        "pdf": ids.get("application/pdf"),
        "text": ids["text/plain"],
    }
    return {"letter": letter, "documents": documents}


def dispatch(case_id: str, letter_id: str, going: Dispatch, command: Command) -> Receipt:
    """Record how a letter goes; by mail, the worker sends it. Raises OnItsWay, Replaced, NotFound."""

    def decide(work: Work) -> Decision:
        letter = _newest(work, letter_id)
        if is_on_its_way(work.connection, letter):
            raise OnItsWay(None, letter_id=letter_id)
        content: dict[str, Any] = {**_about(letter), "how": going.how, "dispatch": str(uuid4())}
        if going.how == "email":
            content["address"] = going.address
            _mail(work, letter, content["dispatch"])
        else:
            on = going.on or work.today
            content["on"] = on.isoformat()
            if going.how == "post":
                dates = dates_for(work.connection, work.case.school, on)
                content["served_on"] = dates.due(SERVED, on).on.isoformat()
        return Decision("letter-dispatched", _meta(letter), content | _settling([letter], "The letter was sent again"))

    arguments = [letter_id, going.how, going.address, going.on.isoformat() if going.on else None]
    receipt = write(case_id, command, "dispatch", arguments, decide)
    assert receipt is not None
    return receipt


def is_on_its_way(connection: Connection, letter: LetterRow) -> bool:
    """Whether a mail with it is still to be sent: not so where an installation was restored meanwhile."""
    return letter.state == "sending" and outbox.waits(connection, LETTER_MAIL, letter.id)


def delivered(case_id: str, letter_id: str, command: Command) -> Receipt | None:
    """The mail server took the letter; None where the case was erased meanwhile."""

    def decide(work: Work) -> Decision | None:
        letter = queries.one(work.connection, letter_id)
        if letter is None or work.case.status == "erased":
            return None
        content = {**_about(letter), "address": letter.address, "on": work.today.isoformat()}
        return Decision("letter-delivered", _meta(letter), content)

    return write(case_id, command, "letter-delivered", [letter_id], decide)


def failed(case_id: str, letter_id: str, why: str, command: Command) -> Receipt | None:
    """The letter could not be delivered: a problem of its case, of which whoever sent it and its lead are told."""

    def decide(work: Work) -> Decision | None:
        letter = queries.one(work.connection, letter_id)
        if letter is None or work.case.status == "erased":
            return None
        incident_id = str(uuid4())
        told = "A letter could not be delivered by e-mail. Open its task: correct the address, or post it."
        people = sorted({one for one in (letter.changed_by, None if letter.is_restricted else work.case.lead) if one})
        content = {
            **_about(letter),
            "incident_id": incident_id,
            "kind": UNDELIVERED,
            "element": letter.element,
            "why": why,
            "sentence": f"The letter to {letters.RECIPIENTS[letter.recipient]} could not be delivered by e-mail: "
            f"{why.rstrip('.')}. Correct the address and send it again, or post it.",
            "warned": [{"task_id": incident_id, "sentence": told, "people": people}],
        }
        return Decision("letter-failed", _meta(letter), content)

    return write(case_id, command, "letter-failed", [letter_id, why], decide)


def mail_again(work: Work, incident_id: str) -> None:
    """Have a letter that could not be delivered tried once more, to the same address. Raises NotFound."""
    letter = queries.failed_as(work.connection, incident_id)
    if letter is None or letter.state != "failed":
        raise NotFound(None, incident_id=incident_id)
    _mail(work, letter, incident_id)


def _mail(work: Work, letter: LetterRow, dispatch_id: str) -> None:
    reference = outbox.reference_of(LETTER_MAIL, letter.id, dispatch_id)
    args: JsonObject = {"case": work.case.id, "letter": letter.id}
    outbox.add(work.connection, [Effect(reference, LETTER_MAIL, letter.id, work.case.id, args)])


def _newest(work: Work, letter_id: str) -> LetterRow:
    letter = queries.one(work.connection, letter_id)
    if work.case.status == "erased":
        raise CaseErased(None, case_id=work.case.id)
    if letter is None or letter.case_id != work.case.id:
        raise NotFound(None, letter_id=letter_id)
    if queries.of_task(work.connection, letter.task_id)[0].id != letter_id:
        raise Replaced(None, letter_id=letter_id)
    return letter


def _about(letter: LetterRow) -> dict[str, Any]:
    return {
        "letter_id": letter.id,
        "task_id": letter.task_id,
        "restricted": letter.is_restricted,
        "title": letter.title,
        "version": letter.version,
    }


def _meta(letter: LetterRow) -> JsonObject:
    return {"task_id": letter.task_id, "element": letter.element, "letter": letter.template, "version": letter.version}


def _settling(versions: list[LetterRow], resolution: str) -> dict[str, str]:
    """The problem of a delivery in vain, which this ends."""
    failed_one = next((one for one in versions if one.state == "failed" and one.incident_id), None)
    return {"incident_id": failed_one.incident_id or "", "resolution": resolution} if failed_one else {}
