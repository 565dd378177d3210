"""The allow-list: which XML elements and attributes have a meaning here. The rest is refused or named."""

from collections.abc import Iterator

from app.checks.registry import diagram_rule
from app.checks.scene import Scene
from app.diagrams import Used

_PLAIN = """
definitions process collaboration participant messageFlow laneSet childLaneSet lane flowNodeRef documentation
extensionElements incoming outgoing sequenceFlow conditionExpression text textAnnotation association group category
categoryValue categoryValueRef dataObject dataObjectReference dataStore dataStoreReference dataState
task userTask manualTask scriptTask businessRuleTask serviceTask sendTask receiveTask callActivity subProcess script
exclusiveGateway inclusiveGateway parallelGateway eventBasedGateway
startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent
messageEventDefinition timerEventDefinition errorEventDefinition escalationEventDefinition terminateEventDefinition
signalEventDefinition linkEventDefinition compensateEventDefinition conditionalEventDefinition cancelEventDefinition
timeDate timeDuration timeCycle condition source target
message error escalation signal itemDefinition
multiInstanceLoopCharacteristics loopDataInputRef loopDataOutputRef inputDataItem outputDataItem loopCardinality
completionCondition standardLoopCharacteristics loopCondition
"""
_DRAWN = """
bpmndi:BPMNDiagram bpmndi:BPMNPlane bpmndi:BPMNShape bpmndi:BPMNEdge bpmndi:BPMNLabel bpmndi:BPMNLabelStyle dc:Bounds
dc:Font di:waypoint di:extension
"""
_EXTENSIONS = """
spiffworkflow:properties spiffworkflow:property spiffworkflow:calledDecisionId spiffworkflow:messagePayload
spiffworkflow:messageVariable spiffworkflow:preScript spiffworkflow:postScript
"""
ELEMENTS = frozenset([f"bpmn:{name}" for name in _PLAIN.split()] + _DRAWN.split() + _EXTENSIONS.split())

_WORDS = {
    "bpmn:adHocSubProcess": "An ad-hoc sub-process",
    "bpmn:transaction": "A transaction",
    "bpmn:complexGateway": "A complex gateway",
    "bpmn:ioSpecification": "A list of inputs and outputs",
    "bpmn:dataInputAssociation": "An arrow that copies data",
    "bpmn:dataOutputAssociation": "An arrow that copies data",
    "bpmn:import": "Another file",
}
_ATTRIBUTES = """
id name isExecutable processRef sourceRef targetRef default attachedToRef cancelActivity isInterrupting
triggeredByEvent calledElement messageRef errorRef escalationRef signalRef errorCode escalationCode scriptFormat
isSequential loopMaximum testBefore itemSubjectRef structureRef itemKind isCollection dataObjectRef dataStoreRef
categoryValueRef associationDirection textFormat messageVisibleKind gatewayDirection parallelMultiple
isForCompensation instantiate startQuantity completionQuantity implementation operationRef processType isClosed
definitionalCollaborationRef targetNamespace exporter exporterVersion expressionLanguage typeLanguage language
eventGatewayType capacity isUnlimited isImmediate value behavior partitionElementRef evaluatesToTypeRef
waitForCompletion activityRef xsi:type xsi:schemaLocation
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
#: attributes that mean something only with another value than this
_ONLY = {
    "isForCompensation": "false",
    "parallelMultiple": "false",
    "instantiate": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "behavior": "All",
    "eventGatewayType": "Exclusive",
}
#: namespaces that only say how something looks
_COLOURS = ("{http://bpmn.io/schema/bpmn/biocolor/1.0}", "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}")


def _of_others(used: Used) -> bool:
    """Inside extensionElements, in a namespace that is not ours."""
    return used.is_extension and used.tag.startswith("{")


@diagram_rule("element-supported", fix="Draw it with tasks, gateways, events, sub-processes and call activities.")
def element_supported(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every element in the file is one we run or draw; an engine that skips what it does not know hides mistakes."""
    for used in scene.diagram.used:
        if used.tag not in ELEMENTS and not _of_others(used):
            yield (
                used.element,
                f"{_WORDS.get(used.tag, f'The element {used.tag[:80]}')} is not supported (line {used.line})",
            )


@diagram_rule("attribute-supported", fix="Remove it, or draw what it means.")
def attribute_supported(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every BPMN attribute in the file has an effect here, or none anywhere."""
    for used in scene.diagram.used:
        for name, value in used.attributes.items() if used.tag.startswith("bpmn:") and not used.is_extension else ():
            if not name.startswith("{") and name not in ATTRIBUTES:
                yield used.element, f"The attribute {name[:64]} of {used.tag} is not supported (line {used.line})"
            elif _ONLY.get(name, value).lower() != value.lower():
                yield used.element, f"{name} = {value[:40]} is not supported (line {used.line})"


@diagram_rule("language-is-feel", fix="Write it in FEEL and remove the language.")
def language_is_feel(scene: Scene) -> Iterator[tuple[str, str]]:
    """An expression that says it is written in another language is not read as if it were FEEL."""
    for used in scene.diagram.used:
        language = used.attributes.get("language", "feel")
        if used.tag.startswith("bpmn:") and "feel" not in language.lower():
            yield used.element, f"An expression is written in {language[:64]} (line {used.line})"


@diagram_rule("no-foreign-extension", fix="Set it again in the properties panel of this editor.", severity="warning")
def no_foreign_extension(scene: Scene) -> Iterator[tuple[str, str]]:
    """What another engine's editor wrote into the file has no effect here."""
    for used in scene.diagram.used:
        if _of_others(used):
            yield used.element, f"{used.tag[:120]} is written for another engine (line {used.line})"
        for name in used.attributes:
            if name.startswith("{") and not name.startswith(_COLOURS) and not used.is_extension:
                yield used.element, f"{name[:120]} is written for another engine (line {used.line})"
