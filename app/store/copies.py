"""Many streams like one that was lived: journals that verify, and the rows a rebuild leads to. For the bench only.

A case that came about by the write path is read once, with its rows; each copy says other names, ids and moments, has
a key, a chain and a reference of its own, and can go on. That a copy is what a rebuild gives is tested, not hoped.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import real_now
from app.model.entry import Entry, StreamId
from app.model.json import compact
from app.store import journal
from app.store.db import db, transaction
from app.store.keys import keyring
from app.store.projections.words import words_of
from app.store.tables import PROJECTIONS, candidate, case_record, case_word, entry, pupil, stream, work_item

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

#: says one value of a copy, from what the copy says and how much later it is
_Value = Callable[[Mapping[str, str], timedelta], Any]


@dataclass(frozen=True)
class Copy:
    """What is different in one copy."""

    #: id of its stream
    id: str
    #: what the pattern says → what the copy says: every id of the pattern, and its words
    said: Mapping[str, str]
    #: how much later its entries are
    later: timedelta = timedelta(0)


@dataclass(frozen=True)
class Pattern:
    """A stream that was lived, with its rows, ready to be copied."""

    #: the stream
    stream: StreamId
    #: every id in it that must be another one in a copy
    ids: frozenset[str]
    #: its entries, each with its meta and content in pieces
    entries: tuple[tuple[Entry, _Value, _Value], ...]
    #: table → column → value, row by row
    rows: tuple[tuple[sa.Table, dict[str, _Value]], ...]
    #: what its words for searching are made from, beside the row's own
    also_found_by: tuple[str, ...]


def pattern(connection: Connection, of: StreamId, words: Iterable[str] = ()) -> Pattern:
    """A case or a pupil to copy; `words` are the names, references and ISO moments that copies say otherwise."""
    lived = journal.entries(connection, of)
    found = [(table, dict(row)) for table, rows in _rows(connection, of) for row in rows]
    text = json.dumps([[one.meta, one.content] for one in lived], default=str) + json.dumps(found, default=str)
    ids = frozenset(_ID.findall(text)) | {of.id}
    pieces = re.compile("|".join(sorted(map(re.escape, {*ids, *words}), key=len, reverse=True)))
    moments = {one.at for one in lived}
    return Pattern(
        of,
        ids,
        tuple((one, _json(one.meta, pieces), _text(compact(one.content).decode(), pieces)) for one in lived),
        tuple((table, {name: _value(one, pieces, moments) for name, one in row.items()}) for table, row in found),
        tuple(str(one) for one in _facts(lived).values()),
    )


def write(copies: Sequence[tuple[Pattern, Copy]]) -> int:
    """Write the copies in one transaction, after their keys; how many entries that is."""
    named = [StreamId(one.stream.kind, copy.id) for one, copy in copies]
    keyring().make_all(named, real_now())
    rows: dict[sa.Table, list[dict[str, Any]]] = {}
    for of, copy in copies:
        _copy(of, copy, rows)
    with transaction() as connection:
        for table, lines in rows.items():
            connection.execute(table.insert(), lines)
    return len(rows[entry])


def analysed() -> None:
    """Let a PostgreSQL count its rows, as it would by itself a minute later; nothing of ours asks SQLite to."""
    if db.engine.dialect.name == "postgresql":
        with transaction() as connection:
            connection.exec_driver_sql("ANALYZE")


def _copy(of: Pattern, copy: Copy, rows: dict[sa.Table, list[dict[str, Any]]]) -> None:
    named, last, seq = StreamId(of.stream.kind, copy.id), journal.origin(StreamId(of.stream.kind, copy.id)), 0
    for seq, (lived, meta, content) in enumerate(of.entries, 1):
        at, recorded_at, said = lived.at + copy.later, real_now(), meta(copy.said, copy.later)
        payload = journal.packed(named, seq, lived.kind, content(copy.said, copy.later).encode())
        last = journal.chain_hash(last, named, seq, at, recorded_at, lived.actor, lived.kind, said, payload)
        line = {
            "stream_kind": named.kind,
            "stream_id": named.id,
            "seq": seq,
            "at": at,
            "recorded_at": recorded_at,
            "actor": lived.actor,
            "kind": lived.kind,
            "meta": said,
            "payload": payload,
            "hash": last,
        }
        rows.setdefault(entry, []).append(line)
    rows.setdefault(stream, []).append({"kind": named.kind, "id": named.id, "seq": seq, "hash": last})
    for table, columns in of.rows:
        row = {name: value(copy.said, copy.later) for name, value in columns.items()}
        _find(table, row, of.also_found_by, rows)
        rows.setdefault(table, []).append(row)


def _find(
    table: sa.Table, row: dict[str, Any], also: tuple[str, ...], rows: dict[sa.Table, list[dict[str, Any]]]
) -> None:
    """Searching goes by words in small letters, which no replacing of names would reach."""
    if table is case_record:
        found = words_of(row["pupil_name"], row["reference"], *also)
        rows.setdefault(case_word, []).extend({"word": one, "case_id": row["id"]} for one in found)
    elif table is pupil:
        row["search"] = " ".join(words_of(row["name"], row["upn"] or ""))[:200]


def _rows(connection: Connection, of: StreamId) -> Iterable[tuple[Any, Sequence[Any]]]:
    if of.kind == "pupil":
        yield pupil, connection.execute(sa.select(pupil).where(pupil.c.id == of.id)).mappings().all()
        return
    own = sa.select(work_item.c.task_id).where(work_item.c.case_id == of.id)
    for table in PROJECTIONS:
        if table is case_record:
            of_case = table.c.id == of.id
        elif table is candidate:
            of_case = table.c.task_id.in_(own)
        elif table is not case_word and "case_id" in table.c:
            of_case = table.c.case_id == of.id
        else:
            continue
        yield table, connection.execute(sa.select(table).where(of_case)).mappings().all()


def _facts(lived: list[Entry]) -> dict[str, Any]:
    facts: Any = (lived[0].content or {}).get("case", {})
    return {"school_name": facts["school_name"]} if facts else {}


def _value(one: Any, pieces: re.Pattern[str], moments: set[datetime]) -> _Value:
    """A moment at which an entry was written moves with it; another may be one of the words."""
    if isinstance(one, datetime):
        if one in moments:
            return lambda _said, later: one + later
        iso = one.isoformat()
        return (lambda said, _: datetime.fromisoformat(said[iso])) if pieces.fullmatch(iso) else _same(one)
    if isinstance(one, str):
        return _text(one, pieces)
    return _json(one, pieces) if isinstance(one, (dict, list)) else _same(one)


def _json(one: Any, pieces: re.Pattern[str]) -> _Value:
    text = compact(one).decode()
    if not pieces.search(text):
        return _same(one)
    whole = _text(text, pieces)
    return lambda said, later: json.loads(whole(said, later))


def _text(text: str, pieces: re.Pattern[str]) -> _Value:
    """The text around the pieces is cut once; a copy only puts its own between."""
    named = pieces.findall(text)
    if not named:
        return _same(text)
    around = pieces.split(text)

    def put_together(said: Mapping[str, str], _later: timedelta) -> str:
        return "".join(one for pair in zip(around, [*(said[name] for name in named), ""], strict=True) for one in pair)

    return put_together


def _same(one: Any) -> _Value:
    return lambda _said, _later: one
