# ruff: noqa: E501 - XML in one piece reads better than XML in many
"""The fifty hostile and malformed files of the upload tests, made when they are asked for. What must become of them:
`hostile_files.yaml`."""

import re
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from support.hostile_payloads import expressions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OPEN = (
    f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file" targetNamespace="hostile"'
)
CLOSE = "</bpmn:definitions>"
FILE = "file:///etc/hostname"
STARTED = (
    '<bpmn:startEvent id="go" name="go"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="startRoles" value="SENCO"/></spiffworkflow:properties></bpmn:extensionElements></bpmn:startEvent>'
)
_NODE = re.compile(r'<bpmn:(?:\w+Event|\w*[tT]ask|\w+Gateway|callActivity|\w*[sS]ubProcess|transaction) id="([^"]+)"')
_PROCESS = re.compile(r'<bpmn:process id="([^"]+)"')
_FLOW = re.compile(r'<bpmn:sequenceFlow id="([^"]+)"')


def process(inside: str, identity: str = "plan", name: str = "Plan", lanes: str = "") -> str:
    """A process that a SENCO starts, in one lane unless it says otherwise."""
    inside = inside.replace('<bpmn:startEvent id="go" name="go"/>', STARTED)
    if not lanes and len(inside) < 100_000:
        lanes = f'<bpmn:laneSet id="lanes_{identity}">{lane("Lead", "SENCO", _NODE.findall(inside), identity)}</bpmn:laneSet>'
    return f'<bpmn:process id="{identity}" name={quoteattr(name)} isExecutable="true">{lanes}{inside}</bpmn:process>'


def lane(name: str, role: str, ids: Sequence[str], number: str = "") -> str:
    """One lane."""
    role_of = f'<spiffworkflow:property name="role" value={quoteattr(role)}/>'
    inside = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ids)
    return (
        f'<bpmn:lane id="lane{number}" name={quoteattr(name)}><bpmn:extensionElements><spiffworkflow:properties>{role_of}'
        f"</spiffworkflow:properties></bpmn:extensionElements>{inside}</bpmn:lane>"
    )


def file(*parts: str) -> bytes:
    """A BPMN file; drawn, unless it brings a drawing of its own or is too long for that."""
    text = "".join(parts)
    is_drawn = "BPMNDiagram" in text or len(text) > 100_000
    return f"{OPEN}>{text}{'' if is_drawn else _picture(text)}{CLOSE}".encode()


def _picture(text: str) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}"><dc:Bounds x="{number * 150}" y="80" width="100" height="80"/>'
        "</bpmndi:BPMNShape>"
        for number, one in enumerate(dict.fromkeys(_NODE.findall(text)), 1)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{one}_di" bpmnElement="{one}"><di:waypoint x="0" y="0"/><di:waypoint x="9" y="9"/></bpmndi:BPMNEdge>'
        for one in dict.fromkeys(_FLOW.findall(text))
    )
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{_PROCESS.findall(text)[0]}">{shapes}{edges}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="di">{plane}</bpmndi:BPMNDiagram>'


def nodes(*kinds: str) -> str:
    """Elements, "kind id" each; whoever leads may start."""
    return "".join(_node(*one.split()) for one in kinds)


def _node(kind: str, identity: str) -> str:
    starts = '<spiffworkflow:property name="startRoles" value="SENCO"/>' if kind == "startEvent" else ""
    inside = f"<bpmn:extensionElements><spiffworkflow:properties>{starts}</spiffworkflow:properties></bpmn:extensionElements>"
    return f'<bpmn:{kind} id="{identity}" name="{identity}">{inside if starts else ""}</bpmn:{kind}>'


def chain(*ids: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def flow(source: str, target: str, condition: str | None = None) -> str:
    """One flow."""
    inside = "" if condition is None else f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def plain(inside: str = "", name: str = "Plan") -> bytes:
    """A file with a start and an end and something between."""
    return file(process(nodes("startEvent go", "endEvent done") + chain("go", "done") + inside, name=name))


def task(identity: str, inside: str) -> str:
    """One manual task with something in it."""
    return f'<bpmn:manualTask id="{identity}" name="{identity}">{inside}</bpmn:manualTask>'


def through(element: str, identity: str = "x", more: str = "") -> bytes:
    """A file with one element on the way from start to end."""
    return file(process(nodes("startEvent go", "endEvent done") + element + chain("go", identity, "done") + more))


def timed(kind: str, text: str) -> bytes:
    """A file with one timer to wait for."""
    event = f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
    return through(f'<bpmn:intermediateCatchEvent id="x" name="x">{event}</bpmn:intermediateCatchEvent>')


def asked(condition: str) -> bytes:
    """A file with one condition."""
    inside = nodes("startEvent go", "endEvent done", "endEvent other")
    inside += '<bpmn:exclusiveGateway id="x" name="x" default="x_other"/>' + chain("go", "x") + flow("x", "other")
    return file(process(inside + flow("x", "done", condition)))


def scripted(script: str, language: str = "feel") -> bytes:
    """A file with one script."""
    inside = f"<bpmn:script>{escape(script)}</bpmn:script>"
    return through(f'<bpmn:scriptTask id="x" name="x" scriptFormat="{language}">{inside}</bpmn:scriptTask>')


def several(cardinality: str) -> bytes:
    """A file with one task that is done so many times."""
    many = f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>"
    return through(task("x", f"<bpmn:multiInstanceLoopCharacteristics>{many}</bpmn:multiInstanceLoopCharacteristics>"))


def calling(**called: str) -> bytes:
    """Processes that call each other."""
    processes = [
        process(
            f'<bpmn:startEvent id="go_{one}"/><bpmn:callActivity id="call_{one}" name="x" calledElement="{other}"/>'
            f'<bpmn:endEvent id="done_{one}"/>' + chain(f"go_{one}", f"call_{one}", f"done_{one}"),
            one,
        )
        for one, other in called.items()
    ]
    return file(*processes)


def laned(name: str, role: str) -> bytes:
    """A file with one lane."""
    inside = nodes("startEvent go", "manualTask x", "endEvent done") + chain("go", "x", "done")
    return file(
        process(inside, lanes=f'<bpmn:laneSet id="lanes">{lane(name, role, ["go", "x", "done"])}</bpmn:laneSet>')
    )


def drawn(element: str, x: str, points: str = "0,0 1e308,-1e308") -> bytes:
    """A file with a drawing."""
    ends = "".join('<di:waypoint x="{}" y="{}"/>'.format(*one.split(",")) for one in points.split())
    picture = (
        f'<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="plan"><bpmndi:BPMNShape id="shape" bpmnElement="{element}">'
        f'<dc:Bounds x="{x}" y="{x}" width="{x}" height="NaN"/></bpmndi:BPMNShape><bpmndi:BPMNEdge id="edge" bpmnElement="go_done">{ends}'
        "</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    inside = nodes("startEvent go", "endEvent done") + chain("go", "done")
    return file(process(inside), picture)


def doctype(subset: str, name: str = "&x;") -> bytes:
    """A file behind a document type."""
    return f"<!DOCTYPE bpmn:definitions {subset}>{plain(name='NAME').decode()}".replace("NAME", name).encode()


def laughs() -> str:
    """Ten entities, each ten times the one before."""
    rows = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    return f'[<!ENTITY l0 "ha">{rows}<!ENTITY x "&l9;">]'


GATEWAYS = "parallelGateway", "exclusiveGateway"


def gateways(split: str, join: str) -> bytes:
    """Two branches, parted one way and brought together another way."""
    inside = nodes("startEvent go", f"{split} s", "manualTask a", "manualTask b", f"{join} j", "endEvent done")
    if split == "exclusiveGateway":
        inside = inside.replace('id="s"', 'id="s" default="s_b"') + flow("s", "a", "x = 1") + flow("s", "b")
    else:
        inside += flow("s", "a") + flow("s", "b")
    return file(process(inside + chain("go", "s") + chain("a", "j") + chain("b", "j") + chain("j", "done")))


def loop(*between: str) -> bytes:
    """A loop of gateways, with tasks in it or not."""
    inside = nodes("startEvent go", "exclusiveGateway m", *between, "exclusiveGateway s", "endEvent done")
    inside = inside.replace('id="s"', 'id="s" default="s_m"')
    ids = [one.split()[1] for one in between]
    return file(process(inside + chain("go", "m", *ids, "s") + flow("s", "m") + flow("s", "done", "x = 1")))


def fork() -> bytes:
    """A parallel gateway that goes back to itself."""
    inside = nodes("startEvent go", "exclusiveGateway m", "parallelGateway s", "endEvent done")
    return file(process(inside + chain("go", "m", "s") + flow("s", "m") + chain("s", "done")))


def undecided() -> bytes:
    """A gateway without default whose only condition does not hold."""
    inside = nodes("startEvent go", "exclusiveGateway x", "endEvent done", "endEvent other")
    return file(process(inside + chain("go", "x") + flow("x", "done", "1 = 2") + flow("x", "other", "1 = 3")))


def long_row(count: int) -> bytes:
    """Very many tasks, one after the other."""
    ids = [f"t{number}" for number in range(count)]
    tasks = "".join(f'<bpmn:manualTask id="{one}"/>' for one in ids)
    return file(process(nodes("startEvent go", "endEvent done") + tasks + chain("go", *ids, "done")))


#: id, or id and letter → what makes the file
FILES: dict[str, Callable[[], bytes]] = {
    "h01": lambda: doctype(f'[<!ENTITY x SYSTEM "{FILE}">]'),
    "h02": lambda: doctype('[<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]', ""),
    "h03": lambda: doctype('SYSTEM "http://127.0.0.1:9/x.dtd"', ""),
    "h04": lambda: doctype(laughs()),
    "h05": lambda: doctype(f'[<!ENTITY x "{"a" * 50_000}">]', "&x;" * 10_000),
    "h06": lambda: plain(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{FILE}" parse="text"/>'),
    "h07": lambda: plain() + b" " * 1_100_000,
    "h08": lambda: plain(name="a" * 20_000_000),
    "h09": lambda: plain("<a>" * 100_000 + "</a>" * 100_000),
    "h10": lambda: (OPEN + "".join(f' a{n}=""' for n in range(300_000)) + "/>").encode(),
    "h10b": lambda: (OPEN + "".join(f' a{n}=""' for n in range(60_000)) + "/>").encode(),
    "h11": lambda: b'<?xml version="1.0" encoding="UTF-7"?>' + plain(name="+ADw-"),
    "h12": lambda: plain().decode().encode("utf-16-le"),
    "h13": lambda: plain(name="a\0b"),
    "h14": lambda: plain()[:-10],
    "h15": lambda: b"",
    "h16": lambda: b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF",
    "h17": lambda: b"<!doctype html><html><body><p>not a diagram</body></html>",
    "h18": lambda: b"PK\x03\x04" + zlib.compress(b"\0" * 10_000_000),
    "h19": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "h20": lambda: b'<bpmn:definitions xmlns:bpmn="urn:something:else" id="d"/>',
    "h21": lambda: plain('<bpmn:manualTask id="go"/>'),
    "h22": lambda: plain(flow("go", "gone")),
    "h23": lambda: file(process(nodes("endEvent done"))),
    "h24": lambda: plain(nodes("startEvent also") + chain("also", "done")),
    "h25": lambda: file(process(nodes("startEvent go", "manualTask x") + chain("go", "x"))),
    "h26": lambda: plain(nodes("manualTask x") + chain("x", "done")),
    "h27": undecided,
    "h28": lambda: gateways(*GATEWAYS),
    "h29": lambda: gateways(*reversed(GATEWAYS)),
    "h30": lambda: long_row(5_000),
    "h31": lambda: scripted("import os\nresult = os.getpid()", "python"),
    "h31b": lambda: scripted("import os\nresult = os.getpid()"),
    "h32": lambda: through(
        task(
            "x",
            "<bpmn:extensionElements><spiffworkflow:preScript>import os</spiffworkflow:preScript></bpmn:extensionElements>",
        )
    ),
    **{f"h33 {name}": lambda body=body: asked(body) for name, body in expressions().items()},
    "h34": lambda: timed("timeDate", "__import__('os').getcwd()"),
    "h35": lambda: timed("timeDuration", "P999999999Y"),
    "h36": lambda: timed("timeCycle", "R/PT0S"),
    "h37": lambda: timed("timeDuration", "-P1D"),
    "h38": lambda: several("1000000000000"),
    "h39": lambda: several("typed_by_a_person"),
    "h40": loop,
    "h41": fork,
    "h42": lambda: calling(plan="plan"),
    "h43": lambda: calling(plan="other", other="plan"),
    "h44": lambda: through('<bpmn:callActivity id="x" name="x" calledElement="of_somebody_else"/>'),
    "h45": lambda: laned("admin", "admin"),
    "h45b": lambda: laned("\u202eOCNES", "SENCO"),
    "h45c": lambda: laned("a" * 10_000, "SENCO"),
    "h46": lambda: through('<bpmn:manualTask id="x" name="&lt;script&gt;alert(1)&lt;/script&gt; =cmd|calc"/>'),
    "h47": lambda: through('<bpmn:manualTask id="__proto__" name="x"/>', "__proto__"),
    "h47b": lambda: through('<bpmn:manualTask id="constructor" name="x"/>', "constructor"),
    "h47c": lambda: through('<bpmn:manualTask id="../../x" name="x"/>', "../../x"),
    "h48": lambda: file(
        process(
            nodes("startEvent go", "endEvent done") + chain("go", "done"), "graduated_approach", "Graduated approach"
        )
    ),
    "h49": lambda: drawn("nowhere", "NaN"),
    "h49b": lambda: drawn("go", "1e308"),
    "h49c": lambda: drawn("go", "Infinity"),
    "h50": lambda: plain('<bpmn:robot id="r"/>'),
    "h50b": lambda: through('<bpmn:adHocSubProcess id="x" name="x"/>'),
    "h50c": lambda: through('<bpmn:transaction id="x" name="x"/>'),
    "h50d": lambda: through(
        '<bpmn:intermediateThrowEvent id="x" name="x"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>'
    ),
}
