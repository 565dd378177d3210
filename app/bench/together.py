"""People who finish parallel tasks of one case at the same moment: is everybody accepted, and how long do they wait?"""

import threading
from base64 import b64encode
from collections.abc import Iterator

from app.bench import casework
from app.bench.casework import Case, School
from app.bench.clients import Browser, UnexpectedAnswer
from app.bench.figures import Row, median_ms, p95_ms
from app.bench.site import Site
from app.cases.command import Command
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.clock import real_now
from app.model.actor import OPERATOR, Actor
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import work

KEY = "bench-side-by-side"
#: budget in design.md, p95 in milliseconds
MOST = 300


def together(site: Site) -> Iterator[Row]:
    """Each opens the form of a task of their own; then all send at once. One case after the other."""
    size = site.place.size
    _deploy(_side_by_side(size.together))
    school = casework.school_of(size.together, "together")
    browsers = [Browser(site.place.app, one, site.port) for one in school.people["SENCO"]]
    _finish(school, browsers)  # warms up
    found = [one for _ in range(size.cases_together) for one in _finish(school, browsers)]
    for one in browsers:
        one.close()
    accepted, asked = [one for one in found if one is not None], size.together * size.cases_together
    what = f"{size.together} people finish tasks of one case at once"
    yield Row(f"{what}: accepted of {asked}", len(accepted), "answers", asked, "=")
    yield Row(f"{what}, p50", median_ms(accepted), "ms")
    yield Row(f"{what}, p95", p95_ms(accepted), "ms", MOST)


def _finish(school: School, browsers: list[Browser]) -> list[float | None]:
    """What each answer took; None for one that was not accepted."""
    senco = school.people["SENCO"][0]
    command = Command(Actor(senco, senco, "SENCO", school.id), real_now())
    case = Case(school, start(NewCase(KEY, school.pupil.id, school.id, {}, {}), command).case_id)
    db.session.rollback()
    tasks = [one.task_id for one in work.of_case(reading(), case.id)]
    db.session.rollback()
    ready, found = threading.Barrier(len(browsers)), list[float | None]()

    def finish(browser: Browser, task_id: str) -> None:
        page = browser.open(task_id)
        ready.wait(60)
        try:
            found.append(browser.hand_in(task_id, page, {"note": ["Done."]}))
        except UnexpectedAnswer:
            found.append(None)

    threads = [threading.Thread(target=finish, args=pair) for pair in zip(browsers, tasks, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def _deploy(bundle: Bundle) -> None:
    """Write it down as deployed. Nobody could deploy it by the pages: it has no picture."""
    files: list[JsonObject] = [
        {"kind": "bpmn", "name": name, "content": b64encode(one).decode()} for name, one in bundle.bpmn.items()
    ]
    content: JsonObject = {
        "version": 1,
        "digest": bundle.digest,
        "process_id": bundle.process_id,
        "name": bundle.name,
        "proposed_by": OPERATOR.id,
        "approved_by": OPERATOR.id,
        "note": "",
        "files": files,
    }
    write_record(StreamId("definition", KEY), "definition-deployed", content, Command(OPERATOR, real_now()))


def _side_by_side(number: int) -> Bundle:
    """A process of so many tasks between two parallel gateways."""
    steps = [f"step_{one}" for one in range(1, number + 1)]
    nodes = ["begin", "fork", *steps, "join", "finish"]
    flows = [
        ("begin", "fork"),
        *(("fork", one) for one in steps),
        *((one, "join") for one in steps),
        ("join", "finish"),
    ]
    diagram = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file" targetNamespace="bench">
  <bpmn:process id="side_by_side" name="Side by side" isExecutable="true">
    <bpmn:laneSet id="lanes"><bpmn:lane id="senco" name="SENCO"><bpmn:extensionElements><spiffworkflow:properties>
      <spiffworkflow:property name="role" value="SENCO"/>
    </spiffworkflow:properties></bpmn:extensionElements>
    {"".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in nodes)}</bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="begin"/><bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>
    {"".join(f'<bpmn:userTask id="{one}" name="{one.replace("_", " ")}"/>' for one in steps)}
    <bpmn:endEvent id="finish" name="Done"/>
    {"".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)}
  </bpmn:process>
</bpmn:definitions>"""
    return Bundle(KEY, "side_by_side", "Side by side", {"side.bpmn": diagram.encode()}, {}, {})
