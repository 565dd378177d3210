"""A disk that forgets: what SQLite writes is recorded, and a power cut keeps what was synced and a part of the rest.

The recorder sits below the application's own driver: a VFS put into the very library that `pysqlite3` brought, through
`ctypes`. What a cut leaves is made from the record, sector by sector, as often as one likes.
"""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3._sqlite3 as driver

SECTOR = 512
_NAME = b"waymark-recorder"


@dataclass(frozen=True)
class Write:
    """Bytes given to the system."""

    file: str
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncate:
    """A file made shorter."""

    file: str
    size: int


@dataclass(frozen=True)
class Sync:
    """The system promised that everything written to a file is on the disk."""

    file: str


@dataclass(frozen=True)
class Delete:
    """A file removed; `is_synced`: its folder was synced, too."""

    file: str
    is_synced: bool


@dataclass(frozen=True)
class Acknowledged:
    """Somebody was told that their work is kept."""

    case_id: str
    seq: int


Act = Write | Truncate | Sync | Delete | Acknowledged


@dataclass
class Record:
    """What happened to the files of one folder, in order."""

    folder: Path
    acts: list[Act] = field(default_factory=list)


def after_a_cut(record: Record, before: dict[str, bytes], at: int, dice: random.Random) -> dict[str, bytes]:
    """The files as a disk may hold them when the power goes after `at` acts; `before` was on it at the beginning."""
    durable = {name: bytearray(content) for name, content in before.items()}
    pending: dict[str, list[Write | Truncate]] = {}
    removed: dict[str, bytearray] = {}
    for act in record.acts[:at]:
        match act:
            case Write() | Truncate():
                removed.pop(act.file, None)
                pending.setdefault(act.file, []).append(act)
            case Sync():
                kept = durable.setdefault(act.file, bytearray())
                for one in pending.pop(act.file, []):
                    _apply(kept, one)
            case Delete():
                gone = durable.pop(act.file, bytearray())
                pending.pop(act.file, None)
                removed.pop(act.file, None)
                if not act.is_synced:
                    removed[act.file] = gone
            case Acknowledged():
                pass
    for name, acts in pending.items():
        share = dice.random()
        kept = durable.setdefault(name, bytearray())
        for act in acts:
            for part in _sectors(act):
                if dice.random() < share:
                    _apply(kept, part)
    for name, content in removed.items():
        if dice.random() < 0.5:
            durable.setdefault(name, content)
    return {name: bytes(content) for name, content in durable.items()}


def _sectors(act: Write | Truncate) -> Iterator[Write | Truncate]:
    if isinstance(act, Truncate):
        yield act
        return
    for start in range(0, len(act.content), SECTOR):
        yield Write(act.file, act.offset + start, act.content[start : start + SECTOR])


def _apply(kept: bytearray, act: Write | Truncate) -> None:
    size = act.size if isinstance(act, Truncate) else act.offset + len(act.content)
    if isinstance(act, Truncate):
        del kept[size:]
    if len(kept) < size:
        kept.extend(bytes(size - len(kept)))
    if isinstance(act, Write):
        kept[act.offset : size] = act.content


# SQLite's own structures (https://sqlite.org/c3ref/vfs.html), as far as they are touched

_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Remove = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Put = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Cut = CFUNCTYPE(c_int, c_void_p, c_int64)
_Flush = CFUNCTYPE(c_int, c_void_p, c_int)


class _Methods(Structure):
    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _Put),
        ("truncate", _Cut),
        ("sync", _Flush),
        *((f"other{number}", c_void_p) for number in range(13)),
    ]


class _File(Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("following", c_void_p),
        ("name", c_char_p),
        ("own", c_void_p),
        ("open", _Open),
        ("remove", _Remove),
        *((f"other{number}", c_void_p) for number in range(14)),
    ]


class _Recorder:
    """The system's own VFS with five calls recorded on their way."""

    def __init__(self, record: Record, usual: _Vfs) -> None:
        self._record, self._usual = record, usual
        self._names: dict[int, str] = {}
        self._seen: dict[int, _Methods] = {}
        self._callbacks = (_Open(self._open), _Remove(self._remove))
        self.vfs = _Vfs.from_buffer_copy(usual)
        self.vfs.name = _NAME
        self.vfs.open, self.vfs.remove = self._callbacks

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        code: int = self._usual.open(vfs, name, file, flags, out)
        opened = _File.from_address(file)
        if code == 0 and opened.methods:
            path = ctypes.string_at(name).decode() if name else ""
            self._names[file] = Path(path).name if Path(path).parent == self._record.folder else ""
            opened.methods = ctypes.pointer(self._methods(opened.methods))
        return code

    def _methods(self, usual: ctypes._Pointer[_Methods]) -> _Methods:
        """The calls of one kind of file, recorded; made once for each kind, as SQLite keeps pointing to it."""
        address = ctypes.addressof(usual.contents)
        if address not in self._seen:
            write, truncate, sync = usual.contents.write, usual.contents.truncate, usual.contents.sync

            def _write(file: int, content: int, size: int, offset: int) -> int:
                if name := self._names.get(file):
                    self._record.acts.append(Write(name, offset, ctypes.string_at(content, size)))
                return int(write(file, content, size, offset))

            def _truncate(file: int, size: int) -> int:
                if name := self._names.get(file):
                    self._record.acts.append(Truncate(name, size))
                return int(truncate(file, size))

            def _sync(file: int, flags: int) -> int:
                code = int(sync(file, flags))
                if code == 0 and (name := self._names.get(file)):
                    self._record.acts.append(Sync(name))
                return code

            recorded = _Methods.from_buffer_copy(usual.contents)
            recorded.write, recorded.truncate, recorded.sync = _Put(_write), _Cut(_truncate), _Flush(_sync)
            self._seen[address] = recorded
        return self._seen[address]

    def _remove(self, vfs: int, name: bytes, is_synced: int) -> int:
        code: int = self._usual.remove(vfs, name, is_synced)
        path = Path(name.decode())
        if code == 0 and path.parent == self._record.folder:
            self._record.acts.append(Delete(path.name, bool(is_synced)))
        return code


@contextmanager
def recorded(folder: Path) -> Iterator[Record]:
    """Record what SQLite does to the files of a folder; every connection must be opened and closed in the block."""
    sqlite = ctypes.CDLL(driver.__file__)
    sqlite.sqlite3_vfs_find.restype = POINTER(_Vfs)
    usual = sqlite.sqlite3_vfs_find(None)
    record = Record(folder)
    recorder = _Recorder(record, usual.contents)
    assert sqlite.sqlite3_vfs_register(ctypes.byref(recorder.vfs), 1) == 0
    try:
        yield record
    finally:
        sqlite.sqlite3_vfs_unregister(ctypes.byref(recorder.vfs))
        sqlite.sqlite3_vfs_register(usual, 1)
