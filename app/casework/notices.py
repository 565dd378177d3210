"""What one person was told about deadlines, and how much of it is new. Who is told what: `app.cases.notices`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.access.people import Reader
from app.access.scopes import case_scope, task_scope
from app.store.db import reading
from app.store.queries import told
from app.store.queries.told import MOST_SHOWN

#: notices of this many days are counted beside the link
NEW_DAYS = 7
#: kind of notice → state of the label it is shown with
STATES = {"reminder": "soon", "due today": "today", "overdue": "overdue", "escalation": "overdue"}


@dataclass(frozen=True)
class Notice:
    """One thing somebody was told."""

    #: reminder, due today, overdue, escalation
    kind: str
    #: modifier of the label
    state: str
    #: what was said
    sentence: str
    #: when by the case clock, UTC
    at: datetime
    #: pupil, or "" where the reader may not see the case
    pupil_name: str
    #: reference of the case, or ""
    reference: str
    #: task it is about, where the reader may do it and it is open, else ""
    task_id: str


@dataclass(frozen=True)
class Told:
    """One page of notices."""

    #: newest first
    notices: tuple[Notice, ...]
    #: where the next page begins, or None
    next_before: datetime | None


def notices(reader: Reader, before: datetime | None) -> Told:
    """What the reader was told, newest first, with links to what they may see today."""
    rows = told.to(reading(), reader.id, case_scope(reader).by_name, task_scope(reader), reader.on, before)
    shown = rows[:MOST_SHOWN]
    return Told(tuple(_notice(one) for one in shown), shown[-1].at if len(rows) > MOST_SHOWN else None)


def count_new(reader: Reader, now: datetime) -> int:
    """How many notices came in the last seven days."""
    return told.count(reading(), reader.id, now - timedelta(days=NEW_DAYS))


def _notice(row: told.ToldLine) -> Notice:
    is_hidden = row.is_restricted and not row.may_do
    sentence = "A task of a restricted part of a case is due or late." if is_hidden else row.sentence
    sees = row.sees_case and not is_hidden
    return Notice(
        kind=row.kind,
        state=STATES.get(row.kind, "later"),
        sentence=sentence,
        at=row.at,
        pupil_name=row.pupil_name if sees else "",
        reference=row.reference if sees else "",
        task_id=row.deadline_id if row.may_do and row.is_open else "",
    )
