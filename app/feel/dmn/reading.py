"""DMN XML → the model. Files are not trusted: no DTD, no entities, no network, at most 1 MB. FEEL is not read here."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from app.feel.dmn.model import Cell, DecisionError, DecisionSource, Input, Output, Problem, Rule, Table

MAX_SIZE_BYTES = 1_000_000
MAX_RULES = 1_000
_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
#: children of a decision that say nothing about how it decides
_QUIET = frozenset(
    {"description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement"}
    | {"authorityRequirement", "knowledgeRequirement", "supportedObjective", "impactedPerformanceIndicator"}
    | {"decisionMaker", "decisionOwner", "usingProcess", "usingTask"}
)
_Element = etree._Element


def read(xml: bytes) -> list[DecisionSource]:
    """The decisions of a file. Raises: DecisionError when it is not DMN."""
    root = _root(xml)
    decisions = [_decision(element) for element in _children(root, "decision")]
    if not decisions:
        raise DecisionError("Expected at least one decision in the file, but there is none")
    ids = [one.element_id for one in decisions]
    if len(set(ids)) != len(ids) or not all(ids):
        raise DecisionError("Expected every decision to have an id of its own, but two are the same or one is missing")
    return decisions


def _root(xml: bytes) -> _Element:
    if len(xml) > MAX_SIZE_BYTES:
        raise DecisionError(f"Expected a file of at most 1 MB, but it has {len(xml):,} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DecisionError(f"Expected a DMN file, but it is not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise DecisionError("Expected a DMN file without a document type, but it has one")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in _NAMESPACES:
        raise DecisionError(f"Expected a DMN file, but its first element is {name.localname}")
    return root


def _children(element: _Element, *names: str) -> Iterator[_Element]:
    """The child elements with these names, in the namespace of their parent."""
    namespace = etree.QName(element).namespace
    for child in element:
        name = etree.QName(child)
        if name.namespace == namespace and name.localname in names:
            yield child


def _child(element: _Element, name: str) -> _Element | None:
    return next(_children(element, name), None)


def _text(element: _Element | None) -> str:
    """The text of the `text` child, trimmed."""
    inner = None if element is None else _child(element, "text")
    return "" if inner is None else (inner.text or "").strip()


def _attribute(element: _Element, name: str) -> str:
    return str(element.get(name, "")).strip()


def _decision(element: _Element) -> DecisionSource:
    element_id = _attribute(element, "id")
    variable = _child(element, "variable")
    name = _attribute(element, "name") or element_id
    logic = _logic(element, element_id)
    return DecisionSource(
        element_id=element_id,
        name=name,
        variable=_attribute(variable, "name") if variable is not None else name,
        requires=tuple(_required(element)),
        logic=logic,
        problems=tuple(_unsupported(element, element_id)),
    )


def _required(element: _Element) -> Iterator[str]:
    for requirement in _children(element, "informationRequirement"):
        for required in _children(requirement, "requiredDecision"):
            yield _attribute(required, "href").rpartition("#")[2]


def _logic(element: _Element, decision_id: str) -> Table | Cell | None:
    table = _child(element, "decisionTable")
    if table is not None:
        return _table(table, decision_id)
    literal = _child(element, "literalExpression")
    return None if literal is None else _cell(literal)


def _unsupported(element: _Element, element_id: str) -> Iterator[Problem]:
    namespace = etree.QName(element).namespace
    for child in element:
        name = etree.QName(child)
        if name.namespace == namespace and name.localname not in _QUIET | {"decisionTable", "literalExpression"}:
            sentence = f'A decision cannot be made by "{name.localname}" here'
            yield Problem(element_id, sentence, "Use a decision table or a literal expression")
    if _child(element, "knowledgeRequirement") is not None:
        sentence = "The decision uses a business knowledge model, which is not supported"
        yield Problem(element_id, sentence, "Make it a decision of its own and require that")
    for inner in element.iter():
        language = str(inner.get("expressionLanguage", "feel"))
        if "feel" not in language.lower():
            sentence = f"The expression is written in {language}, but only FEEL is supported"
            yield Problem(str(inner.get("id", element_id)), sentence, "Write the expression in FEEL")


def _cell(element: _Element) -> Cell:
    return Cell(_attribute(element, "id"), _text(element))


def _table(element: _Element, decision_id: str) -> Table:
    """The table; a single output without a name goes by the id of its decision."""
    outputs = tuple(_output(child) for child in _children(element, "output"))
    if len(outputs) == 1 and not outputs[0].name:
        outputs = (replace(outputs[0], name=decision_id),)
    return Table(
        element_id=_attribute(element, "id"),
        hit_policy=_attribute(element, "hitPolicy").upper() or "UNIQUE",
        aggregation=_attribute(element, "aggregation").upper(),
        inputs=tuple(_input(child) for child in _children(element, "input")),
        outputs=outputs,
        rules=tuple(_rule(child, number) for number, child in enumerate(_children(element, "rule"), 1)),
    )


def _input(element: _Element) -> Input:
    expression = _child(element, "inputExpression")
    text = _text(expression)
    return Input(
        element_id=_attribute(element, "id"),
        label=_attribute(element, "label") or text,
        expression=text,
        type_name=_attribute(expression, "typeRef") if expression is not None else "",
        allowed=_text(_child(element, "inputValues")),
    )


def _output(element: _Element) -> Output:
    return Output(
        element_id=_attribute(element, "id"),
        label=_attribute(element, "label") or _attribute(element, "name"),
        name=_attribute(element, "name"),
        type_name=_attribute(element, "typeRef"),
        values=_text(_child(element, "outputValues")),
        default=_text(_child(element, "defaultOutputEntry")),
    )


def _rule(element: _Element, number: int) -> Rule:
    notes = [_text(child) for child in _children(element, "annotationEntry")]
    description = _child(element, "description")
    if description is not None:
        notes.append((description.text or "").strip())
    return Rule(
        element_id=_attribute(element, "id") or f"rule {number}",
        number=number,
        tests=tuple(_cell(child) for child in _children(element, "inputEntry")),
        results=tuple(_cell(child) for child in _children(element, "outputEntry")),
        annotation=" ".join(note for note in notes if note),
    )
