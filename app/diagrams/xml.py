"""Bytes nobody vouches for → an XML tree that can do no harm, or one plain sentence. Not what the elements mean."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from app.errors import NotDeployable

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 64
MOST_ELEMENTS = 20_000
MOST_ATTRIBUTES = 50
LONGEST_ATTRIBUTE = 10_000
LONGEST_TEXT = 50_000

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XINCLUDE = "http://www.w3.org/2001/XInclude"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {BPMN: "bpmn", BPMNDI: "bpmndi", DC: "dc", DI: "di", SPIFF: "spiffworkflow", XSI: "xsi"}
)

_DECLARATION = re.compile(r"\A<\?xml\s[^?<>]{0,200}\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']*)[\"']")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class UnreadableDiagram(NotDeployable):
    """This file cannot be read as a BPMN diagram."""


def tree(xml: bytes) -> etree._Element:
    """The root element, `bpmn:definitions`, without comments. Raises UnreadableDiagram."""
    root = _parsed(_text(xml))
    _bounded(root)
    if root.tag != f"{{{BPMN}}}definitions":
        raise UnreadableDiagram(
            f"Expected a BPMN diagram (bpmn:definitions), but the file begins with <{spelt(str(root.tag))}>"
        )
    return root


def refuse_large(xml: bytes) -> None:
    """Raises UnreadableDiagram."""
    if len(xml) > LARGEST_FILE_BYTES:
        raise UnreadableDiagram(f"Expected a file of at most 1 MB, but this one has {len(xml) / 1_000_000:.1f} MB")


def name_of(element: etree._Element) -> etree.QName:
    """Namespace and local name of an element."""
    return etree.QName(str(element.tag))


def spelt(tag: str) -> str:
    """A tag or attribute name with the prefix we always use for its namespace; "{namespace}name" if it has none."""
    name = etree.QName(tag)
    if name.namespace is None:
        return name.localname
    prefix = PREFIXES.get(name.namespace)
    return f"{prefix}:{name.localname}" if prefix else tag


def _text(xml: bytes) -> str:
    """The text without its XML declaration, so that the parser has no encoding to be misled by."""
    refuse_large(xml)
    if not xml.strip():
        raise UnreadableDiagram("Expected a BPMN diagram, but the file is empty")
    try:
        text = xml.decode("utf-8-sig", errors="strict")
    except UnicodeDecodeError:
        raise UnreadableDiagram("Expected XML text in UTF-8, but the file holds something else") from None
    if bad := _NOT_XML.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise UnreadableDiagram(f"Expected XML text, but line {line} has the character U+{ord(bad[0]):04X}")
    if not text.lstrip().startswith("<"):
        raise UnreadableDiagram("Expected XML, but the file does not begin with “<”")
    return _undeclared(text)


def _undeclared(text: str) -> str:
    declaration = _DECLARATION.match(text)
    body = text[declaration.end() :] if declaration else text
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    if encoding and encoding[1].lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        raise UnreadableDiagram(f"Expected the encoding UTF-8, but the file says “{encoding[1][:40]}”")
    for forbidden, words in (("<!DOCTYPE", "a DOCTYPE"), ("<!ENTITY", "an entity"), ("<?", "a processing instruction")):
        if forbidden in body:
            raise UnreadableDiagram(f"Expected a plain BPMN diagram, but the file has {words}, which is not allowed")
    return "\n" * text.count("\n", 0, declaration.end() if declaration else 0) + body


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.lstrip(" \t\r").encode(), parser)
    except etree.XMLSyntaxError as error:
        where = f"line {error.lineno}, column {error.offset}" if error.lineno else "the beginning"
        raise UnreadableDiagram(
            f"Expected well-formed XML, but the file breaks off or breaks its rules at {where}"
        ) from error


def _bounded(root: etree._Element) -> None:
    """Refuse nesting, numbers and lengths no drawn diagram has; iterative, so depth costs no stack."""
    seen, todo = 0, [(root, 1)]
    while todo:
        element, depth = todo.pop()
        seen += 1
        _element_bounded(element, depth, seen)
        todo.extend((child, depth + 1) for child in element)


def _element_bounded(element: etree._Element, depth: int, seen: int) -> None:
    line = element.sourceline
    if not isinstance(element.tag, str):
        raise UnreadableDiagram(f"Expected a plain BPMN diagram, but line {line} has an entity or instruction")
    if depth > DEEPEST_NESTING:
        raise UnreadableDiagram(f"Expected at most {DEEPEST_NESTING} levels, but line {line} is nested deeper")
    if seen > MOST_ELEMENTS:
        raise UnreadableDiagram(f"Expected at most {MOST_ELEMENTS:,} XML elements, but the file has more")
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise UnreadableDiagram(
            f"Expected at most {MOST_ATTRIBUTES} attributes, but line {line} has more on one element"
        )
    if any(len(value) > LONGEST_ATTRIBUTE for value in element.attrib.values()):
        raise UnreadableDiagram(
            f"Expected at most {LONGEST_ATTRIBUTE:,} characters, but an attribute in line {line} is longer"
        )
    if len(element.text or "") > LONGEST_TEXT:
        raise UnreadableDiagram(
            f"Expected at most {LONGEST_TEXT:,} characters of text, but line {line} begins a longer one"
        )
    if name_of(element).namespace == XINCLUDE:
        raise UnreadableDiagram(f"Expected a diagram in one file, but line {line} includes another (XInclude)")
