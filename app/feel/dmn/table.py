"""A decision table compiled: which rules apply to these values and what follows. It reads no file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from app.feel.dmn.hit_policy import AGGREGATIONS, MULTIPLE, RANKED, SINGLE, Hit, Row, aggregate, chosen
from app.feel.dmn.model import Cell, DecisionError, Input, Output, Problem, Rule, Table
from app.feel.dmn.reading import MAX_RULES
from app.feel.errors import FeelError
from app.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from app.feel.frame import FeelClock, Functions
from app.feel.plain import from_json
from app.feel.values import Value

_T = TypeVar("_T", Expression, UnaryTests)
_WRITE_FEEL = "Correct the FEEL expression"


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a decision came to, and why."""

    #: output name → value; a list of these for policies that collect
    outputs: Row | list[Row]
    #: the same as one FEEL value: bare when there is one output
    value: Value
    #: ids of the rules that made the result, in its order
    rule_ids: tuple[str, ...]
    #: one sentence per such rule: its annotation, else its number
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One row, ready to test."""

    rule: Rule
    tests: tuple[UnaryTests, ...]
    results: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table, ready to evaluate."""

    table: Table
    name: str
    inputs: tuple[Expression, ...]
    allowed: tuple[UnaryTests, ...]
    rules: tuple[CompiledRule, ...]
    defaults: dict[str, Expression]
    ranks: dict[str, Expression]

    @property
    def names(self) -> frozenset[str]:
        """The variables any part of the table reads."""
        parts: list[Expression | UnaryTests] = [*self.inputs, *self.allowed, *self.defaults.values()]
        for one in self.rules:
            parts.extend([*one.tests, *one.results])
        return frozenset().union(*(part.names for part in parts))

    def evaluate(self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions) -> DecisionResult:
        """The result for these values. Raises: DecisionError."""
        policy = self.table.hit_policy
        values = [self._input(index, scope, clock, functions) for index in range(len(self.inputs))]
        found = self._hits(values, scope, clock, functions)
        hits = list(islice(found, 1)) if policy == "FIRST" else list(found)
        ranks = {name: _listed(one.evaluate({}, clock)) for name, one in self.ranks.items()}
        hits = chosen(policy, hits, ranks, self.name)
        rows = [hit.row for hit in hits]
        if not rows and self.defaults:
            rows = [self._default_row(scope, clock, functions)]
        return DecisionResult(
            outputs=self._outputs(rows, clock),
            value=self._value(rows, clock),
            rule_ids=tuple(hit.rule.element_id for hit in hits),
            sentences=tuple(self._sentence(hit.rule) for hit in hits),
        )

    def _input(self, index: int, scope: Mapping[str, Value], clock: FeelClock, functions: Functions) -> Value:
        column = self.table.inputs[index]
        value = from_json(self.inputs[index].evaluate(scope, clock, functions), column.type_name)
        if value is not None and not self.allowed[index].matches(value, scope, clock, functions):
            raise DecisionError(
                f'Expected "{column.label}" of "{self.name}" to be one of {column.allowed}, but it is not'
            )
        return value

    def _hits(
        self, values: list[Value], scope: Mapping[str, Value], clock: FeelClock, functions: Functions
    ) -> Iterator[Hit]:
        for one in self.rules:
            try:
                if all(
                    test.matches(value, scope, clock, functions) for test, value in zip(one.tests, values, strict=True)
                ):
                    yield Hit(one.rule, self._row(one, scope, clock, functions))
            except FeelError as error:
                raise DecisionError(f'Rule {one.rule.number} of "{self.name}": {error.sentence}') from error

    def _row(self, one: CompiledRule, scope: Mapping[str, Value], clock: FeelClock, functions: Functions) -> Row:
        return {
            output.name: result.evaluate(scope, clock, functions)
            for output, result in zip(self.table.outputs, one.results, strict=True)
        }

    def _default_row(self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions) -> Row:
        return {
            output.name: self.defaults[output.name].evaluate(scope, clock, functions)
            if output.name in self.defaults
            else None
            for output in self.table.outputs
        }

    def _outputs(self, rows: list[Row], clock: FeelClock) -> Row | list[Row]:
        if self.table.aggregation:
            return {self.table.outputs[0].name: self._value(rows, clock)}
        if self.table.hit_policy in MULTIPLE:
            return rows
        return rows[0] if rows else dict.fromkeys((output.name for output in self.table.outputs), None)

    def _value(self, rows: list[Row], clock: FeelClock) -> Value:
        bare = [self._bare(row) for row in rows]
        if self.table.aggregation:
            return aggregate(self.table.aggregation, bare, clock)
        if self.table.hit_policy in MULTIPLE:
            return bare
        return bare[0] if bare else None

    def _bare(self, row: Row) -> Value:
        return row[self.table.outputs[0].name] if len(self.table.outputs) == 1 else row

    def _sentence(self, rule: Rule) -> str:
        return rule.annotation or f'Rule {rule.number} of "{self.name}" applied'


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


class TableCompiler:
    """Compiles one table and gathers every problem in it, so that an author sees them all at once."""

    def __init__(self, name: str, owner_id: str, extra_functions: frozenset[str]) -> None:
        """Keep what people call the decision, and the functions it may call."""
        self.name = name
        self.owner_id = owner_id
        self.extra_functions = extra_functions
        self.problems: list[Problem] = []

    def compile(self, table: Table) -> CompiledTable:
        """The table; where a part is wrong, a problem is noted and a harmless part stands in for it."""
        self.problems.extend(_shape_problems(table, self.owner_id))
        return CompiledTable(
            table=table,
            name=self.name,
            inputs=tuple(self.expression(_expression_of(column)) for column in table.inputs),
            allowed=tuple(self._tests(Cell(column.element_id, column.allowed)) for column in table.inputs),
            rules=tuple(self._rule(rule) for rule in table.rules),
            defaults=self._defaults(table),
            ranks=self._ranks(table),
        )

    def expression(self, cell: Cell) -> Expression:
        """The expression of a cell; an empty one gives null."""
        return self._compiled(compile_expression, cell, cell.text or "null", "null")

    def _tests(self, cell: Cell) -> UnaryTests:
        return self._compiled(compile_unary_tests, cell, cell.text, "-")

    def _compiled(self, compiler: Callable[[str, frozenset[str]], _T], cell: Cell, text: str, stand_in: str) -> _T:
        try:
            return compiler(text, self.extra_functions)
        except FeelError as error:
            self.problems.append(Problem(cell.element_id or self.owner_id, error.sentence, _WRITE_FEEL))
            return compiler(stand_in, self.extra_functions)

    def _rule(self, rule: Rule) -> CompiledRule:
        return CompiledRule(
            rule,
            tuple(self._tests(cell) for cell in rule.tests),
            tuple(self.expression(cell) for cell in rule.results),
        )

    def _defaults(self, table: Table) -> dict[str, Expression]:
        return {one.name: self.expression(Cell(one.element_id, one.default)) for one in table.outputs if one.default}

    def _ranks(self, table: Table) -> dict[str, Expression]:
        if table.hit_policy not in RANKED:
            return {}
        return {
            one.name: self.expression(Cell(one.element_id, f"[{one.values}]")) for one in table.outputs if one.values
        }


def _expression_of(column: Input) -> Cell:
    return Cell(column.element_id, column.expression)


def _shape_problems(table: Table, owner_id: str) -> Iterator[Problem]:
    at = table.element_id or owner_id
    if table.hit_policy not in SINGLE | MULTIPLE:
        yield Problem(at, f"There is no hit policy {table.hit_policy}", "Choose one of the hit policies of DMN")
    if table.aggregation and table.aggregation not in AGGREGATIONS:
        yield Problem(at, f"There is no aggregation {table.aggregation}", "Choose SUM, MIN, MAX or COUNT")
    if table.aggregation and (table.hit_policy != "COLLECT" or len(table.outputs) != 1):
        yield Problem(at, "Only COLLECT with one output can be aggregated", "Remove the aggregation")
    if len(table.rules) > MAX_RULES:
        yield Problem(at, f"The table has {len(table.rules):,} rules", f"Keep at most {MAX_RULES:,} rules in one table")
    yield from _column_problems(table, at)
    for rule in table.rules:
        if len(rule.tests) != len(table.inputs) or len(rule.results) != len(table.outputs):
            sentence = f"Rule {rule.number} does not have one cell per column"
            yield Problem(rule.element_id, sentence, "Add the missing cells")


def _column_problems(table: Table, at: str) -> Iterator[Problem]:
    for column in table.inputs:
        if not column.expression:
            sentence = f'The input "{column.label}" does not say which value it tests'
            yield Problem(column.element_id or at, sentence, "Write an expression for the input")
    if not table.outputs:
        yield Problem(at, "The table has no output", "Add an output")
    names = [output.name for output in table.outputs]
    if len(names) > 1 and (not all(names) or len(set(names)) != len(names)):
        yield Problem(at, "Two outputs have the same name, or one has none", "Give each output a name of its own")
    if table.hit_policy in RANKED and not all(output.values for output in table.outputs):
        yield Problem(at, f"{table.hit_policy} needs to know which outputs come first", _list_outputs(table.outputs))


def _list_outputs(outputs: tuple[Output, ...]) -> str:
    missing = ", ".join(output.label or output.element_id for output in outputs if not output.values)
    return f"List the output values of {missing}, the most important first"
