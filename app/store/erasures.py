"""The list of what was erased, outside the databases: whoever restores a backup erases it all again."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from app.model.entry import StreamId, StreamKind


@dataclass(frozen=True)
class Erasure:
    """One stream whose key was destroyed."""

    #: the stream
    stream: StreamId
    #: when, as the command said
    at: str


def note(path: Path, stream: StreamId, at: datetime) -> None:
    """Add one line, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(json.dumps({"kind": stream.kind, "id": stream.id, "at": at.isoformat()}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Erasure]:
    """Every line, each stream once. Raises ValueError where a line cannot be read: none may be overlooked."""
    found: dict[StreamId, Erasure] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        stream = StreamId(cast(StreamKind, said["kind"]), said["id"])
        found.setdefault(stream, Erasure(stream, said["at"]))
    return list(found.values())
