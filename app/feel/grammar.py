"""The grammar of FEEL and how its trees are read. It owns text → tree and sentences about wrong text."""

from collections.abc import Iterator
from functools import lru_cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from app.feel.bounds import MAX_BRACKETS, MAX_DEPTH, MAX_NODES, Place, check_source, place_of
from app.feel.builtins import spaced_names
from app.feel.errors import FeelError

_GRAMMAR = r"""
?expression: IF expression THEN expression ELSE expression -> if_
    | FOR binding ("," binding)* RETURN expression -> for_
    | (SOME | EVERY) binding ("," binding)* SATISFIES expression -> quantified
    | FUNCTION "(" [parameter ("," parameter)*] ")" expression -> function_literal
    | disjunction
parameter: NAME [":" TYPE]
binding: NAME IN domain
?domain: expression
    | expression ".." expression -> iteration_range

?disjunction: conjunction | conjunction (OR conjunction)+
?conjunction: comparison | comparison (AND comparison)+
?comparison: additive
    | additive COMPARISON additive -> compare
    | additive BETWEEN additive AND additive -> between
    | additive IN additive -> membership
    | additive IN comparison_test -> membership
    | additive IN test_list -> membership
test_list: "(" test ("," test)+ ")"
?test: expression | comparison_test
comparison_test: COMPARISON additive

?additive: multiplicative | multiplicative ((PLUS | MINUS) multiplicative)+ -> arithmetic
?multiplicative: power | power ((STAR | SLASH) power)+ -> arithmetic
?power: unary | unary (POWER unary)+ -> arithmetic
?unary: postfix | MINUS unary -> negation
?postfix: primary | primary trailer+ -> postfix
?trailer: path | "[" expression "]" -> filter
?path: "." (PROPERTY | NAME) -> path
    | INSTANCE_OF TYPE -> instance_of

?endpoint: end_product | end_product ((PLUS | MINUS) end_product)+ -> arithmetic
?end_product: end_power | end_power ((STAR | SLASH) end_power)+ -> arithmetic
?end_power: end_unary | end_unary (POWER end_unary)+ -> arithmetic
?end_unary: end_postfix | MINUS end_unary -> negation
?end_postfix: primary | primary path+ -> postfix

?primary: NUMBER -> number
    | STRING -> string
    | AT STRING -> at_literal
    | TRUE -> true
    | FALSE -> false
    | NULL -> null
    | NAME -> name
    | QUESTION -> question
    | "(" expression ")" -> group
    | "(" comparison_test ")" -> half_range
    | LIST_START expression ".." endpoint (LIST_END | LIST_START) -> range
    | LIST_END expression ".." endpoint (LIST_END | LIST_START) -> range
    | "(" expression ".." endpoint (LIST_END | LIST_START | RANGE_END) -> range
    | LIST_START expression ".." endpoint RANGE_END -> range
    | LIST_END expression ".." endpoint RANGE_END -> range
    | EMPTY_LIST -> list
    | LIST_START expression ("," expression)* LIST_END -> list
    | "{" [entry ("," entry)*] "}" -> context
    | (NAME | FUNCTION_NAME) "(" [arguments] ")" -> call
entry: (NAME | STRING) ":" expression
arguments: test ("," test)* -> positional
    | named_argument ("," named_argument)* -> named
named_argument: (NAME | PARAMETER_NAME) ":" expression

unary_tests: test ("," test)*

IF.2: /if\b/
THEN.2: /then\b/
ELSE.2: /else\b/
FOR.2: /for\b/
RETURN.2: /return\b/
SOME.2: /some\b/
EVERY.2: /every\b/
SATISFIES.2: /satisfies\b/
FUNCTION.2: /function\b/
IN.2: /in\b/
OR.2: /or\b/
AND.2: /and\b/
BETWEEN.2: /between\b/
TRUE.2: /true\b/
FALSE.2: /false\b/
NULL.2: /null\b/
INSTANCE_OF.2: /instance\s+of\b/
TYPE.2: /(?:list|range)\s*<\s*(?:%(types)s)\s*>|(?:%(types)s)\b/
PROPERTY.3: /time\s+offset\b|start\s+included\b|end\s+included\b/
FUNCTION_NAME.3: /(?:%(functions)s)(?=\s*\()/
PARAMETER_NAME.3: /(?:%(parameters)s)(?=\s*:)/
COMPARISON: /<=|>=|!=|<|>|=/
POWER.2: "**"
PLUS: "+"
MINUS: "-"
STAR: "*"
SLASH: "/"
AT: "@"
QUESTION: "?"
EMPTY_LIST.2: /\[\s*\]/
LIST_START: "["
LIST_END: "]"
RANGE_END: ")"
NUMBER: /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
STRING: /"(?:[^"\\\n]|\\.)*"/
NAME: /[^\W\d]\w*/
COMMENT: /\/\/[^\n]*/ | /\/\*[^*]*\*+(?:[^\/*][^*]*\*+)*\//
WHITE_SPACE: /\s+/
%%ignore COMMENT
%%ignore WHITE_SPACE
"""

TYPES = (
    "days and time duration",
    "years and months duration",
    "date and time",
    *("date", "time", "number", "string", "boolean", "list", "context", "range", "function", "Any", "Null"),
)
RESERVED = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function"}
    | {"and", "or", "between", "instance", "true", "false", "null"}
)
_MAX_SHOWN = 30


def parse(source: str, start: str = "expression") -> Tree[Token]:
    """The tree of an expression, or of `unary_tests`. Raises: FeelError."""
    check_source(source)
    _check_brackets(source)
    try:
        tree = _parser().parse(source, start=start)
    except UnexpectedInput as error:
        raise _wrong(source, error) from None
    _check_size(tree)
    return tree


@lru_cache(maxsize=1)
def _parser() -> Lark:
    functions, parameters = spaced_names()
    grammar = _GRAMMAR % {
        "types": _alternatives(TYPES),
        "functions": _alternatives(functions),
        "parameters": _alternatives(parameters),
    }
    starts = ["expression", "unary_tests"]
    return Lark(grammar, parser="lalr", start=starts, propagate_positions=True, maybe_placeholders=False)


def _alternatives(names: tuple[str, ...]) -> str:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(name.replace(" ", r"\s+") for name in longest_first)


def _check_brackets(source: str) -> None:
    """Refuse deep nesting before it is parsed; brackets in text count too, which is harmless."""
    depth = 0
    for index, character in enumerate(source):
        if character in "([{":
            depth += 1
            if depth > MAX_BRACKETS:
                raise FeelError(
                    f"Expected at most {MAX_BRACKETS} brackets inside one another", *place_of(source, index)
                )
        elif character in ")]}":
            depth -= 1


def _check_size(tree: Tree[Token]) -> None:
    nodes = 0
    stack: list[tuple[Tree[Token], int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES:
            raise FeelError(f"Expected at most {MAX_NODES} parts, but the expression has more")
        if depth > MAX_DEPTH:
            raise FeelError("Expected a simpler expression, but its parts are nested too deeply")
        stack.extend((child, depth + 1) for child in subtrees(node))


def place(tree: Tree[Token]) -> Place:
    """Where a tree starts."""
    return (tree.meta.line, tree.meta.column) if not tree.meta.empty else (1, 1)


def size(tree: Tree[Token]) -> int:
    """How many parts a tree has, itself included."""
    return 1 + sum(size(child) for child in subtrees(tree))


def subtrees(tree: Tree[Token]) -> Iterator[Tree[Token]]:
    """The children that are trees."""
    return (child for child in tree.children if isinstance(child, Tree))


def _wrong(source: str, error: UnexpectedInput) -> FeelError:
    if isinstance(error, UnexpectedCharacters):
        index = error.pos_in_stream or 0
        found = source[index : index + 1]
        if found == '"':
            return FeelError('Expected a closing " for this text', *place_of(source, index))
        return FeelError(
            f'Expected {_wanted(source, index, error.allowed)}, but found "{found}"', *place_of(source, index)
        )
    if not isinstance(error, UnexpectedToken):
        index = len(source.rstrip())
        return FeelError(f"Expected {_wanted(source, index, frozenset())}", *place_of(source, index))
    token = error.token
    if token.type == "$END":
        index = len(source.rstrip())
        return FeelError(
            f"Expected {_wanted(source, index, error.accepts or error.expected)}", *place_of(source, index)
        )
    index = token.start_pos or 0
    wanted = _wanted(source, index, error.accepts or error.expected)
    return FeelError(f'Expected {wanted}, but found "{str(token)[:_MAX_SHOWN]}"', *place_of(source, index))


def _wanted(source: str, index: int, accepted: object) -> str:
    before = source[:index].split()
    after = f' after "{before[-1][-_MAX_SHOWN:]}"' if before else ""
    names = accepted if isinstance(accepted, (set, frozenset)) else frozenset()
    if "NUMBER" in names:
        return "a value" + after
    for token, words in (("THEN", '"then"'), ("ELSE", '"else"'), ("RETURN", '"return"'), ("SATISFIES", '"satisfies"')):
        if token in names:
            return words + after
    if names & {"NAME"}:
        return "a name" + after
    for token, words in (("RPAR", 'a closing ")"'), ("LIST_END", 'a closing "]"'), ("RBRACE", 'a closing "}"')):
        if token in names and index >= len(source.rstrip()):
            return words + after
    return ("an operator or the end" if before else "a value") + after
