"""A partnership for the small authority, and a tiny process that takes places at its centres. Real records."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from app.access.people import Reader
from app.cases import tasks
from app.cases.command import Command, Receipt
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.casework.placements import centres
from app.casework.placements.centres import CentreForm
from app.model.actor import Actor
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.model.placing import SESSIONS
from app.store.db import db, reading
from app.store.queries import organisations, people, work
from app.studio.playing import EXAMPLE_CENTRE
from support import installation
from support.installation import NOW, ORGANISATIONS, command

COORDINATOR = Actor("coordinator", "Ottilie Barrow", "PCOORD", "partners")
SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
PEOPLE = {
    "coordinator": ("Ottilie Barrow", "PCOORD"),
    "marker": ("Pim Garside", "PSTAFF"),
    "panel": ("Renske Holt", "PPANEL"),
}
KEY = "tiny-place"
CENTRE = "partners-mill-lane"
ALL_WEEK = [*SESSIONS]
_HEAD = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="urn:test">"""
_PLACES = {
    "school": (0, 0, 900, 150),
    "partners": (0, 150, 900, 150),
    "begin": (50, 60, 36, 36),
    "back": (120, 205, 50, 50),
    "offer": (250, 190, 120, 80),
    "decided": (420, 205, 50, 50),
    "give_back": (550, 190, 120, 80),
    "done": (750, 60, 36, 36),
}
_FLOWS = {
    "f1": ("begin", "back"),
    "f2": ("back", "offer"),
    "f3": ("offer", "decided"),
    "f4": ("decided", "back"),
    "f5": ("decided", "give_back"),
    "f6": ("give_back", "done"),
}


def _drawn() -> str:
    def point(element: str) -> str:
        x, y, width, height = _PLACES[element]
        return f'<di:waypoint x="{x + width // 2}" y="{y + height // 2}"/>'

    shapes = (
        f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}"><dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/>'
        "</bpmndi:BPMNShape>"
        for key, (x, y, w, h) in _PLACES.items()
    )
    edges = (
        f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}">{point(a)}{point(b)}</bpmndi:BPMNEdge>'
        for key, (a, b) in _FLOWS.items()
    )
    return "".join([*shapes, *edges])


def _task(key: str, name: str, form: str, place: str) -> str:
    return f"""<bpmn:userTask id="{key}" name="{name}"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="formKey" value="{form}"/>
  <spiffworkflow:property name="place" value="{place}"/></spiffworkflow:properties></bpmn:extensionElements>
 </bpmn:userTask>"""


DIAGRAM = f"""{_HEAD}
<bpmn:process id="p04_tiny" name="Tiny placement" isExecutable="true">
 <bpmn:laneSet id="lanes">
  <bpmn:lane id="school" name="SENCO"><bpmn:extensionElements><spiffworkflow:properties>
   <spiffworkflow:property name="role" value="SENCO"/></spiffworkflow:properties></bpmn:extensionElements>
   <bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane>
  <bpmn:lane id="partners" name="Partnership"><bpmn:extensionElements><spiffworkflow:properties>
   <spiffworkflow:property name="role" value="PCOORD"/>
   <spiffworkflow:property name="organisation" value="partnership"/></spiffworkflow:properties></bpmn:extensionElements>
   <bpmn:flowNodeRef>back</bpmn:flowNodeRef><bpmn:flowNodeRef>offer</bpmn:flowNodeRef>
   <bpmn:flowNodeRef>decided</bpmn:flowNodeRef><bpmn:flowNodeRef>give_back</bpmn:flowNodeRef></bpmn:lane>
 </bpmn:laneSet>
 <bpmn:startEvent id="begin" name="Place wanted"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="startRoles" value="SENCO"/></spiffworkflow:properties></bpmn:extensionElements>
 </bpmn:startEvent>
 <bpmn:exclusiveGateway id="back"/>
 {_task("offer", "Offer a place", "tiny_place", "take")}
 <bpmn:exclusiveGateway id="decided" name="Decided?" default="f5"/>
 {_task("give_back", "End the place", "tiny_end", "end")}
 <bpmn:endEvent id="done" name="Over"/>
 <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="back"/>
 <bpmn:sequenceFlow id="f2" sourceRef="back" targetRef="offer"/>
 <bpmn:sequenceFlow id="f3" sourceRef="offer" targetRef="decided"/>
 <bpmn:sequenceFlow id="f4" name="It waits" sourceRef="decided" targetRef="back">
  <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">place_decision = "wait"</bpmn:conditionExpression>
 </bpmn:sequenceFlow>
 <bpmn:sequenceFlow id="f5" name="It is placed" sourceRef="decided" targetRef="give_back"/>
 <bpmn:sequenceFlow id="f6" sourceRef="give_back" targetRef="done"/>
</bpmn:process>
<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="p04_tiny">{_drawn()}</bpmndi:BPMNPlane>
</bpmndi:BPMNDiagram></bpmn:definitions>"""


def _question(kind: str, key: str, label: str, **more: Any) -> JsonObject:
    return {"type": kind, "id": f"{key}_question", "key": key, "label": label, **more}


def _form(key: str, title: str, *components: JsonObject) -> bytes:
    schema = {"type": "default", "id": key, "title": title, "schemaVersion": 19, "components": list(components)}
    return json.dumps(schema).encode()


_DECISIONS = [{"value": one, "label": one} for one in ("offer", "overbook", "wait", "none")]
_STAGES = [{"value": one, "label": one} for one in ("ks3", "ks4")]
_DAY = {"subtype": "date", "type": "datetime", "properties": {"rule": "plan"}}
FORMS = {
    "tiny_place": _form(
        "tiny_place",
        "Offer a place",
        _question("radio", "place_decision", "Decision", values=_DECISIONS, properties={"variable": "place_decision"}),
        _question("radio", "key_stage", "Key stage", values=_STAGES),
        _question("radio", "centre", "Centre", valuesExpression='=centres("ks3")'),
        _question("radio", "place_type", "Type", valuesExpression="=place_types()"),
        {**_DAY, "id": "first_question", "key": "first_day", "dateLabel": "First day"},
        {**_DAY, "id": "last_question", "key": "last_day", "dateLabel": "Last day"},
        _question(
            "checklist",
            "pattern",
            "Sessions",
            values=[{"value": key, "label": words} for key, (_, words) in SESSIONS.items()],
        ),
        _question("number", "premium", "Premium"),
        _question("number", "top_up", "Top-up"),
    ),
    "tiny_end": _form("tiny_end", "End the place", {**_DAY, "id": "q1", "key": "place_ends_on", "dateLabel": "Day"}),
}


def bundle() -> Bundle:
    """The tiny process."""
    return Bundle(KEY, "p04_tiny", "Tiny placement", {"tiny.bpmn": DIAGRAM.encode()}, {}, FORMS)


def prepare(*, schools: tuple[str, ...] = ("beacon", "harbour")) -> None:
    """A partnership in the district North with its people, these schools in it, and the tiny process."""
    record = {"name": "North Partnership", "kind": "partnership", "parent": "north", "calendar": "beacon"}
    write_record(StreamId("organisation", "partners"), "organisation-recorded", {"organisation": record}, command())
    for school in schools:
        moved = {**ORGANISATIONS[school], "parent": "partners"}
        write_record(StreamId("organisation", school), "organisation-recorded", {"organisation": moved}, command())
    for person_id, (name, role) in PEOPLE.items():
        held = [{"role": role, "organisation": "partners"}]
        content: JsonObject = {"user_name": person_id, "name": name, "is_active": True, "memberships": held}  # type: ignore[dict-item]
        write_record(StreamId("person", person_id), "person-recorded", {"person": content}, command())
    installation.deploy(KEY, bundle())


def reader(person_id: str = "coordinator", at: datetime = NOW) -> Reader:
    """A person on a day."""
    person = people.one(reading(), person_id)
    assert person is not None
    return Reader(person, organisations.tree(reading()), at.date())


def a_centre(**changed: Any) -> str:
    """A centre with one place for each key stage; its id."""
    given: dict[str, Any] = {
        "name": "Mill Lane",
        "partnership": "partners",
        "registration": "pru",
        "places": {"ks3": "1", "ks4": "1"},
        "average": "6210.00",
    }
    return centres.add(CentreForm(**{**given, **changed}), Command(COORDINATOR, NOW), reader())


def the_centre_of_scenarios() -> None:
    """The centre that the scenarios of the shipped process name, with a place for whoever comes."""
    capacity = {"ks3": 25, "ks4": 25}
    rates = [{"since": "2026-09-01", "daily": "100.00", "average": "6210.00"}]
    record: JsonObject = {
        "name": "An example centre", "partnership": "partners", "capacity": dict(capacity), "is_open": True,
        "rates": list(rates), "urn": "", "registration": "pru", "check": "none", "checked_on": "",
    }  # fmt: skip
    write_record(StreamId("centre", EXAMPLE_CENTRE), "centre-recorded", {"centre": record}, command())


def a_quota(school: str = "beacon", places: int = 1, year: str = "2026/27") -> None:
    """A quota where the school had none."""
    centres.set_quotas("partners", year, {school: (str(places), 0)}, Command(COORDINATOR, NOW), reader())


def wanted(pupil: str = "pupil1", school: str = "beacon", at: datetime = NOW) -> str:
    """A case that waits for the partnership's decision; its id."""
    case_id = start(NewCase(KEY, pupil, school, {}, {}), Command(SENCO, at)).case_id
    db.session.rollback()
    return case_id


def asked(**changed: Any) -> JsonObject:
    """Answers that ask for a full-time additional place at the centre from Monday 2 to Friday 27 November 2026."""
    return {
        "place_decision": "offer",
        "key_stage": "ks3",
        "centre": CENTRE,
        "place_type": "additional",
        "first_day": "2026-11-02",
        "last_day": "2026-11-27",
        "pattern": ALL_WEEK,  # type: ignore[dict-item]
        "premium": 0,
        "top_up": 0,
        **changed,
    }


def decide(case_id: str, answers: JsonObject, at: datetime = NOW + timedelta(minutes=5)) -> Receipt:
    """Complete the open task of the case with these answers."""
    task = work.of_case(reading(), case_id)[0]
    db.session.rollback()
    variables: JsonObject = {"place_decision": answers["place_decision"]} if "place_decision" in answers else {}
    return tasks.complete(case_id, task.task_id, tasks.Answers(answers, variables), Command(COORDINATOR, at))
