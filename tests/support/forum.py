"""A forum for the small authority, and a tiny process whose requests it decides. Real records, a real diagram."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from app.access.people import Reader
from app.cases import tasks
from app.cases.command import Command, Receipt
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.casework.meetings import dates, series
from app.casework.meetings.series import SeriesForm
from app.model.actor import Actor
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.store.db import db, reading
from app.store.queries import organisations, people, work
from support import installation
from support.installation import NOW, command

CHAIR = Actor("chair", "Petra Lund", "FCHAIR", "north-forum")
ADMIN = Actor("forum-admin", "Quinn Ashby", "FADM", "north-forum")
SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
PEOPLE = {
    "chair": ("Petra Lund", "FCHAIR"),
    "forum-admin": ("Quinn Ashby", "FADM"),
    "member": ("Rosa Teague", "FMEM"),
    "not-invited": ("Sorin Vance", "FMEM"),
}
KEY = "tiny-forum"
TODAY = NOW.date()
_HEAD = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="urn:test">"""
_PLACES = {
    "school": (0, 0, 800, 150),
    "forum": (0, 150, 800, 150),
    "begin": (50, 60, 36, 36),
    "request": (150, 40, 120, 80),
    "discuss": (350, 190, 120, 80),
    "done": (550, 60, 36, 36),
}
_FLOWS = {"f1": ("begin", "request"), "f2": ("request", "discuss"), "f3": ("discuss", "done")}


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


DIAGRAM = f"""{_HEAD}
<bpmn:process id="p02_forum" name="Tiny forum request" isExecutable="true">
 <bpmn:laneSet id="lanes">
  <bpmn:lane id="school" name="SENCO"><bpmn:extensionElements><spiffworkflow:properties>
   <spiffworkflow:property name="role" value="SENCO"/></spiffworkflow:properties></bpmn:extensionElements>
   <bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>request</bpmn:flowNodeRef>
   <bpmn:flowNodeRef>done</bpmn:flowNodeRef></bpmn:lane>
  <bpmn:lane id="forum" name="Forum"><bpmn:extensionElements><spiffworkflow:properties>
   <spiffworkflow:property name="role" value="FCHAIR FADM"/>
   <spiffworkflow:property name="organisation" value="forum"/></spiffworkflow:properties></bpmn:extensionElements>
   <bpmn:flowNodeRef>discuss</bpmn:flowNodeRef></bpmn:lane>
 </bpmn:laneSet>
 <bpmn:startEvent id="begin" name="Advice wanted"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="startRoles" value="SENCO"/></spiffworkflow:properties></bpmn:extensionElements>
 </bpmn:startEvent>
 <bpmn:userTask id="request" name="Ask the forum"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="formKey" value="tiny_request"/></spiffworkflow:properties></bpmn:extensionElements>
 </bpmn:userTask>
 <bpmn:userTask id="discuss" name="Record the outcome"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="formKey" value="tiny_outcome"/>
  <spiffworkflow:property name="meeting" value="forum"/>
  <spiffworkflow:property name="pack" value="tiny_request"/></spiffworkflow:properties></bpmn:extensionElements>
 </bpmn:userTask>
 <bpmn:endEvent id="done" name="Advice given"/>
 <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="request"/>
 <bpmn:sequenceFlow id="f2" sourceRef="request" targetRef="discuss"/>
 <bpmn:sequenceFlow id="f3" sourceRef="discuss" targetRef="done"/>
</bpmn:process>
<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="p02_forum">{_drawn()}</bpmndi:BPMNPlane>
</bpmndi:BPMNDiagram></bpmn:definitions>"""


def _form(key: str, title: str, *components: dict[str, object]) -> bytes:
    schema = {"type": "default", "id": key, "title": title, "schemaVersion": 19, "components": list(components)}
    return json.dumps(schema).encode()


FORMS = {
    "tiny_request": _form(
        "tiny_request",
        "Ask the forum",
        {
            "type": "textarea",
            "id": "q1",
            "key": "question",
            "label": "What do you ask?",
            "validate": {"required": True},
        },
        {
            "type": "checkbox",
            "id": "q2",
            "key": "urgent",
            "label": "It cannot wait",
            "properties": {"variable": "urgent"},
        },
    ),
    "tiny_outcome": _form(
        "tiny_outcome",
        "Outcome",
        {
            "type": "textarea",
            "id": "o1",
            "key": "advice",
            "label": "What is the advice?",
            "validate": {"required": True},
        },
    ),
}


def bundle() -> Bundle:
    """The tiny process."""
    return Bundle(KEY, "p02_forum", "Tiny forum request", {"tiny.bpmn": DIAGRAM.encode()}, {}, FORMS)


def prepare() -> None:
    """A forum in the district North with its people, and the tiny process."""
    record = {"name": "Northgate LIFT", "kind": "forum", "parent": "north", "calendar": "beacon"}
    write_record(StreamId("organisation", "north-forum"), "organisation-recorded", {"organisation": record}, command())
    for person_id, (name, role) in PEOPLE.items():
        held = [{"role": role, "organisation": "north-forum"}]
        content = {"user_name": person_id, "name": name, "is_active": True, "memberships": held}
        write_record(StreamId("person", person_id), "person-recorded", {"person": content}, command())
    installation.deploy(KEY, bundle())


def a_far_forum() -> None:
    """A forum of another authority with a chair, a series and its dates."""
    record = {"name": "Far forum", "kind": "forum", "parent": "elsewhere", "calendar": "faraway"}
    write_record(StreamId("organisation", "far-forum"), "organisation-recorded", {"organisation": record}, command())
    held = [{"role": "FCHAIR", "organisation": "far-forum"}]
    content = {"user_name": "far-chair", "name": "Tilda Moss", "is_active": True, "memberships": held}
    write_record(StreamId("person", "far-chair"), "person-recorded", {"person": content}, command())
    asked = Command(Actor("far-chair", "Tilda Moss", "FCHAIR", "far-forum"), NOW)
    given = settings(name="Far forum", organisation="far-forum", chair="far-chair", members=())
    series_id = series.add(given, asked, reader("far-chair"))
    dates.publish(series_id, TODAY, date(2026, 11, 30), asked, reader("far-chair"))


def reader(person_id: str, on: date = TODAY) -> Reader:
    """A person on a day."""
    person = people.one(reading(), person_id)
    assert person is not None
    return Reader(person, organisations.tree(reading()), on)


def settings(**changed: object) -> SeriesForm:
    """A weekly LIFT on Wednesdays whose papers are due on the Wednesday before."""
    given: dict[str, object] = {
        "name": "Northgate LIFT",
        "kind": "forum",
        "organisation": "north-forum",
        "chair": "chair",
        "members": ("member",),
        "often": "weekly",
        "weekday": "2",
        "begins": "14:00",
        "place": "Town hall, room 2",
        "deadline": "weekday_before",
        "slots": "3",
        "per_school": "3",
    }
    return SeriesForm(**{**given, **changed})  # type: ignore[arg-type]


def a_series(last: date = date(2026, 12, 18), **changed: object) -> str:
    """A series with its dates of this term; its id."""
    series_id = series.add(settings(**changed), Command(ADMIN, NOW), reader("forum-admin"))
    dates.publish(series_id, NOW.date(), last, Command(ADMIN, NOW), reader("forum-admin"))
    return series_id


def request(pupil: str = "pupil1", at: datetime = NOW, *, urgent: bool = False, school: str = "beacon") -> Receipt:
    """A case that asks the forum: its task for the meeting is open."""
    asked = NewCase(KEY, pupil, school, {}, {})
    case = start(asked, Command(SENCO, at))
    db.session.rollback()
    task = work.of_case(reading(), case.case_id)[0]
    given = tasks.Answers({"question": "How do we help?", "urgent": urgent}, {"urgent": urgent})
    return tasks.complete(case.case_id, task.task_id, given, Command(SENCO, at + timedelta(minutes=1)))
