"""What cannot be run is refused when it is parsed, at its element, in a plain sentence. Nothing is silently ignored."""

import pytest
from engine.drawing import bundle, definitions, process

from app import engine
from app.engine import Problem
from app.errors import NotDeployable
from app.model.definition import Bundle


def refused(lines: str, **called: str) -> list[Problem]:
    with pytest.raises(NotDeployable) as caught:
        engine.parse(bundle(lines, **called))
    problems = caught.value.facts["problems"]
    assert isinstance(problems, list)
    assert all(each.sentence and each.fix for each in problems)
    return problems


CASES = [
    # engine.md table, and the bounds of uploads: (what, diagram, element, rule)
    ("service task", "start go\nservice x\ngo -> x", "x", "element"),
    ("ad-hoc sub-process", "start go\nadhoc x\n    start in\n    user a\n    in -> a\ngo -> x", "x", "element"),
    ("transaction", "start go\ntransaction x\n    start in\n    user a\n    in -> a\ngo -> x", "x", "element"),
    ("complex gateway", "start go\ncomplex x\nuser a\ngo -> x -> a", "x", "element"),
    ("compensation throw", "start go\nthrow x compensate\ngo -> x", "x", "event"),
    ("compensation end", "start go\nend x compensate\ngo -> x", "x", "event"),
    ("compensation handler", "start go\nuser x isForCompensation=true\ngo -> x", "x", "extension"),
    ("cancel end outside a transaction", "start go\nend x cancel\ngo -> x", "x", "event"),
    ("conditional event", "start go\ncatch x conditional\ngo -> x", "x", "event"),
    ("multiple events", "start go\ncatch x message=a signal=b\ngo -> x", "x", "event"),
    ("cycle timer", "start go\nuser a\non x at=a cycle=R/P6W\nend e\ngo -> a\nx -> e", "x", "cycle-timer"),
    ("timer throw", "start go\nthrow x date=2026-11-02\ngo -> x", "x", "event"),
    ("timer without a time", "start go\ncatch x timer\ngo -> x", "x", "timer"),
    ("naive moment", "start go\ncatch x date=2026-11-02T09:00\ngo -> x", "x", "timer"),
    ("day that does not exist", "start go\ncatch x date=2026-02-30\ngo -> x", "x", "timer"),
    ("endless timer", "start go\ncatch x duration=P999Y\ngo -> x", "x", "timer"),
    ("timer of no length", "start go\ncatch x duration=PT0S\ngo -> x", "x", "timer"),
    ("timer that is code", 'start go\ncatch x date="__import__(1).os"\ngo -> x', "x", "timer"),
    ("timer start", "start x date=2026-11-02\nuser a\nx -> a", "x", "starts"),
    ("signal start", "start x signal=s\nuser a\nx -> a", "x", "starts"),
    ("two plain starts", "start go\nstart x\nuser a\ngo -> a\nx -> a", "x", "starts"),
    ("two starts by one message", "start go message=m\nstart x message=m\nuser a\ngo -> a\nx -> a", "x", "starts"),
    ("no start", "user x", "main", "starts"),
    ("sub-process without a start", "start go\nsub x\n    user a\ngo -> x", "x", "starts"),
    (
        "timer start of an event sub-process",
        "start go\nuser a\nsub x by-event\n    start s date=2026-11-02\n    user b\n    s -> b\ngo -> a",
        "x",
        "event-sub-process",
    ),
    (
        "error start beside",
        "start go\nuser a\nsub x by-event\n    start s error=e beside\n    user b\n    s -> b\ngo -> a",
        "s",
        "event-sub-process",
    ),
    (
        "event sub-process with a flow",
        "start go\nsub x by-event\n    start s message=m\n    user b\n    s -> b\ngo -> x",
        "x",
        "flows",
    ),
    ("condition out of a task", "start go\nuser a\nuser b\ngo -> a\na -f-> b : tier = 1", "f", "condition"),
    ("two flows out of a task", "start go\nuser x\nuser b\nuser c\ngo -> x -> b\nx -> c", "x", "implicit-split"),
    ("condition out of a parallel gateway", "start go\nparallel x\nuser a\ngo -> x\nx -f-> a : true", "f", "condition"),
    (
        "flow without a condition",
        "start go\nexclusive x\nuser a\nuser b\ngo -> x\nx -> a : true\nx -f-> b",
        "f",
        "condition",
    ),
    (
        "condition that cannot be read",
        "start go\nexclusive x default=d\nuser a\nuser b\ngo -> x\nx -f-> a : tier ==== 1\nx -d-> b",
        "f",
        "condition",
    ),
    (
        "condition that is Python",
        "start go\nexclusive x default=d\nuser a\nuser b\ngo -> x\nx -f-> a : ().__class__\nx -d-> b",
        "f",
        "condition",
    ),
    ("two parallel flows to one task", "start go\nparallel x\nuser a\ngo -> x\nx -f-> a\nx -g-> a", "x", "double-flow"),
    ("gateway that leads nowhere", "start go\nparallel x\ngo -> x", "x", "gateway"),
    ("race to a task", "start go\nrace x\nuser a\ngo -> x\nx -f-> a", "f", "gateway"),
    ("race that starts", "start go\nrace x instantiate=true\ncatch a message=m\ngo -> x -> a", "x", "gateway"),
    (
        "boundary event on a script",
        'start go\nscript s feel="{a: 1}"\non x at=s duration=P1D\nend e\ngo -> s\nx -> e',
        "x",
        "boundary",
    ),
    ("error on a user task", "start go\nuser a\non x at=a error=e\nend e\ngo -> a\nx -> e", "x", "boundary"),
    ("link to nowhere", "start go\nthrow x link=L\ngo -> x", "x", "link"),
    ("link to two places", "start go\nthrow x link=L\ncatch a link=L\ncatch b link=L\ngo -> x", "x", "link"),
    ("message without a name", "start go\ncatch x message\ngo -> x", "x", "message"),
    ("receive without a message", "start go\nreceive x\ngo -> x", "x", "message"),
    ("signal without a name", "start go\nend x signal\ngo -> x", "x", "event"),
    ("variable with a bad name", "start go\ncatch x message=m variable=typename\ngo -> x", "x", "message"),
    ("data handed over by the caller", "start go\nuser x with-io\ngo -> x", "x", "extension"),
    (
        "condition on the default",
        "start go\nexclusive x default=f\nuser a\ngo -> x\nx -f-> a : true\nx -> a : y",
        "f",
        "condition",
    ),
    ("script before a task", "start go\nuser x pre=import\ngo -> x", "x", "extension"),
    ("script in Python", "start go\nscript x format=python\ngo -> x", "x", "script"),
    ("script that is no context", 'start go\nscript x feel="1 + 1"\ngo -> x', "x", "script"),
    ("script with a reserved name", 'start go\nscript x feel="{typename: 1}"\ngo -> x', "x", "script"),
    ("decision that is not there", "start go\nrule x decision=nope\ngo -> x", "x", "decision"),
    ("no decision", "start go\nrule x\ngo -> x", "x", "decision"),
    ("rule and date", "start go\nuser x dueRule=a dueDate=b\ngo -> x", "x", "due"),
    ("basis that cannot be read", "start go\nuser x dueRule=a dueBasis=1+\ngo -> x", "x", "due-basis"),
    ("list and number", "start go\nuser x each=a times=3\ngo -> x", "x", "loop"),
    ("10^12 instances", "start go\nuser x times=1000000000000\ngo -> x", "x", "loop"),
    ("collecting nowhere", "start go\nuser x each=a collect=b\ngo -> x", "x", "loop"),
    ("item with a bad name", "start go\nuser x each=a item=Item\ngo -> x", "x", "loop"),
    ("unreachable", "start go\nuser a\nuser x\ngo -> a", "x", "unreachable"),
    ("island", "start go\nuser a\nuser x\nuser y\ngo -> a\nx -> y -> x", "x", "unreachable"),
    ("flow into a start", "start x\nuser a\nx -> a -> x", "x", "flows"),
    ("flow out of an end", "start go\nend x\nuser a\ngo -> x -> a", "x", "flows"),
    ("reserved id", "start go\nuser End\ngo -> End", "End", "ids"),
    ("id of the join at the end", "start go\nuser main.EndJoin\ngo -> main.EndJoin", "main.EndJoin", "ids"),
    ("id of another alphabet", "start go\nuser täsk\ngo -> täsk", "täsk", "ids"),
    ("flow to nowhere", "start go\nuser a\ngo -> a -> missing", "a-missing", "unknown-reference"),
]


@pytest.mark.parametrize(("lines", "element", "rule"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_it_is_refused_at_its_element(lines: str, element: str, rule: str) -> None:
    assert (element, rule) in {(each.element, each.rule) for each in refused(lines)}


def test_a_process_that_calls_itself_is_refused() -> None:
    problems = refused("start go\ncall x of=inner\ngo -> x", inner="start in\ncall y of=inner\nin -> y")
    assert ("inner", "calls") in {(each.element, each.rule) for each in problems}


def test_two_processes_that_call_each_other_are_refused() -> None:
    problems = refused(
        "start go\ncall x of=a\ngo -> x", a="start in\ncall y of=b\nin -> y", b="start on\ncall z of=a\non -> z"
    )
    assert {"a", "b"} == {each.element for each in problems if each.rule == "calls"}


def test_a_called_process_that_only_a_message_starts_is_refused() -> None:
    problems = refused("start go\ncall x of=inner\ngo -> x", inner="start in message=m\nuser a\nin -> a")
    assert ("inner", "starts") in {(each.element, each.rule) for each in problems}


def test_ids_in_two_files_are_refused() -> None:
    files = {
        "one.bpmn": definitions(process("main", "start go\nuser a\ngo -> a")),
        "two.bpmn": definitions(process("other", "start on\nuser a\non -> a")),
    }
    with pytest.raises(NotDeployable) as caught:
        engine.parse(Bundle("tiny", "main", "Tiny", files, {}, {}))
    assert ("a", "ids") in {(each.element, each.rule) for each in caught.value.facts["problems"]}  # type: ignore[attr-defined]


def test_a_process_that_is_not_there_is_refused() -> None:
    files = {"one.bpmn": definitions(process("other", "start go\nuser a\ngo -> a"))}
    with pytest.raises(NotDeployable):
        engine.parse(Bundle("tiny", "main", "Tiny", files, {}, {}))


def test_too_many_elements_are_refused() -> None:
    names = [f"u{number}" for number in range(301)]
    problems = refused("start go\n" + "\n".join(f"user {name}" for name in names) + "\ngo -> " + " -> ".join(names))
    assert ("main", "size") in {(each.element, each.rule) for each in problems}


def test_a_straight_chain_of_200_tasks_runs() -> None:
    names = [f"u{number}" for number in range(200)]
    lines = "start go\n" + "\n".join(f"user {name}" for name in names) + "\ngo -> " + " -> ".join(names)
    assert len(engine.parse(bundle(lines)).elements) == 201


def test_every_problem_is_told_at_once() -> None:
    problems = refused("start go\nservice x\nuser y pre=import\ngo -> x -> y")
    assert {each.element for each in problems} == {"x", "y"}
