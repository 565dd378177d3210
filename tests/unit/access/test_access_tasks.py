"""Who may see, do, give back and hand on a task."""

from dataclasses import replace

import pytest
from access_world import case_at, reader_with

from app.access import Action, TaskFacts, decide, may_be_given

CASE = case_at("beacon")
LOG_CONCERN = TaskFacts(CASE, roles=frozenset({"TEACH"}), organisation="beacon")
PLAN = TaskFacts(CASE, roles=frozenset({"SENCO"}), organisation="beacon")
SAFEGUARDING = TaskFacts(
    replace(CASE, has_restricted=True), roles=frozenset({"DSL", "SENCO"}), organisation="beacon", is_restricted=True
)


def answers(roles: list[tuple[str, str]], task: TaskFacts) -> str:
    """One letter for each task action allowed (See, Do, Claim, Release, Assign), "?" where the task is hidden."""
    reader = reader_with(*roles)
    letters = {
        "S": Action.SEE_TASK,
        "D": Action.DO_TASK,
        "C": Action.CLAIM_TASK,
        "R": Action.RELEASE_TASK,
        "A": Action.REASSIGN_TASK,
    }
    verdicts = {letter: decide(reader, action, task) for letter, action in letters.items()}
    hidden = {verdict.hides for verdict in verdicts.values() if not verdict.allowed}
    return "".join(letter for letter, verdict in verdicts.items() if verdict.allowed) + (
        "?" if hidden == {True} else ""
    )


@pytest.mark.parametrize(
    ("roles", "task", "allowed"),
    [
        ([("SENCO", "beacon")], PLAN, "SDC"),
        ([("INCL", "beacon")], PLAN, "S"),
        ([("HT", "beacon")], PLAN, "SRA"),
        ([("TEACH", "beacon")], PLAN, "?"),
        ([("SENCO", "harbour")], PLAN, "?"),
        ([("HT", "harbour")], PLAN, "?"),
        ([("POWN", "north")], PLAN, "?"),
        ([("SYS", "north")], PLAN, "?"),
        ([("AUD", "north")], PLAN, ""),
        ([("HOS", "north")], PLAN, "?"),
        ([("HOS", "north")], replace(PLAN, case=replace(CASE, is_overdue=True)), "SRA"),
        ([("TEACH", "beacon")], LOG_CONCERN, "?"),
        (
            [("TEACH", "beacon")],
            replace(LOG_CONCERN, case=case_at("beacon", named_people=frozenset({"reader"}))),
            "SDC",
        ),
        ([("TEACH", "beacon")], replace(LOG_CONCERN, assignee="reader"), "SDCR"),
        ([("DSL", "beacon")], SAFEGUARDING, "SDC"),
        ([("SENCO", "beacon")], SAFEGUARDING, "?"),
        ([("HT", "beacon")], SAFEGUARDING, "?"),
        ([("DSL", "harbour")], SAFEGUARDING, "?"),
    ],
)
def test_a_task_answers_to_each_role_as_the_domain_says(
    roles: list[tuple[str, str]], task: TaskFacts, allowed: str
) -> None:
    assert answers(roles, task) == allowed


@pytest.mark.parametrize(("assignee", "allowed"), [("reader", True), ("somebody else", False), (None, False)])
def test_a_task_is_given_back_by_whoever_has_it(assignee: str | None, allowed: bool) -> None:
    # given
    reader = reader_with(("SENCO", "beacon"))

    # when
    verdict = decide(reader, Action.RELEASE_TASK, replace(PLAN, assignee=assignee))

    # then
    assert verdict.allowed == allowed
    assert not verdict.hides


@pytest.mark.parametrize("role", ["POWN", "SYS", "AUD", "STRAT"])
def test_a_lane_of_a_role_without_case_content_is_nobodys(role: str) -> None:
    # given
    task = TaskFacts(CASE, roles=frozenset({role}), organisation="north")

    # then
    assert not decide(reader_with((role, "north")), Action.DO_TASK, task).allowed


def test_a_lane_whose_organisation_the_school_does_not_have_is_nobodys() -> None:
    task = TaskFacts(CASE, roles=frozenset({"SENCO"}), organisation=None)
    assert not decide(reader_with(("SENCO", "beacon")), Action.DO_TASK, task).allowed


def test_a_covering_teacher_can_be_given_a_task_before_the_case_names_them() -> None:
    assert may_be_given(reader_with(("TEACH", "beacon")), LOG_CONCERN)
    assert not may_be_given(reader_with(("TEACH", "harbour")), LOG_CONCERN)
    assert not may_be_given(reader_with(("SENCO", "beacon")), SAFEGUARDING)


def test_a_refusal_says_what_was_expected_and_who_asked() -> None:
    verdict = decide(reader_with(("INCL", "beacon")), Action.DO_TASK, PLAN)
    assert verdict.reason == "Your role (inclusion lead at Beacon School) does not let you do this task."


def test_an_allowed_task_says_why_it_is_there() -> None:
    verdict = decide(reader_with(("SENCO", "beacon")), Action.SEE_TASK, PLAN)
    assert verdict.reason == "You are SENCO at Beacon School, and this task is for that role."
