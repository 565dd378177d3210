"""Keys of commands and the answers they got. What a command does is not known here."""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.errors import DifferentRequest
from app.model.json import canonical
from app.store.tables import idempotency

#: built once: building a statement costs more than sending it
_TAKE: dict[str, Any] = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(idempotency)
    .on_conflict_do_nothing()
    .returning(idempotency.c.key)
    for dialect in (sqlite, postgresql)
}
_KEEP = idempotency.update().where(idempotency.c.key == sa.bindparam("taken"))


def claim(connection: Connection, key: str, actor: str, command: str, arguments: object, at: datetime) -> Any:
    """None where the key is new (and now taken), else the answer that was given. Raises DifferentRequest."""
    digest = hashlib.sha256(canonical(arguments)).hexdigest()
    values = {"key": key, "actor": actor, "command": command, "digest": digest, "at": at}
    if connection.execute(_TAKE[connection.dialect.name], values).first() is not None:
        return None
    earlier = connection.execute(sa.select(idempotency).where(idempotency.c.key == key)).one()
    if (earlier.actor, earlier.command, earlier.digest) != (actor, command, digest):
        raise DifferentRequest(None, key=key)
    return earlier.answer


def keep(connection: Connection, key: str, answer: object) -> None:
    """Store the answer for a repeat."""
    connection.execute(_KEEP, {"taken": key, "answer": answer})


def forget(connection: Connection, before: datetime) -> int:
    """Remove keys older than `before`; how many."""
    return connection.execute(sa.delete(idempotency).where(idempotency.c.at < before)).rowcount
