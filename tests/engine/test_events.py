"""Messages, boundary events, races, event sub-processes, errors, escalations, signals, links, ends."""

import pytest
from engine.playing import NOW, Case

from app import engine
from app.errors import TaskEnded, UnknownKey


def test_a_message_start_keeps_what_came() -> None:
    lines = "start go\nstart asked message=referral\nuser a\nuser b\ngo -> a\nasked -> b"
    assert Case(lines).tasks == ["a"]
    case = Case(lines, {"pupil": "x"}, message="referral")
    assert (case.tasks, case.variables, case.definition.message_starts) == (["b"], {"pupil": "x"}, ("referral",))


def test_a_start_that_is_not_there_is_refused() -> None:
    case = Case("start asked message=referral\nuser a\nasked -> a", message="referral")
    with pytest.raises(UnknownKey):
        engine.start(case.definition, {}, case.dates, NOW)
    with pytest.raises(UnknownKey):
        engine.start(case.definition, {}, case.dates, NOW, "other")


@pytest.mark.parametrize("kind", ["catch wait message=reply", "receive wait message=reply"])
def test_a_message_is_waited_for_and_kept_where_the_diagram_says(kind: str) -> None:
    case = Case(f"start go\n{kind} variable=answer\nuser after\ngo -> wait -> after")
    assert case.messages == ["reply"]
    waiting = case.subscription("reply").subscription_id
    step = case.deliver("reply", {"yes": True})
    assert (case.tasks, case.variables) == (["after"], {"answer": {"yes": True}})
    assert step.unsubscribed == (waiting,)
    with pytest.raises(TaskEnded):
        engine.deliver(case.definition, case.state, waiting, None, case.dates, NOW)


def test_a_message_without_a_place_to_keep_it_changes_no_variable() -> None:
    case = Case("start go\ncatch wait message=reply\nuser after\ngo -> wait -> after")
    case.deliver("reply", {"tier": "high"})
    assert case.variables == {}


def test_a_loop_back_to_a_message_waits_again() -> None:
    case = Case("start go\nexclusive again\ncatch wait message=reply\nuser a\ngo -> again -> wait -> a -> again")
    ids = set()
    for _ in range(3):
        ids.add(case.subscription("reply").subscription_id)
        case.deliver("reply")
        case.complete("a")
    assert len(ids) == 3


BOUNDARY = """
    start go
    user plan
    on {}
    user other
    user after
    go -> plan -> after
    event -> other
"""


def test_an_interrupting_timer_ends_the_task_and_says_so() -> None:
    case = Case(BOUNDARY.format("event at=plan duration=P1D"))
    task = case.task("plan").task_id
    step = case.fire("event")
    assert [(each.task_id, each.how, each.because) for each in step.closed] == [(task, "cancelled", "event")]
    assert case.tasks == ["other"]
    assert case.moves == [
        ("entered", "event"),
        ("cancelled", "plan"),
        ("left", "event"),
        ("taken", "event-other"),
        ("entered", "other"),
    ]


def test_a_timer_that_does_not_interrupt_fires_once_beside_the_task() -> None:
    case = Case(BOUNDARY.format("event at=plan duration=P1D beside"))
    case.fire("event")
    assert (case.tasks, case.timers) == (["plan", "other"], [])


def test_a_message_that_does_not_interrupt_can_come_again_and_again() -> None:
    case = Case(BOUNDARY.format("event at=plan message=news beside"))
    case.deliver("news")
    case.deliver("news")
    assert sorted(case.tasks) == ["other", "other", "plan"]
    case.complete("plan")
    assert case.messages == []


def test_completing_the_task_takes_its_boundary_events_down() -> None:
    case = Case(BOUNDARY.format("event at=plan duration=P1D"))
    step = case.complete("plan")
    assert (case.tasks, case.timers, len(step.disarmed)) == (["after"], [], 1)
    assert case.moves == [("left", "plan"), ("taken", "plan-after"), ("entered", "after")]


def test_a_boundary_event_ends_a_called_process_with_everything_in_it() -> None:
    case = Case(
        "start go\ncall look of=inner\non closed at=look message=closed\nuser bye\ngo -> look\nclosed -> bye",
        inner=(
            "start in\nparallel split\nuser a\nuser b\n"
            "on late at=a duration=P1D\nuser chase\nin -> split -> a\nsplit -> b\nlate -> chase"
        ),
    )
    step = case.deliver("closed")
    assert (case.tasks, case.timers) == (["bye"], [])
    assert {each.because for each in step.closed} == {"closed"}
    assert {element for kind, element in case.moves if kind == "cancelled"} == {"look", "a", "b"}


def test_a_boundary_event_on_repeated_tasks_ends_them_all() -> None:
    lines = """
        start go
        user view each=people
        on late at=view duration=P1D
        user after
        end early
        go -> view -> after
        late -> early
    """
    case = Case(lines, {"people": [1, 2, 3]})
    case.complete("view")
    step = case.fire("late")
    assert (case.tasks, len(step.closed), step.outcome) == ([], 2, "early")


def test_whichever_comes_first_takes_the_others_down() -> None:
    lines = """
        start go
        race first
        catch reply message=reply
        catch soon duration=P1D
        catch later duration=P10D
        user a
        user b
        user c
        go -> first -> reply -> a
        first -> soon -> b
        first -> later -> c
    """
    case = Case(lines)
    assert (case.timers, case.messages) == (["soon", "later"], ["reply"])
    assert case.timer("soon").due.at < case.timer("later").due.at
    step = case.fire("later")
    assert (case.tasks, case.timers, case.messages) == (["c"], [], [])
    assert len(step.disarmed) == 2
    assert ("taken", "first-later") in case.moves
    assert ("taken", "first-soon") not in case.moves


BESIDE = """
    start go
    user work
    sub meeting by-event
        start asked {} variable=what
        user meet
        end held
        asked -> meet -> held
    end done
    go -> work -> done
"""


def test_an_event_sub_process_beside_the_rest_can_happen_again_and_again() -> None:
    case = Case(BESIDE.format("message=parent beside"))
    assert case.messages == ["parent"]
    assert case.subscription("parent").subscription_id.endswith(":asked")
    case.deliver("parent", 1)
    case.deliver("parent", 2)
    assert sorted(case.tasks) == ["meet", "meet", "work"]
    assert case.messages == ["parent"]
    case.complete("meet")
    assert not case.complete("work").is_completed
    assert case.complete("meet").is_completed
    assert case.messages == []


def test_an_event_sub_process_that_never_happens_does_not_keep_the_case_open() -> None:
    case = Case(BESIDE.format("message=parent beside"))
    assert case.complete("work").is_completed


def test_an_interrupting_event_sub_process_ends_everything_else_and_says_why() -> None:
    case = Case(BESIDE.format("message=moved"))
    step = case.deliver("moved", {"to": "B"})
    assert (case.tasks, case.messages) == (["meet"], [])
    assert [(each.how, each.because) for each in step.closed] == [("cancelled", "asked")]
    assert ("cancelled", "work") in case.moves
    end = case.complete("meet")
    assert (end.is_completed, end.outcome, end.variables) == (True, "held", {"what": {"to": "B"}})


def test_an_event_sub_process_of_a_called_process_interrupts_only_that() -> None:
    case = Case(
        "start go\ncall look of=inner\nuser after\ngo -> look -> after",
        inner=(
            "start in\nuser ask\nsub stop by-event\n"
            "    start stopped message=stop\n    end gone\n    stopped -> gone\nin -> ask"
        ),
    )
    assert case.messages == ["stop"]
    case.deliver("stop")
    assert case.tasks == ["after"]


ERROR = """
    start go
    sub work
        start in
        user ask
        exclusive ok default=fine
        end bad error=refused
        end good
        in -> ask -> ok
        ok -no-> bad : refused
        ok -fine-> good
    on failed at=work {}
    user mend
    user after
    go -> work -> after
    failed -> mend
"""


@pytest.mark.parametrize("caught", ["error=refused", "error"])
def test_an_error_is_caught_on_the_edge_by_its_code_or_by_all(caught: str) -> None:
    case = Case(ERROR.format(caught))
    case.complete("ask", {"refused": True})
    assert case.tasks == ["mend"]


def test_without_the_error_the_work_goes_on() -> None:
    case = Case(ERROR.format("error=refused"))
    case.complete("ask", {"refused": False})
    assert case.tasks == ["after"]


def test_an_error_nobody_catches_is_an_incident() -> None:
    case = Case(ERROR.format("error=other"))
    case.complete("ask", {"refused": True})
    assert case.troubles == [("bad", "engine")]
    assert "refused" in case.trouble("bad").sentence
    assert not case.last.is_completed


def test_an_error_comes_out_of_a_called_process_and_ends_its_other_branches() -> None:
    case = Case(
        "start go\ncall look of=inner\non failed at=look error=refused\nuser mend\ngo -> look\nfailed -> mend",
        inner="start in\nparallel split\nuser a\nuser b\nend bad error=refused\nin -> split -> a -> bad\nsplit -> b",
    )
    case.complete("a")
    assert case.tasks == ["mend"]


def test_an_error_starts_an_event_sub_process() -> None:
    lines = """
        start go
        parallel split
        user a
        user b
        end bad error=refused
        sub mend by-event
            start failed error=refused
            user fix
            failed -> fix
        go -> split -> a -> bad
        split -> b
    """
    case = Case(lines)
    case.complete("a")
    assert case.tasks == ["fix"]
    assert case.complete("fix").is_completed


ESCALATION = """
    start go
    sub work
        start in
        throw worry escalation=late
        user ask
        in -> worry -> ask
    on told at=work escalation=late {}
    user chase
    user after
    go -> work -> after
    told -> chase
"""


def test_an_escalation_that_does_not_interrupt_goes_on_beside() -> None:
    case = Case(ESCALATION.format("beside"))
    assert sorted(case.tasks) == ["ask", "chase"]


def test_an_escalation_that_interrupts_ends_the_work() -> None:
    case = Case(ESCALATION.format(""))
    assert case.tasks == ["chase"]


def test_an_escalation_nobody_catches_is_an_incident() -> None:
    case = Case("start go\nend worry escalation=late\ngo -> worry")
    assert case.troubles == [("worry", "engine")]


def test_a_signal_reaches_everything_in_the_case_that_waits_for_it() -> None:
    lines = """
        start go
        parallel split
        user a
        catch wait signal=ready
        user b
        on ready at=b signal=ready
        user c
        user d
        {} signal=ready
        sub told by-event
            start heard signal=ready beside
            user e
            heard -> e
        go -> split -> a -> say
        split -> wait -> c
        split -> b
        ready -> d
    """
    for say in ("end say", "throw say"):
        case = Case(lines.format(say))
        case.complete("a")
        assert sorted(case.tasks) == ["c", "d", "e"]


def test_a_link_goes_on_where_it_arrives() -> None:
    case = Case("start go\nuser a\nthrow out link=L\ncatch in link=L\nuser b\ngo -> a -> out\nin -> b")
    case.complete("a")
    assert case.tasks == ["b"]
    assert case.complete("b").is_completed


def test_a_terminate_end_ends_everything_in_its_scope() -> None:
    case = Case("start go\nparallel split\nuser a\nuser b\nend stop terminate\ngo -> split -> a -> stop\nsplit -> b")
    step = case.complete("a")
    assert (step.is_completed, step.outcome) == (True, "stop")
    assert [(each.how, each.because) for each in step.closed] == [("completed", None), ("cancelled", "stop")]


def test_a_terminate_end_in_a_sub_process_ends_only_that() -> None:
    lines = """
        start go
        sub work
            start in
            parallel split
            user a
            user b
            end stop terminate
            in -> split -> a -> stop
            split -> b
        user after
        go -> work -> after
    """
    case = Case(lines)
    case.complete("a")
    assert case.tasks == ["after"]


def test_a_case_can_be_ended_where_it_stands() -> None:
    case = Case(BESIDE.format("message=parent beside"))
    step = case.cancel("moved to another authority")
    assert (step.is_completed, step.outcome) == (True, "moved to another authority")
    assert (case.tasks, case.messages) == ([], [])
    assert [(each.how, each.because) for each in step.closed] == [("cancelled", None)]
