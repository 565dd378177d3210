"""Scenario files: what a person expects of a process, case by case, as written in YAML. Not how they are played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.errors import Rejected
from app.model.json import Json, JsonObject

LARGEST_FILE_BYTES = 1_000_000
MOST_VALUES = 100_000
NEXT_DUE = "next due"
_STEPS = {"do": {"as", "answers", "accept", "refused"}, "message": {"payload"}, "advance_to": set(), "expect": set()}
_EXPECTED = {"open", "due", "waiting_until", "waiting_for", "variables"}
_START = {"on", "calendar", "answers", "message", "payload", "accept"}


class UnreadableScenarios(Rejected):
    """This is not a file of scenarios."""


@dataclass(frozen=True)
class _Where:
    """A place in the file, as a person finds it."""

    #: "Scenario 3, “handed over”, step 2"
    words: str
    #: line in the file, from 1, or None
    line: int | None

    def wrong(self, sentence: str) -> UnreadableScenarios:
        """That something is wrong here."""
        at = f"Line {self.line}. " if self.line else ""
        return UnreadableScenarios(f"{at}{self.words}: {sentence}")

    def at(self, words: str, written: Any = None) -> "_Where":
        """A place within it."""
        return _Where(f"{self.words}, {words}", _line(written) or self.line)


def _line(written: Any) -> int | None:
    return written.lc.line + 1 if isinstance(written, CommentedBase) else None


@dataclass(frozen=True)
class Start:
    """How a case begins."""

    #: the day, at 09:00 in England
    on: date
    #: name of a reference calendar
    calendar: str
    #: clean answers to the start form
    answers: JsonObject = field(default_factory=dict)
    #: message that starts it, or None
    message: str | None = None
    #: what the message carries
    payload: Json = None
    #: warnings accepted: name → the reason
    accept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Do:
    """Somebody does a task."""

    #: BPMN id
    task: str
    #: the role they hold
    role: str
    #: clean answers
    answers: JsonObject = field(default_factory=dict)
    #: warnings accepted: name → the reason
    accept: Mapping[str, str] = field(default_factory=dict)
    #: the questions whose answers the form must refuse; the task then stays open
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tell:
    """A message comes."""

    #: its name
    message: str
    #: what it carries
    payload: Json = None


@dataclass(frozen=True)
class Advance:
    """Time passes."""

    #: to 09:00 of a day, or None: to the next timer's moment
    to: date | None


@dataclass(frozen=True)
class Expect:
    """What must be so now; what is None is not looked at."""

    #: ids of every open task, in any order
    open: tuple[str, ...] | None = None
    #: open tasks with the day they are due, others allowed
    due: Mapping[str, str] = field(default_factory=dict)
    #: every timer with its day
    waiting_until: Mapping[str, str] | None = None
    #: names of messages it must wait for, others allowed
    waiting_for: tuple[str, ...] = ()
    #: process variables
    variables: JsonObject = field(default_factory=dict)


Step = Do | Tell | Advance | Expect


@dataclass(frozen=True)
class Scenario:
    """One case from its start to its end."""

    #: what happens, one sentence
    name: str
    #: how it begins
    start: Start
    #: what happens then, in order
    steps: tuple[Step, ...]
    #: name of the end event
    end: str


def read_scenarios(content: bytes) -> tuple[Scenario, ...]:
    """The scenarios of a file. Raises UnreadableScenarios, naming the scenario and the step."""
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableScenarios("Expected a file of at most 1 MB, but it is larger.")
    try:
        written = YAML(pure=True).load(content)
    except MarkedYAMLError as trouble:
        raise UnreadableScenarios(_unreadable(trouble)) from None
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError) as trouble:
        raise UnreadableScenarios(f"Expected YAML, but the file cannot be read: {str(trouble)[:300]}") from None
    _refuse_endless(written)
    if not isinstance(written, list) or not written:
        raise UnreadableScenarios("Expected a list of scenarios, but the file is something else.")
    return tuple(_scenario(one, number) for number, one in enumerate(written, 1))


def _refuse_endless(written: Any) -> None:
    """An alias stands for all it names: a few of them, one in the other, would be more than can be held."""
    todo, count = [written], 0
    while todo:
        one = todo.pop()
        count += 1
        if count > MOST_VALUES:
            raise UnreadableScenarios(f"Expected at most {MOST_VALUES:,} values, but there are more.")
        todo.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())


def _unreadable(trouble: MarkedYAMLError) -> str:
    mark = trouble.problem_mark or trouble.context_mark
    at = f"Line {mark.line + 1}. " if mark else ""
    return f"{at}Expected YAML, but {trouble.problem or trouble.context or 'it cannot be read'}."


def _scenario(written: Any, number: int) -> Scenario:
    where = _Where(f"Scenario {number}", _line(written))
    fields = _fields(written, {"name", "start", "steps", "end"}, where)
    where = where.at(f"“{fields.get('name')}”", written)
    for needed in ("name", "start", "end"):
        if needed not in fields:
            raise where.wrong(f"Expected “{needed}”, but it is missing.")
    steps = fields.get("steps") or []
    if not isinstance(steps, list):
        raise where.wrong("Expected a list of steps, but it is something else.")
    return Scenario(
        name=str(fields["name"]),
        start=_start(fields["start"], where.at("start", fields["start"])),
        steps=tuple(_step(one, where.at(f"step {n}", one)) for n, one in enumerate(steps, 1)),
        end=str(fields["end"]),
    )


def _start(written: Any, where: _Where) -> Start:
    fields = _fields(written, _START, where)
    return Start(
        on=_day(fields.get("on"), where),
        calendar=str(fields.get("calendar", "REF-A")),
        answers=_plain(fields.get("answers") or {}),
        message=fields.get("message"),
        payload=_plain(fields.get("payload")),
        accept=_plain(fields.get("accept") or {}),
    )


def _step(written: Any, where: _Where) -> Step:
    kind = next((one for one in _STEPS if isinstance(written, dict) and one in written), None)
    if kind is None:
        raise where.wrong(f"Expected one of {', '.join(_STEPS)}, but there is none.")
    fields = _fields(written, {kind, *_STEPS[kind]}, where)
    if kind == "do":
        answers, accept = _plain(fields.get("answers") or {}), _plain(fields.get("accept") or {})
        refused = tuple(str(one) for one in fields.get("refused") or ())
        return Do(str(fields["do"]), str(fields.get("as", "")), answers, accept, refused)
    if kind == "message":
        return Tell(str(fields["message"]), _plain(fields.get("payload")))
    if kind == "advance_to":
        return Advance(None if fields["advance_to"] == NEXT_DUE else _day(fields["advance_to"], where))
    return _expect(fields["expect"], where)


def _expect(written: Any, where: _Where) -> Expect:
    fields = _fields(written, _EXPECTED, where.at("expect", written))
    opened, until = fields.get("open"), fields.get("waiting_until")
    return Expect(
        open=None if opened is None else tuple(str(one) for one in opened),
        due={str(key): str(value) for key, value in (fields.get("due") or {}).items()},
        waiting_until=None if until is None else {str(key): str(value) for key, value in until.items()},
        waiting_for=tuple(str(one) for one in fields.get("waiting_for") or ()),
        variables=_plain(fields.get("variables") or {}),
    )


def _fields(written: Any, known: set[str], where: _Where) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise where.wrong("Expected names and values, but it is something else.")
    if unknown := sorted(str(key) for key in written if key not in known):
        line = _Where(where.words, _line_of(written, unknown[0]) or where.line)
        raise line.wrong(f"Expected {', '.join(sorted(known))}, but “{unknown[0]}” is none of them.")
    return written


def _line_of(written: Any, key: str) -> int | None:
    places = written.lc.data if isinstance(written, CommentedBase) else {}
    return int(places[key][0]) + 1 if key in places else None


def _day(written: Any, where: _Where) -> date:
    try:
        return written if type(written) is date else date.fromisoformat(str(written))
    except ValueError:
        raise where.wrong(f"Expected a day like 2026-11-02, but it is “{written}”.") from None


def _plain(written: Any) -> Any:
    """JSON: YAML's dates as ISO text, lists and mappings through and through."""
    if isinstance(written, Mapping):
        return {str(key): _plain(value) for key, value in written.items()}
    if isinstance(written, Sequence) and not isinstance(written, str):
        return [_plain(one) for one in written]
    if isinstance(written, date):
        return written.isoformat()
    for kind in (bool, int, float, str):  # the reader keeps how numbers and text were written
        if isinstance(written, kind):
            return kind(written)
    return written
