"""What `app.diagrams.read` gives for a diagram with most things in it: first_plan.bpmn beside this file."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app.diagrams import Loop, Timer, read

XML = (Path(__file__).parent / "first_plan.bpmn").read_bytes()


@pytest.fixture(scope="module")
def diagram():
    return read(XML)


def test_the_process_a_case_runs_is_the_one_no_other_calls(diagram):
    assert diagram.main == "first_plan"


def test_a_process_without_a_name_has_the_name_of_its_pool(diagram):
    assert diagram.process("first_plan").name == "First plan of support"


def test_an_event_sub_process_lies_in_its_process(diagram):
    # given
    inner = diagram.process("on_move")

    # then
    assert (inner.parent_process, inner.triggered_by_event) == ("first_plan", True)
    assert diagram.nodes["hand_over"].process == "on_move"


def test_a_node_inside_a_sub_process_has_the_lane_of_the_sub_process(diagram):
    assert diagram.nodes["hand_over"].lane == "first_plan_lane"
    assert diagram.nodes["hand_over"].roles == ("SENCO",)


def test_a_lane_can_name_several_roles_and_an_organisation(diagram):
    assert diagram.lanes["review_lane"].roles == ("TEACH", "HT")
    assert diagram.nodes["meet"].organisation == "forum"


def test_extension_properties_are_what_people_set_in_the_panel(diagram):
    # given
    plan, chase, meet = (diagram.nodes[each] for each in ("plan", "chase", "meet"))

    # then
    assert (plan.form_key, plan.due_rule, plan.due_basis) == ("plan", "20 school days", "talked_on")
    assert (plan.due_date, plan.is_restricted) == (None, False)
    assert chase.is_restricted
    assert meet.due_date == "review_on"


def test_a_boundary_timer_says_where_it_sits_and_when_it_happens(diagram):
    # given
    late = diagram.nodes["late"]

    # then
    assert (late.attached_to, late.is_interrupting, late.event_kind) == ("plan", False, "timer")
    assert late.timer == Timer("duration", "P6W")
    assert list(diagram.boundary_events(diagram.nodes["plan"])) == [late]


def test_a_message_start_has_the_name_of_its_message(diagram):
    assert diagram.nodes["moved"].message == "pupil.moved"


def test_flows_have_condition_label_and_default(diagram):
    # given
    enough = diagram.nodes["enough"]

    # then
    assert [(flow.name, flow.condition) for flow in diagram.flows_out(enough)] == [("No", "tier = 2"), ("Yes", None)]
    assert enough.default_flow == "enough_to_done"


def test_scripts_loops_calls_and_documentation_are_read(diagram):
    assert diagram.nodes["count"].script == "{ round: if round = null then 1 else round + 1 }"
    assert diagram.nodes["meet"].loop == Loop("sequential", collection="pupils", item="pupil")
    assert diagram.nodes["run_review"].called_element == "review"
    assert diagram.nodes["plan"].documentation == "With parents and the pupil."


def test_a_pool_without_a_process_is_a_black_box(diagram):
    assert dict(diagram.black_boxes) == {"parents": "Parents"}


def test_line_numbers_are_those_of_the_file(diagram):
    # given
    lines = XML.decode().splitlines()

    # then
    assert 'id="late"' in lines[diagram.nodes["late"].line - 1]


def test_everything_is_drawn_and_nothing_is_wrong(diagram):
    assert set(diagram.nodes) <= set(diagram.shapes)
    assert set(diagram.flows) == set(diagram.edges)
    assert diagram.problems == ()


def test_a_diagram_cannot_be_changed(diagram):
    with pytest.raises(FrozenInstanceError):
        diagram.nodes["plan"].name = "Other"
    with pytest.raises(TypeError):
        diagram.nodes["plan"] = None


def test_a_label_is_the_name_or_else_kind_and_id():
    # given
    unnamed = read(XML.replace(b' name="Agree the plan"', b""))

    # then
    assert read(XML).nodes["plan"].label == "“Agree the plan”"
    assert unnamed.nodes["plan"].label == "Task plan"


def test_a_flow_to_a_missing_node_is_a_fact_with_its_line():
    # given
    broken = read(XML.replace(b'targetRef="reviewed"', b'targetRef="gone"'))

    # when
    facts = [fact for fact in broken.problems if fact.kind == "unknown-reference"]

    # then
    assert [fact.element for fact in facts] == ["run_review_to_reviewed"]
    assert facts[0].line > 0
