"""What is left of an erased case: its reference and who, when and why, from the readable part of one entry."""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.entry import Entry
from app.store.projections.words import words_of
from app.store.tables import (
    answer,
    attendance,
    candidate,
    case_record,
    case_word,
    deadline,
    document,
    document_content,
    draft,
    due_try,
    incident,
    letter,
    link,
    listing,
    note,
    outbox,
    placement,
    share,
    subscription,
    timer,
    told,
    work_item,
)

#: every projection that hangs on a case
_READABLE = (
    case_word, work_item, candidate, timer, subscription, deadline, told, incident, answer, note, document, share,
    listing, link, placement, attendance, letter,
)  # fmt: skip


def forget(connection: Connection, case_id: str) -> None:
    """Remove what is kept of a case outside the journal and is no projection: files, drafts and effects."""
    own = sa.select(outbox.c.reference).where(outbox.c.case_id == case_id)
    connection.execute(outbox.update().where(outbox.c.bundled_in.in_(own)).values(bundled_in=None))
    for table in (document_content, draft, outbox, due_try):
        connection.execute(sa.delete(table).where(table.c.case_id == case_id))


def project(connection: Connection, entry: Entry) -> None:
    """Remove what is readable and keep the certificate. It needs no key, so a rebuild leads to the same row."""
    case_id, certificate = entry.stream.id, cast(dict[str, Any], entry.meta["case"])
    for table in _READABLE:
        connection.execute(sa.delete(table).where(table.c.case_id == case_id))
    connection.execute(sa.delete(case_record).where(case_record.c.id == case_id))
    connection.execute(
        case_record.insert().values(
            id=case_id,
            **{**certificate, "started_at": datetime.fromisoformat(certificate["started_at"])},
            pupil_id="",
            pupil_name="erased",
            named=[],
            lead="",
            status="erased",
            changed_at=entry.at,
            seq=entry.seq,
            variables={},
            state=None,
        )
    )
    words = words_of(certificate["reference"])
    connection.execute(case_word.insert(), [{"word": word, "case_id": case_id} for word in words])
