"""The smallest change from one state to the next, and its fold. Knows JSON objects only, nothing of BPMN.

Shape: {"set": [[path, value], …], "gone": [path, …]}; a path is a list of keys, never joined; [] is the whole state.
Holds: apply(before, diff(before, after)) == after, for any two states.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import cast

from app.model.json import Json, JsonObject

#: scopes → scope → tasks → task → notes; what lies deeper (the inside of a variable) is replaced whole
DEEPEST_PATH = 5

_Path = tuple[str, ...]


def diff(before: JsonObject | None, after: JsonObject) -> JsonObject:
    """Smallest change that turns `before` into `after`; {} when nothing changed."""
    if before is None:
        return {"set": [[[], deepcopy(cast(Json, after))]]}
    changed: list[Json] = []
    gone: list[Json] = []
    for path, value, is_gone in _changes(before, after, ()):
        if is_gone:
            gone.append(list(path))
        else:
            changed.append([list(path), deepcopy(value)])
    delta: JsonObject = {}
    if changed:
        delta["set"] = changed
    if gone:
        delta["gone"] = gone
    return delta


def apply(state: JsonObject | None, delta: JsonObject) -> JsonObject:
    """The state after one more change; `state` itself stays as it is."""
    return _applied({} if state is None else _copied(state, DEEPEST_PATH), delta)


def fold(deltas: Iterable[JsonObject]) -> JsonObject:
    """The state after all changes, oldest first."""
    state: JsonObject = {}
    for delta in deltas:
        state = _applied(state, delta)
    return state


def _changes(before: Mapping[str, Json], after: Mapping[str, Json], at: _Path) -> Iterator[tuple[_Path, Json, bool]]:
    for key in sorted(before):
        if key not in after:
            yield (*at, key), None, True
    for key, value in sorted(after.items()):
        path = (*at, key)
        if key not in before:
            yield path, value, False
        elif not _same(old := before[key], value):
            if isinstance(old, Mapping) and isinstance(value, Mapping) and len(path) < DEEPEST_PATH:
                yield from _changes(old, value, path)
            else:
                yield path, value, False


def _same(left: Json, right: Json) -> bool:
    """Equal as JSON text: True is not 1 and 1 is not 1.0."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and left == right


def _applied(state: JsonObject, delta: JsonObject) -> JsonObject:
    for path in cast(list[list[str]], delta.get("gone", [])):
        _holder(state, path).pop(path[-1], None)
    for path, value in cast(list[tuple[list[str], Json]], delta.get("set", [])):
        if path:
            _holder(state, path)[path[-1]] = deepcopy(value)
        else:
            state = cast(JsonObject, deepcopy(value))
    return state


def _holder(state: JsonObject, path: list[str]) -> JsonObject:
    at = state
    for key in path[:-1]:
        at = cast(JsonObject, at[key])
    return at


def _copied(value: JsonObject, depth: int) -> JsonObject:
    if depth == 0:
        return value
    return {k: _copied(v, depth - 1) if isinstance(v, dict) else v for k, v in value.items()}
