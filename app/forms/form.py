"""What a form is once read: questions in order, with their limits and rules. How one is read is in `reading`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from app.forms.formula import Formula
from app.model.json import Json

Kind = Literal[
    "textfield",
    "textarea",
    "number",
    "radio",
    "select",
    "checkbox",
    "checklist",
    "datetime",
    "dynamiclist",
    "filepicker",
]
Subtype = Literal["date", "time", "datetime"]

_FEEL_TYPES: Mapping[str, str] = {
    "number": "number",
    "checkbox": "boolean",
    "checklist": "list",
    "dynamiclist": "list",
    "filepicker": "list",
    "date": "date",
    "time": "time",
    "datetime": "date and time",
}


class FormProblem(NamedTuple):
    """One thing that must be put right in a form, for its editor."""

    #: id of the component, or of the form
    component: str
    #: what is wrong
    sentence: str
    #: what to do
    fix: str


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    #: what is stored
    value: str
    #: what people read
    label: str


@dataclass(frozen=True)
class Check:
    """A condition on an answer: `check.<id>` or `warn.<id>`."""

    #: name within the question
    id: str
    #: false refuses (a check), true warns (a warning)
    formula: Formula
    #: what to do
    sentence: str
    #: a tick and a reason let it pass
    is_warning: bool


@dataclass(frozen=True)
class Words:
    """Text between questions, or a heading made from a group's label."""

    #: id of the component
    id: str
    #: markdown as written; a line for a separator
    text: str
    #: what it is drawn as
    kind: Literal["text", "heading", "separator", "spacer"]
    #: hidden when any is true
    hides: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What an answer must keep to, besides rules."""

    #: there must be an answer
    is_required: bool = False
    #: fewest characters
    min_length: int = 0
    #: most characters
    max_length: int = 4_000
    #: safe regular expression, or empty
    pattern: str = ""
    #: smallest number
    minimum: Decimal | None = None
    #: largest number
    maximum: Decimal | None = None
    #: digits after the point; None for any
    decimal_digits: int | None = None
    #: the number is a multiple of this
    step: Decimal | None = None
    #: fewest rows, ticks
    fewest: int = 0
    #: most rows, ticks, files
    most: int = 25
    #: email or phone, or empty
    format: str = ""
    #: file endings without the dot
    accept: tuple[str, ...] = ()
    #: earliest date
    min_date: Formula | None = None
    #: latest date
    max_date: Formula | None = None
    #: key of a question this answer must differ from
    not_equal_to: str = ""


@dataclass(frozen=True)
class Look:
    """How a question is drawn."""

    #: autocomplete token
    autocomplete: str = "off"
    #: before the box: "£"
    prefix: str = ""
    #: after the box: "minutes"
    suffix: str = ""
    #: width in characters, or empty
    width: str = ""
    #: height in lines
    lines: int = 5
    #: label of the time of a date and time
    time_label: str = "Time"


@dataclass(frozen=True)
class Question:
    """One question, or a list of rows of questions."""

    #: id of the component
    id: str
    #: name of the answer
    key: str
    #: form-js type
    kind: Kind
    #: what people are asked
    label: str
    #: below the label, or empty
    hint: str = ""
    #: date, time or both
    subtype: Subtype = "date"
    #: what can be chosen
    options: tuple[Option, ...] = ()
    #: formula that gives the options instead
    options_from: Formula | None = None
    #: setting of the authority that gives the options instead, or "": those written are for where it set none
    names_from: str = ""
    #: what the answer must keep to
    limits: Limits = field(default_factory=Limits)
    #: names of rules: "upn", "schoolDay"
    rules: tuple[str, ...] = ()
    #: conditions and warnings
    checks: tuple[Check, ...] = ()
    #: sentences of its own: "required", "pattern"
    sentences: Mapping[str, str] = field(default_factory=dict)
    #: how it is drawn
    look: Look = field(default_factory=Look)
    #: first value by formula
    offer: Formula | None = None
    #: first value as written
    default: Json = None
    #: shown and never taken from the browser
    is_readonly: bool = False
    #: hidden when any is true: its own condition and those of its groups
    hides: tuple[Formula, ...] = ()
    #: process variable the answer is copied into, or None
    variable: str | None = None
    #: what a row holds
    rows: tuple["Item", ...] = ()
    #: what one row is called
    row_name: str = "row"
    #: people may add and remove rows
    may_add: bool = True
    #: rows drawn at first
    first_rows: int = 1

    @property
    def row_questions(self) -> tuple["Question", ...]:
        """The questions in one row."""
        return tuple(item for item in self.rows if isinstance(item, Question))

    @property
    def feel_type(self) -> str:
        """FEEL type of the answer."""
        return _FEEL_TYPES.get(self.subtype if self.kind == "datetime" else self.kind, "string")


Item: TypeAlias = Question | Words


@dataclass(frozen=True)
class Form:
    """A form that can be drawn and checked."""

    #: form key, the schema's id
    key: str
    #: its first heading, or the key in words
    title: str
    #: questions and words in order, groups flattened
    items: tuple[Item, ...]
    #: 64 hex characters over the schema's content
    digest: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions outside rows, in order."""
        return tuple(item for item in self.items if isinstance(item, Question))

    @property
    def variables(self) -> Mapping[str, str]:
        """Question key → process variable."""
        return {question.key: question.variable for question in self.questions if question.variable}

    @property
    def types(self) -> Mapping[str, str]:
        """Process variable → FEEL type."""
        return {question.variable: question.feel_type for question in self.questions if question.variable}

    def question(self, key: str) -> Question | None:
        """The question outside rows with this key."""
        return next((question for question in self.questions if question.key == key), None)

    def formulas(self) -> Iterator[tuple[Item, Formula, frozenset[str]]]:
        """Every formula with its place and the question keys it may use."""
        keys = frozenset(question.key for question in self.questions)
        for item in self.items:
            yield from ((item, formula, keys) for formula in formulas_of(item))
            if isinstance(item, Question):
                inner = keys | {question.key for question in item.row_questions}
                yield from ((cell, formula, inner) for cell in item.rows for formula in formulas_of(cell))

    def problems(self, known: frozenset[str]) -> list[FormProblem]:
        """Names in formulas that are neither a question nor one of the `known` process variables."""
        return [
            FormProblem(
                item.id,
                f"The formula {formula.source} names {name}, which is neither a question here nor a process variable",
                "Use the key of a question, or a variable the process sets before this form.",
            )
            for item, formula, keys in self.formulas()
            for name in sorted(formula.names - keys - known)
        ]


def formulas_of(item: Item) -> Iterator[Formula]:
    """The formulas written on one component."""
    yield from item.hides
    if isinstance(item, Question):
        yield from (check.formula for check in item.checks)
        yield from (
            each for each in (item.offer, item.options_from, item.limits.min_date, item.limits.max_date) if each
        )
