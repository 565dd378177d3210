"""Small DMN files in the shape dmn-js writes, put together from rows of text."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="{namespace}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" '
    'xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="Definitions" name="Definitions" '
    'namespace="http://camunda.org/schema/1.0/dmn">'
)
DIAGRAM = (
    '<dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="support">'
    '<dc:Bounds height="80" width="180" x="160" y="100"/></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>'
)

#: tests of the inputs, results of the outputs, annotation
Row = tuple[Sequence[str], Sequence[str], str]


def text(tag: str, element_id: str, content: str) -> str:
    return f'<{tag} id="{element_id}"><text>{escape(content)}</text></{tag}>'


def table(
    rows: Sequence[Row],
    *,
    policy: str = 'hitPolicy="UNIQUE"',
    inputs: Sequence[tuple[str, str]] = (("need", "string"),),
    allowed: str = "",
    outputs: Sequence[tuple[str, str, str]] = (("support", "", ""),),
) -> str:
    """A `decisionTable`; inputs are (expression, type), outputs (name, values in order, default)."""
    parts = [f'<decisionTable id="table" {policy}>']
    for number, (expression, type_name) in enumerate(inputs, 1):
        inner = f'<inputExpression id="ie{number}" typeRef="{type_name}"><text>{escape(expression)}</text>'
        inner += "</inputExpression>" + (text("inputValues", f"iv{number}", allowed) if allowed else "")
        parts.append(f'<input id="i{number}" label="{escape(expression)}">{inner}</input>')
    for number, (name, values, default) in enumerate(outputs, 1):
        inner = text("outputValues", f"ov{number}", values) if values else ""
        inner += text("defaultOutputEntry", f"od{number}", default) if default else ""
        parts.append(f'<output id="o{number}" label="Output" name="{name}" typeRef="string">{inner}</output>')
    for number, (tests, results, annotation) in enumerate(rows, 1):
        cells = [text("inputEntry", f"r{number}i{place}", cell) for place, cell in enumerate(tests)]
        cells += [text("outputEntry", f"r{number}o{place}", cell) for place, cell in enumerate(results)]
        note = f"<description>{escape(annotation)}</description>" if annotation else ""
        parts.append(f'<rule id="rule{number}">{note}{"".join(cells)}</rule>')
    return "".join(parts) + "</decisionTable>"


def decision(logic: str, *, key: str = "support", name: str = "Support", requires: Sequence[str] = ()) -> str:
    """A `decision` with its requirements."""
    needs = "".join(
        f'<informationRequirement id="need_{one}"><requiredDecision href="#{one}"/></informationRequirement>'
        for one in requires
    )
    return f'<decision id="{key}" name="{name}"><variable id="v_{key}" name="{key}"/>{needs}{logic}</decision>'


def file(*decisions: str, namespace: str = DMN_1_3) -> bytes:
    """A whole file."""
    return (HEAD.format(namespace=namespace) + "".join(decisions) + DIAGRAM + "</definitions>").encode()
