"""Calls of functions: built-in ones, those of the engine, and the one function literal that `sort` takes."""

from typing import Any

from lark import Token, Tree

from app.feel.bounds import Place
from app.feel.builtins import CLOCK_FUNCTIONS, REFUSED, REGISTRY, SORT, Overload
from app.feel.builtins.lists import sort
from app.feel.compare import ordered
from app.feel.compiler import Compiler, Node, checked_name, rule, token_place
from app.feel.errors import FeelError
from app.feel.frame import Frame
from app.feel.grammar import place, size
from app.feel.plain import from_json
from app.feel.values import Value

_Tree = Tree[Token]
_ITEMS_PER_STEP = 10
#: functions that compare every group (list or context) with every other one
_PAIRWISE = frozenset({"distinct values", "union"})
#: what makes a delimiter a pattern
_PATTERN_SIGNS = frozenset("\\|.*+?()[]{}^$")


@rule("call")
def _call(compiler: Compiler, tree: _Tree) -> Node:
    token = tree.children[0]
    assert isinstance(token, Token)
    name = " ".join(str(token).split())
    given = tree.children[1] if len(tree.children) > 1 else Tree("positional", [])
    assert isinstance(given, Tree)
    at = token_place(token)
    compiler.calls.add(name)
    if name in compiler.extra_functions:
        return _engine_call(compiler, name, given, at)
    if name in CLOCK_FUNCTIONS:
        return _clock_call(name, given, at)
    if name == SORT:
        return _sort_call(compiler, given, at)
    if name == "split":
        _check_delimiter(given, at)
    if name in REGISTRY:
        return _builtin_call(compiler, name, given, at)
    if name in REFUSED:
        raise FeelError(f'The function "{name}" is not supported: {REFUSED[name]}', *at)
    raise FeelError(f'Expected a function of FEEL, but there is none called "{name}"', *at)


@rule("function_literal")
def _function_literal(_: Compiler, tree: _Tree) -> Node:
    raise FeelError("Functions of your own are not supported, only as the second value of sort", *place(tree))


def _positional(compiler: Compiler, given: _Tree, name: str) -> list[Node]:
    if given.data == "named":
        raise FeelError(f'Expected values without names in "{name}"', *place(given))
    return [compiler.node(child) for child in given.children]  # type: ignore[arg-type]


def _engine_call(compiler: Compiler, name: str, given: _Tree, at: Place) -> Node:
    nodes = _positional(compiler, given, name)

    def evaluate(frame: Frame) -> Value:
        function = frame.run.functions.get(name)
        if function is None:
            raise FeelError(f'The function "{name}" cannot be used here', *at)
        frame.run.charge(1, at)
        return frame.run.bounded(from_json(function(*[node(frame) for node in nodes])), at)

    return evaluate


def _clock_call(name: str, given: _Tree, at: Place) -> Node:
    if given.children:
        raise FeelError(f'Expected "{name}" to be called without values', *at)
    if name == "now":
        return lambda frame: frame.run.clock.local_now
    return lambda frame: frame.run.clock.today


def _builtin_call(compiler: Compiler, name: str, given: _Tree, at: Place) -> Node:
    ways, nodes = _named(compiler, name, given, at) if given.data == "named" else _ordered(compiler, name, given, at)
    is_pairwise = name in _PAIRWISE

    def evaluate(frame: Frame) -> Value:
        values = [node(frame) for node in nodes]
        frame.run.charge(_steps(values, is_pairwise=is_pairwise), at)
        for way in ways:
            fitted = way.fitted(values)
            if fitted is not None:
                return frame.run.bounded(_applied(way, fitted), at)
        return None

    return evaluate


def _steps(values: list[Value], *, is_pairwise: bool) -> int:
    """What a call costs: by the length of its lists, or by the pairs of groups in them."""
    lists = [value for value in values if isinstance(value, list)]
    items = sum(len(one) for one in lists)
    if not is_pairwise or not items:
        return 1 + items // _ITEMS_PER_STEP
    groups = sum(isinstance(item, (list, dict)) for one in lists for item in one)
    return 1 + (items + groups * groups) // _ITEMS_PER_STEP


def _check_delimiter(given: _Tree, at: Place) -> None:
    """Refuse patterns: the standard reads the delimiter as one, and patterns can take for ever."""
    named = {str(one.children[0]): one.children[1] for one in given.children if given.data == "named"}  # type: ignore[union-attr]
    tree = named.get("delimiter") if named else given.children[-1] if given.children else None
    literal = tree.children[0] if isinstance(tree, Tree) and tree.data == "string" else None
    if not isinstance(literal, Token) or _PATTERN_SIGNS & set(str(literal)):
        raise FeelError("Expected the delimiter of split to be a text in quotes that is no pattern", *at)


def _applied(way: Overload, values: list[Any]) -> Value:
    try:
        return way.call(*values)
    except (ArithmeticError, ValueError):
        return None


def _ordered(compiler: Compiler, name: str, given: _Tree, at: Place) -> tuple[list[Overload], list[Node]]:
    nodes = [compiler.node(child) for child in given.children]  # type: ignore[arg-type]
    ways = [way for way in REGISTRY[name] if way.takes(len(nodes))]
    if not ways:
        raise FeelError(f"Expected {_signatures(name)}, but it gets {_count(len(nodes))}", *at)
    return ways, nodes


def _named(compiler: Compiler, name: str, given: _Tree, at: Place) -> tuple[list[Overload], list[Node]]:
    """The overloads that have exactly these parameters, and the values in their order."""
    nodes: dict[str, Node] = {}
    for argument in given.children:
        assert isinstance(argument, Tree)
        token, expression = argument.children
        label = " ".join(str(token).split())
        if label in nodes:
            raise FeelError(f'Expected "{label}" once, but it comes twice', *place(argument))
        nodes[label] = compiler.node(expression)  # type: ignore[arg-type]
    fitting = [way for way in REGISTRY[name] if _has_exactly(way, set(nodes))]
    if not fitting:
        raise FeelError(f"Expected {_signatures(name)}, but it gets {', '.join(nodes)}", *at)
    order = [one.name for one in fitting[0].parameters]
    ways = [way for way in fitting if [one.name for one in way.parameters] == order]
    last = max(index for index, label in enumerate(order) if label in nodes)
    return ways, [nodes.get(label, _nothing) for label in order[: last + 1]]


def _nothing(_: Frame) -> Value:
    return None


def _has_exactly(way: Overload, labels: set[str]) -> bool:
    known = {one.name for one in way.parameters}
    needed = {one.name for one in way.parameters if not one.is_optional}
    return needed <= labels <= known


def _signatures(name: str) -> str:
    return " or ".join(way.signature for way in REGISTRY[name])


def _count(number: int) -> str:
    return "no values" if number == 0 else "1 value" if number == 1 else f"{number} values"


def _sort_call(compiler: Compiler, given: _Tree, at: Place) -> Node:
    children = [child for child in given.children if isinstance(child, Tree)]
    if given.data == "named":
        labels = [str(child.children[0]) for child in children]
        if labels not in (["list"], ["list", "precedes"]):
            raise FeelError("Expected sort(list: …, precedes: …)", *at)
        children = [child.children[1] for child in children]  # type: ignore[misc]
    if not 1 <= len(children) <= 2:
        raise FeelError("Expected sort(list, function(x, y) expression)", *at)
    items = compiler.node(children[0])
    if len(children) == 1:
        return lambda frame: _sorted(items(frame), lambda left, right: ordered("<", left, right), frame, 1, at)
    literal = children[1]
    if literal.data != "function_literal":
        raise FeelError("Expected function(x, y) expression as the second value of sort", *place(literal))
    parameters = [child for child in literal.children if isinstance(child, Tree) and child.data == "parameter"]
    if len(parameters) != 2:
        raise FeelError("Expected a function of two values, as in function(x, y) x < y", *place(literal))
    first, second = (checked_name(one.children[0]) for one in parameters)  # type: ignore[arg-type]
    body_tree = literal.children[-1]
    assert isinstance(body_tree, Tree)
    compiler.bound.append({first, second})
    body = compiler.node(body_tree)
    compiler.bound.pop()
    cost = size(body_tree)

    def evaluate(frame: Frame) -> Value:
        def precedes(left: Value, right: Value) -> bool | None:
            frame.run.charge(cost, at)
            answer = body(frame.inner({first: left, second: right}))
            return answer if isinstance(answer, bool) else None

        return _sorted(items(frame), precedes, frame, 0, at)

    return evaluate


def _sorted(value: Value, precedes: Any, frame: Frame, cost: int, at: Place) -> Value:
    if value is None:
        return None
    items: list[Value] = value if isinstance(value, list) else [value]
    frame.run.charge(1 + cost * len(items), at)
    return sort(items, precedes)
