"""BPMN, DMN and letters: bytes → values, or the sentence why they cannot be read. No rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.diagrams import Diagram, UnreadableDiagram, read
from app.feel.dmn import Decision, DecisionError, Problem, parse_decision
from app.letters import Template, UnreadableTemplate
from app.letters import read as read_letter

#: what expressions in diagrams and tables may call besides the functions of FEEL
FUNCTIONS = frozenset({"due"})


@dataclass(frozen=True)
class Unread:
    """A file that cannot be read."""

    #: why, one sentence
    sentence: str


@dataclass(frozen=True)
class Decisions:
    """What one DMN file offers."""

    #: keys a business rule task may name
    keys: frozenset[str]
    #: process variables it sets
    outputs: frozenset[str]
    #: variables it reads
    names: frozenset[str]
    #: what is unsupported in it
    problems: tuple[Problem, ...]


def diagrams_read(bpmn: Mapping[str, bytes]) -> dict[str, Diagram | Unread]:
    """Diagrams by file name."""
    return {name: _diagram(content) for name, content in bpmn.items()}


def decisions_read(dmn: Mapping[str, bytes]) -> dict[str, Decisions | Unread]:
    """Decisions by file name."""
    return {name: _decisions(content) for name, content in dmn.items()}


def letters_read(letters: Mapping[str, bytes]) -> dict[str, Template | Unread]:
    """Letter templates by name."""
    return {name: _letter(content) for name, content in letters.items()}


def _letter(content: bytes) -> Template | Unread:
    try:
        return read_letter(content)
    except UnreadableTemplate as refusal:
        return Unread(refusal.sentence)


def _diagram(content: bytes) -> Diagram | Unread:
    try:
        return read(content)
    except UnreadableDiagram as refusal:
        return Unread(refusal.sentence)


def _decisions(content: bytes) -> Decisions | Unread:
    try:
        decision = parse_decision(content, extra_functions=FUNCTIONS)
    except DecisionError as error:
        return Unread(error.sentence)
    return Decisions(frozenset({decision.key}), _outputs(decision), decision.names, tuple(decision.problems()))


def _outputs(decision: Decision) -> frozenset[str]:
    """The names of its output columns; a decision without columns sets the variable of its own name."""
    return frozenset(output.name for output in decision.outputs) or frozenset({decision.key, decision.name})
