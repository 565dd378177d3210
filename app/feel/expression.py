"""Compiled expressions, unary tests and contexts: what the rest of the platform holds and evaluates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from lark import Token, Tree

from app.feel import calls, membership, scopes
from app.feel.compiler import Compiler, Node
from app.feel.errors import FeelError
from app.feel.frame import FeelClock, Frame, Functions, Run
from app.feel.grammar import parse, place, subtrees
from app.feel.membership import Test, any_of, compile_test
from app.feel.scopes import compile_entries, evaluate_entries
from app.feel.values import Value

_T = TypeVar("_T")
_NO_FUNCTIONS: Functions = MappingProxyType({})
_RULES_ARE_LOADED = (calls, membership, scopes)
_CACHED = 4_096


@dataclass(frozen=True, slots=True)
class Expression:
    """One FEEL expression, ready to evaluate."""

    #: the text as it was written
    source: str
    #: variables it reads; names in filters are left out, for they may be entries of the items
    names: frozenset[str]
    #: functions it calls
    calls: frozenset[str]
    _node: Node

    def evaluate(self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions = _NO_FUNCTIONS) -> Value:
        """The value; what has no meaning gives null. Raises: FeelError when a bound is exceeded."""
        return _guarded(lambda: self._node(Frame(scope, None, Run(clock, functions))))


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests in one cell of a decision table."""

    #: the text as it was written
    source: str
    #: variables it reads, besides the value under test
    names: frozenset[str]
    #: functions it calls
    calls: frozenset[str]
    _test: Test

    def matches(
        self, value: Value, scope: Mapping[str, Value], clock: FeelClock, functions: Functions = _NO_FUNCTIONS
    ) -> bool:
        """Whether the value passes; a test that gives null is not passed. Raises: FeelError."""
        frame = Frame(scope, None, Run(clock, functions)).inner({"?": value})
        return _guarded(lambda: self._test(frame, value)) is True


@dataclass(frozen=True, slots=True)
class ContextExpression:
    """The body of a script task: `{name: expression, ...}`."""

    #: the text as it was written
    source: str
    #: variables it reads from outside
    names: frozenset[str]
    #: functions it calls
    calls: frozenset[str]
    _entries: tuple[tuple[str, Node], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names it gives values to, in order."""
        return tuple(key for key, _ in self._entries)

    def evaluate(
        self, scope: Mapping[str, Value], clock: FeelClock, functions: Functions = _NO_FUNCTIONS
    ) -> dict[str, Value]:
        """The value of every entry, each seeing those before it. Raises: FeelError."""
        run = Run(clock, functions)
        values = _guarded(lambda: evaluate_entries(list(self._entries), Frame(scope, None, run)))
        run.bounded(values, (1, 1))
        return values


def _guarded(evaluate: Callable[[], _T]) -> _T:
    try:
        return evaluate()
    except RecursionError:
        raise FeelError("The expression is nested too deeply") from None


def _without_sign(source: str) -> str:
    """The text with a leading `=`, as form-js writes it, made blank so that places stay true."""
    stripped = source.lstrip()
    return source.replace("=", " ", 1) if stripped.startswith("=") else source


@lru_cache(maxsize=_CACHED)
def compile_expression(source: str, extra_functions: frozenset[str] = frozenset()) -> Expression:
    """Read one expression; a leading `=` is accepted. Raises: FeelError with the place."""
    compiler = Compiler(extra_functions, has_input=False)
    node = _guarded(lambda: compiler.node(parse(_without_sign(source))))
    return Expression(source, frozenset(compiler.names), frozenset(compiler.calls), node)


@lru_cache(maxsize=_CACHED)
def compile_unary_tests(source: str, extra_functions: frozenset[str] = frozenset()) -> UnaryTests:
    """Read the tests of a cell: `-`, `"a","b"`, `[1..5]`, `< 3`, `not(...)`, anything with `?`. Raises: FeelError."""
    if source.strip() in ("", "-"):
        return UnaryTests(source, frozenset(), frozenset(), lambda frame, value: True)
    compiler = Compiler(extra_functions, has_input=True)
    test = _guarded(lambda: _unary_tests(compiler, parse(source, "unary_tests")))
    return UnaryTests(source, frozenset(compiler.names - {"?"}), frozenset(compiler.calls), test)


def _unary_tests(compiler: Compiler, tree: Tree[Token]) -> Test:
    first = tree.children[0]
    assert isinstance(first, Tree)
    if len(tree.children) == 1 and first.data == "call" and first.children[0] == "not":
        inner = list(subtrees(first))
        if inner and inner[0].data == "positional":
            return _negated(any_of([_cell_test(compiler, child) for child in subtrees(inner[0])]))
    return any_of([_cell_test(compiler, child) for child in subtrees(tree)])


def _negated(test: Test) -> Test:
    def negated(frame: Frame, value: Value) -> Value:
        answer = test(frame, value)
        return not answer if isinstance(answer, bool) else None

    return negated


def _cell_test(compiler: Compiler, tree: Tree[Token]) -> Test:
    """One test: a comparison, a truth about `?`, or a value, list or range to be in (DMN 10.3.2.7)."""
    if any(node.data == "question" for node in tree.iter_subtrees()):
        node = compiler.node(tree)
        return lambda frame, value: node(frame)
    test = compile_test(compiler, tree)
    if tree.data not in ("compare", "conjunction", "disjunction", "membership", "between", "quantified", "call"):
        return test
    condition = compiler.node(tree)

    def test_or_condition(frame: Frame, value: Value) -> Value:
        if not isinstance(value, bool) and condition(frame) is True:
            return True
        return test(frame, value)

    return test_or_condition


@lru_cache(maxsize=_CACHED)
def compile_context(source: str, extra_functions: frozenset[str] = frozenset()) -> ContextExpression:
    """Read the body of a script task, which must be one context. Raises: FeelError."""
    tree = parse(_without_sign(source))
    if tree.data != "context":
        raise FeelError("Expected { name: expression, … }", *place(tree))
    compiler = Compiler(extra_functions, has_input=False)
    entries = _guarded(lambda: compile_entries(compiler, tree))
    return ContextExpression(source, frozenset(compiler.names), frozenset(compiler.calls), tuple(entries))
