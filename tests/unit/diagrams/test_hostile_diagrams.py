"""Bytes that are no diagram, or a hostile one: each is refused with one plain sentence, or read as plain values."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.checks import check
from app.diagrams import Diagram, UnreadableDiagram, outline, read

OPEN = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
PROCESS = '<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s" name="{}"/></bpmn:process>'
DIAGRAM = f"{OPEN}>{PROCESS}</bpmn:definitions>"
FILE = "file:///etc/hostname"


def with_doctype(subset: str, name: str = "&x;") -> bytes:
    """A diagram behind a document type."""
    return f"<!DOCTYPE bpmn:definitions {subset}>{DIAGRAM.format(name)}".encode()


def crowded(attributes: int) -> bytes:
    """One element with very many attributes."""
    return (OPEN + "".join(f' a{n}=""' for n in range(attributes)) + "/>").encode()


def laughs() -> str:
    """Ten entities, each ten times the one before."""
    rows = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    return f'[<!ENTITY l0 "ha">{rows}<!ENTITY x "&l9;">]'


def inside(xml: str) -> bytes:
    """A diagram with something in its process."""
    return DIAGRAM.format("").replace("</bpmn:process>", f"{xml}</bpmn:process>").encode()


def zip_bomb() -> bytes:
    """A little file that would be a large one."""
    return b"PK\x03\x04" + zlib.compress(b"\0" * 10_000_000)


REFUSED = {
    "h01 external entity": with_doctype(f'[<!ENTITY x SYSTEM "{FILE}">]'),
    "h02 parameter entity": with_doctype('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]', ""),
    "h03 external document type": with_doctype('SYSTEM "http://127.0.0.1:9/x.dtd"', ""),
    "h04 billion laughs": with_doctype(laughs()),
    "h05 quadratic entity": with_doctype(f'[<!ENTITY x "{"a" * 50_000}">]', "&x;" * 10_000),
    "h06 XInclude": inside(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{FILE}" parse="text"/>'),
    "h07 padding": DIAGRAM.format("").encode() + b" " * 1_100_000,
    "h08 long attribute": DIAGRAM.format("a" * 20_000_000).encode(),
    "h08 attribute below the size of a file": DIAGRAM.format("a" * 900_000).encode(),
    "h09 nested elements": inside("<a>" * 100_000 + "</a>" * 100_000),
    "h09 nested sub-processes": inside("<bpmn:subProcess>" * 200 + "</bpmn:subProcess>" * 200),
    "h10 many attributes": crowded(300_000),
    "h10 many attributes below the size of a file": crowded(60_000),
    "h11 UTF-7": f'<?xml version="1.0" encoding="UTF-7"?>{DIAGRAM.format("+ADw-")}'.encode(),
    "h12 UTF-16 without mark": DIAGRAM.format("").encode("utf-16-le"),
    "h12 UTF-16 with mark": DIAGRAM.format("").encode("utf-16"),
    "h13 NUL": DIAGRAM.format("a\0b").encode(),
    "h13 bell": DIAGRAM.format("a\7b").encode(),
    "h14 truncated": DIAGRAM.format("").encode()[:-10],
    "h15 empty": b"",
    "h15 blank": b" \n\t ",
    "h16 PDF": b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF",
    "h17 HTML": b"<!doctype html><html><body><p>not a diagram</body></html>",
    "h17 XHTML": b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
    "h18 zip bomb": zip_bomb(),
    "h19 SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "h20 wrong namespace": b'<bpmn:definitions xmlns:bpmn="urn:something:else" id="d"/>',
    "h20 no namespace": b"<definitions/>",
    "style sheet instruction": f'<?xml-stylesheet href="{FILE}"?>{DIAGRAM.format("")}'.encode(),
    "instruction inside": inside("<?php system('id') ?>"),
    "latin-1": f'<?xml version="1.0" encoding="ISO-8859-1"?>{DIAGRAM.format("é")}'.encode("latin-1"),
    "overlong UTF-8": DIAGRAM.format("").encode() + b"\xc0\x80",
    "many elements": inside("<bpmn:task/>" * 30_000),
    "two roots": DIAGRAM.format("").encode() * 2,
    "undeclared prefix": inside("<other:thing/>"),
    "unknown entity": DIAGRAM.format("&nbsp;").encode(),
}


@pytest.mark.parametrize("xml", REFUSED.values(), ids=REFUSED)
def test_a_hostile_file_is_refused_with_one_plain_sentence(xml):
    with pytest.raises(UnreadableDiagram) as refusal:
        read(xml)

    assert refusal.value.sentence.startswith("Expected ")
    assert "\n" not in refusal.value.sentence
    assert len(refusal.value.sentence) < 200


@pytest.mark.parametrize("xml", REFUSED.values(), ids=REFUSED)
def test_a_hostile_file_is_a_problem_of_the_rule_readable(xml):
    errors = [problem for problem in check({"plan.bpmn": xml}, {}, {}) if problem.severity == "error"]

    assert [problem.rule for problem in errors] == ["readable"]


LONG_CONDITION = (
    '<bpmn:sequenceFlow id="f{0}" sourceRef="s" targetRef="s"><bpmn:conditionExpression>a{0}{1}'
    "</bpmn:conditionExpression></bpmn:sequenceFlow>"
)
READ_BUT_REPORTED = {
    "h21 duplicate ids": (inside('<bpmn:task id="s"/>'), "id-unique"),
    "h22 flow to a missing node": (
        inside('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="gone"/>'),
        "reference-exists",
    ),
    "no ids at all": (inside("<bpmn:task/><bpmn:sequenceFlow/>"), "id-unique"),
    "sub-process inside itself by id": (inside('<bpmn:subProcess id="p"/>'), "id-unique"),
    "boundary event on itself": (inside('<bpmn:boundaryEvent id="b" attachedToRef="b"/>'), "boundary-on-activity"),
    "lanes without nodes": (inside('<bpmn:laneSet><bpmn:lane id="l"/></bpmn:laneSet>'), "drawn"),
    "h30 5,000 tasks": (inside("".join(f'<bpmn:task id="t{n}"/>' for n in range(5_000))), "size"),
    "9,000 sub-processes": (inside("".join(f'<bpmn:subProcess id="u{n}"/>' for n in range(9_000))), "size"),
    "boundary events on each other": (
        inside("".join(f'<bpmn:boundaryEvent id="b{n}" attachedToRef="b{n - 1}"/>' for n in range(1, 5_000))),
        "size",
    ),
    "890 long conditions": (
        inside("".join(LONG_CONDITION.format(n, "+1" * 400) for n in range(890))),
        "size",
    ),
    "h47 id of a prototype": (inside('<bpmn:task id="__proto__"/>'), "id-form"),
    "h50 unknown element": (inside('<bpmn:robot id="r"/>'), "element-supported"),
}


@pytest.mark.parametrize(("xml", "rule_id"), READ_BUT_REPORTED.values(), ids=READ_BUT_REPORTED)
def test_a_malformed_diagram_is_read_and_reported(xml, rule_id):
    diagram = read(xml)

    assert isinstance(diagram, Diagram)
    assert outline(diagram)
    assert rule_id in {problem.rule for problem in check({"plan.bpmn": xml}, {}, {})}


def test_the_largest_tangle_of_gateways_is_checked_to_the_end():
    # given
    nodes = "".join(f'<bpmn:{kind}Gateway id="g{n}"/>' for n in range(290) for kind in (_KINDS[n % 3],))
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="g{n % 290}" targetRef="g{n * 7 % 290}"/>' for n in range(880)
    )

    # when
    problems = check({"tangle.bpmn": inside(nodes + flows)}, {}, {})

    # then
    assert "reachable" in {problem.rule for problem in problems}


_KINDS = ("parallel", "exclusive", "inclusive")


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(xml):
    with pytest.raises(UnreadableDiagram):
        read(xml)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_diagram_with_changed_bytes_is_read_or_refused(data):
    # given
    xml = bytearray(DIAGRAM.format("Concern raised").encode())
    for _ in range(data.draw(st.integers(1, 4))):
        xml[data.draw(st.integers(0, len(xml) - 1))] = data.draw(st.integers(0, 255))

    # when
    problems = check({"plan.bpmn": bytes(xml)}, {}, {})

    # then
    assert problems
