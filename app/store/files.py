"""Bytes of documents, encrypted under their case's key, in the database. Who may open them is decided above."""

from datetime import datetime

import sqlalchemy as sa

from app.errors import NotFound
from app.model.entry import StreamId
from app.store.db import reading, transaction
from app.store.keys import keyring
from app.store.tables import document, document_content, draft


def put(case_id: str, file_id: str, name: str, media_type: str, content: bytes, at: datetime) -> None:
    """Keep the bytes under an id of their own; makes the case's key where the case has none yet."""
    stream = StreamId("case", case_id)
    if keyring().is_destroyed(stream):
        keyring().make(stream, at)
    sealed = keyring().seal(stream, content, f"{stream}|file|{file_id}")
    with transaction() as connection:
        connection.execute(
            document_content.insert().values(
                id=file_id, case_id=case_id, name=name, media_type=media_type, ciphertext=sealed, stored_at=at
            )
        )


def get(case_id: str, file_id: str) -> bytes:
    """The bytes again. Raises NotFound, CaseErased."""
    sealed = reading().scalar(
        sa.select(document_content.c.ciphertext).where(
            document_content.c.id == file_id, document_content.c.case_id == case_id
        )
    )
    if sealed is None:
        raise NotFound(None, file_id=file_id)
    stream = StreamId("case", case_id)
    return keyring().open(stream, sealed, f"{stream}|file|{file_id}")


def forget_unclaimed(before: datetime) -> int:
    """Remove files stored before a moment that no document and no draft names; how many."""
    with transaction() as connection:
        drafts = " ".join(str(row[0]) for row in connection.execute(sa.select(draft.c["values"])))
        named = sa.select(document.c.id)
        old = connection.scalars(
            sa.select(document_content.c.id).where(
                document_content.c.stored_at < before, document_content.c.id.not_in(named)
            )
        )
        gone = [one for one in old if one not in drafts]
        if gone:
            connection.execute(sa.delete(document_content).where(document_content.c.id.in_(gone)))
        return len(gone)
