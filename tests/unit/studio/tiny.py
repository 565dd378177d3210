"""A process of one task with a form, a timer beside it and three ends; and its form."""

import json

BPMN = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="tiny_file" targetNamespace="tiny">
  <bpmn:process id="tiny" name="Look at it" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="senco" name="SENCO">
        <bpmn:extensionElements><spiffworkflow:properties>
          <spiffworkflow:property name="role" value="SENCO"/>
        </spiffworkflow:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>look</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>too_late</bpmn:flowNodeRef><bpmn:flowNodeRef>which</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>agreed_end</bpmn:flowNodeRef><bpmn:flowNodeRef>declined_end</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>late_end</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" name="Something to look at">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="startRoles" value="SENCO"/>
      </spiffworkflow:properties></bpmn:extensionElements>
    </bpmn:startEvent>
    <bpmn:userTask id="look" name="Look at it">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="formKey" value="look"/>
        <spiffworkflow:property name="dueRule" value="3 school days"/>
      </spiffworkflow:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="too_late" name="A week is over" attachedToRef="look">
      <bpmn:timerEventDefinition id="a_week"><bpmn:timeDuration>P7D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="which" name="Agreed?" default="to_declined"/>
    <bpmn:endEvent id="agreed_end" name="Agreed"/>
    <bpmn:endEvent id="declined_end" name="Declined"/>
    <bpmn:endEvent id="late_end" name="Too late"/>
    <bpmn:sequenceFlow id="to_look" sourceRef="begin" targetRef="look"/>
    <bpmn:sequenceFlow id="to_which" sourceRef="look" targetRef="which"/>
    <bpmn:sequenceFlow id="to_agreed" name="Yes" sourceRef="which" targetRef="agreed_end">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">agreed = "yes"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="to_declined" name="No" sourceRef="which" targetRef="declined_end"/>
    <bpmn:sequenceFlow id="to_late" sourceRef="too_late" targetRef="late_end"/>
  </bpmn:process>
</bpmn:definitions>
"""

FORM = json.dumps(
    {
        "type": "default",
        "id": "look",
        "schemaVersion": 19,
        "components": [
            {
                "type": "radio",
                "id": "agreed",
                "key": "agreed",
                "label": "Do you agree?",
                "values": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
                "validate": {"required": True},
                "properties": {"variable": "agreed"},
            }
        ],
    }
).encode()
