"""One XML element → one `Node`: what it says about itself. Not where it lies or what it is connected with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from lxml import etree

from app.diagrams.values import Loop, Node, Timer
from app.diagrams.xml import BPMN, SPIFF, name_of

_TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}


@dataclass(frozen=True)
class Named:
    """What the file defines at its top, by id, for elements that refer to it."""

    #: names of messages
    messages: Mapping[str, str]
    #: text of the extensions of messages by (id, name of the extension)
    message_extensions: Mapping[tuple[str, str], str]
    #: codes of errors and escalations
    codes: Mapping[str, str]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Direct BPMN children with this local name."""
    return element.iterchildren(f"{{{BPMN}}}{name}")


def child_text(element: etree._Element, name: str) -> str | None:
    """Text of the first such child, stripped; None where there is none."""
    child = next(children(element, name), None)
    return None if child is None else text_of(child)


def text_of(element: etree._Element) -> str:
    """All text in an element, stripped."""
    return "".join(str(part) for part in element.itertext()).strip()


def local(reference: str | None) -> str | None:
    """A reference without its namespace prefix."""
    return reference.rpartition(":")[2].strip() if reference else None


def properties_of(element: etree._Element) -> Mapping[str, str]:
    """Its SpiffWorkflow extension properties by name."""
    found: dict[str, str] = {}
    for extension in children(element, "extensionElements"):
        for each in extension.iterfind(f"{{{SPIFF}}}properties/{{{SPIFF}}}property"):
            found[each.get("name", "")] = each.get("value", "")
    return MappingProxyType(found)


def extension_text(element: etree._Element, name: str) -> str | None:
    """Text of its own SpiffWorkflow extension element, or None."""
    for extension in children(element, "extensionElements"):
        for each in extension.iterchildren(f"{{{SPIFF}}}{name}"):
            return text_of(each)
    return None


def documentation_of(element: etree._Element) -> str:
    """What its author wrote about it."""
    return "\n\n".join(text_of(each) for each in children(element, "documentation"))


def is_true(text: str | None, default: bool = False) -> bool:
    """An XML boolean."""
    return default if text is None else text.strip().lower() in {"true", "1"}


def node(element: etree._Element, node_id: str, process: str, named: Named) -> Node:
    """The node an element describes, without lane, flows and shape."""
    definitions = [d for d in element.iterchildren() if name_of(d).localname.endswith("EventDefinition")]
    reference = _message_reference(element, definitions)
    kind = name_of(element).localname
    return Node(
        id=node_id,
        kind=kind,
        name=" ".join(element.get("name", "").split()),
        process=process,
        properties=properties_of(element),
        default_flow=element.get("default"),
        event_kinds=tuple(name_of(d).localname.removesuffix("EventDefinition") for d in definitions),
        message=named.messages.get(reference, reference) if reference else None,
        message_payload=_message_extension(element, definitions, reference, named, "messagePayload"),
        message_variable=_message_extension(element, definitions, reference, named, "messageVariable"),
        timer=_timer(definitions),
        code=_code(definitions, named),
        event_condition=next((text for d in definitions if (text := child_text(d, "condition")) is not None), None),
        attached_to=element.get("attachedToRef"),
        is_interrupting=is_true(element.get("cancelActivity", element.get("isInterrupting")), default=True),
        triggered_by_event=is_true(element.get("triggeredByEvent")),
        called_element=local(element.get("calledElement")),
        called_decision=extension_text(element, "calledDecisionId"),
        script=child_text(element, "script"),
        script_format=element.get("scriptFormat"),
        loop=_loop(element),
        documentation=documentation_of(element),
        has_pre_post_script=any(extension_text(element, name) is not None for name in ("preScript", "postScript")),
        instantiate=is_true(element.get("instantiate")),
        line=element.sourceline or 0,
    )


def _message_reference(element: etree._Element, definitions: list[etree._Element]) -> str | None:
    found = [local(each.get("messageRef")) for each in (element, *definitions)]
    return next((reference for reference in found if reference), None)


def _message_extension(
    element: etree._Element, definitions: list[etree._Element], message_id: str | None, named: Named, name: str
) -> str | None:
    """Modelers write payload and variable on the element, its event definition or the message itself."""
    own = (extension_text(each, name) for each in (element, *definitions))
    found = next((text for text in own if text is not None), None)
    return named.message_extensions.get((message_id or "", name)) if found is None else found


def _timer(definitions: list[etree._Element]) -> Timer | None:
    for definition in definitions:
        if name_of(definition).localname == "timerEventDefinition":
            for name, kind in _TIMERS.items():
                if (text := child_text(definition, name)) is not None:
                    return Timer(kind, text)
            return Timer("date", "")
    return None


def _code(definitions: list[etree._Element], named: Named) -> str | None:
    for definition in definitions:
        reference = local(definition.get("errorRef") or definition.get("escalationRef"))
        if reference:
            return named.codes.get(reference, reference)
    return None


def _loop(element: etree._Element) -> Loop | None:
    for each in children(element, "multiInstanceLoopCharacteristics"):
        item = next(children(each, "inputDataItem"), None)
        return Loop(
            kind="sequential" if is_true(each.get("isSequential")) else "parallel",
            collection=child_text(each, "loopDataInputRef"),
            cardinality=child_text(each, "loopCardinality"),
            item=None if item is None else item.get("name") or item.get("id"),
            condition=child_text(each, "completionCondition"),
        )
    for each in children(element, "standardLoopCharacteristics"):
        return Loop(kind="standard", condition=child_text(each, "loopCondition"), maximum=each.get("loopMaximum"))
    return None
