"""What a DMN file says, as read: decisions, tables, rules, cells. Nothing is compiled or evaluated here."""

from dataclasses import dataclass
from typing import NamedTuple


class DecisionError(Exception):
    """A decision cannot be read, or its rules contradict each other for these values."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence people read."""
        self.sentence = sentence
        super().__init__(sentence)


class Problem(NamedTuple):
    """Something in the file that must be put right before it can be used."""

    #: the DMN id of the element it is at
    element_id: str
    #: what is wrong
    sentence: str
    #: what to do
    fix: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in a table."""

    #: DMN id
    element_id: str
    #: FEEL
    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """One input column."""

    #: DMN id
    element_id: str
    #: what people read above the column
    label: str
    #: the FEEL expression whose value is tested
    expression: str
    #: declared type, such as `string` or `date`, empty when none is
    type_name: str
    #: unary tests every value must pass, empty when any value may come
    allowed: str


@dataclass(frozen=True, slots=True)
class Output:
    """One output column."""

    #: DMN id
    element_id: str
    #: what people read above the column
    label: str
    #: the key of the value in the result
    name: str
    #: declared type, empty when none is
    type_name: str
    #: FEEL values in order of priority, empty when none are given
    values: str
    #: FEEL value when no rule applies, empty when there is none
    default: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row."""

    #: DMN id
    element_id: str
    #: position in the table, from 1
    number: int
    #: unary tests, one per input
    tests: tuple[Cell, ...]
    #: expressions, one per output
    results: tuple[Cell, ...]
    #: what the author wrote beside it, may be empty
    annotation: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    #: DMN id
    element_id: str
    #: `UNIQUE`, `FIRST`, … as the file says it
    hit_policy: str
    #: `SUM`, `MIN`, `MAX`, `COUNT` or empty
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class DecisionSource:
    """One decision of a file."""

    #: DMN id
    element_id: str
    #: what people call it
    name: str
    #: the name other decisions read its value by
    variable: str
    #: ids of the decisions it reads
    requires: tuple[str, ...]
    #: its table, its literal expression, or None when it has neither
    logic: Table | Cell | None
    #: what is unsupported in it
    problems: tuple[Problem, ...]
