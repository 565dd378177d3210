"""Links between cases: their ends as rows, who received what, who would receive it now. Who may see which: access."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import case_record, entry, link, subscription


@dataclass(frozen=True)
class End:
    """One end of a link, as the entry of this case said it."""

    #: this case
    case_id: str
    #: the entry that says it
    seq: int
    #: the other case
    other_id: str
    #: what the two did: asked, asked by, started, started by, told, told by, answered, answered by
    role: str
    #: message name, or None
    message: str | None
    #: only for whoever sees the restricted compartment
    is_restricted: bool
    #: when, by the case clock
    at: datetime


def of_case(connection: Connection, case_id: str) -> list[End]:
    """Every link of a case, oldest first."""
    query = sa.select(link).where(link.c.case_id == case_id).order_by(link.c.seq, link.c.place)
    return [_end(row) for row in connection.execute(query)]


def others(connection: Connection, case_ids: Collection[str]) -> list[str]:
    """Ids of the cases at the other ends."""
    query = sa.select(link.c.other_id).where(link.c.case_id.in_(sorted(case_ids))).distinct()
    return list(connection.scalars(query.order_by(link.c.other_id)))


def received(connection: Connection, sender: str, seq: int, nth: int, case_id: str | None = None) -> list[End]:
    """Ends written by whoever has received one message, or by the case named."""
    query = sa.select(link).where(link.c.other_id == sender, link.c.sent_seq == seq, link.c.sent_nth == nth)
    if case_id is not None:
        query = query.where(link.c.case_id == case_id)
    return [_end(row) for row in connection.execute(query.order_by(link.c.at, link.c.case_id))]


def is_said(connection: Connection, sender: str, seq: int, again: str | None = None) -> bool:
    """Whether the sender has said what became of the messages of one of its entries, or of one sent again."""
    query = sa.select(entry.c.meta).where(
        entry.c.stream_kind == "case", entry.c.stream_id == sender, entry.c.seq > seq,
        entry.c.kind == "message-passed-on",
    )  # fmt: skip
    return any((meta.get("seq"), meta.get("again")) == (seq, again) for meta in connection.scalars(query))


def waiting_cases(
    connection: Connection, pupil_id: str, message: str, keys: Collection[str] | None, but: str
) -> Sequence[str]:
    """Open cases of a pupil that wait for a message, of these processes or of any; the oldest first."""
    query = (
        sa.select(case_record.c.id)
        .where(
            case_record.c.pupil_id == pupil_id,
            case_record.c.status == "open",
            case_record.c.id != but,
            sa.exists().where(subscription.c.case_id == case_record.c.id, subscription.c.message == message),
        )
        .order_by(case_record.c.started_at, case_record.c.id)
    )
    if keys is not None:
        query = query.where(case_record.c.process_key.in_(sorted(keys)))
    return list(connection.scalars(query))


def _end(row: Any) -> End:
    return End(**{name: getattr(row, name) for name in End.__dataclass_fields__})
