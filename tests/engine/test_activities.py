"""Activities: what people do, what runs by itself, what is done several times. Saved and restored after every step."""

import pytest
from engine.playing import Case

from app import engine
from app.errors import AlreadyDone, CaseClosed, InvalidAnswers

DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://example.org">
<decision id="next-step" name="Next step"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="e" typeRef="string"><text>tier</text></inputExpression></input>
<output id="o" name="route" typeRef="string"/>
<rule id="r1"><inputEntry id="a1"><text>"low"</text></inputEntry>
<outputEntry id="b1"><text>"stay"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>"high"</text></inputEntry>
<outputEntry id="b2"><text>"refer"</text></outputEntry></rule>
<rule id="r3"><inputEntry id="a3"><text>"high"</text></inputEntry>
<outputEntry id="b3"><text>"panel"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@pytest.mark.parametrize("kind", ["user", "manual", "task"])
def test_what_a_person_does_waits_until_it_is_done(kind: str) -> None:
    case = Case(f"start go\n{kind} ask role=HT formKey=plan\nend done\ngo -> ask -> done")
    assert (case.tasks, case.task("ask").role, case.task("ask").form_key) == (["ask"], "HT", "plan")

    step = case.complete("ask", {"tier": "high"})

    assert step.is_completed
    assert step.outcome == "done"
    assert step.variables == {"tier": "high"}
    assert [(each.task_id, each.how) for each in step.closed] == [(case.steps[0].opened[0].task_id, "completed")]


def test_a_task_cannot_be_done_twice() -> None:
    case = Case("start go\nuser a\nuser b\ngo -> a -> b")
    first = case.task("a").task_id
    case.complete("a")
    with pytest.raises(AlreadyDone):
        engine.complete(case.definition, case.state, first, {}, case.dates, case.now)


def test_nothing_can_be_done_in_a_case_that_ended() -> None:
    case = Case("start go\nuser a\ngo -> a")
    first = case.task("a").task_id
    case.complete("a")
    with pytest.raises(CaseClosed):
        engine.complete(case.definition, case.state, first, {}, case.dates, case.now)


def test_lists_are_replaced_and_never_merged() -> None:
    case = Case("start go\nuser a\nuser b\ngo -> a -> b", {"needs": ["SEMH", "ASD"]})
    case.complete("a", {"needs": ["SLCN"]})
    assert case.variables == {"needs": ["SLCN"]}


@pytest.mark.parametrize("name", ["typename", "Tier", "data object", "__class__", "", "a" * 65])
def test_a_variable_with_a_name_the_engine_cannot_keep_is_refused(name: str) -> None:
    case = Case("start go\nuser a\ngo -> a")
    with pytest.raises(InvalidAnswers) as refused:
        case.complete("a", {name: 1})
    assert name in refused.value.problems


def test_the_reserved_key_is_refused_at_any_depth() -> None:
    case = Case("start go\nuser a\ngo -> a")
    with pytest.raises(InvalidAnswers):
        case.complete("a", {"plan": [{"typename": "BpmnWorkflow"}]})


def test_a_script_assigns_in_order_and_sees_what_it_assigned() -> None:
    case = Case(
        'start go\nscript s feel="{ round: if round = null then 1 else round + 1, next: round + 1 }"\n'
        "user u\ngo -> s -> u"
    )
    assert case.variables == {"round": 1, "next": 2}


def test_dates_go_through_a_script_as_text() -> None:
    case = Case(
        'start go\nscript s feel="{ review: agreed + duration(\\"P42D\\") }"\nuser u\ngo -> s -> u',
        {"agreed": "2026-11-02"},
        types={"agreed": "date"},
    )
    assert case.variables["review"] == "2026-12-14"


def test_a_script_can_ask_a_deadline_rule() -> None:
    case = Case(
        'start go\nscript s feel="{ by: due(\\"3 days\\", agreed) }"\nuser u\ngo -> s -> u',
        {"agreed": "2026-11-10"},
        types={"agreed": "date"},
    )
    assert case.variables["by"] == "2026-11-13"


def test_a_decision_table_gives_variables() -> None:
    case = Case(
        "start go\nrule r decision=next-step\nuser u\ngo -> r -> u", {"tier": "low"}, dmn={"next.dmn": DECISION}
    )
    assert case.variables == {"tier": "low", "route": "stay"}


def test_a_decision_table_that_contradicts_itself_is_an_incident_until_the_data_are_corrected() -> None:
    case = Case(
        "start go\nrule r decision=next-step\nuser u\ngo -> r -> u", {"tier": "high"}, dmn={"next.dmn": DECISION}
    )
    assert case.troubles == [("r", "decision")]

    case.amend("r", {"tier": "low"})

    assert (case.troubles, case.tasks, case.variables["route"]) == ([], ["u"], "stay")


def test_a_sent_message_leaves_the_case() -> None:
    lines = """
        start go
        send letter message=letter.out payload="{ to: name }"
        throw note message=note.out
        end told message=told.out
        go -> letter -> note -> told
    """
    case = Case(lines, {"name": "A"})
    assert [(each.message, each.element, each.payload) for each in case.thrown()] == [
        ("letter.out", "letter", {"to": "A"}),
        ("note.out", "note", None),
        ("told.out", "told", None),
    ]


def test_a_sub_process_shares_the_variables_around_it() -> None:
    lines = """
        start go
        sub inner
            start in
            user look
            end out
            in -> look -> out
        user after
        go -> inner -> after
    """
    case = Case(lines, {"a": 1})
    assert case.task("look").process == "inner"
    case.complete("look", {"b": 2})
    assert (case.tasks, case.variables) == (["after"], {"a": 1, "b": 2})


def test_a_called_process_is_given_everything_and_hands_back_what_it_assigned() -> None:
    case = Case(
        "start go\nparallel split\ncall look of=inner\nuser beside\ngo -> split -> look\nsplit -> beside",
        {"a": 1},
        inner="start in\nuser ask\nin -> ask",
    )
    assert case.task("ask").variables == {"a": 1}
    case.complete("beside", {"a": 5})
    case.complete("ask", {"b": 2})
    assert case.variables == {"a": 5, "b": 2}


def test_a_called_process_with_an_io_specification_sees_and_gives_only_what_it_names() -> None:
    case = Case(
        "start go\ncall look of=inner\nuser after\ngo -> look -> after",
        {"name": "A", "secret": "x"},
        inner="takes name\ngives result\nstart in\nuser ask\nin -> ask",
    )
    assert case.task("ask").variables == {"name": "A"}
    case.complete("ask", {"result": 1, "draft": 2})
    assert case.variables == {"name": "A", "secret": "x", "result": 1}


def test_an_input_that_is_missing_is_an_incident() -> None:
    case = Case("start go\ncall look of=inner\ngo -> look", inner="takes name\nstart in\nuser ask\nin -> ask")
    assert case.troubles == [("look", "expression")]
    case.amend("look", {"name": "A"})
    assert case.task("ask").variables == {"name": "A"}


def test_the_same_process_can_be_called_twice_in_parallel() -> None:
    case = Case(
        "start go\nparallel split\ncall one of=inner\ncall two of=inner\nparallel join\nend done\n"
        "go -> split -> one -> join -> done\nsplit -> two -> join",
        inner="start in\nuser ask\nin -> ask",
    )
    case.complete("ask", {"a": 1}, index=1)
    step = case.complete("ask", {"b": 2})
    assert (step.is_completed, step.variables) == (True, {"a": 1, "b": 2})


def test_a_process_that_is_not_here_is_sent_by_hand() -> None:
    case = Case(
        'start go\ncall next role=SENCO name="Ask for an assessment" of=ehc-assessment\nend done\ngo -> next -> done'
    )
    task = case.task("next")
    assert (task.name, task.form_key, task.role) == ("Ask for an assessment", None, "SENCO")
    assert case.definition.elements["next"].kind == "handover"
    assert case.complete("next").is_completed


def test_instances_in_parallel_collect_in_the_order_of_the_list() -> None:
    lines = """
        start go
        user view each=teachers item=teacher into=views collect=view
        user after
        go -> view -> after
    """
    case = Case(lines, {"teachers": ["A", "B", "C"], "view": "untouched"})
    assert [task.variables["teacher"] for task in case.open.tasks] == ["A", "B", "C"]
    case.complete("view", {"view": "c"}, index=2)
    case.complete("view", {"view": "a"}, index=0)
    case.complete("view", {"view": "b"})
    assert case.variables == {"teachers": ["A", "B", "C"], "view": "untouched", "views": ["a", "b", "c"]}


def test_instances_in_turn_see_one_item_after_the_other() -> None:
    case = Case(
        "start go\nuser view each=teachers item=teacher in-turn\nuser after\ngo -> view -> after",
        {"teachers": ["A", "B"]},
    )
    seen = [case.task("view").variables["teacher"]]
    case.complete("view", {"note": 1})
    seen.append(case.task("view").variables["teacher"])
    case.complete("view", {"note": 2})
    assert (seen, case.tasks, case.variables) == (["A", "B"], ["after"], {"teachers": ["A", "B"], "note": 2})


@pytest.mark.parametrize("in_turn", ["", "in-turn"])
def test_instances_by_number(in_turn: str) -> None:
    case = Case(
        (
            f'start go\nuser sign times="count" item=number into=signed collect=name {in_turn}\n'
            f"user after\ngo -> sign -> after"
        ),
        {"count": 3},
    )
    for name in ("a", "b", "c"):
        case.complete("sign", {"name": name})
    assert case.variables == {"count": 3, "signed": ["a", "b", "c"]}


def test_no_instances_for_an_empty_list() -> None:
    case = Case(
        "start go\nuser view each=teachers into=views collect=view\nuser after\ngo -> view -> after", {"teachers": []}
    )
    assert (case.tasks, case.variables) == (["after"], {"teachers": [], "views": []})


def test_instances_end_early_when_enough_are_done() -> None:
    lines = """
        start go
        user vote each=people until="number_of_completed_instances >= 2"
        user after
        go -> vote -> after
    """
    case = Case(lines, {"people": [1, 2, 3, 4]})
    case.complete("vote")
    step = case.complete("vote")
    assert case.tasks == ["after"]
    assert sorted(each.how for each in step.closed) == ["cancelled", "cancelled", "completed"]


def test_sub_processes_for_each_item_keep_their_own_variables() -> None:
    lines = """
        start go
        sub meet each=children item=child into=agreed collect=outcome
            start in
            user talk
            script sum feel="{ outcome: child + answer }"
            in -> talk -> sum
        user after
        go -> meet -> after
    """
    case = Case(lines, {"children": ["A", "B"]})
    case.complete("talk", {"answer": "+"}, index=1)
    case.complete("talk", {"answer": "-"})
    assert case.variables == {"children": ["A", "B"], "agreed": ["A-", "B+"]}


def test_what_is_no_list_is_an_incident() -> None:
    case = Case("start go\nuser view each=teachers\nuser after\ngo -> view -> after")
    assert case.troubles == [("view", "expression")]
    case.amend("view", {"teachers": ["A"]})
    assert case.tasks == ["view"]


def test_too_many_instances_are_an_incident() -> None:
    case = Case("start go\nuser view times=count\ngo -> view", {"count": 10**12})
    assert case.troubles == [("view", "bounds")]


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    case = Case('start go\nuser ask while="again" rounds=5\nuser after\ngo -> ask -> after')
    case.complete("ask", {"again": True})
    assert case.tasks == ["ask"]
    case.complete("ask", {"again": False})
    assert case.tasks == ["after"]


def test_a_loop_asked_before_the_first_round_may_not_happen_at_all() -> None:
    case = Case('start go\nuser ask while="again" before\nuser after\ngo -> ask -> after', {"again": False})
    assert case.tasks == ["after"]


def test_a_loop_ends_after_its_greatest_number_of_rounds() -> None:
    case = Case("start go\nuser ask rounds=2\nuser after\ngo -> ask -> after")
    case.complete("ask")
    case.complete("ask")
    assert case.tasks == ["after"]


def test_a_loop_whose_condition_says_nothing_is_an_incident_between_rounds() -> None:
    case = Case('start go\nuser ask while="again"\nuser after\ngo -> ask -> after')
    case.complete("ask")
    assert case.troubles == [("ask", "expression")]
    case.amend("ask", {"again": False})
    assert case.tasks == ["after"]


def test_task_ids_differ_between_cases_and_are_the_same_for_the_same_seed() -> None:
    case = Case("start go\nuser a\ngo -> a")
    other = engine.start(case.definition, {}, case.dates, case.now)
    assert other.opened[0].task_id != case.task("a").task_id
