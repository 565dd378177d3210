"""Twenty people finish parallel tasks of one case at the same moment: all are accepted, none undoes another's."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from support.installation import command

from app.cases import rebuilding, starting, tasks
from app.cases.definitions import definition_of
from app.cases.records import write_record
from app.engine import waiting
from app.model.actor import Actor
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import work
from app.store.rows import case_of

PEOPLE = 20
SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")


def side_by_side(number: int) -> Bundle:
    """A process of so many tasks between two parallel gateways, and one more when all are done."""
    steps = [f"step_{one}" for one in range(1, number + 1)]
    nodes = ["begin", "fork", *steps, "join", "last", "finish"]
    flows = [("begin", "fork"), *(("fork", one) for one in steps), *((one, "join") for one in steps)]
    flows += [("join", "last"), ("last", "finish")]
    diagram = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file" targetNamespace="tiny">
  <bpmn:process id="side_by_side" name="Side by side" isExecutable="true">
    <bpmn:laneSet id="lanes"><bpmn:lane id="senco" name="SENCO"><bpmn:extensionElements><spiffworkflow:properties>
      <spiffworkflow:property name="role" value="SENCO"/>
    </spiffworkflow:properties></bpmn:extensionElements>
    {"".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in nodes)}</bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="begin"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>
    {"".join(f'<bpmn:userTask id="{one}" name="{one.replace("_", " ")}"/>' for one in [*steps, "last"])}
    <bpmn:endEvent id="finish" name="Done"/>
    {"".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)}
  </bpmn:process>
</bpmn:definitions>"""
    return Bundle("side-by-side", "side_by_side", "Side by side", {"side.bpmn": diagram.encode()}, {}, {})


def deployed(bundle: Bundle) -> None:
    """Write it down as deployed: it is not drawn, so that nobody could deploy it."""
    files = [{"kind": "bpmn", "name": name, "content": b64encode(one).decode()} for name, one in bundle.bpmn.items()]
    content = {"version": 1, "digest": bundle.digest, "process_id": bundle.process_id, "name": bundle.name,
               "proposed_by": "operator", "approved_by": "operator", "note": "for tests", "files": files}  # fmt: skip
    write_record(StreamId("definition", bundle.key), "definition-deployed", content, command())


def test_twenty_people_finish_parallel_tasks_of_one_case_at_the_same_moment(installed: Flask) -> None:
    deployed(side_by_side(PEOPLE))
    case = starting.start(starting.NewCase("side-by-side", "pupil1", "beacon", {}, {}), command(SENCO))
    db.session.rollback()
    open_tasks = work.of_case(reading(), case.case_id)
    assert len(open_tasks) == PEOPLE
    db.session.rollback()
    together = Barrier(PEOPLE)

    def finish(task: work.TaskLine) -> int:
        with installed.app_context():
            together.wait()
            answers = tasks.Answers({"by": task.element})
            return tasks.complete(case.case_id, task.task_id, answers, command(SENCO, key=task.task_id)).seq

    with ThreadPoolExecutor(PEOPLE) as pool:
        seqs = sorted(pool.map(finish, open_tasks))

    assert seqs == list(range(2, PEOPLE + 2))
    db.session.rollback()
    found = case_of(reading(), case.case_id)
    assert found.state is not None
    assert [one.element for one in waiting(definition_of(found.bundle), found.state).tasks] == ["last"]
    assert [one.element for one in work.of_case(reading(), case.case_id)] == ["last"]
    assert journal.verify(reading(), StreamId("case", case.case_id)) == (PEOPLE + 1, [])
    assert rebuilding.check() == []
