"""A DMN file as one decision: its requirements in order, its problems, its result. How a table decides is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.feel.dmn.model import Cell, DecisionError, DecisionSource, Input, Output, Problem, Table
from app.feel.dmn.reading import read
from app.feel.dmn.table import CompiledTable, DecisionResult, TableCompiler
from app.feel.errors import FeelError
from app.feel.expression import Expression
from app.feel.frame import FeelClock, Functions
from app.feel.values import Value

_NO_FUNCTIONS: Functions = MappingProxyType({})
_MAX_CHAIN = 50


@dataclass(frozen=True, slots=True)
class CompiledDecision:
    """One decision of the requirement graph, ready to evaluate."""

    source: DecisionSource
    logic: CompiledTable | Expression

    @property
    def names(self) -> frozenset[str]:
        """The variables it reads."""
        return self.logic.names

    def evaluate(self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions) -> DecisionResult:
        """Its result. Raises: DecisionError."""
        try:
            if isinstance(self.logic, CompiledTable):
                return self.logic.evaluate(scope, clock, functions)
            value = self.logic.evaluate(scope, clock, functions)
        except FeelError as error:
            raise DecisionError(f'The decision "{self.source.name}": {error.sentence}') from error
        return DecisionResult({self.source.variable: value}, value, (), (f'"{self.source.name}" was worked out',))


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision of a file that no other requires, with those it requires."""

    #: DMN id
    key: str
    #: what people call it
    name: str
    #: the input columns of its table
    inputs: tuple[Input, ...]
    #: the output columns of its table
    outputs: tuple[Output, ...]
    #: variables it and its requirements read from outside
    names: frozenset[str]
    _steps: tuple[CompiledDecision, ...]
    _problems: tuple[Problem, ...]

    def problems(self) -> list[Problem]:
        """What must be put right before it can be used: (element id, sentence, fix)."""
        return list(self._problems)

    def evaluate(
        self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions = _NO_FUNCTIONS
    ) -> DecisionResult:
        """The result for these values. Raises: DecisionError when the file has problems or its rules contradict."""
        if self._problems:
            raise DecisionError(f'The decision "{self.name}" cannot be used: {self._problems[0].sentence}')
        known = dict(scope)
        for step in self._steps[:-1]:
            result = step.evaluate(known, clock, functions)
            known[step.source.variable] = known[step.source.element_id] = result.value
        return self._steps[-1].evaluate(known, clock, functions)


def parse_decision(xml: bytes, key: str | None = None, extra_functions: frozenset[str] = frozenset()) -> Decision:
    """The decision with this id, or the one that no other requires.

    Raises: DecisionError when the bytes are not DMN; what is only unsupported is in `problems()`.
    """
    sources = {source.element_id: source for source in read(xml)}
    problems: list[Problem] = []
    top = _top(sources, key, problems)
    steps = [_compiled(source, extra_functions, problems) for source in _in_order(top, sources, problems)]
    table = top.logic if isinstance(top.logic, Table) else None
    given = {name for step in steps[:-1] for name in (step.source.variable, step.source.element_id)}
    return Decision(
        key=top.element_id,
        name=top.name,
        inputs=table.inputs if table else (),
        outputs=table.outputs if table else (),
        names=frozenset().union(*(step.names for step in steps)) - given,
        _steps=tuple(steps),
        _problems=tuple(problems),
    )


def _top(sources: dict[str, DecisionSource], key: str | None, problems: list[Problem]) -> DecisionSource:
    if key is not None:
        if key not in sources:
            raise DecisionError(f'Expected a decision with the id "{key}", but the file has {", ".join(sources)}')
        return sources[key]
    required = {name for source in sources.values() for name in source.requires}
    tops = [source for source in sources.values() if source.element_id not in required]
    if len(tops) > 1:
        names = " and ".join(f'"{source.name}"' for source in tops)
        sentence = f"The file has several decisions that no other requires: {names}"
        problems.append(Problem(tops[1].element_id, sentence, "Keep one per file"))
    return tops[0] if tops else next(iter(sources.values()))


def _in_order(top: DecisionSource, sources: dict[str, DecisionSource], problems: list[Problem]) -> list[DecisionSource]:
    """The decisions that `top` needs, each after those it requires, `top` last."""
    ordered: list[DecisionSource] = []
    open_ids: list[str] = []

    def visit(source: DecisionSource) -> None:
        if source in ordered:
            return
        open_ids.append(source.element_id)
        for required in source.requires:
            if required in open_ids:
                problems.append(Problem(source.element_id, "The decision requires itself", "Remove one requirement"))
            elif required not in sources:
                sentence = f'The decision requires "{required}", which is not in the file'
                problems.append(Problem(source.element_id, sentence, "Add that decision or remove the requirement"))
            elif len(open_ids) < _MAX_CHAIN:
                visit(sources[required])
            else:
                problems.append(Problem(source.element_id, "The chain of requirements is too long", "Join decisions"))
        open_ids.pop()
        ordered.append(source)

    visit(top)
    return ordered


def _compiled(source: DecisionSource, extra_functions: frozenset[str], problems: list[Problem]) -> CompiledDecision:
    problems.extend(source.problems)
    compiler = TableCompiler(source.name, source.element_id, extra_functions)
    logic: CompiledTable | Expression
    if isinstance(source.logic, Table):
        logic = compiler.compile(source.logic)
    else:
        if source.logic is None and not source.problems:
            sentence = f'The decision "{source.name}" does not say how it is made'
            problems.append(Problem(source.element_id, sentence, "Add a decision table or a literal expression"))
        logic = compiler.expression(source.logic or Cell(source.element_id, ""))
    problems.extend(compiler.problems)
    return CompiledDecision(source, logic)
