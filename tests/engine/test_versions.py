"""Going on in another version exactly where a case stands: what may differ there, and what must not."""

from dataclasses import replace

from engine.drawing import bundle
from engine.playing import Case

from app import engine
from app.model.json import JsonObject

TASKS = 'start go\nuser a dueRule="3 days"\non late at=a duration=P3D\nuser chase\nuser b\ngo -> a -> b\nlate -> chase'
BRANCHES = """
    start go
    parallel part
    user left
    user right
    parallel meet
    user after
    go -> part
    part -> left -> meet
    part -> right -> meet
    meet -> after
"""


def words(case: Case, lines: str, **called: str) -> dict[str, str]:
    """What stands in the way of another drawing."""
    new = engine.parse(bundle(lines, **called))
    return {one.element: one.words for one in engine.obstacles(case.definition, new, case.state)}


def going_on(case: Case, lines: str, **called: str) -> Case:
    """The case in another drawing: its state, ids and dates are the same."""
    new = engine.parse(bundle(lines, **called))
    assert engine.obstacles(case.definition, new, case.state) == ()
    step = engine.in_version(case.definition, new, case.state)
    before, after = engine.waiting(case.definition, case.state), engine.waiting(new, step.state)
    assert (step.delta, step.state) == ({}, case.state)
    assert [(one.task_id, one.due) for one in after.tasks] == [(one.task_id, one.due) for one in before.tasks]
    assert after.timers == tuple(
        replace(one, name=now.name) for one, now in zip(before.timers, after.timers, strict=True)
    )
    gone = {one.subscription_id for one in before.subscriptions} - set(step.unsubscribed)
    assert {one.subscription_id for one in after.subscriptions} == gone | {
        one.subscription_id for one in step.subscribed
    }
    case.definition = new
    case.open = after
    return case


def test_what_comes_later_may_differ_and_the_case_takes_the_new_way() -> None:
    case = going_on(Case(TASKS), TASKS.replace("user b", "user c\nuser b").replace("a -> b", "a -> c -> b"))
    case.complete("a")
    assert case.tasks == ["c"]


def test_a_timer_that_runs_goes_on_and_fires_into_the_new_way() -> None:
    case = going_on(Case(TASKS), TASKS.replace("late -> chase", "user more\nlate -> more -> chase"))
    case.fire("late")
    assert case.tasks == ["more"]


def test_a_step_that_is_gone_or_of_another_kind_is_in_the_way() -> None:
    case = Case(TASKS)
    assert "a" in words(case, "start go\nuser b\ngo -> b")
    assert words(case, "start go\nreceive a message=x\nuser b\ngo -> a -> b")["a"] == "is of another kind"
    assert words(case, TASKS.replace("user a", "user a times=2"))["a"] == "is of another kind"


def test_dates_and_messages_beside_a_step_must_be_the_same_while_it_is_open() -> None:
    case = Case(TASKS)
    assert words(case, "start go\nuser a\nuser b\ngo -> a -> b")["a"] == "has other dates or messages beside it"
    assert words(case, TASKS.replace("at=a", "at=a beside"))["a"] == "has other dates or messages beside it"
    case.complete("a")
    assert words(case, "start go\nuser a\nuser b\ngo -> a -> b") == {}


def test_a_branch_needs_the_same_join() -> None:
    case = Case(BRANCHES)
    three = BRANCHES.replace("user right", "user right\n    user third").replace(
        "part -> right", "part -> third -> meet\n    part -> right"
    )
    assert words(case, three) == dict.fromkeys(("left", "right"), "lies between other branches")
    assert words(case, BRANCHES.replace("meet -> after", "user last\n    meet -> last -> after")) == {}
    case.complete("left")
    assert "lies between other branches" in words(case, three).values()
    alone = Case("start go\nuser left\nuser after\ngo -> left -> after")
    assert words(alone, BRANCHES) == {"left": "lies between other branches"}


def test_inside_a_called_process_the_same_is_asked() -> None:
    outer = "start begin\ncall look of=inner\nuser next\nbegin -> look -> next"
    case = Case(outer, inner=TASKS)
    assert words(case, outer, inner="start go\nuser b\ngo -> b")["a"] == "is not there any more"
    assert (
        words(case, outer.replace("of=inner", "of=other"), inner=TASKS, other="start og\nuser z\nog -> z")["look"]
        == "runs another process"
    )
    going_on(
        case, outer.replace("user next", "user next\nuser last").replace("-> next", "-> next -> last"), inner=TASKS
    )
    case.complete("a")
    case.complete("b")
    case.complete("next")
    assert case.tasks == ["last"]


def test_what_may_happen_at_any_time_is_listened_to_as_the_new_version_says() -> None:
    alert = "\nsub alert by-event\n    start rung message=bell beside\n    user act\n    rung -> act"
    case = going_on(Case(TASKS), TASKS + alert)
    case.deliver("bell")
    assert sorted(case.tasks) == ["a", "act"]
    case.complete("act")
    assert going_on(case, TASKS).messages == []


def test_events_that_race_need_the_same_race() -> None:
    race = (
        "start go\nrace first\ncatch x message=x\ncatch y duration=P3D\nuser a\ngo -> first -> x -> a\nfirst -> y -> a"
    )
    case = Case(race)
    assert words(case, race.replace("message=x", "message=z")) == {"x": "waits for something else"}
    wider = race + "\ncatch z message=z\nfirst -> z -> a"
    assert set(words(case, wider)) == {"x", "y"}


def test_a_case_that_cannot_go_on_is_taken_with_its_problem() -> None:
    lines = "start go\nexclusive which\nuser a\nuser b\ngo -> which\nwhich -> a : n = 1\nwhich -> b : n = 2"
    variables: JsonObject = {"n": 3}
    case = going_on(Case(lines, variables), lines + "\nuser c\nwhich -> c : n = 3")
    case.retry("which")
    assert (case.tasks, case.troubles) == (["c"], [])
