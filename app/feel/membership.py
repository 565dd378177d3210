"""Trees that ask whether a value is among others: `in`, comparisons without a left side, ranges, cells of tables."""

from collections.abc import Callable

from lark import Token, Tree

from app.feel.bounds import weigh
from app.feel.compare import ORDERS, denied, either, inside, ordered
from app.feel.compiler import WEIGHT_PER_STEP, Compiler, Node, paid_equal, rule
from app.feel.errors import FeelError
from app.feel.frame import Frame
from app.feel.grammar import place
from app.feel.values import Range, Value

_Tree = Tree[Token]
#: a test of one value, as in `> 5` or `"a"`
Test = Callable[[Frame, Value], Value]


@rule("membership")
def _membership(compiler: Compiler, tree: _Tree) -> Node:
    value = compiler.node(tree.children[0])  # type: ignore[arg-type]
    test = compile_test(compiler, tree.children[2])  # type: ignore[arg-type]
    return lambda frame: test(frame, value(frame))


def compile_test(compiler: Compiler, tree: _Tree) -> Test:
    """What stands after `in`, or in a cell of a decision table."""
    if tree.data == "test_list":
        return any_of([compile_test(compiler, child) for child in tree.children])  # type: ignore[arg-type]
    if tree.data == "comparison_test":
        return _comparison_test(compiler, tree)
    node = compiler.node(tree)
    at = place(tree)

    def member(frame: Frame, value: Value) -> Value:
        group = node(frame)
        if isinstance(group, list):
            frame.run.charge(1 + weigh(group) // WEIGHT_PER_STEP, at)
        return inside(value, group)

    return member


def any_of(tests: list[Test]) -> Test:
    """True if one test holds; null if none does and one is null."""

    def test(frame: Frame, value: Value) -> Value:
        result: bool | None = False
        for one in tests:
            answer = one(frame, value)
            result = either(result, answer if isinstance(answer, bool) else None)
            if result is True:
                return True
        return result

    return test


def _comparison_test(compiler: Compiler, tree: _Tree) -> Test:
    sign = str(tree.children[0])
    operand = compiler.node(tree.children[1])  # type: ignore[arg-type]
    at = place(tree)
    if sign in ORDERS:
        return lambda frame, value: ordered(sign, value, operand(frame))
    if sign == "=":
        return lambda frame, value: paid_equal(frame, value, operand(frame), at)
    return lambda frame, value: denied(paid_equal(frame, value, operand(frame), at))


@rule("comparison_test")
def _stray_test(_: Compiler, tree: _Tree) -> Node:
    raise FeelError(f'Expected a value before "{tree.children[0]}"', *place(tree))


@rule("range")
def _range(compiler: Compiler, tree: _Tree) -> Node:
    low, high = (compiler.node(child) for child in tree.children if isinstance(child, Tree))
    starts = str(tree.children[0]) == "["
    ends = str(tree.children[-1]) == "]"

    def evaluate(frame: Frame) -> Value:
        start, end = low(frame), high(frame)
        if start is not None and end is not None and ordered("<=", start, end) is None:
            return None
        return Range(start, end, starts, ends)

    return evaluate


@rule("half_range")
def _half_range(compiler: Compiler, tree: _Tree) -> Node:
    test = tree.children[0]
    assert isinstance(test, Tree)
    sign = str(test.children[0])
    node = compiler.node(test.children[1])  # type: ignore[arg-type]
    included = "=" in sign
    if sign == "!=":
        raise FeelError('Expected <, <=, >, >= or =, but found "!="', *place(tree))
    if sign == "=":
        return lambda frame: (lambda end: Range(end, end, True, True))(node(frame))
    if sign.startswith(">"):
        return lambda frame: Range(node(frame), None, included, False)
    return lambda frame: Range(None, node(frame), False, included)
