"""The letter of a task as staff meet it: reading it, making it again, sending it, saying that it was posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app

from app.cases import letters as use_cases
from app.cases.command import Command
from app.cases.composing import letter_of
from app.cases.letters import Dispatch, How
from app.cases.parties import writings
from app.cases.sight import Sight
from app.casework import parties
from app.casework.person_checks import EMAIL
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound
from app.letters import RECIPIENTS
from app.store import files
from app.store.db import reading
from app.store.queries import letters, people
from app.store.queries.cases import CaseLine
from app.store.queries.letters import LetterRow
from app.store.queries.work import TaskLine

SHORTEST_REASON = 5
LONGEST_REASON = 500
LONGEST_ADDRESS = 254
#: signs by which one line of a mail would name several addresses
_SEVERAL = frozenset(',;:<>()[]"\\')
#: letters to these go to the address of a parent that is on record as safe
_FAMILY = frozenset({"parents", "everyone"})
_HOW: Mapping[str, How] = {"email": "email", "post": "post", "hand": "hand"}


@dataclass(frozen=True)
class Version:
    """One version of a letter."""

    #: the row
    row: LetterRow
    #: who made it
    who: str
    #: what became of it, in words
    state: str


@dataclass(frozen=True)
class LetterPage:
    """Everything the page of a letter shows."""

    #: name of the template
    template: str
    #: every version, newest first; empty: it is not written yet
    versions: tuple[Version, ...]
    #: what the newest one says
    text: str
    #: mail can be sent here
    can_mail: bool
    #: address that is on record as safe, or ""
    address: str
    #: whom it is to, in words
    to: str
    #: a mail with it is still to be sent
    is_on_its_way: bool
    #: whom of the family nobody contacts, or only in one way
    warnings: tuple[str, ...]

    @property
    def newest(self) -> LetterRow | None:
        """The newest version, or None."""
        return self.versions[0].row if self.versions else None


@dataclass(frozen=True)
class LetterLine:
    """A letter in a few words, beside its task or on the page of its case."""

    #: the task it belongs to
    task_id: str
    #: newest version, or None: it is not written yet
    row: LetterRow | None
    #: what it is called
    title: str
    #: what became of it, in words
    state: str
    #: whom it is to, in words
    to: str


def letter_page(task: TaskLine, case: CaseLine) -> LetterPage:
    """The letter of a task. Raises NotFound where the task has none."""
    rows = letters.of_task(reading(), task.task_id)
    template = letter_of(case.bundle, task.element) or (rows[0].template if rows else None)
    if template is None:
        raise NotFound(None, task_id=task.task_id)
    names = people.names(reading(), {row.by for row in rows})
    newest = rows[0] if rows else None
    family = newest is not None and newest.recipient in _FAMILY
    return LetterPage(
        template=template,
        versions=tuple(Version(row, names.get(row.by, "Waymark"), state_words(row)) for row in rows),
        text=files.get(case.id, newest.text_id).decode() if newest else "",
        can_mail=current_app.extensions["waymark_settings"].sends_mail,
        address=_safe_address(case.pupil_id) if family else "",
        to=RECIPIENTS[newest.recipient] if newest else "",
        is_on_its_way=newest is not None and use_cases.is_on_its_way(reading(), newest),
        warnings=parties.warnings(case, Sight()),
    )


def letter_line(task: TaskLine, bundle: str) -> LetterLine | None:
    """The letter of a task in a few words, or None where it writes none."""
    return line_beside(task, bundle, next(iter(letters.of_task(reading(), task.task_id)), None))


def line_beside(task: TaskLine, bundle: str, newest: LetterRow | None) -> LetterLine | None:
    """The same where its newest version was looked up already."""
    template = letter_of(bundle, task.element)
    if template is None:
        return None
    if newest is None:
        title = template.replace("-", " ").capitalize()
        return LetterLine(task.task_id, None, title, "It is not written yet", "")
    return line_of(newest)


def line_of(row: LetterRow) -> LetterLine:
    """A letter in a few words."""
    return LetterLine(row.task_id, row, row.title, state_words(row), RECIPIENTS[row.recipient])


def state_words(row: LetterRow) -> str:
    """What became of a version."""
    on = _day(row.given_on) if row.given_on else ""
    served = f"; it counts as received on {_day(row.served_on)}" if row.served_on else ""
    return {
        "made": "Not sent yet",
        "sending": f"Being sent to {row.address}",
        "sent": f"Sent to {row.address} on {on}",
        "posted": f"Posted on {on}{served}",
        "given": f"Handed over on {on}",
        "failed": f"Could not be delivered to {row.address}: {(row.words or '').rstrip('.')}",
        "replaced": "Replaced before it was sent",
    }[row.state]


def make(case_id: str, task_id: str, reason: str, command: Command) -> None:
    """Write it, or write it again for a reason. Raises InvalidAnswers where a reason is needed."""
    reason, before = " ".join(reason.split()), letters.of_task(reading(), task_id)
    if before and len(reason) < SHORTEST_REASON:
        raise InvalidAnswers(
            {"reason": "Enter why a new version is needed: the old one stays, and your reason with it"}
        )
    if len(reason) > LONGEST_REASON:
        raise InvalidAnswers({"reason": f"Shorten the reason to {LONGEST_REASON} characters"})
    use_cases.make(case_id, task_id, command, reason if before else "")


def dispatch(case_id: str, pupil_id: str, letter_id: str, typed: Mapping[str, str], command: Command) -> None:
    """Send it, or say how it was given. Raises InvalidAnswers, OnItsWay, Replaced."""
    today = local_date(command.now)
    how = _HOW.get(typed.get("how", ""))
    problems: dict[str, str] = {}
    if how is None:
        raise InvalidAnswers({"how": "Choose how the letter goes"})
    address, on = typed.get("address", "").strip()[: LONGEST_ADDRESS + 1], None
    if how == "email":
        if not current_app.extensions["waymark_settings"].sends_mail:
            problems["how"] = "Post the letter or hand it over: no mail can be sent from here"
        if not EMAIL.fullmatch(address) or _SEVERAL & set(address) or len(address) > LONGEST_ADDRESS:
            problems["address"] = "Enter the e-mail address, for example name@example.org"
        elif (why := _why_not(pupil_id, address)) is not None:
            problems["address"] = why
        if typed.get("is_safe") != "yes":
            problems["is_safe"] = (
                "Confirm that it is safe to write to this address; if you are not sure, do not send it"
            )
    else:
        on = _typed_day(typed)
        if on is None:
            problems["on"] = "Enter the day, for example 2 11 2026"
        elif on > today:
            problems["on"] = "Enter today or an earlier day: record it when it has gone"
    if problems:
        raise InvalidAnswers(problems)
    use_cases.dispatch(case_id, letter_id, Dispatch(how, address, on), command)


def content_of(task: TaskLine, version: int, kind: str) -> tuple[str, bytes]:
    """(document id, bytes) of one version of a letter as pdf or txt. Raises NotFound."""
    row = next((one for one in letters.of_task(reading(), task.task_id) if one.version == version), None)
    document_id = None if row is None else {"pdf": row.pdf_id, "txt": row.text_id}[kind]
    if document_id is None:
        raise NotFound(None, task_id=task.task_id)
    return document_id, files.get(task.case_id, document_id)


def _safe_address(pupil_id: str) -> str:
    """The address of the first parent to whom it is safe to write by e-mail, or ""."""
    known = writings(reading(), pupil_id)
    return next((one.email for one, writing in known if one.kind == "parent" and "email" in writing.means), "")


def _why_not(pupil_id: str, address: str) -> str | None:
    """Why nothing may be mailed to this address, by what is on record of whose it is; None: nothing is known."""
    found = [
        writing for party, writing in writings(reading(), pupil_id) if party.email.strip().lower() == address.lower()
    ]
    if not found or any("email" in one.means for one in found):
        return None
    return found[0].sentence


def _typed_day(typed: Mapping[str, str]) -> date | None:
    parts = [typed.get(f"on-{part}", "").strip() for part in ("day", "month", "year")]
    try:
        return datetime.strptime(" ".join(parts), "%d %m %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _day(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"
