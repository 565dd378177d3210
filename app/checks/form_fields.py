"""Which fields a form-js schema has and which process variable each sets. Not how a form is shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.checks.readings import Unread

LARGEST_FORM_BYTES = 1_000_000
DEEPEST_FORM = 20

#: FEEL type of the answer by form-js type
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "textfield": "string",
        "textarea": "string",
        "radio": "string",
        "select": "string",
        "number": "number",
        "checkbox": "boolean",
        "checklist": "list",
        "taglist": "list",
        "datetime": "date",
        "dynamiclist": "list of context",
        "filepicker": "list",
    }
)


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    #: key of its answer
    key: str
    #: form-js type: "textfield"
    kind: str
    #: what people read beside it
    label: str
    #: process variable its answer is copied into, or None
    variable: str | None

    @property
    def type(self) -> str:
        """FEEL type of its answer."""
        return TYPES.get(self.kind, "string")


def fields_of(content: bytes) -> tuple[Field, ...] | Unread:
    """The fields of a form, or the sentence why it cannot be read."""
    if len(content) > LARGEST_FORM_BYTES:
        return Unread("Expected a form of at most 1 MB, but this one is larger")
    try:
        schema = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return Unread(f"Expected a form as JSON, but the file cannot be read{where}")
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        return Unread("Expected a form with “components”, but there are none")
    return tuple(_fields(schema["components"], 0))


def _fields(components: object, depth: int) -> Iterator[Field]:
    if not isinstance(components, list) or depth > DEEPEST_FORM:
        return
    for component in components:
        if isinstance(component, dict):
            yield from _field(component)
            if component.get("type") != "dynamiclist":
                yield from _fields(component.get("components"), depth + 1)


def _field(component: dict[str, object]) -> Iterator[Field]:
    properties = component.get("properties")
    variable = properties.get("variable") if isinstance(properties, dict) else None
    key = component.get("key") or component.get("path") or component.get("id")
    if isinstance(key, str):
        label = component.get("label")
        yield Field(
            key=key,
            kind=str(component.get("type", "")),
            label=label if isinstance(label, str) else key,
            variable=variable if isinstance(variable, str) and variable else None,
        )
