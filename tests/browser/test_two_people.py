"""Two people, two tabs, two clicks, a task that ends under its open form: each is told, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from support import installation, journeys
from support.staff import SENCO, move_pupil, open_task, started

from app.cases.history import entries_of
from app.cases.starting import NewCase, start
from app.store.db import db
from app.studio.bundles import bundle_at

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
OFFER = "Check the universal offer"
#: one task that a timer ends after a day
WITH_A_TIMER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="file" targetNamespace="http://example.org/t">
  <bpmn:process id="one_day" name="One day to answer" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_senco" name="SENCO">
        <bpmn:extensionElements><spiffworkflow:properties>
          <spiffworkflow:property name="role" value="SENCO" />
        </spiffworkflow:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>asked</bpmn:flowNodeRef><bpmn:flowNodeRef>say</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>too_late</bpmn:flowNodeRef><bpmn:flowNodeRef>answered</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>not_answered</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="asked">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="startRoles" value="SENCO" />
      </spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:outgoing>a</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="say" name="Say how it goes in class">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="formKey" value="class_view" />
      </spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="too_late" attachedToRef="say" cancelActivity="true">
      <bpmn:outgoing>c</bpmn:outgoing>
      <bpmn:timerEventDefinition id="a_day">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="answered" name="Answered"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="not_answered" name="Not answered"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="asked" targetRef="say" />
    <bpmn:sequenceFlow id="b" sourceRef="say" targetRef="answered" />
    <bpmn:sequenceFlow id="c" sourceRef="too_late" targetRef="not_answered" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="one_day">
    {shapes}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
#: element → x, y, width, height
PLACES = {
    "lane_senco": (0, 0, 500, 240),
    "asked": (60, 82, 36, 36),
    "say": (160, 60, 100, 80),
    "too_late": (192, 122, 36, 36),
    "answered": (380, 82, 36, 36),
    "not_answered": (380, 172, 36, 36),
}
PATHS = {
    "a": ((96, 100), (160, 100)),
    "b": ((260, 100), (380, 100)),
    "c": ((210, 158), (210, 190), (380, 190)),
}


def drawn(source: str) -> str:
    """The diagram with its drawing."""
    shapes = [
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></bpmndi:BPMNShape>'
        for name, (x, y, width, height) in PLACES.items()
    ]
    edges = [
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for name, points in PATHS.items()
    ]
    return source.replace("{shapes}", "".join(shapes + edges))


def a_case(live: Live) -> tuple[str, str]:
    """Id of a fresh case, and the address of its open task."""
    with live.app.app_context():
        case_id = started()
        address = f"/tasks/{open_task(case_id)}"
        db.session.remove()
    return case_id, address


def count_entries(live: Live, case_id: str) -> int:
    """How many entries the case has."""
    with live.app.app_context():
        count = len(entries_of(case_id))
        db.session.remove()
    return count


def press_finish(page: Page) -> None:
    """Press the main button, whatever comes."""
    page.get_by_role("button", name="Finish this task").click()


def test_the_second_to_finish_is_told_who_was_first_and_sees_what_they_typed(live: Live, page_as: PageAs) -> None:
    _, address = a_case(live)
    first, second = page_as("senco"), page_as("senco2")
    first.goto(address)
    second.goto(address)
    journeys.check_offer(second, "Quiet corner")
    second.get_by_role("button", name="Save draft").click()
    expect(second.get_by_role("alert")).to_contain_text("Your draft is saved")
    journeys.check_offer(first, "Visual timetable")

    # what the second typed is saved already: the first is shown it before theirs goes in its place
    press_finish(first)
    newer = first.get_by_role("region", name="Somebody saved a newer version")
    expect(newer).to_contain_text("Quiet corner")
    expect(first.get_by_label("What was tried?")).to_have_value("Visual timetable")
    journeys.finish(first, OFFER)

    press_finish(second)
    expect(second.get_by_role("heading", name="This task is already done")).to_be_visible()
    expect(second.get_by_role("main")).to_contain_text("Asha Quill completed")
    expect(second.get_by_role("main")).to_contain_text("2 November 2026")
    expect(second.get_by_role("main")).to_contain_text("Quiet corner")
    second.goto(address)
    expect(second.get_by_role("region", name="What you typed and did not hand in")).to_contain_text("Quiet corner")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_is_one_entry_and_one_page(live: Live, page_as: PageAs, scripts: bool) -> None:
    case_id, address = a_case(live)
    page = page_as("senco", scripts=scripts)
    page.goto(address)
    journeys.check_offer(page)
    page.get_by_role("button", name="Finish this task").dblclick(no_wait_after=True)

    expect(page.get_by_role("heading", name=f"Done: {OFFER}")).to_be_visible()
    assert count_entries(live, case_id) == 2


def test_two_tabs_of_one_person_show_both_versions_and_let_them_decide(live: Live, page_as: PageAs) -> None:
    _, address = a_case(live)
    old = page_as("senco")
    old.goto(address)
    new = old.context.new_page()
    new.goto(address)
    new.get_by_label("What was tried?").fill("Visual timetable")
    new.get_by_role("button", name="Save draft").click()
    expect(new.get_by_role("alert")).to_contain_text("Your draft is saved")

    # typing in the old tab: it is told, in words, and keeps what is typed
    old.get_by_label("What was tried?").fill("Quiet corner")
    old.get_by_label("For how many weeks?").focus()
    expect(old.get_by_role("status")).to_contain_text("You saved this form at")
    with old.expect_response(lambda reply: reply.request.is_navigation_request()) as answered:
        old.get_by_role("button", name="Save draft").click()
    assert answered.value.status == 409
    expect(old.get_by_role("region", name="Somebody saved a newer version")).to_contain_text("Visual timetable")
    expect(old.get_by_label("What was tried?")).to_have_value("Quiet corner")

    old.get_by_role("button", name="Save draft").click()
    expect(old.get_by_role("alert")).to_contain_text("Your draft is saved")
    new.reload()
    expect(new.get_by_label("What was tried?")).to_have_value("Quiet corner")


def test_a_task_that_the_pupil_moving_away_ended_shows_what_was_typed(live: Live, page_as: PageAs) -> None:
    case_id, address = a_case(live)
    page = page_as("senco")
    page.goto(address)
    journeys.check_offer(page, "Quiet corner")
    with live.app.app_context():
        move_pupil(case_id)
        db.session.remove()
    ended_under_the_form(page, "Quiet corner")
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("Quiet corner")
    page.get_by_role("link", name="Open the case").click()
    expect(page.get_by_role("region", name="What happens next")).to_contain_text("Hand over the plan")


def test_a_task_that_a_timer_ended_shows_what_was_typed(live: Live, page_as: PageAs, tmp_path: Path) -> None:
    folder = tmp_path / "one-day"
    folder.mkdir()
    (folder / "one-day.bpmn").write_text(drawn(WITH_A_TIMER))
    (folder / "forms").mkdir()
    form = installation.ROOT / "forms" / "class_view.json"
    (folder / "forms" / form.name).write_text(form.read_text())
    with live.app.app_context():
        installation.deploy("one-day", bundle_at(folder))
        new = NewCase("one-day", "pupil1", "beacon", {}, {})
        case_id = start(new, installation.command(SENCO)).case_id
        task_id = open_task(case_id, "say")
        db.session.remove()
    page = page_as("senco")
    page.goto(f"/tasks/{task_id}")
    journeys.describe_class(page)
    live.move_clock(1)

    ended_under_the_form(page, "Listens well and tells good stories.")
    page.get_by_role("link", name="Open the case").click()
    expect(page.get_by_role("main")).to_contain_text("This case closed on Tue 3 November 2026: Not answered.")


def ended_under_the_form(page: Page, typed: str) -> None:
    """Finishing says that the task has ended, with everything typed and a way to the case."""
    with page.expect_response(lambda reply: reply.request.is_navigation_request()) as answered:
        press_finish(page)
    assert answered.value.status == 410
    expect(page.get_by_role("heading", name="This task has ended")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(typed)
    expect(page.get_by_role("link", name="Open the case")).to_be_visible()
