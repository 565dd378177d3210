"""JSON as plain Python values, one canonical way to write it, and nothing about what it means."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = dict[str, Json]


def canonical(value: object) -> bytes:
    """The one way a value is written where bytes are hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def compact(value: object) -> bytes:
    """Shortest text that keeps key order: for engine state, where parents must precede children."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
