"""FEEL of a diagram said with the labels of the questions that people answer. What it cannot say it leaves out.

For staff, who never see names of variables. Owners read what is written: `words`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TEXT = r'"(?:[^"\\]|\\.)*"'
_NAME = r"[A-Za-z_]\w*"
_SUBJECT = rf"(?:number\(\s*(?P<inner>{_NAME})\s*\)|(?P<name>{_NAME}))"
_COMPARISON = re.compile(rf"{_SUBJECT}\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>{_TEXT}|-?\d+(?:\.\d+)?|true|false|null)")
_LISTED = re.compile(
    rf"list contains\(\s*\[(?P<values>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*)\]\s*,\s*(?P<name>{_NAME})\s*\)"
)
_PARTS = re.compile(rf"\s+(and|or)\s+(?=(?:[^\"]|{_TEXT})*$)")
_SIGNS = {
    "=": "is {}",
    "!=": "is not {}",
    ">": "is more than {}",
    "<": "is less than {}",
    ">=": "is {} or more",
    "<=": "is {} or less",
}
_NULL = {"=": "“{}” has no answer", "!=": "“{}” has an answer"}


@dataclass(frozen=True)
class Asked:
    """A question whose answer becomes a process variable."""

    #: what people are asked
    label: str
    #: label of each answer to choose, by what is stored
    options: Mapping[str, str] = field(default_factory=dict)


Questions = Mapping[str, Asked]


def condition_words(feel: str, questions: Questions) -> str:
    """“Is there a safeguarding concern?” is “Yes”; "" for a condition that is more than comparing answers."""
    parts = _PARTS.split(feel.strip())
    if len(set(parts[1::2])) > 1:
        return ""
    said = [_one(part, questions) for part in parts[0::2]]
    return f" {parts[1] if len(parts) > 1 else ''} ".join(said) if all(said) else ""


def value_words(feel: str, questions: Questions) -> str:
    """The question whose answer a bare name is; "" for anything else."""
    found = questions.get(feel.strip())
    return f"the answer to “{found.label}”" if found else ""


def _one(part: str, questions: Questions) -> str:
    if listed := _LISTED.fullmatch(part.strip()):
        asked = questions.get(listed["name"])
        values = [_value(one, asked) for one in re.findall(_TEXT, listed["values"])]
        return f"“{asked.label}” is {_either(values)}" if asked else ""
    compared = _COMPARISON.fullmatch(part.strip())
    asked = questions.get(compared["inner"] or compared["name"]) if compared else None
    if compared is None or asked is None:
        return ""
    if compared["value"] == "null":
        return _NULL[compared["sign"]].format(asked.label) if compared["sign"] in _NULL else ""
    return f"“{asked.label}” {_SIGNS[compared['sign']].format(_value(compared['value'], asked))}"


def _value(written: str, asked: Asked | None) -> str:
    stored = written[1:-1] if written.startswith('"') else {"true": "yes", "false": "no"}.get(written, written)
    label = asked.options.get(stored, stored) if asked else stored
    return f"“{label}”" if written.startswith('"') or label != written else label


def _either(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
