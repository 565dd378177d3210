"""The BPMN elements we know by their local names, and what people call each. Not what a node of a kind holds."""

from collections.abc import Mapping
from types import MappingProxyType

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "userTask": "Task",
        "manualTask": "Task",
        "task": "Task",
        "scriptTask": "Automatic step",
        "businessRuleTask": "Decision table",
        "serviceTask": "Service",
        "sendTask": "Send",
        "receiveTask": "Wait for message",
        "callActivity": "Process",
        "subProcess": "Group of steps",
        "adHocSubProcess": "Ad-hoc group of steps",
        "transaction": "Transaction",
        "exclusiveGateway": "Decision",
        "inclusiveGateway": "Decision (one or more)",
        "parallelGateway": "In parallel",
        "eventBasedGateway": "Whichever comes first",
        "complexGateway": "Complex gateway",
        "startEvent": "Start",
        "endEvent": "End",
        "intermediateCatchEvent": "Wait",
        "intermediateThrowEvent": "Send",
        "boundaryEvent": "Event on a task",
    }
)

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "businessRuleTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "adHocSubProcess",
        "transaction",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
FLOW_NODES = frozenset(KIND_WORDS)
