"""The values that the DMN specification gives to expressions: `vectors.yaml`, worked out by hand."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.feel import FeelClock, compile_expression, scope_from_json, to_json

VECTORS: dict[str, list[list[Any]]] = YAML(typ="safe").load(Path(__file__).with_name("vectors.yaml"))
CASES = [
    pytest.param(case[0], case[1], case[2] if len(case) > 2 else {}, id=f"{section.split()[0]}: {case[0]}")
    for section, cases in VECTORS.items()
    for case in cases
]


@pytest.mark.parametrize(("source", "expected", "variables"), CASES)
def test_an_expression_has_the_value_the_specification_gives(
    source: str, expected: object, variables: dict[str, Any], clock: FeelClock
) -> None:
    expression = compile_expression(source)

    value = to_json(expression.evaluate(scope_from_json(variables, {}), clock))

    assert value == expected
    assert isinstance(value, bool) == isinstance(expected, bool)


def test_the_table_covers_every_section() -> None:
    assert len(CASES) >= 250
    assert len(VECTORS) >= 15
