"""The configuration a process keeps in memory, by its version: read again whenever that moved. Not what it means.

Every entry about an organisation, calendar, person, definition, rule or the installation moves the version of its kind
in the same transaction. A transaction asks for all versions with one statement; what was read at another version is
read again. So every process sees what was committed before its transaction asked (ADR 0027).
"""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.counters import counting
from app.store.tables import counter, stream

Kept = TypeVar("Kept")

#: kinds of streams whose entries move a version
CONFIGURATION = ("organisation", "calendar", "person", "definition", "installation", "webhook", "rule", "setting")
#: moved when rows are made anew without an entry
REBUILT = "rebuilt"
MOST_KEPT = 5_000

Seen = dict[str, int]
#: transaction → the versions it saw; None where it moved one itself: then nothing it reads is kept
_seen: WeakKeyDictionary[Any, Seen | None] = WeakKeyDictionary()
#: database → name of what is kept → (its versions, it)
_kept: WeakKeyDictionary[Any, dict[Hashable, tuple[tuple[int, ...], Any]]] = WeakKeyDictionary()


def kept(connection: Connection, name: Hashable, kinds: tuple[str, ...], read: Callable[[], Kept]) -> Kept:
    """What `read` gives, kept while no entry of these kinds is written. It must not be changed by whoever gets it."""
    seen = _of(connection)
    if seen is None:
        return read()
    version = tuple(seen.get(kind, 0) for kind in (*kinds, REBUILT))
    known = _kept.setdefault(connection.engine, {})
    if (found := known.get(name)) is not None and found[0] == version:
        return cast(Kept, found[1])
    value = read()
    if len(known) >= MOST_KEPT:
        known.clear()
    known[name] = (version, value)
    return value


def kept_of_person(connection: Connection, person_id: str, read: Callable[[], Kept]) -> Kept:
    """The same for one person, kept until an entry of their own stream is written."""
    name = _person(person_id)
    seen = _of(connection, person_id)
    if seen is not None and name not in seen:
        seen[name] = connection.scalar(_SEQ_OF_PERSON, {"person": person_id}) or 0
    return kept(connection, name, (name,), read)


def moved(connection: Connection, kind: str) -> None:
    """Say that configuration of this kind changes with this transaction."""
    connection.execute(counting(connection, _counter(kind)))
    if (transaction := connection.get_transaction()) is not None:
        _seen[transaction] = None


@cache
def columns() -> list[sa.ColumnElement[Any]]:
    """The versions as columns, for a statement that is sent anyway. They must not be changed."""
    return [
        sa.select(counter.c.value).where(counter.c.name == _counter(kind)).scalar_subquery().label(f"version_{kind}")
        for kind in (*CONFIGURATION, REBUILT)
    ]


def remember(connection: Connection, row: Any) -> None:
    """Take the versions from a row with `columns`."""
    transaction = connection.get_transaction()
    if transaction is not None and transaction not in _seen:
        _seen[transaction] = {kind: getattr(row, f"version_{kind}") or 0 for kind in (*CONFIGURATION, REBUILT)}


def _of(connection: Connection, person_id: str | None = None) -> Seen | None:
    transaction = connection.get_transaction()
    if transaction is None:
        return None
    if transaction not in _seen:
        _seen[transaction] = _read(connection, person_id)
    return _seen[transaction]


def _read(connection: Connection, person_id: str | None) -> Seen:
    names: Mapping[str, str] = {_counter(kind): kind for kind in (*CONFIGURATION, REBUILT)}
    if person_id is None:
        found = connection.execute(_ALL)
    else:
        found = connection.execute(_ALL_AND_PERSON, {"name": _person(person_id), "person": person_id})
    return {names.get(name, name): value for name, value in found}


def _person(person_id: str) -> str:
    return f"person/{person_id}"


def _counter(kind: str) -> str:
    return f"version:{kind}"


#: built once: building a statement costs more than sending it
_ALL = sa.select(counter.c.name, counter.c.value).where(
    counter.c.name.in_([_counter(kind) for kind in (*CONFIGURATION, REBUILT)])
)
_SEQ_OF_PERSON = sa.select(stream.c.seq).where(stream.c.kind == "person", stream.c.id == sa.bindparam("person"))
_ALL_AND_PERSON = sa.union_all(
    _ALL, _SEQ_OF_PERSON.with_only_columns(sa.bindparam("name", type_=sa.String), stream.c.seq)
)
