"""Letters of tasks and cases as pages and use cases look them up. Who may read them is decided above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import letter


@dataclass(frozen=True)
class LetterRow:
    """One version of the letter of one task."""

    #: id of the version
    id: str
    #: its case
    case_id: str
    #: the task it belongs to
    task_id: str
    #: 1, 2, 3 …
    version: int
    #: the entry that made it
    seq: int
    #: BPMN id of the task's element
    element: str
    #: name of the template
    template: str
    #: what it is called
    title: str
    #: whom it is to: a key of `app.letters.RECIPIENTS`
    recipient: str
    #: it belongs to the restricted compartment
    is_restricted: bool
    #: why it was made again, or ""
    reason: str
    #: what nothing was known for, as the template writes it
    gaps: tuple[str, ...]
    #: document id of the PDF, or None where it could not be printed
    pdf_id: str | None
    #: document id of the plain text
    text_id: str
    #: who made it
    by: str
    #: when, UTC
    at: datetime
    #: made, sending, sent, posted, given, failed, replaced
    state: str
    #: address it goes or went to
    address: str | None
    #: when it was posted, handed over or taken by the mail server
    given_on: date | None
    #: when it counts as received, where it was posted
    served_on: date | None
    #: why it could not be delivered
    words: str | None
    #: the problem that a delivery in vain became
    incident_id: str | None
    #: who decided how it goes
    changed_by: str | None

    @property
    def is_given(self) -> bool:
        """It is on its way, or there."""
        return self.state in {"sending", "sent", "posted", "given"}


def of_task(connection: Connection, task_id: str) -> list[LetterRow]:
    """Every version of the letter of a task, newest first."""
    query = sa.select(*_ROW).where(letter.c.task_id == task_id).order_by(letter.c.version.desc())
    return [_row(row) for row in connection.execute(query)]


def of_case(connection: Connection, case_id: str) -> list[LetterRow]:
    """The newest version of every letter of a case, newest first."""
    newest = sa.select(letter.c.task_id, sa.func.max(letter.c.version).label("version")).where(
        letter.c.case_id == case_id
    )
    chosen = newest.group_by(letter.c.task_id).subquery()
    this = sa.and_(letter.c.task_id == chosen.c.task_id, letter.c.version == chosen.c.version)
    query = sa.select(*_ROW).join(chosen, this).order_by(letter.c.at.desc(), letter.c.id)
    return [_row(row) for row in connection.execute(query)]


def one(connection: Connection, letter_id: str) -> LetterRow | None:
    """One version, or None."""
    row = connection.execute(sa.select(*_ROW).where(letter.c.id == letter_id)).first()
    return _row(row) if row else None


def failed_as(connection: Connection, incident_id: str) -> LetterRow | None:
    """The letter whose delivery in vain became that problem, or None."""
    row = connection.execute(sa.select(*_ROW).where(letter.c.incident_id == incident_id)).first()
    return _row(row) if row else None


def documents(connection: Connection, case_id: str) -> Collection[str]:
    """Ids of the documents of a case that are letters."""
    query = sa.select(letter.c.pdf_id, letter.c.text_id).where(letter.c.case_id == case_id)
    return {one for row in connection.execute(query) for one in row if one}


_ROW = [letter.c[name] for name in LetterRow.__dataclass_fields__]
_BESIDE = "letter_"


def beside(task_id: sa.ColumnElement[str]) -> tuple[list[sa.Label[Any]], sa.ColumnElement[bool]]:
    """The newest letter of a task, for a statement about the task: its columns, and how the table is joined."""
    all_of_it = letter.alias()
    newest = (
        sa.select(sa.func.max(all_of_it.c.version)).where(all_of_it.c.task_id == task_id).correlate_except(all_of_it)
    )
    columns = [one.label(f"{_BESIDE}{one.name}") for one in _ROW]
    return columns, sa.and_(letter.c.task_id == task_id, letter.c.version == newest.scalar_subquery())


def found_beside(row: Any) -> LetterRow | None:
    """The letter in a row of such a statement, or None."""
    return _row(row, _BESIDE) if getattr(row, f"{_BESIDE}id") else None


def _row(row: Any, prefix: str = "") -> LetterRow:
    values = {name: getattr(row, f"{prefix}{name}") for name in LetterRow.__dataclass_fields__}
    return LetterRow(**{**values, "gaps": tuple(values["gaps"])})
