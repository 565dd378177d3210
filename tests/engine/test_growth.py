"""A step costs what is open, not what is past: 200 rounds, bounds, and what a state may weigh."""

import json
import zlib

import pytest
from engine.playing import Case

from app import engine

REVIEWS = """
    start go
    exclusive again
    call review of=review-round
    on closed at=review message=closed
    exclusive enough default=on
    end done
    end shut
    sub meeting by-event
        start asked message=parent beside
        user meet
        end held
        asked -> meet -> held
    sub moving by-event
        start moved message=moved
        user hand-over
        end gone
        moved -> hand-over -> gone
    go -> again -> review -> enough
    enough -yes-> done : met
    enough -on-> again
    closed -> shut
"""
ROUND = """
    start in
    parallel split
    catch six-weeks duration=P6W
    user assess role=SENCO dueRule="10 days"
    on late at=assess duration=P2W beside
    user chase
    parallel join
    script count feel="{ round: if round = null then 1 else round + 1 }"
    end reviewed
    in -> split -> six-weeks -> join -> count -> reviewed
    split -> assess -> join
    late -> chase
"""


def one_round(case: Case) -> None:
    case.complete("assess", {"met": False, "submission": "0b8e7a52-90f4-4f0f-8f0e-1a2b3c4d5e6f"})
    case.fire("six-weeks")


def tasks_in(case: Case) -> int:
    return sum(len(scope["tasks"]) for scope in case.state["scopes"].values())  # type: ignore[union-attr,call-overload,index,arg-type,misc]


def test_the_200th_review_costs_what_the_first_did() -> None:
    case = Case(REVIEWS, review_round=ROUND)
    case.deliver("parent", {"why": "worried"})
    one_round(case)
    tasks, size, moves = tasks_in(case), case.size(), len(case.last.moves)

    for _ in range(199):
        one_round(case)

    assert case.variables["round"] == 200
    assert (tasks_in(case), len(case.last.moves)) == (tasks, moves)
    assert case.size() <= size * 1.1
    assert case.size() < 20_000
    assert sorted(case.tasks) == ["assess", "meet"]
    assert sorted(case.messages) == ["closed", "moved", "parent"]
    assert len(zlib.compress(json.dumps(case.last.delta).encode())) < 2_000
    case.deliver("moved")
    assert case.tasks == ["hand-over"]


def test_200_parent_meetings_leave_nothing_behind() -> None:
    case = Case(REVIEWS, review_round=ROUND)
    size = case.size()
    for _ in range(200):
        case.deliver("parent", 1)
        case.complete("meet")
    assert case.size() <= size * 1.1


def test_a_flat_loop_of_200_rounds_stays_as_small() -> None:
    case = Case("start go\nexclusive again\nuser a\nuser b\ngo -> again -> a -> b -> again")
    size = case.size()
    for number in range(200):
        case.complete("a", {"number": number})
        case.complete("b")
    assert (tasks_in(case), case.tasks) == (1, ["a"])
    assert case.size() <= size + 40


def test_a_loop_without_anyone_to_wait_for_is_given_up_and_leaves_the_case_as_it_was() -> None:
    lines = """
        start go
        user a
        exclusive again
        script s feel="{ n: if n = null then 1 else n + 1 }"
        exclusive stop default=on
        end done
        go -> a -> again -> s -> stop
        stop -yes-> done : enough = true
        stop -on-> again
    """
    case = Case(lines)
    before = case.state

    step = case.complete("a", {"enough": False})

    assert [(each.task_id, each.kind) for each in step.troubles] == [(None, "bounds")]
    assert step.troubles[0].element in ("again", "s", "stop")
    assert (case.tasks, step.moves, step.closed, step.variables) == (["a"], (), (), {})
    assert {**case.state, "refused": None} == {**before, "refused": None}
    assert case.complete("a", {"enough": True}).resolved == step.troubles
    assert case.last.is_completed


def test_a_start_that_runs_into_a_bound_can_be_tried_again_with_other_data() -> None:
    lines = (
        "start go\nexclusive again\nexclusive stop default=on\n"
        "user a\ngo -> again -> stop\nstop -yes-> a : enough = true\nstop -on-> again"
    )
    case = Case(lines)
    assert case.troubles[0][1] == "bounds"
    step = engine.amend(case.definition, case.state, {"enough": True}, None, case.dates, case.now)
    assert [each.element for each in step.opened] == ["a"]
    assert (step.troubles, step.resolved) == ((), case.last.troubles)


@pytest.mark.parametrize("width", [11])
def test_a_fork_bomb_is_given_up(width: int) -> None:
    lines = (
        "start go\nuser a\nexclusive again\nparallel p\n"
        "exclusive left\nexclusive right\ngo -> a -> again -> p -> left -> again\np -> right -> again"
    )
    case = Case(lines)
    step = case.complete("a")
    assert [each.kind for each in step.troubles] == ["bounds"]
    assert case.tasks == ["a"]


def test_what_people_answered_is_not_kept_twice() -> None:
    case = Case(
        "start go\nparallel split\nuser a\nuser b\nuser c\ngo -> split -> a\nsplit -> b\nsplit -> c",
        {"text": "x" * 1000},
    )
    assert json.dumps(case.state).count("x" * 1000) == 1
