"""FEEL, the expression language of DMN: a closed interpreter. It knows no case, no diagram and no wall clock."""

from app.feel.builtins import BUILTINS
from app.feel.errors import FeelError
from app.feel.expression import (
    ContextExpression,
    Expression,
    UnaryTests,
    compile_context,
    compile_expression,
    compile_unary_tests,
)
from app.feel.frame import FeelClock
from app.feel.plain import from_json, scope_from_json, to_json
from app.feel.values import Months, Range, Value

__all__ = [
    "BUILTINS",
    "ContextExpression",
    "Expression",
    "FeelClock",
    "FeelError",
    "Months",
    "Range",
    "UnaryTests",
    "Value",
    "compile_context",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "scope_from_json",
    "to_json",
]
