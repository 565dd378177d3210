"""Trees → closures: literals, names and operators. Scopes, calls and filters are in the modules beside this one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lark import Token, Tree

from app.feel import iso
from app.feel.arithmetic import calculate, negate
from app.feel.bounds import MAX_EXPONENT, MAX_NUMBER, Place, weigh
from app.feel.compare import ORDERS, both, denied, either, equal, ordered
from app.feel.errors import FeelError
from app.feel.frame import Frame
from app.feel.grammar import RESERVED, TYPES, place
from app.feel.literals import unquoted
from app.feel.properties import part
from app.feel.values import NUMBERS, Range, Value, kind_of

Node = Callable[[Frame], Value]
_Tree = Tree[Token]
#: comparing groups costs a step for so many values inside
WEIGHT_PER_STEP = 20


@dataclass
class Compiler:
    """What is learned about one expression while it is compiled."""

    #: functions that may be called besides the built-in ones
    extra_functions: frozenset[str]
    #: whether `?` has a meaning here
    has_input: bool
    #: variables the expression reads from outside
    names: set[str] = field(default_factory=set)
    #: functions it calls
    calls: set[str] = field(default_factory=set)
    #: names bound around the place being compiled
    bound: list[set[str]] = field(default_factory=list)
    #: how many filters are around it: there a name may be an entry of the item
    filters: int = 0

    def node(self, tree: _Tree) -> Node:
        """The closure of a tree. Raises: FeelError for what is not supported."""
        return RULES[tree.data](self, tree)


Rule = Callable[[Compiler, Any], Node]
RULES: dict[str, Rule] = {}
#: compiles what stands after a value: `.name`, `[...]`, `instance of ...`
TrailerRule = Callable[[Compiler, Node, Any], Node]
TRAILERS: dict[str, TrailerRule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Say which trees a function compiles."""

    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return register


def trailer_rule(name: str) -> Callable[[TrailerRule], TrailerRule]:
    """Say which trailer a function compiles."""

    def register(function: TrailerRule) -> TrailerRule:
        TRAILERS[name] = function
        return function

    return register


def token_place(token: Token) -> Place:
    """Where a token starts."""
    return token.line or 1, token.column or 1


def checked_name(token: Token) -> str:
    """The text of a name. Raises: FeelError when it is reserved or hidden."""
    name = str(token)
    if name.startswith("_"):
        raise FeelError(f'Expected a name that starts with a letter, but found "{name}"', *token_place(token))
    if name in RESERVED:
        raise FeelError(f'Expected a name, but "{name}" is a word of FEEL', *token_place(token))
    return name


def constant(value: Value) -> Node:
    """A closure that always gives the same value."""
    return lambda frame: value


@rule("number")
def _number(_: Compiler, tree: _Tree) -> Node:
    value = NUMBERS.create_decimal(str(tree.children[0]))
    if abs(value) > MAX_NUMBER:
        raise FeelError("The number is larger than 1e30", *place(tree))
    return constant(value)


@rule("string")
def _string(_: Compiler, tree: _Tree) -> Node:
    token = tree.children[0]
    assert isinstance(token, Token)
    return constant(unquoted(token))


@rule("at_literal")
def _at_literal(_: Compiler, tree: _Tree) -> Node:
    token = tree.children[1]
    assert isinstance(token, Token)
    value = iso.parse_any(unquoted(token))
    if value is None:
        raise FeelError(f"Expected a date, a time or a duration, but found {token}", *token_place(token))
    return constant(value)


@rule("true")
def _true(_: Compiler, __: _Tree) -> Node:
    return constant(True)


@rule("false")
def _false(_: Compiler, __: _Tree) -> Node:
    return constant(False)


@rule("null")
def _null(_: Compiler, __: _Tree) -> Node:
    return constant(None)


@rule("name")
def _name(compiler: Compiler, tree: _Tree) -> Node:
    token = tree.children[0]
    assert isinstance(token, Token)
    name = checked_name(token)
    is_bound = any(name in names for names in compiler.bound)
    if not is_bound and not compiler.filters:
        compiler.names.add(name)
        if not compiler.bound and not compiler.has_input:
            return lambda frame: frame.own(name)
    return lambda frame: frame.find(name)


@rule("question")
def _question(compiler: Compiler, tree: _Tree) -> Node:
    if not compiler.has_input:
        raise FeelError('Expected a name, but "?" has a meaning only in the cells of a decision table', *place(tree))
    compiler.names.add("?")
    return lambda frame: frame.find("?")


@rule("group")
def _group(compiler: Compiler, tree: _Tree) -> Node:
    return compiler.node(tree.children[0])  # type: ignore[arg-type]


@rule("negation")
def _negation(compiler: Compiler, tree: _Tree) -> Node:
    inner = compiler.node(tree.children[1])  # type: ignore[arg-type]
    return lambda frame: negate(inner(frame))


@rule("arithmetic")
def _arithmetic(compiler: Compiler, tree: _Tree) -> Node:
    first, *rest = tree.children
    start = compiler.node(first)  # type: ignore[arg-type]
    steps = [
        (str(sign), compiler.node(operand), token_place(sign))  # type: ignore[arg-type]
        for sign, operand in zip(rest[::2], rest[1::2], strict=True)
    ]

    def evaluate(frame: Frame) -> Value:
        value = start(frame)
        for sign, operand, at in steps:
            right = operand(frame)
            if sign == "**" and type(right) is Decimal and abs(right) > MAX_EXPONENT:
                raise FeelError(f"The power is larger than {MAX_EXPONENT}", *at)
            value = frame.run.bounded(calculate(sign, value, right), at)
        return value

    return evaluate


@rule("conjunction", "disjunction")
def _logic(compiler: Compiler, tree: _Tree) -> Node:
    nodes = [compiler.node(child) for child in tree.children if isinstance(child, Tree)]
    is_and = tree.data == "conjunction"
    combine = both if is_and else either
    decided = not is_and

    def evaluate(frame: Frame) -> Value:
        result: bool | None = is_and
        for node in nodes:
            value = node(frame)
            result = combine(result, value if isinstance(value, bool) else None)
            if result is decided:
                return result
        return result

    return evaluate


@rule("compare")
def _compare(compiler: Compiler, tree: _Tree) -> Node:
    left, right = compiler.node(tree.children[0]), compiler.node(tree.children[2])  # type: ignore[arg-type]
    sign = str(tree.children[1])
    at = place(tree)
    if sign in ORDERS:
        return lambda frame: ordered(sign, left(frame), right(frame))
    if sign == "=":
        return lambda frame: paid_equal(frame, left(frame), right(frame), at)
    return lambda frame: denied(paid_equal(frame, left(frame), right(frame), at))


def paid_equal(frame: Frame, left: Value, right: Value, at: Place) -> bool | None:
    """Equality that pays for the size of what it compares."""
    if isinstance(left, (list, dict)):
        frame.run.charge(weigh(left) // WEIGHT_PER_STEP, at)
    return equal(left, right)


@rule("between")
def _between(compiler: Compiler, tree: _Tree) -> Node:
    value, low, high = (compiler.node(child) for child in tree.children if isinstance(child, Tree))

    def evaluate(frame: Frame) -> Value:
        middle = value(frame)
        return both(ordered(">=", middle, low(frame)), ordered("<=", middle, high(frame)))

    return evaluate


@rule("postfix")
def _postfix(compiler: Compiler, tree: _Tree) -> Node:
    node = compiler.node(tree.children[0])  # type: ignore[arg-type]
    for trailer in tree.children[1:]:
        assert isinstance(trailer, Tree)
        node = TRAILERS[trailer.data](compiler, node, trailer)
    return node


@trailer_rule("path")
def _path(_: Compiler, inner: Node, tree: _Tree) -> Node:
    token = tree.children[0]
    assert isinstance(token, Token)
    name = " ".join(str(token).split())
    if name.startswith("_"):
        raise FeelError(f'Expected a name that starts with a letter, but found "{name}"', *token_place(token))

    at = token_place(token)

    def read(frame: Frame) -> Value:
        value = inner(frame)
        if type(value) is list:
            frame.run.charge(len(value), at)
        return part(value, name)

    return read


@trailer_rule("instance_of")
def _instance_of(_: Compiler, inner: Node, tree: _Tree) -> Node:
    words = " ".join(str(tree.children[1]).replace("<", " < ").replace(">", " ").split())
    outer, __, item = (word.strip() for word in words.partition("<"))
    assert outer in TYPES
    return lambda frame: _is_instance(inner(frame), outer, item)


def _is_instance(value: Value, outer: str, item: str) -> bool:
    if outer == "Any":
        return value is not None
    if kind_of(value) != outer:
        return False
    if not item:
        return True
    members = [value.start, value.end] if isinstance(value, Range) else value
    return all(one is None or _is_instance(one, item, "") for one in members)  # type: ignore[union-attr]


@rule("if_")
def _if(compiler: Compiler, tree: _Tree) -> Node:
    condition, yes, no = (compiler.node(child) for child in tree.children if isinstance(child, Tree))
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


@rule("list")
def _list(compiler: Compiler, tree: _Tree) -> Node:
    nodes = [compiler.node(child) for child in tree.children if isinstance(child, Tree)]
    at = place(tree)
    return lambda frame: frame.run.bounded([node(frame) for node in nodes], at)
