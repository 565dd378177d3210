"""Moving a token by hand: what ends, what begins, and where it must not go. Saved and restored after every step."""

import pytest
from engine.playing import NOW, Case, PlainDates

from app import engine
from app.engine import CannotMove
from app.errors import CaseClosed, TaskEnded

STUCK = """
    start go
    exclusive which
    user a
    user b dueRule="3 days"
    on late at=b duration=P3D
    user chase
    end over
    end late_over
    go -> which
    which -> a : tier = "high"
    which -> b : tier = "low"
    a -> b -> over
    late -> chase -> late_over
"""
BRANCHES = """
    start go
    user before
    parallel part
    user left
    user left2
    user right
    user right2
    parallel meet
    user after
    end over
    go -> before -> part
    part -> left -> left2 -> meet
    part -> right -> right2 -> meet
    meet -> after -> over
"""
CHOSEN = """
    start go
    inclusive part
    user left
    user right
    inclusive meet
    user after
    go -> part
    part -> left : a
    part -> right : b
    left -> meet
    right -> meet
    meet -> after
"""


def refused(case: Case, element: str, target: str) -> str:
    """Why not; and asking for it all the same is refused with the same words."""
    with pytest.raises(CannotMove) as told:
        case.move(element, target)
    assert case.places(element).get(target, told.value.sentence) == told.value.sentence
    return told.value.sentence


def test_a_stuck_token_ends_and_the_chosen_step_begins_as_if_entered_by_no_flow() -> None:
    case = Case(STUCK, {"tier": "none"})
    trouble = case.trouble("which")
    step = case.move("which", "b")
    assert (case.tasks, case.timers, case.troubles) == (["b"], ["late"], [])
    assert step.resolved == (trouble,)
    assert case.moves == [("cancelled", "which"), ("entered", "b")]
    assert case.task("b").due == PlainDates().due("3 days", None)
    case.complete("b")
    assert (case.last.is_completed, case.last.outcome) == (True, "over")


def test_a_task_that_nobody_may_do_is_moved_with_its_timer() -> None:
    case = Case(STUCK, {"tier": "low"})
    step = case.move("b", "a")
    assert (case.tasks, case.timers) == (["a"], [])
    assert [(each.how, each.because) for each in step.closed] == [("cancelled", None)]
    assert len(step.disarmed) == 1
    assert engine.marks(case.all_moves)["b"] == "cancelled"


def test_an_end_may_be_chosen_and_ends_the_case_by_its_name() -> None:
    case = Case(STUCK.replace("end over", 'end over name="It is over"'), {"tier": "none"})
    assert case.move("which", "over").outcome == "It is over"


def test_steps_are_offered_and_nameless_gateways_are_not() -> None:
    case = Case(STUCK, {"tier": "x"})
    places = case.places("which")
    assert places == {"a": "", "b": "", "chase": ""}


def test_what_stays_where_it_is_is_tried_again_instead() -> None:
    assert "try again instead" in refused(Case(STUCK, {"tier": "low"}), "b", "b")


def test_a_boundary_event_and_a_start_are_no_steps() -> None:
    case = Case(
        STUCK.replace("start go", 'start go name="Begun"').replace("on late", 'on late name="Too late"'), {"tier": ""}
    )
    assert "watches over another" in refused(case, "which", "late")
    assert "is where it starts" in refused(case, "which", "go")


def test_a_branch_whose_join_would_wait_for_ever_is_refused() -> None:
    case = Case(BRANCHES)
    assert "wait for them for ever" in refused(case, "before", "left")
    assert "wait for them for ever" in refused(case, "before", "right2")
    assert case.places("before")["after"] == ""


def test_a_branch_that_another_waits_for_is_not_left() -> None:
    case = Case(BRANCHES)
    case.complete("before")
    case.complete("right")
    case.complete("right2")
    assert refused(case, "left", "after")
    assert refused(case, "left", "right")
    assert refused(case, "left", "before")
    case.move("left", "left2")
    case.complete("left2")
    assert case.tasks == ["after"]


def test_after_the_branches_met_the_case_may_go_back_before_them() -> None:
    case = Case(BRANCHES)
    for element in ("before", "left", "left2", "right", "right2"):
        case.complete(element)
    case.move("after", "before")
    for element in ("before", "left", "left2", "right", "right2", "after"):
        case.complete(element)
    assert case.last.is_completed


def test_a_join_is_no_step_to_choose() -> None:
    case = Case(BRANCHES.replace("parallel meet", 'parallel meet name="All there"'))
    assert "waits for other branches" in refused(case, "before", "meet")


def test_a_fork_may_be_chosen_and_begins_every_branch() -> None:
    case = Case(BRANCHES.replace("parallel part", 'parallel part name="Both"'))
    case.move("before", "part")
    assert case.tasks == ["left", "right"]


def test_branches_that_never_meet_are_not_there_twice() -> None:
    case = Case("start go\nparallel part\nuser a\nuser a2\nuser b\ngo -> part\npart -> a -> a2\npart -> b")
    assert "twice" in refused(case, "a", "b")
    case.move("a", "a2")
    assert case.tasks == ["b", "a2"]


def test_a_gateway_that_found_no_branch_may_be_moved_into_one_of_them() -> None:
    case = Case(CHOSEN, {"a": False, "b": False})
    case.move("part", "left")
    case.complete("left")
    assert case.tasks == ["after"]


def test_of_branches_that_were_chosen_none_is_left_while_another_goes_on() -> None:
    case = Case(CHOSEN, {"a": True, "b": True})
    assert refused(case, "left", "after")
    assert refused(case, "left", "right")


def test_what_happens_beside_the_way_of_the_case_stays_beside_it() -> None:
    case = Case(STUCK.replace("on late at=b", "on late at=b beside"), {"tier": "low"})
    assert "only done beside it" in refused(case, "b", "chase")
    case.fire("late")
    assert "twice" in refused(case, "chase", "a")
    assert "open already" in refused(case, "b", "chase")
    case.complete("b")
    assert case.places("chase")["a"] == ""


def test_inside_a_called_process_it_moves_there_or_out_of_it() -> None:
    lines = "start begin\ncall look of=inner\nuser next\nbegin -> look -> next"
    case = Case(lines, {"tier": "none"}, inner=STUCK)
    case.move("which", "a")
    assert case.tasks == ["a"]
    case.complete("a")
    step = case.move("b", "next")
    assert (case.tasks, case.timers, len(step.closed), len(step.disarmed)) == (["next"], [], 1, 1)
    assert case.moves == [("cancelled", "b"), ("cancelled", "look"), ("entered", "next")]


def test_out_of_a_sub_process_everything_in_it_ends() -> None:
    lines = """
        start go
        sub work
            start in
            parallel part
            user a
            user b
            in -> part
            part -> a
            part -> b
        user after
        go -> work -> after
    """
    case = Case(lines)
    assert len(case.move("a", "after").closed) == 2
    assert case.tasks == ["after"]


def test_into_a_sub_process_only_by_its_beginning() -> None:
    lines = """
        start go
        user first
        sub work
            start in
            user a
            in -> a
        go -> first -> work
    """
    case = Case(lines)
    assert "a" not in case.places("first")
    assert "lies elsewhere" in refused(case, "first", "a")
    with pytest.raises(CannotMove):
        case.move("first", "nothing-of-this-name")


def test_into_one_of_several_instances_no_token_comes_and_out_of_one_all_end() -> None:
    lines = """
        start go
        user first
        sub meet name=Meet each=children item=child
            start in
            user ask
            user tell
            in -> ask -> tell
        user after
        go -> first -> meet -> after
    """
    case = Case(lines, {"children": ["A", "B"]})
    assert "ask" not in case.places("first")
    case.move("first", "meet")
    assert case.tasks == ["ask", "ask"]
    case.move("ask", "tell")
    assert sorted(case.tasks) == ["ask", "tell"]
    case.move("ask", "after")
    assert case.tasks == ["after"]


def test_one_of_several_people_asked_ends_with_the_others() -> None:
    case = Case("start go\nuser each name=Each times=3\nuser after\ngo -> each -> after")
    step = case.move("each", "after", 1)
    assert (case.tasks, len(step.closed)) == (["after"], 3)


def test_an_event_sub_process_begins_only_by_its_event() -> None:
    lines = """
        start go
        user a
        user b
        sub alert name=Alert by-event
            start rung message=bell beside
            user act
            rung -> act
        go -> a -> b
    """
    case = Case(lines)
    assert "begins only when something happens" in refused(case, "a", "alert")
    assert "lies elsewhere" in refused(case, "a", "act")
    case.deliver("bell")
    assert "twice" in refused(case, "act", "b")
    case.move("a", "b")
    assert sorted(case.tasks) == ["act", "b"]


def test_events_that_wait_together_end_together_and_are_not_entered_one_by_one() -> None:
    lines = """
        start go
        race first
        catch answer name=Answer message=answer
        catch long name="Too long" duration=P3D
        user read
        user chase
        go -> first -> answer -> read
        first -> long -> chase
    """
    case = Case(lines.replace("duration=P3D", "timer dueRule=moon"))
    case.move("long", "read")
    assert (case.tasks, case.messages, case.timers) == (["read"], [], [])
    assert "waits together with others" in refused(case, "read", "answer")


def test_a_date_that_cannot_be_set_is_moved_with_the_task_it_watches_over() -> None:
    case = Case(STUCK.replace("duration=P3D", "timer dueRule=moon"), {"tier": "low"})
    assert case.troubles == [("late", "deadline")]
    step = case.move("late", "a")
    assert (case.tasks, case.troubles, len(step.closed), len(step.resolved)) == (["a"], [], 1, 1)


def test_a_failed_join_does_not_take_the_next_round_with_it() -> None:
    lines = """
        start go
        parallel part
        user a
        user b
        exclusive more default=no
        inclusive meet
        user x
        user y
        go -> part
        part -> a -> meet
        part -> b -> meet
        meet -> x : n = 1
        meet -> y : n = 2
        x -> more
        more -yes-> a : n = 7
        more -no-> y
    """
    case = Case(lines, {"n": 3})
    case.complete("a")
    case.complete("b")
    case.move("meet", "x")
    assert engine.marks(case.all_moves)["meet"] == "cancelled"


def test_a_step_that_never_ends_is_left_for_another() -> None:
    lines = """
        start go
        user a
        exclusive again
        script s feel="{ n: 1 }"
        exclusive stop default=on
        user done
        go -> a -> again -> s -> stop
        stop -yes-> done : enough
        stop -on-> again
    """
    case = Case(lines.replace("exclusive again", "exclusive again name=Again"), {"enough": False})
    case.complete("a")
    (trouble,) = case.open.troubles
    assert (trouble.kind, trouble.task_id) == ("bounds", None)
    with pytest.raises(CannotMove, match="never end"):
        case.move(trouble.element, "again")
    case.move(trouble.element, "done")
    assert (case.tasks, case.troubles) == (["done"], [])


def test_a_start_that_never_ended_is_moved_from_where_it_began() -> None:
    lines = """
        start go
        exclusive again default=on
        script s feel="{ n: 1 }"
        user done
        go -> again -on-> s -> again
        again -> done : n = 2
    """
    case = Case(lines)
    case.move(case.open.troubles[0].element, "done")
    assert (case.tasks, case.troubles) == (["done"], [])


def test_what_happened_aside_and_was_given_up_stands_at_no_step() -> None:
    lines = """
        start go
        user a
        sub alert by-event
            start rung message=bell beside
            exclusive again default=on
            script s feel="{ n: 1 }"
            user done
            rung -> again -on-> s -> again
            again -> done : n = 2
        go -> a
    """
    case = Case(lines)
    case.deliver("bell")
    with pytest.raises(CannotMove, match="stands at none"):
        case.move(case.open.troubles[0].element, "a")


def test_what_is_stuck_no_longer_or_closed_is_not_moved() -> None:
    case = Case(STUCK, {"tier": "none"})
    stuck = case.trouble("which").task_id
    case.move("which", "a")
    with pytest.raises(TaskEnded):
        engine.move(case.definition, case.state, stuck, "which", "b", case.dates, NOW)
    with pytest.raises(TaskEnded):
        engine.move(case.definition, case.state, None, "which", "b", case.dates, NOW)
    case.cancel("enough")
    with pytest.raises(CaseClosed):
        engine.places(case.definition, case.state, stuck, "which")
