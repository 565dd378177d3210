"""FEEL as diagrams use it: compiled when parsed, evaluated over process variables. The language is `app.feel`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.clock import local_date
from app.engine.trouble import Stuck
from app.engine.variables import is_name
from app.errors import Rejected
from app.feel import FeelClock, FeelError, compile_context, compile_expression, scope_from_json, to_json
from app.feel.dmn import Decision, DecisionError, parse_decision
from app.model.json import Json, JsonObject
from app.model.step import TroubleKind

if TYPE_CHECKING:
    from app.engine.instance import CaseTask

FUNCTIONS = frozenset({"due"})
NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True)
class Formula:
    """A FEEL expression somewhere in a diagram."""

    #: as written
    source: str
    #: where it stands, for sentences: "the branch “yes”"
    place: str
    #: compiled
    expression: Any

    def value(self, token: CaseTask, kind: TroubleKind = "expression", more: Mapping[str, Json] = NOTHING) -> Any:
        """Its value, as FEEL has it. Raises: Stuck."""
        return _evaluated(self.expression, token, self.place, kind, more)

    def is_true(self, token: CaseTask, more: Mapping[str, Json] = NOTHING) -> bool:
        """Its truth. Raises: Stuck where it is neither true nor false."""
        value = self.value(token, more=more)
        if not isinstance(value, bool):
            raise Stuck("expression", f"Expected {self.place} to say true or false, but {self._why_not(token, more)}")
        return value

    def json(self, token: CaseTask) -> Json:
        """Its value as JSON. Raises: Stuck."""
        value: Json = to_json(self.value(token))
        return value

    def _why_not(self, token: CaseTask, more: Mapping[str, Json]) -> str:
        known = {**token.variables(), **more}
        missing = sorted(name for name in self.expression.names if known.get(name) is None)
        if not missing:
            return f"“{self.source}” gives something else"
        names = ", ".join(missing)
        return f"there is no value for {names} in “{self.source}”"


@dataclass(frozen=True)
class Assignments:
    """The FEEL context of a script task."""

    #: where it stands, for sentences
    place: str
    #: compiled
    context: Any

    def values(self, token: CaseTask) -> JsonObject:
        """Variables it assigns. Raises: Stuck."""
        found = _evaluated(self.context, token, self.place, "expression", {})
        return {name: to_json(value) for name, value in found.items()}


@dataclass(frozen=True)
class Table:
    """The decision of a business rule task."""

    #: where it is asked, for sentences
    place: str
    #: parsed
    decision: Decision

    def values(self, token: CaseTask) -> JsonObject:
        """Variables it gives. Raises: Stuck."""
        outputs = _evaluated(self.decision, token, self.place, "decision", {}).outputs
        for name in outputs:
            if not is_name(name):
                raise Stuck("decision", f"Expected {self.place} to give variables, but it gives “{name}”")
        return {name: to_json(value) for name, value in outputs.items()}


def formula(source: str, place: str) -> Formula:
    """Raises: FeelError."""
    return Formula(source, place, compile_expression(source, extra_functions=FUNCTIONS))


def assignments(source: str, place: str) -> Assignments:
    """Raises: FeelError."""
    return Assignments(place, compile_context(source, extra_functions=FUNCTIONS))


def decision(files: Iterable[bytes], key: str) -> Decision | None:
    """The decision with this id, from whichever file has it; None where no file does."""
    for xml in files:
        try:
            found = parse_decision(xml, extra_functions=FUNCTIONS)
            return found if found.key == key else parse_decision(xml, key, FUNCTIONS)
        except DecisionError:
            continue
    return None


def _evaluated(compiled: Any, token: CaseTask, place: str, kind: TroubleKind, more: Mapping[str, Json]) -> Any:
    progress = token.progress
    progress.count_time(token.task_spec.element_id)
    scope = scope_from_json({**token.variables(), **more}, progress.types)
    try:
        return compiled.evaluate(scope, FeelClock(progress.now), {"due": _due(token)})
    except (FeelError, DecisionError) as error:
        raise Stuck(kind, f"Expected a value for {place}, but: {error}") from error


def _due(token: CaseTask) -> Callable[..., date]:
    def due(rule: str, basis: date | datetime | None = None) -> date:
        return rule_date(token, rule, basis)

    return due


def rule_date(token: CaseTask, rule: str, basis: date | datetime | None) -> date:
    """The date a rule gives. Raises: Stuck."""
    day = local_date(basis) if isinstance(basis, datetime) else basis
    try:
        return token.progress.dates.due(rule, day).on
    except Rejected as rejected:
        raise Stuck("deadline", rejected.sentence) from rejected
