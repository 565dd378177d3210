"""One signed checkpoint of the journal: what it seals and the exact bytes of it. Signing and storing are in `store`."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.model.entry import StreamId
from app.model.json import JsonObject, canonical
from app.model.merkle import root

FORMAT = 1
#: what the first checkpoint of a log follows
NOTHING_BEFORE = bytes(32)
_NAME = b"waymark checkpoint\x00"


@dataclass(frozen=True)
class Leaf:
    """The head of one stream when it was sealed."""

    #: the stream
    stream: StreamId
    #: seq of its last entry then
    seq: int
    #: hash of that entry
    hash: bytes

    @property
    def encoded(self) -> bytes:
        """What the tree is built of."""
        return canonical([self.stream.kind, self.stream.id, self.seq, self.hash.hex()])


@dataclass(frozen=True)
class Unsigned:
    """Everything that a checkpoint says, before somebody signs it."""

    #: name of the log, the same for good: a signature of another log proves nothing about this one
    log: str
    #: 1, 2, 3 …
    n: int
    #: when it was made by the wall clock, aware, UTC
    at: datetime
    #: how many streams it seals
    size: int
    #: hash of the checkpoint before, or NOTHING_BEFORE
    previous: bytes
    #: Merkle root over the leaves
    root: bytes

    @property
    def encoded(self) -> bytes:
        """The exact bytes that are signed: log name, n, time, size, previous checkpoint, root."""
        head = canonical([FORMAT, self.log, self.n, self.at.isoformat(), self.size])
        return _NAME + struct.pack(">I", len(head)) + head + self.previous + self.root


@dataclass(frozen=True)
class Checkpoint:
    """One signature over the heads of every stream that changed since the checkpoint before."""

    #: what it says
    unsigned: Unsigned
    #: Ed25519 over its bytes
    signature: bytes

    @property
    def n(self) -> int:
        """Its number."""
        return self.unsigned.n

    @property
    def hash(self) -> bytes:
        """What the next checkpoint follows."""
        return hashlib.sha256(b"\x04" + self.unsigned.encoded + self.signature).digest()

    def published(self, public_key: bytes, leaves: Sequence[Leaf]) -> JsonObject:
        """The form in which it leaves the installation; holds no personal content."""
        said = self.unsigned
        return {
            "log": said.log,
            "key": public_key.hex(),
            "n": said.n,
            "at": said.at.isoformat(),
            "size": said.size,
            "previous": said.previous.hex(),
            "root": said.root.hex(),
            "signature": self.signature.hex(),
            "leaves": [[one.stream.kind, one.stream.id, one.seq, one.hash.hex()] for one in leaves],
        }


def seal(log: str, n: int, at: datetime, previous: bytes, leaves: Sequence[Leaf]) -> Unsigned:
    """What a checkpoint over these leaves says; they are in the order of their streams."""
    return Unsigned(log, n, at, len(leaves), previous, root(one.encoded for one in leaves))


def in_order(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Leaves by kind and id, as every database and every reader can put them."""
    return sorted(leaves, key=lambda one: (one.stream.kind.encode(), one.stream.id.encode()))
