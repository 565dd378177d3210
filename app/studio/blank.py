"""What a new diagram and a new decision table begin as: something that can be drawn on. Not a form: see form-js."""

from xml.sax.saxutils import quoteattr

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file_{id}" targetNamespace="waymark">
  <bpmn:collaboration id="collaboration_{id}">
    <bpmn:participant id="pool_{id}" name={name} processRef="{id}" />
  </bpmn:collaboration>
  <bpmn:process id="{id}" name={name} isExecutable="true">
    <bpmn:laneSet id="lanes_{id}">
      <bpmn:lane id="lane_senco" name="SENCO">
        <bpmn:extensionElements>
          <spiffworkflow:properties>
            <spiffworkflow:property name="role" value="SENCO" />
          </spiffworkflow:properties>
        </bpmn:extensionElements>
        <bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>first_task</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>done</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" name="Started">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="startRoles" value="SENCO" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>to_first_task</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="first_task" name="First task">
      <bpmn:incoming>to_first_task</bpmn:incoming>
      <bpmn:outgoing>to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="Done">
      <bpmn:incoming>to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_first_task" sourceRef="begin" targetRef="first_task" />
    <bpmn:sequenceFlow id="to_done" sourceRef="first_task" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{id}">
    <bpmndi:BPMNPlane id="plane_{id}" bpmnElement="collaboration_{id}">
      <bpmndi:BPMNShape id="pool_{id}_di" bpmnElement="pool_{id}" isHorizontal="true">
        <dc:Bounds x="160" y="80" width="640" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lane_senco_di" bpmnElement="lane_senco" isHorizontal="true">
        <dc:Bounds x="190" y="80" width="610" height="200" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin">
        <dc:Bounds x="242" y="162" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="first_task_di" bpmnElement="first_task">
        <dc:Bounds x="360" y="140" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_di" bpmnElement="done">
        <dc:Bounds x="552" y="162" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_first_task_di" bpmnElement="to_first_task">
        <di:waypoint x="278" y="180" />
        <di:waypoint x="360" y="180" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_done_di" bpmnElement="to_done">
        <di:waypoint x="460" y="180" />
        <di:waypoint x="552" y="180" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - one line of namespaces, as editors write it

_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{id}_definitions" name={name} namespace="waymark">
  <decision id="{id}" name={name}>
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_input" label="Tier">
        <inputExpression id="{id}_input_expression" typeRef="string">
          <text>tier</text>
        </inputExpression>
      </input>
      <output id="{id}_output" label="Result" name="{id}_result" typeRef="string" />
      <rule id="{id}_rule">
        <inputEntry id="{id}_rule_input"><text>-</text></inputEntry>
        <outputEntry id="{id}_rule_output"><text>"to be decided"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_drd">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""  # noqa: E501 - one line of namespaces, as editors write it


def diagram(process_id: str, name: str) -> str:
    """A pool with one lane: a start, a task, an end."""
    return _DIAGRAM.format(id=process_id, name=quoteattr(name))


def decision_table(key: str, name: str) -> str:
    """A table with one input, one output and one rule that always fits."""
    return _TABLE.format(id=key, name=quoteattr(name))


def form(key: str, title: str) -> dict[str, object]:
    """A form with a heading and one question."""
    return {
        "type": "default",
        "id": key,
        "schemaVersion": 19,
        "components": [
            {"type": "text", "id": "heading", "text": f"# {title}"},
            {"type": "textarea", "id": "note", "key": "note", "label": "What was done?"},
        ],
    }
