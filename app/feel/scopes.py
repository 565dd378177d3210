"""Trees that bind names: for, some, every, filters and contexts. What is inside them is compiled elsewhere."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lark import Token, Tree

from app.feel.bounds import Place
from app.feel.compare import both, either
from app.feel.compiler import Compiler, Node, checked_name, rule, token_place, trailer_rule
from app.feel.errors import FeelError
from app.feel.frame import Frame
from app.feel.grammar import place, size
from app.feel.literals import unquoted
from app.feel.values import Range, Value

_Tree = Tree[Token]
#: gives the values of one binding, or None when they cannot be gone through
Domain = Callable[[Frame], Iterator[Value] | None]
_DAY = timedelta(days=1)


@trailer_rule("filter")
def _filter(compiler: Compiler, items: Node, tree: _Tree) -> Node:
    """`list[condition]` or `list[position]`; in the condition, `item` and the item's entries are names."""
    inner = tree.children[0]
    assert isinstance(inner, Tree)
    compiler.filters += 1
    compiler.bound.append({"item"})
    condition = compiler.node(inner)
    compiler.bound.pop()
    compiler.filters -= 1
    steps, at = size(inner), place(tree)

    def evaluate(frame: Frame) -> Value:
        value = items(frame)
        group: list[Value] = value if isinstance(value, list) else [] if value is None else [value]
        kept: list[Value] = []
        for item in group:
            frame.run.charge(steps, at)
            answer = condition(frame.inner({"item": item, **item} if isinstance(item, dict) else {"item": item}))
            if type(answer) is Decimal:
                return _at(group, answer)
            if answer is True:
                kept.append(item)
        return kept if group or inner.data not in ("number", "negation") else None

    return evaluate


def _at(items: list[Value], position: Decimal) -> Value:
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        return None
    return items[int(position) - 1 if position > 0 else int(position)]


def _bindings(compiler: Compiler, tree: _Tree) -> list[tuple[str, Domain]]:
    """The bindings of a for, some or every; each sees those before it, and stays bound until `_unbind`."""
    found: list[tuple[str, Domain]] = []
    compiler.bound.append(set())
    for binding in tree.children:
        if isinstance(binding, Tree) and binding.data == "binding":
            token, _, domain = binding.children
            assert isinstance(token, Token)
            assert isinstance(domain, Tree)
            found.append((checked_name(token), _domain(compiler, domain)))
            compiler.bound[-1].add(str(token))
    return found


def _domain(compiler: Compiler, tree: _Tree) -> Domain:
    if tree.data != "iteration_range":
        node = compiler.node(tree)
        return lambda frame: _values(node(frame))
    low, high = (compiler.node(child) for child in tree.children if isinstance(child, Tree))
    return lambda frame: _counted(low(frame), high(frame))


def _values(value: Value) -> Iterator[Value] | None:
    if value is None:
        return None
    if isinstance(value, Range):
        return _counted(value.start, value.end) if value.start_included and value.end_included else None
    return iter(value) if isinstance(value, list) else iter([value])


def _counted(low: Value, high: Value) -> Iterator[Value] | None:
    """Whole steps up or down between two whole numbers or dates, both included."""
    if type(low) is Decimal and type(high) is Decimal:
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        return _stepped(low, high, Decimal(1 if low <= high else -1))
    if type(low) is date and type(high) is date:
        return _stepped(low, high, _DAY if low <= high else -_DAY)
    return None


def _stepped(low: Any, high: Any, step: Any) -> Iterator[Value]:
    value = low
    while value != high:
        yield value
        value += step
    yield value


def _combinations(bindings: list[tuple[str, Domain]], frame: Frame, cost: int, at: Place) -> Iterator[Frame | None]:
    """One frame per combination of values; None once when a domain cannot be gone through."""
    (name, domain), *rest = bindings
    values = domain(frame)
    if values is None:
        yield None
        return
    for value in values:
        frame.run.charge(cost, at)
        inner = frame.inner({name: value})
        if rest:
            yield from _combinations(rest, inner, cost, at)
        else:
            yield inner


@rule("for_")
def _for(compiler: Compiler, tree: _Tree) -> Node:
    bindings = _bindings(compiler, tree)
    body_tree = tree.children[-1]
    assert isinstance(body_tree, Tree)
    reads_partial = "partial" in set(body_tree.scan_values(_is_token))
    compiler.bound[-1].add("partial")
    body = compiler.node(body_tree)
    compiler.bound.pop()
    cost, at = size(body_tree), place(tree)

    def evaluate(frame: Frame) -> Value:
        results: list[Value] = []
        for inner in _combinations(bindings, frame, cost, at):
            if inner is None:
                return None
            if reads_partial:
                frame.run.charge(len(results), at)
                inner = inner.inner({"partial": list(results)})
            results.append(body(inner))
        return frame.run.bounded(results, at)

    return evaluate


def _is_token(value: object) -> bool:
    return isinstance(value, Token)


@rule("quantified")
def _quantified(compiler: Compiler, tree: _Tree) -> Node:
    is_some = str(tree.children[0]) == "some"
    bindings = _bindings(compiler, tree)
    body_tree = tree.children[-1]
    assert isinstance(body_tree, Tree)
    body = compiler.node(body_tree)
    compiler.bound.pop()
    cost, at = size(body_tree), place(tree)
    combine = either if is_some else both

    def evaluate(frame: Frame) -> Value:
        result: bool | None = not is_some
        for inner in _combinations(bindings, frame, cost, at):
            if inner is None:
                return None
            answer = body(inner)
            result = combine(result, answer if isinstance(answer, bool) else None)
            if result is is_some:
                return result
        return result

    return evaluate


def compile_entries(compiler: Compiler, tree: _Tree) -> list[tuple[str, Node]]:
    """The entries of a context in order; each sees those before it. Raises: FeelError when a key comes twice."""
    entries: list[tuple[str, Node]] = []
    compiler.bound.append(set())
    for entry in tree.children:
        assert isinstance(entry, Tree)
        token, expression = entry.children
        assert isinstance(token, Token)
        assert isinstance(expression, Tree)
        key = unquoted(token) if token.type == "STRING" else str(token)
        if key.startswith("_"):
            raise FeelError(f'Expected a name that starts with a letter, but found "{key}"', *token_place(token))
        if key in compiler.bound[-1]:
            raise FeelError(f'Expected each name once, but "{key}" comes twice', *token_place(token))
        entries.append((key, compiler.node(expression)))
        compiler.bound[-1].add(key)
    compiler.bound.pop()
    return entries


def evaluate_entries(entries: list[tuple[str, Node]], frame: Frame) -> dict[str, Value]:
    """The context that entries give."""
    result: dict[str, Value] = {}
    inner = frame.inner(result)
    for key, node in entries:
        result[key] = node(inner)
    return result


@rule("context")
def _context(compiler: Compiler, tree: _Tree) -> Node:
    entries = compile_entries(compiler, tree)
    at = place(tree)
    return lambda frame: frame.run.bounded(evaluate_entries(entries, frame), at)
