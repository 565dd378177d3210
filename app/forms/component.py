"""Reading one component of a schema safely: a wrong type of value is a problem with a fix, never a crash."""

import re
from collections.abc import Mapping
from decimal import Decimal

from app.forms.form import FormProblem
from app.forms.formula import Formula, UnreadableFormula

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
MAX_TEXT_CHARACTERS = 10_000


class Component:
    """One JSON object of a schema, with the list its problems go into."""

    def __init__(self, content: object, problems: list[FormProblem], name: str = "") -> None:
        """Keep the object; anything that is not one is a problem."""
        self.content: Mapping[str, object] = content if isinstance(content, dict) else {}
        self.problems = problems
        self.id = name or str(self.content.get("id") or self.content.get("key") or "?")[:100]
        if not isinstance(content, dict):
            self.report("Expected an object, but there is something else", "Draw the component again.")

    def report(self, sentence: str, fix: str) -> None:
        """Note a problem here."""
        self.problems.append(FormProblem(self.id, sentence, fix))

    def part(self, name: str) -> "Component":
        """An object inside, or an empty one."""
        return Component({} if self.content.get(name) is None else self.content[name], self.problems, self.id)

    def parts(self, name: str) -> list["Component"]:
        """A list of objects inside, or an empty one."""
        inside = [] if self.content.get(name) is None else self.content[name]
        if not isinstance(inside, list):
            self.report(f"Expected {name} to be a list, but it is not", f"Write {name} as a list.")
            return []
        return [Component(each, self.problems) for each in inside]

    def allow(self, allowed: frozenset[str], where: str) -> None:
        """Refuse every name that has a meaning we do not honour."""
        for name in sorted(set(self.content) - allowed):
            self.report(f"Expected only settings that work here, but {where} has {name}", f"Remove {name}.")

    def text(self, name: str) -> str:
        """Text, or empty."""
        value = self.content.get(name)
        if value is None:
            return ""
        if isinstance(value, str) and len(value) <= MAX_TEXT_CHARACTERS:
            return value.strip()
        self.report(f"Expected {name} to be text, but it is not, or too long", f"Write {name} as text.")
        return ""

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self.content.get(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.report(f"Expected {name} to be true or false, but it is {value!r:.40}", f"Write {name} as true or false.")
        return default

    def number(self, name: str) -> Decimal | None:
        """A number, also when written as text, or None."""
        value = self.content.get(name)
        if value is None or value == "":
            return None
        written = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
        if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", written):
            return Decimal(written)
        self.report(f"Expected {name} to be a number, but it is {value!r:.40}", f"Write {name} in figures.")
        return None

    def whole(self, name: str, default: int, smallest: int, largest: int) -> int:
        """A whole number between two others."""
        value = self.number(name)
        if value is None:
            return default
        if value == value.to_integral_value() and smallest <= value <= largest:
            return int(value)
        self.report(
            f"Expected {name} to be a whole number from {smallest} to {largest}, but it is {value}", f"Change {name}."
        )
        return default

    def formula(self, name: str) -> Formula | None:
        """A FEEL formula, or None; a leading `=` is dropped."""
        source = self.text(name)
        if not source:
            return None
        try:
            return Formula.read(source.removeprefix("=").strip())
        except UnreadableFormula as trouble:
            self.report(f"{name} cannot be read: {trouble}", "Correct the formula.")
            return None

    def key(self, *names: str) -> str:
        """The key under the first of these names, or empty."""
        written = next((self.content[name] for name in names if self.content.get(name)), None)
        if isinstance(written, str) and KEY.fullmatch(written) and written not in RESERVED:
            return written
        self.report(
            f"Expected a key of letters, digits and underscore that is not reserved, but it is {written!r:.60}",
            "Give the question a key such as review_date.",
        )
        return ""


_FEEL_WORDS = ("if", "then", "else", "for", "return", "some", "every", "in", "satisfies", "and", "or", "not", "between")
_FEEL_VALUES = ("null", "true", "false", "function", "instance", "of", "item", "external", "partial")
#: keys that would mean something else to a formula, to the page or to marshmallow
RESERVED = frozenset({"typename", "csrf_token", *_FEEL_WORDS, *_FEEL_VALUES})
