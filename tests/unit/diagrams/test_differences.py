"""What changed between two versions, as the person who approves it reads it."""

from pathlib import Path

import pytest

from app.diagrams import differences, read

XML = (Path(__file__).parent / "first_plan.bpmn").read_text(encoding="utf-8")
OLD = read(XML.encode())

CHANGES = {
    "name": (
        'name="Agree the plan"',
        'name="Write the plan"',
        "plan",
        "“Write the plan”: name was Agree the plan, is now Write the plan",
    ),
    "due rule": (
        'value="20 school days"',
        'value="15 school days"',
        "plan",
        "“Agree the plan”: due date was 20 school days, counted from talked_on, "
        "is now 15 school days, counted from talked_on",
    ),
    "form": ('value="concern"', 'value="worry"', "begin", "“Concern raised”: form was concern, is now worry"),
    "condition": (
        ">tier = 2<",
        ">tier = 3<",
        "enough_to_run_review",
        "The flow from “Is it enough?” to “Review together”: condition was tier = 2, is now tier = 3",
    ),
    "timer": (">P6W<", ">P4W<", "late", "“Six weeks over”: timer was after 6 weeks, is now after 4 weeks"),
    "script": (
        "round + 1",
        "round + 2",
        "count",
        "“Count the round”: script was { round: if round = null then 1 else round + 1 }, "
        "is now { round: if round = null then 1 else round + 2 }",
    ),
    "interrupting": (
        ' cancelActivity="false"',
        "",
        "late",
        "“Six weeks over”: effect on its task was lets it go on, is now ends it",
    ),
    "called process": (
        'calledElement="review"',
        'calledElement="other"',
        "run_review",
        "“Review together”: called process was review, is now other",
    ),
    "organisation": (
        'value="forum"',
        'value="authority"',
        "review_lane",
        "The lane Teachers: organisation was forum, is now authority",
    ),
    "default": (
        ' default="enough_to_done"',
        "",
        "enough_to_done",
        "The flow from “Is it enough?” to “Plan agreed”: role as the default was "
        "taken when no condition holds; there is none now",
    ),
    "target": (
        'sourceRef="run_review" targetRef="reviewed"',
        'sourceRef="run_review" targetRef="done"',
        "run_review_to_reviewed",
        "The flow from “Review together” to “Plan agreed” went from “Review together” to “Reviewed”",
    ),
}


@pytest.mark.parametrize(("old", "new", "element", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_in_one_sentence(old, new, element, sentence):
    # given
    assert old in XML

    # when
    found = differences(OLD, read(XML.replace(old, new, 1).encode()))

    # then
    assert (element, "changed", sentence) in [(each.element, each.kind, each.sentence) for each in found]


def test_a_version_does_not_differ_from_itself():
    assert differences(OLD, read(XML.encode())) == []


def test_where_a_shape_is_drawn_is_no_difference():
    assert differences(OLD, read(XML.replace('width="120"', 'width="140"').encode())) == []


def test_added_and_removed_elements_are_told_by_their_names():
    # given
    new = read(XML.replace('id="chased" name="Asked"', 'id="asked" name="Heard"').encode())

    # when
    sentences = {(each.kind, each.sentence) for each in differences(OLD, new)}

    # then
    assert ("added", "New: End “Heard”") in sentences
    assert ("removed", "Removed: End “Asked”") in sentences


def test_a_role_that_changes_is_told_for_the_lane_and_each_of_its_tasks():
    # given
    new = read(XML.replace('value="SENCO"', 'value="HT"').encode())

    # when
    sentences = [each.sentence for each in differences(OLD, new)]

    # then
    assert "The lane SENCO: roles was SENCO, is now HT" in sentences
    assert "“Agree the plan”: roles was SENCO, is now HT" in sentences
