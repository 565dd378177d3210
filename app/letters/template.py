"""Reading the text of a letter template: its head, its blocks, its places and its conditions. Not filling it.

A little Markdown and nothing else: headings, paragraphs, lists, bold. `{{ expression }}` is a place, `{{ if … }}`,
`{{ else }}` and `{{ end }}` on lines of their own are conditions; both are FEEL. Any other sign is text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias

from app.feel import Expression, FeelError, compile_expression

LONGEST_TEMPLATE = 50_000
DEEPEST_CONDITION = 5
#: what every letter may name besides the variables of its process, and what it may ask of each
FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pupil": frozenset({"name", "first_name", "parents", "born_on", "year_group"}),
        "school": frozenset({"name"}),
        "case": frozenset({"reference", "process"}),
        "today": frozenset(),
        "answers": frozenset(),
    }
)
#: functions besides those of FEEL: `due("rule key", date)`
FUNCTIONS = frozenset({"due"})
#: whom a letter may be to, and how pages say so
RECIPIENTS: Mapping[str, str] = MappingProxyType(
    {
        "parents": "the parents",
        "pupil": "the pupil",
        "school": "the school",
        "authority": "the local authority",
        "everyone": "everyone who takes part",
    }
)

_PLACE = re.compile(r"\{\{(.*?)\}\}")
_CONDITION = re.compile(r"\{\{\s*(if\b.*|else|end)\s*\}\}")
_HEADING = re.compile(r"#{1,3}\s+(.*)")
_BULLET = re.compile(r"[-*]\s+(.*)")
_NUMBER = re.compile(r"\d{1,2}[.)]\s+(.*)")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ANSWER = re.compile(r"answers\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?")
_FACT = re.compile(rf"\b({'|'.join(name for name, asked in FACTS.items() if asked)})\s*\.\s*(\w+)")

Kind: TypeAlias = Literal["heading", "paragraph", "bullet", "number"]


class UnreadableTemplate(Exception):
    """A template cannot be read: its line and one sentence why."""

    def __init__(self, line: int, sentence: str) -> None:
        """`line` counts from 1."""
        super().__init__(f"Line {line}: {sentence}")
        self.line = line
        self.sentence = f"Line {line}: {sentence}"


@dataclass(frozen=True)
class Place:
    """A place that is filled with a value."""

    #: line of the template
    line: int
    #: what gives the value
    expression: Expression

    @property
    def source(self) -> str:
        """The expression as it was written."""
        return self.expression.source

    @property
    def answers(self) -> frozenset[tuple[str, str]]:
        """(form key, field or "") of the answers it asks for."""
        return frozenset((one[1], one[2] or "") for one in _ANSWER.finditer(self.source))

    @property
    def facts(self) -> frozenset[tuple[str, str]]:
        """(fact, what is asked of it): ("pupil", "name")."""
        return frozenset((one[1], one[2]) for one in _FACT.finditer(self.source))


@dataclass(frozen=True)
class Run:
    """A stretch of text, or a place, in one weight."""

    #: the text as it stands, or the place
    content: str | Place
    #: set in bold
    is_bold: bool = False


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list."""

    #: which of them
    kind: Kind
    #: what it says
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Choice:
    """Blocks that are there only where a condition holds, and those that are there otherwise."""

    #: the condition
    condition: Place
    #: where it is true
    then: tuple["Part", ...]
    #: where it is not
    otherwise: tuple["Part", ...]


Part: TypeAlias = Block | Choice


@dataclass(frozen=True)
class Template:
    """One letter as its process owner wrote it."""

    #: what the letter is called, and its heading
    title: tuple[Run, ...]
    #: whom it is to: a key of RECIPIENTS
    to: str
    #: what it says
    parts: tuple[Part, ...]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place and condition, in order."""
        return (*_places(self.title), *(place for part in self.parts for place in _of_part(part)))

    @property
    def forms(self) -> frozenset[str]:
        """Keys of the forms whose answers it quotes."""
        return frozenset(key for place in self.places for key, _ in place.answers)


def read(content: bytes) -> Template:
    """The template. Raises UnreadableTemplate with the line."""
    if len(content) > LONGEST_TEMPLATE:
        raise UnreadableTemplate(1, f"Expected at most {LONGEST_TEMPLATE:,} bytes, but there are {len(content):,}")
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnreadableTemplate(1, "Expected text in UTF-8, but it is not") from None
    head, begin = _head(lines)
    if not head.get("title"):
        raise UnreadableTemplate(1, "Expected “title:” in the head, but the letter has no title")
    if head.get("to") not in RECIPIENTS:
        known = ", ".join(RECIPIENTS)
        raise UnreadableTemplate(
            1, f"Expected “to:” in the head to be one of {known}, but it is “{head.get('to', '')}”"
        )
    parts = _Reader(lines, begin).parts()
    if not parts:
        raise UnreadableTemplate(begin + 1, "Expected words after the head, but there are none")
    return Template(_runs(head["title"], 1), head["to"], parts)


def _head(lines: list[str]) -> tuple[dict[str, str], int]:
    """What is said between two lines of `---`, and where the letter begins."""
    if not lines or lines[0].strip() != "---":
        raise UnreadableTemplate(1, "Expected a head between two lines of ---, but the first line is something else")
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return head, number
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in {"title", "to"}:
            raise UnreadableTemplate(number, "Expected “title: …” or “to: …” in the head, but there is something else")
        head[key.strip()] = value.strip()
    raise UnreadableTemplate(len(lines), "Expected the head to end with a line of ---, but it does not end")


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: list[str], begin: int) -> None:
        """Start at line `begin`, counted from 0."""
        self.lines = lines
        self.at = begin
        self.depth = 0

    def parts(self) -> tuple[Part, ...]:
        """All of them. Raises UnreadableTemplate."""
        found = self._until(frozenset())
        if self.at < len(self.lines):
            word = self._word() or ""
            raise UnreadableTemplate(self.at + 1, f"Expected “if” before “{word}”, but there is none")
        return found

    def _until(self, ends: frozenset[str]) -> tuple[Part, ...]:
        found: list[Part] = []
        while self.at < len(self.lines):
            word = self._word()
            if word is not None and (word in ends or not word.startswith("if")):
                return tuple(found)
            if word is not None:
                found.append(self._choice(word))
            elif not self.lines[self.at].strip():
                self.at += 1
            else:
                found.append(self._block())
        return tuple(found)

    def _word(self) -> str | None:
        """What the line says where it is a condition."""
        return _condition(self.lines[self.at].strip())

    def _choice(self, word: str) -> Choice:
        begun = self.at + 1
        condition = _place(word.removeprefix("if"), begun)
        self.at, self.depth = self.at + 1, self.depth + 1
        if self.depth > DEEPEST_CONDITION:
            raise UnreadableTemplate(begun, f"Expected conditions at most {DEEPEST_CONDITION} deep, but this is deeper")
        then = self._until(frozenset({"else", "end"}))
        otherwise: tuple[Part, ...] = ()
        if self.at < len(self.lines) and self._word() == "else":
            self.at += 1
            otherwise = self._until(frozenset({"end"}))
        if self.at >= len(self.lines) or self._word() != "end":
            raise UnreadableTemplate(begun, "Expected {{ end }} after this condition, but there is none")
        self.at, self.depth = self.at + 1, self.depth - 1
        return Choice(condition, then, otherwise)

    def _block(self) -> Block:
        begun = self.at + 1
        kind, text = _kind(self.lines[self.at].strip())
        said = [text]
        self.at += 1
        while kind != "heading" and self._goes_on():
            said.append(self.lines[self.at].strip())
            self.at += 1
        joined = said[0]
        for line in said[1:]:
            joined = f"{joined[:-1].rstrip()}\n{line}" if joined.endswith("\\") else f"{joined} {line}"
        return Block(kind, _runs(joined, begun))

    def _goes_on(self) -> bool:
        """The line belongs to the block before it."""
        if self.at >= len(self.lines) or not (line := self.lines[self.at].strip()):
            return False
        return self._word() is None and _kind(line)[0] == "paragraph"


def _condition(text: str) -> str | None:
    """What a condition says; FEEL's own “if … then … else …” gives a value and is none."""
    match = _CONDITION.fullmatch(text)
    return match[1].strip() if match and not re.search(r"\bthen\b", match[1]) else None


def _kind(line: str) -> tuple[Kind, str]:
    if match := _HEADING.fullmatch(line):
        return "heading", match[1]
    if match := _BULLET.fullmatch(line):
        return "bullet", match[1]
    if match := _NUMBER.fullmatch(line):
        return "number", match[1]
    return "paragraph", line


def _runs(text: str, line: int) -> tuple[Run, ...]:
    """Text with its bold stretches and places; a place may stand in bold."""
    found: list[Run] = []
    at = 0
    for match in _BOLD.finditer(text):
        found += _filled(text[at : match.start()], line, is_bold=False)
        found += _filled(match[1], line, is_bold=True)
        at = match.end()
    return (*found, *_filled(text[at:], line, is_bold=False))


def _filled(text: str, line: int, *, is_bold: bool) -> Iterator[Run]:
    at = 0
    for match in _PLACE.finditer(text):
        if match.start() > at:
            yield Run(text[at : match.start()], is_bold)
        if _condition(match[0]) is not None:
            raise UnreadableTemplate(line, f"Expected {match[0]} on a line of its own, but there is more beside it")
        yield Run(_place(match[1], line), is_bold)
        at = match.end()
    if rest := text[at:]:
        if "{{" in rest or "}}" in rest:
            raise UnreadableTemplate(line, "Expected every {{ to be closed by }} on the same line, but one is not")
        yield Run(rest, is_bold)


def _place(source: str, line: int) -> Place:
    if not source.strip():
        raise UnreadableTemplate(line, "Expected a name or an expression between the braces, but there is nothing")
    try:
        return Place(line, compile_expression(source.strip(), extra_functions=FUNCTIONS))
    except FeelError as error:
        raise UnreadableTemplate(line, f"“{source.strip()[:60]}” cannot be read. {error.sentence}") from None


def _of_part(part: Part) -> Iterator[Place]:
    if isinstance(part, Block):
        yield from _places(part.runs)
        return
    yield part.condition
    for inner in (*part.then, *part.otherwise):
        yield from _of_part(inner)


def _places(runs: tuple[Run, ...]) -> Iterator[Place]:
    return (run.content for run in runs if isinstance(run.content, Place))
