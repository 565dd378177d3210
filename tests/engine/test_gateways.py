"""Gateways, alone, nested and in loops. Saved and restored after every step."""

import pytest
from engine.playing import Case

CHOICE = """
    start go
    exclusive which default=no
    user big
    user small
    go -> which
    which -yes-> big : tier = "high"
    which -no-> small
"""


@pytest.mark.parametrize(("tier", "task"), [("high", "big"), ("low", "small")])
def test_the_flow_whose_condition_holds_is_taken_else_the_default(tier: str, task: str) -> None:
    case = Case(CHOICE, {"tier": tier})
    assert case.tasks == [task]
    assert [element for kind, element in case.moves if kind == "taken"] == [
        "go-which",
        "yes" if task == "big" else "no",
    ]


def test_only_the_first_condition_that_holds_counts() -> None:
    lines = """
        start go
        exclusive which
        user a
        user b
        go -> which
        which -> a : true
        which -> b : true
    """
    assert Case(lines).tasks == ["a"]


def test_a_condition_that_says_nothing_is_an_incident_that_names_what_is_missing() -> None:
    lines = """
        start go
        exclusive which default=no
        user big
        user small
        go -> which
        which -yes-> big : score > 3
        which -no-> small
    """
    case = Case(lines)
    assert case.troubles == [("which", "expression")]
    assert "score" in case.trouble("which").sentence
    assert "yes" in case.trouble("which").sentence

    case.amend("which", {"score": 4})

    assert (case.tasks, case.troubles) == (["big"], [])


def test_no_branch_is_an_incident_until_one_is_right() -> None:
    lines = "start go\nexclusive which\nuser a\nuser b\ngo -> which\nwhich -> a : x = 1\nwhich -> b : x = 2"
    case = Case(lines, {"x": 3})
    assert case.troubles == [("which", "no-branch")]
    case.retry("which")
    assert case.troubles == [("which", "no-branch")]
    case.amend("which", {"x": 2})
    assert case.tasks == ["b"]


def test_a_trouble_in_one_branch_leaves_the_others_and_keeps_the_case_open() -> None:
    lines = """
        start go
        parallel split
        user a
        exclusive which
        user b
        user c
        go -> split -> a
        split -> which
        which -> b : x = 1
        which -> c : x = 2
    """
    case = Case(lines, {"x": 3})
    assert (case.tasks, case.troubles) == (["a"], [("which", "no-branch")])
    assert not case.complete("a").is_completed
    case.amend("which", {"x": 1})
    assert case.complete("b").is_completed


PARALLEL_LOOP = """
    start go
    exclusive again
    parallel split
    user a
    user b
    parallel join
    user decide
    exclusive enough default=no
    end done
    go -> again -> split -> a -> join -> decide -> enough
    split -> b -> join
    enough -yes-> done : enough
    enough -no-> again
"""


def test_a_parallel_join_in_a_loop_waits_for_both_in_every_round_and_order() -> None:
    case = Case(PARALLEL_LOOP)
    for round_, order in enumerate([("a", "b"), ("b", "a"), ("a", "b"), ("b", "a")]):
        case.complete(order[0], {order[0]: round_})
        assert case.tasks == [order[1]]
        case.complete(order[1], {order[1]: round_})
        assert case.tasks == ["decide"]
        case.complete("decide", {"enough": round_ == 3})
    assert case.last.is_completed
    assert case.variables == {"a": 3, "b": 3, "enough": True}


def test_branches_keep_each_others_values() -> None:
    case = Case(PARALLEL_LOOP, {"x": 1})
    case.complete("a", {"x": 2})
    case.complete("b", {"y": 3})
    assert case.variables == {"x": 2, "y": 3}


INCLUSIVE_LOOP = """
    start go
    exclusive again
    inclusive split default=c-flow
    user a
    user b
    user c
    inclusive join
    user decide
    exclusive enough default=no
    end done
    go -> again -> split
    split -a-flow-> a : a
    split -b-flow-> b : b
    split -c-flow-> c
    a -> join
    b -> join
    c -> join
    join -> decide -> enough
    enough -yes-> done : enough
    enough -no-> again
"""


def test_an_inclusive_join_in_a_loop_waits_for_exactly_those_that_were_sent() -> None:
    case = Case(INCLUSIVE_LOOP, {"a": True, "b": True})
    assert case.tasks == ["a", "b"]
    case.complete("b")
    assert case.tasks == ["a"]
    case.complete("a")
    assert case.tasks == ["decide"]
    case.complete("decide", {"enough": False, "a": False})
    assert case.tasks == ["b"]
    case.complete("b")
    case.complete("decide", {"b": False})
    assert case.tasks == ["c"]
    case.complete("c")
    assert case.complete("decide", {"enough": True}).is_completed


def test_an_inclusive_gateway_without_a_branch_is_an_incident() -> None:
    lines = "start go\ninclusive which\nuser a\nuser b\ngo -> which\nwhich -> a : x\nwhich -> b : y"
    case = Case(lines, {"x": False, "y": False})
    assert case.troubles == [("which", "no-branch")]


def test_an_inclusive_join_fires_when_the_token_it_waited_for_goes_another_way() -> None:
    lines = """
        start go
        parallel split
        user a
        user b
        exclusive turn default=on
        inclusive join
        user after
        end away
        go -> split -> a -> join -> after
        split -> b -> turn
        turn -leave-> away : leave
        turn -on-> join
    """
    case = Case(lines)
    case.complete("a")
    assert case.tasks == ["b"]
    case.complete("b", {"leave": True})
    assert case.tasks == ["after"]


def test_nested_splits_join_where_they_meet() -> None:
    lines = """
        start go
        parallel s1
        parallel s2
        parallel j2
        parallel j1
        user a
        user b
        user c
        end done
        go -> s1 -> a -> j1 -> done
        s1 -> s2 -> b -> j2 -> j1
        s2 -> c -> j2
    """
    case = Case(lines)
    case.complete("c")
    case.complete("a")
    assert case.complete("b").is_completed


def test_a_second_token_on_the_same_flow_waits_for_its_own_partner() -> None:
    lines = """
        start go
        parallel split
        user a
        user b
        parallel join
        user after
        on more at=b message=more beside
        exclusive meet
        go -> split -> a -> meet -> join -> after
        split -> b -> join
        more -> meet
    """
    case = Case(lines)
    case.deliver("more")
    case.complete("a")
    assert "after" not in case.tasks
    case.complete("b")
    assert case.tasks == ["after"]
    assert not case.complete("after").is_completed


def test_several_flows_into_one_task_make_it_twice() -> None:
    case = Case("start go\nparallel split\nuser a\nuser b\nuser after\ngo -> split -> a -> after\nsplit -> b -> after")
    case.complete("a")
    case.complete("b")
    assert case.tasks == ["after", "after"]
    case.complete("after")
    assert case.complete("after").is_completed


def test_a_diagram_without_an_end_event_ends_when_nothing_is_left() -> None:
    step = Case("start go\nuser a\ngo -> a").complete("a")
    assert (step.is_completed, step.outcome) == (True, None)


def test_one_decision_may_have_two_flows_to_the_same_task() -> None:
    lines = "start go\nexclusive which\nuser a\ngo -> which\nwhich -one-> a : x = 1\nwhich -two-> a : x = 2"
    case = Case(lines, {"x": 2})
    assert ("taken", "two") in case.moves
    assert case.tasks == ["a"]
