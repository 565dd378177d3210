"""What cannot go on, and how a person gets it going again. Saved and restored after every step."""

from datetime import date

import pytest
from engine.drawing import bundle
from engine.playing import NOW, Case, PlainDates

from app import engine
from app.errors import CaseClosed, NotDeployable, TaskEnded

STUCK = """
    start go
    exclusive which
    user a
    user b
    go -> which
    which -> a : tier = "high"
    which -> b : tier = "low"
"""


def test_an_incident_names_its_element_and_is_told_once() -> None:
    case = Case(STUCK, {"tier": "none"})
    trouble = case.trouble("which")
    assert case.last.troubles == (trouble,)
    assert trouble.sentence == "Expected one branch of which to be right, but none is: which-a, which-b"
    step = case.retry("which")
    assert (step.troubles, step.resolved) == ((), ())


def test_an_incident_that_is_resolved_says_so() -> None:
    case = Case(STUCK, {"tier": "none"})
    trouble = case.trouble("which")
    step = case.amend("which", {"tier": "low"})
    assert (step.resolved, step.variables, case.tasks) == ((trouble,), {"tier": "low"}, ["b"])


def test_an_incident_that_becomes_another_is_both_resolved_and_new() -> None:
    case = Case("start go\nexclusive x\nuser a\nuser b\ngo -> x\nx -> a : n > 3\nx -> b : n < 1", {"n": 2})
    assert case.troubles == [("x", "no-branch")]
    step = case.amend("x", {"n": "many"})
    assert [each.kind for each in step.resolved] == ["no-branch"]
    assert case.troubles == [("x", "expression")]


def test_what_is_not_there_cannot_be_tried_again() -> None:
    case = Case(STUCK, {"tier": "none"})
    stuck = case.trouble("which").task_id
    case.amend("which", {"tier": "low"})
    with pytest.raises(TaskEnded):
        engine.retry(case.definition, case.state, stuck, case.dates, NOW)


def test_a_case_with_an_incident_can_be_ended() -> None:
    case = Case(STUCK, {"tier": "none"})
    trouble = case.trouble("which")
    step = case.cancel("recorded by mistake")
    assert (step.is_completed, step.resolved, case.troubles) == (True, (trouble,), [])
    with pytest.raises(CaseClosed):
        engine.retry(case.definition, case.state, trouble.task_id, case.dates, NOW)


def test_a_boundary_event_takes_an_incident_inside_away() -> None:
    lines = """
        start go
        sub work
            start in
            exclusive which
            user a
            user b
            in -> which
            which -> a : x = 1
            which -> b : x = 2
        on stop at=work message=stop
        user after
        go -> work
        stop -> after
    """
    case = Case(lines, {"x": 3})
    step = case.deliver("stop")
    assert (case.tasks, case.troubles, len(step.resolved)) == (["after"], [], 1)


def test_variables_can_be_corrected_where_an_open_task_sees_them() -> None:
    case = Case("start go\nuser a\ngo -> a", {"tier": "low"})
    task = case.task("a").task_id
    step = engine.amend(case.definition, case.state, {"tier": "high"}, task, case.dates, NOW)
    assert (step.variables, step.moves, step.opened, step.closed) == ({"tier": "high"}, (), (), ())


def test_a_called_process_is_corrected_in_its_own_variables() -> None:
    case = Case("start begin\ncall look of=inner\nbegin -> look", {"tier": "none"}, inner=STUCK)
    case.amend("which", {"tier": "high"})
    assert (case.tasks, case.task("a").variables, case.variables) == (["a"], {"tier": "high"}, {"tier": "none"})


def test_a_boundary_timer_that_could_not_be_set_watches_after_a_retry() -> None:
    case = Case("start go\nuser a\non late at=a timer dueRule=moon\nuser chase\ngo -> a\nlate -> chase")
    case.dates.rules["moon"] = 28
    case.retry("late")
    assert case.timers == ["late"]
    case.fire("late")
    assert case.tasks == ["chase"]
    assert engine.marks(case.all_moves)["late"] == "done"


def test_a_boundary_timer_that_was_set_late_and_never_fired_is_not_active_at_the_end() -> None:
    case = Case("start go\nuser a\non late at=a timer dueRule=moon\nuser chase\ngo -> a\nlate -> chase")
    case.dates.rules["moon"] = 28
    case.retry("late")
    case.complete("a")
    assert engine.marks(case.all_moves)["late"] == "cancelled"


def test_an_error_inside_one_of_several_instances_ends_them_all() -> None:
    lines = """
        start go
        sub meet each=children item=child
            start in
            user talk
            exclusive ok default=yes
            end bad error=refused
            end good
            in -> talk -> ok
            ok -no-> bad : refused
            ok -yes-> good
        on failed at=meet error=refused
        user mend
        user after
        go -> meet -> after
        failed -> mend
    """
    case = Case(lines, {"children": ["A", "B", "C"]})
    case.complete("talk", {"refused": False})
    case.complete("talk", {"refused": True})
    assert case.tasks == ["mend"]
    assert engine.marks(case.all_moves)["meet"] == "cancelled"


def test_another_calendar_moves_the_date_of_a_task() -> None:
    case = Case('start go\nuser a dueRule="10 days"\ngo -> a')
    task = case.task("a").task_id
    step = engine.redate(case.definition, case.state, task, PlainDates().on_day(date(2026, 12, 1)))
    assert [(each.task_id, each.due and each.due.on) for each in step.opened] == [(task, date(2026, 12, 1))]
    assert (step.closed, step.moves) == ((), ())


def test_a_timer_that_is_gone_cannot_be_moved() -> None:
    case = Case("start go\ncatch wait duration=P1D\nuser a\ngo -> wait -> a")
    timer = case.timer("wait").timer_id
    case.fire("wait")
    with pytest.raises(TaskEnded):
        engine.redate(case.definition, case.state, timer, PlainDates().on_day(date(2026, 12, 1)))


def test_a_broken_decision_table_is_refused() -> None:
    broken = b"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'/>"
    with pytest.raises(NotDeployable):
        engine.parse(bundle("start go\nrule r decision=next\ngo -> r", {"next.dmn": broken}))


def test_a_decision_that_is_python_is_refused() -> None:
    table = (
        b"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='n'>"
        b"<decision id='next' name='n'><decisionTable id='t'><input id='i'><inputExpression id='e'><text>x</text>"
        b"</inputExpression></input><output id='o' name='y'/><rule id='r'><inputEntry id='a'>"
        b"<text>().__class__</text></inputEntry><outputEntry id='b'><text>1</text></outputEntry></rule>"
        b"</decisionTable></decision></definitions>"
    )
    with pytest.raises(NotDeployable):
        engine.parse(bundle("start go\nrule r decision=next\ngo -> r", {"next.dmn": table}))
