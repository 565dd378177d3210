"""Which of the rules that apply make the result, and how (DMN 8.2.10). It does not test any rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.feel.compare import same
from app.feel.dmn.model import DecisionError, Rule
from app.feel.expression import compile_expression
from app.feel.frame import FeelClock
from app.feel.values import Value

Row = dict[str, Value]

SINGLE = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY"})
MULTIPLE = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})
#: policies that need the output values in order
RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies, and what it gives."""

    rule: Rule
    row: Row


def chosen(policy: str, hits: Sequence[Hit], ranks: dict[str, list[Value]], table_name: str) -> list[Hit]:
    """The hits that count, in the order of the result. Raises: DecisionError when the rules contradict each other."""
    if not hits:
        return []
    if policy == "UNIQUE" and len(hits) > 1:
        raise DecisionError(f'Expected one rule of "{table_name}" to apply, but {_numbers(hits)} do')
    if policy == "ANY":
        return [_agreed(hits, table_name)]
    if policy in RANKED:
        by_priority = sorted(hits, key=lambda hit: _rank(hit.row, ranks))
        return by_priority[:1] if policy == "PRIORITY" else by_priority
    return list(hits)


def aggregate(aggregation: str, values: list[Value], clock: FeelClock) -> Value:
    """One value from many: their sum, least, greatest or number."""
    return compile_expression(f"{aggregation.lower()}(values)").evaluate({"values": values}, clock)


def _agreed(hits: Sequence[Hit], table_name: str) -> Hit:
    first = hits[0]
    for other in hits[1:]:
        if not same(other.row, first.row):
            numbers = _numbers([first, other])
            raise DecisionError(f'Expected the rules of "{table_name}" to agree, but {numbers} give different results')
    return first


def _numbers(hits: Sequence[Hit]) -> str:
    *most, last = [str(hit.rule.number) for hit in hits]
    return f"rules {', '.join(most)} and {last}"


def _rank(row: Row, ranks: dict[str, list[Value]]) -> tuple[int, ...]:
    return tuple(_place(row[name], values) for name, values in ranks.items())


def _place(value: Value, values: list[Value]) -> int:
    return next((index for index, one in enumerate(values) if same(one, value)), len(values))
