"""Process variables as they come in from outside: which names and values are taken. Not where they are kept."""

import json
import re
from collections.abc import Mapping
from typing import cast

from app.errors import InvalidAnswers
from app.model.json import Json, JsonObject

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
#: reserved by the engine library: an object with it would be taken for one of its own
RESERVED = "typename"
DEEPEST_VALUE = 20


def checked(variables: Mapping[str, Json]) -> JsonObject:
    """A copy of the variables, as plain JSON. Raises InvalidAnswers with one sentence per name."""
    problems = {name: sentence for name, value in variables.items() if (sentence := _problem(name, value))}
    if problems:
        raise InvalidAnswers(problems)
    return cast(JsonObject, json.loads(json.dumps(dict(variables), allow_nan=False)))


def is_name(name: object) -> bool:
    """Whether a process variable may be called this."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None and name != RESERVED


def _problem(name: str, value: Json) -> str | None:
    if not is_name(name):
        return f"Expected a variable name of small letters, digits and underscores, but it is “{str(name)[:70]}”"
    return _value_problem(value, 0)


def _value_problem(value: object, depth: int) -> str | None:
    if depth > DEEPEST_VALUE:
        return f"Expected at most {DEEPEST_VALUE} levels of lists and contexts, but there are more"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "Expected a number, but the value is not finite"
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value) or RESERVED in value:
            return f"Expected plain keys, but one is no text or is “{RESERVED}”"
        return _first_problem(value.values(), depth)
    if isinstance(value, list | tuple):
        return _first_problem(value, depth)
    if value is None or isinstance(value, bool | int | float | str):
        return None
    return f"Expected plain JSON, but a value is of the kind {type(value).__name__}"


def _first_problem(values: object, depth: int) -> str | None:
    found = (_value_problem(each, depth + 1) for each in values)  # type: ignore[attr-defined]
    return next((sentence for sentence in found if sentence), None)
