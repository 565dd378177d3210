"""A step that would never end is given up as a whole: an incident names the element, and the case can be put right."""

import pytest
from engine.drawing import bundle
from engine.playing import NOW, SEED, Case, PlainDates

from app import engine
from app.model.json import JsonObject
from app.model.step import Step

ENDLESS = """
    exclusive again
    script s feel="{ n: if n = null then 1 else n + 1 }"
    exclusive stop default=on
    end done
    again -> s -> stop
    stop -yes-> done : enough
    stop -on-> again
"""
AFTER_A_TASK = "start go\nuser a\ngo -> a -> again\n" + ENDLESS
AFTER_A_TIMER = "start go\ncatch wait duration=P1D\ngo -> wait -> again\n" + ENDLESS
AFTER_A_MESSAGE = "start go\ncatch wait message=m variable=told\ngo -> wait -> again\n" + ENDLESS
LOOP = ("again", "s", "stop")

FAN = """
    start go
    user a
    sub each times="count" item=n
        start in
        sub inner times="count" item=m
            start deep
            user u
            deep -> u
        in -> inner
    go -> a -> each
"""
#: nearly all the work that one expression may take
SLOW = "count(for i in 1..40, j in 1..26 return i * j)"


def test_too_much_work_names_the_element_at_which_the_time_was_up() -> None:
    # given a loop whose gateway asks a hundred slow questions
    names = [f"e{number}" for number in range(100)]
    ends = "\n".join(f"end {name}" for name in names)
    flows = "\n".join(f"x -> {name} : {SLOW} < 0" for name in names)
    case = Case(
        f"start go\nuser a\nexclusive back\nexclusive x default=d\n{ends}\ngo -> a -> back -> x\nx -d-> back\n{flows}"
    )
    task = case.task("a").task_id
    # when: once only, as the clock of another run may stop at the next element
    step = engine.complete(case.definition, case.state, task, {}, case.dates, case.now)
    # then
    (trouble,) = step.troubles
    assert trouble.element in ("x", "back")
    assert trouble.sentence == "The step took more than 2 seconds of work without anyone to wait for"
    assert step.closed == ()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("count", 10**12, "Expected at most 200 instances of every, but there are more"),
        ("count", 201, "Expected at most 200 instances of every, but there are more"),
        ("count", -1, "Expected a number for every, but “count” gives none"),
        ("count", "many", "Expected a number for every, but “count” gives none"),
        ("count", 1.5, "Expected a number for every, but “count” gives none"),
    ],
)
def test_a_number_typed_by_a_person_is_bounded_when_it_is_used(variable: str, value: object, sentence: str) -> None:
    case = Case("start go\nuser a\nuser every times=count\ngo -> a -> every")
    step = case.complete("a", {variable: value})
    assert [(each.element, each.sentence) for each in step.troubles] == [("every", sentence)]
    assert case.amend("every", {"count": 2}).resolved
    assert case.tasks == ["every", "every"]


def test_a_list_typed_by_people_is_bounded_when_it_is_used() -> None:
    case = Case("start go\nuser a\nuser every each=children item=child\ngo -> a -> every")
    step = case.complete("a", {"children": list(range(201))})
    assert [each.kind for each in step.troubles] == ["bounds"]
    case.amend("every", {"children": list(range(200))})
    assert len(case.tasks) == 200


def again(case: Case, variables: JsonObject) -> Step:
    """Try what was given up once more, with other data."""
    return case._step(lambda state: engine.amend(case.definition, state, variables, None, case.dates, case.now))


def test_a_task_that_was_given_up_is_done_again_by_its_person() -> None:
    case = Case(AFTER_A_TASK, {"enough": False})
    trouble = case.complete("a").troubles
    assert again(case, {"enough": True}).resolved == trouble
    assert (case.tasks, case.troubles) == (["a"], [])
    case.complete("a")
    assert case.last.is_completed


def test_a_timer_that_was_given_up_fires_when_it_is_tried_again() -> None:
    case = Case(AFTER_A_TIMER, {"enough": False})
    trouble = case.fire("wait").troubles
    assert case.timers == ["wait"]
    step = again(case, {"enough": True})
    assert (step.resolved, step.is_completed, len(step.disarmed)) == (trouble, True, 1)


def test_a_message_that_was_given_up_comes_again_with_what_it_carried() -> None:
    case = Case(AFTER_A_MESSAGE, {"enough": False})
    case.deliver("m", {"from": "a parent"})
    step = again(case, {"enough": True})
    assert (step.is_completed, step.variables["told"]) == (True, {"from": "a parent"})


def test_what_is_tried_again_in_vain_stays_an_incident() -> None:
    case = Case(AFTER_A_TIMER, {"enough": False})
    trouble = case.fire("wait").troubles
    step = again(case, {"other": 1})
    assert (step.troubles, step.resolved, list(case.open.troubles)) == ((), (), list(trouble))
    assert "other" not in step.variables


def test_another_step_of_the_case_does_not_hide_a_timer_that_was_given_up() -> None:
    # given a timer given up while somebody has a task beside it
    lines = "start go\nparallel split\nuser b\nuser c\ncatch wait duration=P1D\ngo -> split -> wait -> again\n"
    case = Case(lines + "split -> b -> c\n" + ENDLESS, {"enough": False})
    trouble = case.fire("wait").troubles
    # when that task is done
    step = case.complete("b")
    # then the incident is still there, and can be put right
    assert (step.resolved, case.tasks, tuple(case.open.troubles)) == ((), ["c"], trouble)
    assert again(case, {"enough": True}).resolved == trouble
    assert (case.timers, case.troubles) == ([], [])


def test_two_timers_that_were_given_up_are_both_tried_again() -> None:
    lines = "start go\nparallel split\ncatch one duration=P1D\ncatch two duration=P2D\nexclusive meet\n"
    case = Case(
        lines + "go -> split -> one -> meet -> again\nsplit -> two -> meet\n" + ENDLESS,
        {"enough": False},
    )
    case.fire("one")
    case.fire("two")
    assert again(case, {"enough": True}).is_completed
    assert (case.timers, case.troubles) == ([], [])


def test_a_timer_that_was_given_up_is_no_trouble_once_something_takes_it_down() -> None:
    lines = "start go\nuser a\non late at=a duration=P1D\ngo -> a\nlate -> again\n"
    case = Case(lines + ENDLESS, {"enough": False})
    trouble = case.fire("late").troubles
    step = case.complete("a")
    assert (step.resolved, step.is_completed) == (trouble, True)


def test_a_case_that_was_given_up_can_be_ended() -> None:
    case = Case(AFTER_A_TIMER, {"enough": False})
    trouble = case.fire("wait").troubles
    step = case.cancel("Ended after a problem")
    assert (step.is_completed, step.resolved, case.timers) == (True, trouble, [])


def test_a_start_that_was_given_up_is_a_case_that_can_be_put_right() -> None:
    definition = engine.parse(bundle("start go\ngo -> again\n" + ENDLESS))
    step = engine.start(definition, {"enough": False}, PlainDates(), NOW, None, SEED)
    assert [each.kind for each in step.troubles] == ["bounds"]
    step = engine.amend(definition, step.state, {"enough": True}, None, PlainDates(), NOW)
    assert (step.is_completed, len(step.resolved)) == (True, 1)
