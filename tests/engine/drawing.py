"""Tiny diagrams from a few lines, for tests of the engine. Only what the tests draw; not an editor.

One line per element or flow; what is indented lies in the sub-process above:

    start go                      user ask role=HT dueRule="10 school days"
    exclusive which default=no    call review of=review-process
    go -> ask -> which            which -yes-> end : tier = "high"
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from app.model.definition import Bundle

_KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "manual": "manualTask",
    "task": "task",
    "script": "scriptTask",
    "rule": "businessRuleTask",
    "service": "serviceTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "sub": "subProcess",
    "adhoc": "adHocSubProcess",
    "transaction": "transaction",
    "exclusive": "exclusiveGateway",
    "inclusive": "inclusiveGateway",
    "parallel": "parallelGateway",
    "race": "eventBasedGateway",
    "complex": "complexGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "on": "boundaryEvent",
}
_PROPERTIES = ("formKey", "dueRule", "dueBasis", "dueDate", "restricted", "startRoles", "letter")
_ATTRIBUTES = ("name", "isForCompensation", "instantiate")
_TIMERS = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}
_ARROW = re.compile(r"\s+-(?:([\w.-]+)-)?>\s+")


@dataclass
class _Drawn:
    """One process while it is drawn."""

    head: str
    tail: str
    body: list[str] = field(default_factory=list)
    lanes: dict[str, list[str]] = field(default_factory=dict)
    flows: int = 0


def bundle(main: str, dmn: dict[str, bytes] | None = None, **called: str) -> Bundle:
    """A bundle whose process "main" is drawn by `main`; further processes by their id."""
    processes = [process("main", main), *(process(name.replace("_", "-"), lines) for name, lines in called.items())]
    return Bundle("tiny", "main", "Tiny", {"tiny.bpmn": definitions(*processes)}, dmn or {}, {})


def definitions(*processes: str) -> bytes:
    """A BPMN file; messages, errors, escalations and signals are defined as they occur."""
    text = "\n".join(processes)
    named = [
        f'<bpmn:{kind} id="{kind}-{name}" {attribute}="{name}"/>'
        for kind, attribute in (
            ("message", "name"),
            ("error", "errorCode"),
            ("escalation", "escalationCode"),
            ("signal", "name"),
        )
        for name in sorted(set(re.findall(rf'{kind}Ref="{kind}-([^"]+)"', text)))
    ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file" targetNamespace="http://example.org/tiny">
{"".join(named)}
{text}
</bpmn:definitions>""".encode()


def process(process_id: str, lines: str) -> str:
    """A process, as XML."""
    stack = [_Drawn(f'<bpmn:process id="{process_id}" isExecutable="true">', "</bpmn:process>")]
    depths = [-1]
    for line in _lines(lines):
        depth = len(line) - len(line.lstrip())
        while len(stack) > 1 and depth <= depths[-1]:
            _close(stack, depths)
        _line(line.strip(), stack, depths, depth)
    while len(stack) > 1:
        _close(stack, depths)
    return _whole(stack[0])


def _lines(text: str) -> Iterator[str]:
    used = [line for line in text.splitlines() if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in used), default=0)
    for line in used:
        yield line[margin:].rstrip()


def _line(line: str, stack: list[_Drawn], depths: list[int], depth: int) -> None:
    if _ARROW.search(line):
        _flows(line, stack[-1])
        return
    words = shlex.split(line)
    kind, identity = words[0], words[1]
    given = {"id": identity, **{word.partition("=")[0]: word.partition("=")[2] for word in words[2:]}}
    if kind in ("takes", "gives"):
        stack[-1].body.append(_io(kind, words[1:]))
        return
    if "role" in given:
        stack[0].lanes.setdefault(given["role"], []).append(identity)
    tag = f"bpmn:{_KINDS[kind]}"
    head = f"<{tag} id={quoteattr(identity)}{_attributes(given)}>"
    inside = _inside(kind, given)
    if kind in ("sub", "adhoc", "transaction"):
        stack.append(_Drawn(head + inside, f"</{tag}>"))
        depths.append(depth)
    else:
        stack[-1].body.append(f"{head}{inside}</{tag}>")


def _flows(line: str, drawn: _Drawn) -> None:
    path, _, condition = line.partition(" : ")
    parts = _ARROW.split(path)
    names, flow_ids = parts[0::2], parts[1::2]
    for source, flow, target in zip(names, flow_ids, names[1:], strict=False):
        drawn.flows += 1
        flow_id = flow or f"{source}-{target}"
        inside = ""
        if condition:
            tag = "bpmn:conditionExpression"
            inside = f'<{tag} xsi:type="bpmn:tFormalExpression">{escape(condition)}</{tag}>'
        drawn.body.append(
            f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'
        )


def _attributes(given: dict[str, str]) -> str:
    found = {name: given[name] for name in _ATTRIBUTES if name in given}
    for word, name in (
        ("default", "default"),
        ("of", "calledElement"),
        ("at", "attachedToRef"),
        ("format", "scriptFormat"),
    ):
        if word in given:
            found[name] = given[word]
    if "feel" in given:
        found.setdefault("scriptFormat", "feel")
    if "by-event" in given:
        found["triggeredByEvent"] = "true"
    if "beside" in given:
        found["cancelActivity" if "at" in given else "isInterrupting"] = "false"
    if given.get("message"):
        found["messageRef"] = f"message-{given['message']}"
    return "".join(f" {name}={quoteattr(value)}" for name, value in found.items())


def _inside(kind: str, given: dict[str, str]) -> str:
    return (
        _extensions(given)
        + ('<bpmn:ioSpecification><bpmn:dataInput id="in-io"/></bpmn:ioSpecification>' if "with-io" in given else "")
        + _event(kind, given)
        + _loop(given)
        + (f"<bpmn:script>{escape(given['feel'])}</bpmn:script>" if "feel" in given else "")
    )


def _extensions(given: dict[str, str]) -> str:
    inside = ""
    if found := [name for name in _PROPERTIES if name in given]:
        rows = "".join(f'<spiffworkflow:property name="{n}" value={quoteattr(given[n])}/>' for n in found)
        inside += f"<spiffworkflow:properties>{rows}</spiffworkflow:properties>"
    for word, tag in (
        ("decision", "calledDecisionId"),
        ("payload", "messagePayload"),
        ("variable", "messageVariable"),
        ("pre", "preScript"),
    ):
        if word in given:
            inside += f"<spiffworkflow:{tag}>{escape(given[word])}</spiffworkflow:{tag}>"
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""


def _event(kind: str, given: dict[str, str]) -> str:
    if kind not in ("start", "end", "catch", "throw", "on"):
        return ""
    found = ""
    for name in ("message", "error", "escalation", "signal"):
        if name in given:
            reference = f' {name}Ref="{name}-{given[name]}"' if given[name] else ""
            found += f"<bpmn:{name}EventDefinition{reference}/>"
    for word, tag in _TIMERS.items():
        if word in given:
            found += (
                f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(given[word])}</bpmn:{tag}></bpmn:timerEventDefinition>"
            )
    if "timer" in given:
        found += "<bpmn:timerEventDefinition/>"
    if "link" in given:
        found += f'<bpmn:linkEventDefinition name="{given["link"]}"/>'
    for name in ("terminate", "compensate", "cancel", "conditional"):
        if name in given:
            found += f"<bpmn:{name}EventDefinition/>"
    return found


def _loop(given: dict[str, str]) -> str:
    if "while" in given or "rounds" in given:
        rounds = f' loopMaximum="{given["rounds"]}"' if "rounds" in given else ""
        before = ' testBefore="true"' if "before" in given else ""
        asked = f"<bpmn:loopCondition>{escape(given['while'])}</bpmn:loopCondition>" if "while" in given else ""
        return f"<bpmn:standardLoopCharacteristics{rounds}{before}>{asked}</bpmn:standardLoopCharacteristics>"
    if "each" not in given and "times" not in given:
        return ""
    inside = f"<bpmn:loopCardinality>{escape(given['times'])}</bpmn:loopCardinality>" if "times" in given else ""
    for word, tag in (("each", "loopDataInputRef"), ("into", "loopDataOutputRef")):
        if word in given:
            inside += f"<bpmn:{tag}>{escape(given[word])}</bpmn:{tag}>"
    for word, tag in (("item", "inputDataItem"), ("collect", "outputDataItem")):
        if word in given:
            identity = given["id"]
            inside += f'<bpmn:{tag} id="{word}-of-{identity}" name="{given[word]}"/>'
    if "until" in given:
        inside += f"<bpmn:completionCondition>{escape(given['until'])}</bpmn:completionCondition>"
    sequential = "true" if "in-turn" in given else "false"
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{sequential}">{inside}</{tag}>'


def _io(kind: str, names: list[str]) -> str:
    tag = "dataInput" if kind == "takes" else "dataOutput"
    return "io:" + "".join(f'<bpmn:{tag} id="{kind}-{name}" name="{name}"/>' for name in names)


def _close(stack: list[_Drawn], depths: list[int]) -> None:
    drawn = stack.pop()
    depths.pop()
    stack[-1].body.append(drawn.head + "".join(drawn.body) + drawn.tail)


def _whole(drawn: _Drawn) -> str:
    lanes = "".join(
        f'<bpmn:lane id="lane-{role}" name="{role}"><bpmn:extensionElements><spiffworkflow:properties>'
        f'<spiffworkflow:property name="role" value="{role}"/></spiffworkflow:properties></bpmn:extensionElements>'
        + "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in ids)
        + "</bpmn:lane>"
        for role, ids in drawn.lanes.items()
    )
    io = "".join(each[3:] for each in drawn.body if each.startswith("io:"))
    body = "\n".join(each for each in drawn.body if not each.startswith("io:"))
    specification = f"<bpmn:ioSpecification>{io}</bpmn:ioSpecification>" if io else ""
    lane_set = f'<bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>' if lanes else ""
    return f"{drawn.head}{specification}{lane_set}\n{body}\n{drawn.tail}"
